#!/usr/bin/env python3
"""Imports a million completions on each database and reads what came of it; `make bench-import` starts it.

Prints a table and writes target/bench/import.json, a flat map of name to number. docs/speed.md says
what each name means. `--rows N` imports another number.
"""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import floor
import places
import rows
import rust
import service

ROWS = 1_000_000
LOAD_SECONDS = 10
# Rows of a badge's size that are written to see what a database takes in.
CEILING_ROWS = 100_000
# How often each kind of page is read.
READS = 300
# In a smaller file a tenth is not much more than what is read ahead.
LARGE = 200_000
# Name, and what it must reach or stay under.
LEAST = {"import_sqlite_rows_per_s": 5000, "import_postgres_rows_per_s": 5000, "import_last_tenth_ratio": 0.8,
         "post_concurrent_ratio": 0.5}
MOST = {"import_peak_mb": 500, "post_p99_ms": 100, "read_badge_ms": 5, "read_ledger_ms": 5, "read_pathways_ms": 5}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=ROWS)
    arguments.add_argument("--database", choices=floor.DATABASES, help="only this one, and no posts")
    arguments.add_argument("--binaries", type=Path, help="a folder with what was built, instead of building it")
    given = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    places.OUTPUT.mkdir(parents=True, exist_ok=True)
    if given.binaries:
        built = given.binaries.resolve()
        binary, alone = built / "lanyard", built / "examples" / "floor"
    else:
        binary, alone = rust.build_service()
    figures = {}
    with tempfile.TemporaryDirectory(prefix="lanyard-rows-") as folder:
        file = rows.make(Path(folder), given.rows, max(given.rows // 10, 1), given.rows // 100)
        for database in [given.database] if given.database else floor.DATABASES:
            say(f"importing {given.rows} rows on {database}")
            figures |= {name: [*figures.get(name, []), value] for name, value in imported(
                binary, database, file, given.rows).items()}
            say(f"what {database} takes in")
            figures[f"insert_ceiling_{database}_per_s"] = [ceiling(alone, database)]
    # The two databases are compared, so that one alone has no such figure.
    if not given.database:
        say("posts from 64 clients, and rows")
        figures |= {name: [value] for name, value in posted(binary, alone).items()}
    summary = {name: (min if name in LEAST else max)(values) for name, values in figures.items()}
    file = places.OUTPUT / "import.json"
    file.write_text(json.dumps({name: round(value, 3) for name, value in summary.items()}, indent=2) + "\n")
    for name, value in summary.items():
        remark = ""
        if name in LEAST:
            remark = f"{'reaches' if value >= LEAST[name] else 'DOES NOT REACH'} {LEAST[name]}"
        if name in MOST:
            remark = f"{'under' if value < MOST[name] else 'NOT UNDER'} {MOST[name]}"
        print(f"{name:34} {value:>12,.3f}  {remark}")
    say(f"written to {file}")


def imported(binary, database, file, count):
    """The figures of one import, once the audit has found everything, and of reads after it."""
    with fresh(database) as url:
        running = service.Service(binary, url)
        running.environment["LANYARD_CATALOGUE_DIR"] = str(file.parent / "catalogue")
        with running:
            running.stop()
            rate, last, peak = watch(running, file, count)
            audit = running.audit()
            good = count - count // 100
            if audit["findings"] or audit["credentials"] < good or audit["pending"]:
                sys.exit(f"{good} rows were good, but the audit says {audit}")
            running.start("--sample")
            reads = read(running, database)
    tenths = {"import_last_tenth_ratio": last} if count >= LARGE else {}
    return {f"import_{database}_rows_per_s": rate, "import_peak_mb": peak} | tenths | reads


def fresh(database):
    """The URL of a fresh database, or none: a service without one has a file of its own."""
    return service.postgres_database() if database == "postgres" else nullcontext()


def watch(running, file, count):
    """Runs the import; answers with its rate, that of its last tenth as a part of its first's, and its peak in MB.

    How far it is, is how far it has read the file.
    """
    shutil.copy(file, running.folder / "rows.csv")
    size = file.stat().st_size
    command = [running.binary, "import", "completions", "rows.csv", "--provider", rows.PROVIDER]
    begun, seen, peak = time.perf_counter(), [], 0
    process = subprocess.Popen(command, cwd=running.folder, env=running.environment, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        if (place := position(process.pid)) is not None:
            seen.append((place / size, time.perf_counter() - begun))
        status = read_file(f"/proc/{process.pid}/status")
        if found := re.search(r"VmHWM:\s+(\d+)", status):
            peak = max(peak, int(found[1]) * 1024 / 1e6)
        time.sleep(0.02)
    seconds = time.perf_counter() - begun
    told = process.stdout.read()
    # Some rows are bad, and it says so.
    reported = sum(1 for _ in (running.folder / "rows.csv.rejected.ndjson").open())
    if process.returncode != 1 or reported != count // 100:
        sys.exit(f"the import ended with {process.returncode}, {reported} rows reported: {told}")
    say(told.splitlines()[0])
    seen.append((1, seconds))
    first = passed(seen, 0.1) - passed(seen, 0)
    return count / seconds, first / (passed(seen, 1) - passed(seen, 0.9)), peak


def passed(seen, part):
    """When that part of the file was first behind it."""
    return next(at for place, at in seen if place >= part)


def position(process):
    """How far the process has read the file."""
    for descriptor in list_folder(f"/proc/{process}/fd"):
        try:
            if descriptor.readlink().name == "rows.csv":
                info = read_file(f"/proc/{process}/fdinfo/{descriptor.name}")
                return int(re.search(r"pos:\s+(\d+)", info)[1])
        except (OSError, TypeError):
            continue
    return None


def list_folder(path):
    try:
        return list(Path(path).iterdir())
    except OSError:
        return []


def read_file(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def read(running, database):
    """Median milliseconds of a badge, a ledger and a learner's pathways, each of another learner, one after another."""
    people = sample(running, database)
    key = {"Authorization": f"Bearer {running.api_key}"}
    kinds = {
        "read_badge_ms": lambda person: (f"/v1/credentials/{person[1]}", {"Accept": "application/vc+ld+json"}),
        "read_ledger_ms": lambda person: (f"/v1/learners/{person[0]}/ledger", key),
        "read_pathways_ms": lambda person: (f"/v1/learners/{person[0]}/pathways", key),
    }
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    figures = {}
    for name, request in kinds.items():
        taken = []
        for person in people:
            path, headers = request(person)
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            taken.append((time.perf_counter() - begun) * 1000)
            if response.status != 200:
                sys.exit(f"{path}: {response.status} {body.decode()}")
        figures[name] = sorted(taken)[len(taken) // 2]
    connection.close()
    return figures


def sample(running, database):
    """Learners, each with a credential."""
    statement = ("SELECT ledger_entries.learner_id, ledger_entries.credential_id FROM ledger_entries "
                 "WHERE kind = 'award' AND sequence IN ({})")
    most = int(query(running, database, "SELECT max(sequence) FROM ledger_entries")[0][0])
    places_of = random.Random(1).sample(range(1, most + 1), min(READS, most))
    return query(running, database, statement.format(", ".join(map(str, places_of))))


def query(running, database, statement):
    url = running.environment["LANYARD_DATABASE_URL"]
    if database == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite://")) as opened:
            return opened.execute(statement).fetchall()
    output = subprocess.run(["psql", "-qAtF", " ", "-c", statement, url], stdout=subprocess.PIPE, text=True, check=True)
    return [line.split(" ") for line in output.stdout.splitlines()]


def ceiling(alone, database):
    """Rows of a badge's size that the database takes in a second, a thousand to a commit."""
    with fresh(database) as url, tempfile.TemporaryDirectory(prefix="lanyard-floor-") as folder:
        command = [alone, "insert", url or f"sqlite://{folder}/floor.db", str(service.row()), str(CEILING_ROWS)]
        return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def posted(binary, alone):
    """Completions from 64 clients, beside rows."""
    figures = {}
    for database in floor.DATABASES:
        with fresh(database) as url, service.Service(binary, url) as running:
            result = service.complete(running, LOAD_SECONDS)
        figures[f"post_completion_{database}_per_s"] = floor.per_second(result)
        figures[f"post_completion_{database}_p99_ms"] = result["p99_ms"]
    figures |= floor.rows(alone, LOAD_SECONDS)
    return figures | floor.compared(figures)


def say(text):
    print(f"bench-import: {text}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.SubprocessError as error:
        sys.exit(f"bench-import: {error}")
