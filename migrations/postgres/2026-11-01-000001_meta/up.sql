-- Facts about the database itself, such as the check value of the digest key.
CREATE TABLE meta (
    key text NOT NULL PRIMARY KEY,
    value text NOT NULL
);
