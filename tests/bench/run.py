#!/usr/bin/env python3
"""Measures the service, what it rests on and its peers in one run; `make bench` starts it.

Prints a table and writes target/bench/summary.json, a flat map of name to number. docs/speed.md says
what each name means.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import other_badge
import places

# Before the others are imported: they, and the benches, ask which badge it is.
arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--badge", type=Path, help="an unsigned badge to measure instead of badge.json")
if (badge := arguments.parse_args().badge or os.environ.get("LANYARD_BENCH_BADGE")) is not None:
    places.BADGE = other_badge.prepared(Path(badge))
    os.environ["LANYARD_BENCH_BADGE"] = str(places.BADGE)

import floor
import peers
import rust
import service

LOAD_SECONDS = 10
PEER_SECONDS = 5
STARTS = 9
# How long the service has had nothing to do when its memory is read.
IDLE_SECONDS = 5
CONSTANT = "/favicon.ico"

# What the table sets beside each other: name, and what it is a ratio of.
RATIOS = {
    "issue_data_integrity_per_s": ["raw_sign_per_s", "digitalbazaar_issue_per_s", "openbadgeslib_issue_per_s",
                                   "ssi_issue_per_s"],
    "verify_per_s": ["raw_verify_strict_per_s", "digitalbazaar_verify_per_s", "verifier_core_verify_per_s",
                     "openbadgeslib_verify_per_s", "ssi_verify_per_s"],
    "issue_per_s": ["raw_sign_per_s"],
    "issue_with_jwt_per_s": ["raw_es256_sign_per_s"],
    "post_completion_sqlite_per_s": ["issue_per_s", "rows_sqlite_per_s"],
    "post_completion_postgres_per_s": ["issue_per_s", "rows_postgres_per_s"],
    "http_verify_per_s": ["verify_per_s", "http_constant_per_s"],
}
# Name, and what it must stay under.
TARGETS = {"start_ms": 1000, "idle_rss_mb": 64, "verify_peak_mb": 8, "poison_ms": 10, "ten_times_quads_cost": 12,
           "post_p99_ms": 100}
# Name, and what it must reach.
LEAST = {
    "issue_general_ratio": 0.45, "issue_template_ratio": 0.75, "verify_ratio": 0.5, "verify_batch_gain": 1.5,
    "vc_jwt_es256_issue_ratio": 0.7, "vc_jwt_es256_verify_ratio": 0.7, "two_core_gain": 1.8,
    "post_concurrent_ratio": 0.5,
}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    places.OUTPUT.mkdir(parents=True, exist_ok=True)
    say("building")
    binary, rows = rust.build()
    peers.build()
    begun = time.monotonic()
    summary = {}
    for name, measure in (
        ("signatures, issue and verify", rust.measure),
        ("the service on SQLite", lambda: on_sqlite(binary)),
        ("the service on PostgreSQL", lambda: on_postgres(binary)),
        ("the databases alone", lambda: floor.rows(rows, LOAD_SECONDS)),
        ("peers", lambda: peers.measure(PEER_SECONDS)),
    ):
        say(name)
        summary |= measure()
    summary |= floor.compared(summary)
    file = places.OUTPUT / "summary.json"
    file.write_text(json.dumps({key: round(value, 3) for key, value in summary.items()}, indent=2) + "\n")
    show(summary)
    say(f"measured in {time.monotonic() - begun:.0f} s; written to {file}")


def on_sqlite(binary):
    """Everything over HTTP but PostgreSQL, start and memory; start is on the database that the load filled."""
    with service.Service(binary) as running:
        posted = service.complete(running, LOAD_SECONDS)
        loaded = running.rss_mb()
        verified = service.verify(running, peers.signed(), LOAD_SECONDS)
        own = service.verify(running, service.own_badge(running), LOAD_SECONDS)
        constant = running.load(CONSTANT, LOAD_SECONDS)
        size = len(running.ask("GET", CONSTANT)[1])
        start = service.starts(running, STARTS)
        time.sleep(IDLE_SECONDS)
        idle = running.rss_mb()
    return {
        "post_completion_sqlite_per_s": floor.per_second(posted),
        "post_completion_sqlite_p99_ms": posted["p99_ms"],
        "http_verify_per_s": floor.per_second(verified),
        "http_verify_p99_ms": verified["p99_ms"],
        "http_verify_own_per_s": floor.per_second(own),
        "http_constant_per_s": floor.per_second(constant),
        "http_constant_bytes": size,
        "start_ms": start * 1000,
        "idle_rss_mb": idle,
        "loaded_rss_mb": loaded,
    }


def on_postgres(binary):
    with service.postgres_database() as url, service.Service(binary, url) as running:
        posted = service.complete(running, LOAD_SECONDS)
    return {
        "post_completion_postgres_per_s": floor.per_second(posted),
        "post_completion_postgres_p99_ms": posted["p99_ms"],
    }


def show(summary):
    """The figures, each with its ratio to what it is compared with, or with what it must stay under."""
    print()
    for name, value in summary.items():
        remarks = [f"{value / summary[other]:.3g} × {other}" for other in RATIOS.get(name, [])]
        if name in TARGETS:
            remarks.append(f"{'under' if value < TARGETS[name] else 'NOT UNDER'} {TARGETS[name]}")
        if name in LEAST:
            remarks.append(f"{'reaches' if value >= LEAST[name] else 'DOES NOT REACH'} {LEAST[name]}")
        print(f"{name:34} {value:>12,.{1 if value >= 100 else 3}f}  {', '.join(remarks)}")
    print()


def say(text):
    print(f"bench: {text}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.SubprocessError as error:
        sys.exit(f"bench: {error}")
