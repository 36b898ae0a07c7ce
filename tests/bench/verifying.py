#!/usr/bin/env python3
"""Verification over HTTP and in batches, beside the library, a constant answer and a peer; docs/speed.md says
what the figures mean. Writes target/bench/http.json."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

import floor
import places
import rust
import service

ROUNDS = 3
SECONDS = 8
PACING_SECONDS = 3
PEER_SECONDS = 5
# An answer of about the size of the constant that is asked for: 5.5 KB.
CONSTANT = "/favicon.ico"
# As many as post completions.
CONNECTIONS = service.CLIENTS
# Of fewer, for whom less can be done at a time.
FEW = service.CONNECTIONS
BATCH_ROWS = 100_000
BENCH = ["--package", "verification", "--bench", "verify"]
LIBRARY = "verify_own two cores"


def main():
    places.OUTPUT.mkdir(parents=True, exist_ok=True)
    binary, _ = rust.build_service()
    rust.cargo("bench", *rust.PROFILE, *BENCH, "--no-run")
    with service.Service(binary) as running:
        own = service.own_badge(running)
        # In turn, so that each meets the machine as the others do.
        rounds = [in_turn(running, own) for _ in range(ROUNDS)]
        library, constant, rate, few = map(statistics.median, zip(*rounds, strict=True))
        half = at_half(running, own, rate)
        batch = in_batch(running, own)
        # It asks the service for the badge's status list.
        peer = by_peer(own)
    figures = {
        "http_verify_per_s": rate,
        "http_verify_of_few_per_s": few,
        "http_constant_per_s": constant,
        "library_two_cores_per_s": library,
        "http_verify_ratio": rate / min(constant, library),
        "http_verify_p99_ms": half["p99_ms"],
        "http_half_load_per_s": floor.per_second(half),
        "batch_per_s": batch,
        "batch_ratio": batch / library,
        "peer_http_verify_per_s": peer,
    }
    file = places.OUTPUT / "http.json"
    file.write_text(json.dumps({key: round(value, 3) for key, value in figures.items()}, indent=2) + "\n")
    print(file.read_text())


def in_turn(running, badge):
    """Answers a second: of the library, constant ones, verifications, and those of few connections."""
    return (
        by_library(running, badge),
        floor.per_second(running.load(CONSTANT, SECONDS, connections=CONNECTIONS)),
        floor.per_second(service.verify(running, badge, SECONDS, connections=CONNECTIONS)),
        floor.per_second(service.verify(running, badge, SECONDS, connections=FEW)),
    )


def by_library(running, badge):
    """Verifications a second of the verifier alone on two threads: of this badge, its list in memory."""
    path = json.loads(badge)["credentialStatus"]["statusListCredential"].removeprefix(running.base)
    status_list = running.ask("GET", path, Accept="application/vc+ld+json")[1]
    for name, document in {"credential.json": badge, "list.json": status_list}.items():
        (running.folder / name).write_bytes(document)
    shutil.rmtree(places.TARGET / "criterion" / LIBRARY, ignore_errors=True)
    os.environ["LANYARD_BENCH_OWN"] = str(running.folder)
    rust.cargo("bench", *rust.PROFILE, *BENCH, LIBRARY)
    return 1e9 / rust.nanoseconds(LIBRARY)


def at_half(running, badge, rate):
    """What came of half that rate: each connection pauses for what its answers leave of the time for a request."""
    each = CONNECTIONS * 2000 / rate
    pause = each
    for seconds in (PACING_SECONDS, PACING_SECONDS, SECONDS):
        came = service.verify(running, badge, seconds, pause, connections=CONNECTIONS)
        pause = max(0, pause + each - CONNECTIONS * 1000 / floor.per_second(came))
    return came


def in_batch(running, badge):
    """Rows a second of a batch of the service's own badges, from the first byte sent to the last one read."""
    rows = running.folder / "rows.ndjson"
    line = json.dumps(json.loads(badge), ensure_ascii=False, separators=(",", ":")) + "\n"
    with rows.open("w") as file:
        for _ in range(BATCH_ROWS):
            file.write(line)
    begun = time.monotonic()
    answer = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--upload-file", str(rows), "--request", "POST",
         "--header", "Content-Type: application/x-ndjson", "--header", f"Authorization: Bearer {running.api_key}",
         running.base + "/v1/verify/batch"],
        stdout=subprocess.PIPE, check=True, timeout=300)
    took = time.monotonic() - begun
    summary = json.loads(answer.stdout.splitlines()[-1])["summary"]
    if summary["valid"] != BATCH_ROWS or not summary["complete"]:
        sys.exit(f"The batch was not answered well: {summary}")
    return BATCH_ROWS / took


def by_peer(badge):
    """Requests a second of verifier-core behind a minimal HTTP server, on every core."""
    file = places.OUTPUT / "own.json"
    file.write_bytes(badge)
    with peer_server() as port:
        result = service.load(f"http://127.0.0.1:{port}/", PEER_SECONDS, 16, "verify", str(file))
    return floor.per_second(result)


@contextmanager
def peer_server():
    script = places.PROJECT / "tests" / "peers" / "verify_server.mjs"
    process = subprocess.Popen(["node", str(script)], stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
