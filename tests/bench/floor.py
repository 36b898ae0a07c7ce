"""Posted completions beside a server that commits one row for each request, on the same databases."""

import tempfile

import service

DATABASES = ("sqlite", "postgres")


def rows(binary, seconds):
    """The rate of a server that does nothing else, on each database."""
    with tempfile.TemporaryDirectory(prefix="lanyard-floor-") as folder:
        with service.Floor(binary, f"sqlite://{folder}/floor.db") as running:
            sqlite = running.rows(seconds)
    with service.postgres_database() as url, service.Floor(binary, url) as running:
        postgres = running.rows(seconds)
    return {"rows_sqlite_per_s": per_second(sqlite), "rows_postgres_per_s": per_second(postgres)}


def compared(summary):
    """Completions as a part of the rows of the same database, and their slowest: the worse of the two databases."""
    ratios = {f"post_{name}_ratio": summary[f"post_completion_{name}_per_s"] / summary[f"rows_{name}_per_s"]
              for name in DATABASES}
    return ratios | {
        "post_concurrent_ratio": min(ratios.values()),
        "post_p99_ms": max(summary[f"post_completion_{name}_p99_ms"] for name in DATABASES),
    }


def per_second(result):
    return result["requests"] / result["seconds"]
