-- What registration levels ask for. Like job families, the latest state counts.
CREATE TABLE requirement_sets (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;
