"""The service as a child process in a folder of its own, and the load put on it."""

import hashlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from places import BADGE, HERE, OUTPUT, PROJECT

CONNECTIONS = 16
# Of those who post completions.
CLIENTS = 64
# The size of a signed badge.
ROW_BYTES = 4400
# Quotas stand in the way of a measurement.
UNLIMITED = "100000000"


class Service:
    """A sample service. Its folder and its process end with `with`."""

    def __init__(self, binary, database_url=None):
        self.binary = binary
        self.folder = Path(tempfile.mkdtemp(prefix="lanyard-bench-"))
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LANYARD_")},
            "LANYARD_CATALOGUE_DIR": str(PROJECT / "catalogue"),
            "LANYARD_DATABASE_URL": database_url or f"sqlite://{self.folder}/lanyard.db",
            "LANYARD_PUBLIC_URL": self.base,
            "LANYARD_LISTEN": f"127.0.0.1:{self.port}",
            "LANYARD_PUBLIC_REQUESTS_PER_MINUTE": UNLIMITED,
            "LANYARD_CLIENT_REQUESTS_PER_MINUTE": UNLIMITED,
            "LANYARD_LOG": "warn",
        }

    def __enter__(self):
        try:
            self.start("--sample")
        except BaseException:
            self.__exit__()
            raise
        self.api_key = (self.folder / "data" / "sample-api-key").read_text().strip()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *arguments):
        """Starts the process; answers with the seconds until it said that it is ready."""
        with (self.folder / "log").open("a") as log:
            begun = time.perf_counter()
            self.process = subprocess.Popen(
                [self.binary, "serve", *arguments], cwd=self.folder, env=self.environment,
                stdout=subprocess.DEVNULL, stderr=log)
        while not self.is_ready():
            if self.process.poll() is not None or time.perf_counter() - begun > 60:
                sys.exit(f"The service does not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.001)
        return time.perf_counter() - begun

    def stop(self):
        """Ends it as an operator would."""
        self.process.terminate()
        self.process.wait(timeout=30)

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, **headers):
        """One request; answers with status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def rss_mb(self):
        """Resident memory in MB (10^6 bytes)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6

    def audit(self):
        """What `lanyard doctor --audit` counts and finds."""
        output = subprocess.run(
            [self.binary, "doctor", "--audit", "--json"], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, timeout=120)
        return json.loads(output.stdout)["audit"]

    def load(self, path, seconds, *arguments, connections=CONNECTIONS):
        """Requests of load.lua for `seconds`; answers with what wrk counted."""
        return load(self.base + path, seconds, connections, *arguments)


class Floor:
    """A server that does nothing but commit one row of a credential's size for each request."""

    def __init__(self, binary, database_url):
        self.port = free_port()
        self.process = subprocess.Popen([binary, "serve", database_url, str(self.port)])

    def __enter__(self):
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.01)
        sys.exit("The floor does not start.")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def rows(self, seconds):
        """Posts rows from as many clients as post completions."""
        return load(f"http://127.0.0.1:{self.port}/rows", seconds, CLIENTS, "verify", str(row()))


def row():
    """A file with a row of the floor: the badge, and what a proof would add."""
    text = json.dumps(json.loads(BADGE.read_text()), ensure_ascii=False, separators=(",", ":"))
    missing = max(ROW_BYTES - len(text.encode()), 0)
    proof = "".join(hashlib.sha256(bytes([block])).hexdigest() for block in range(missing // 64 + 1))
    file = OUTPUT / "row.json"
    file.write_text(text + proof[:missing])
    return file


def load(url, seconds, connections, *arguments):
    """Requests of load.lua for `seconds` over keep-alive connections; answers with what wrk counted."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--timeout", "10s", "--script", str(HERE / "load.lua"), url, "--", *arguments]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=seconds + 60)
    result = json.loads(output.stdout.strip().splitlines()[-1])
    if result["refused"] or result["failed"]:
        sys.exit(f"Not every request to {url} was answered well: {result}")
    return result


def complete(service, seconds):
    """Posts completions; answers with the rate, once the audit has found a badge for each of them."""
    posts = ("/v1/completions", "completion", service.api_key)
    warm = service.load(posts[0], 2, *posts[1:], "warm", connections=CLIENTS)
    result = service.load(posts[0], seconds, *posts[1:], "bench", connections=CLIENTS)
    answered, audit = warm["requests"] + result["requests"], service.audit()
    if audit["findings"] or audit["credentials"] < answered:
        sys.exit(f"{answered} completions were acknowledged, but the audit says {audit}")
    return result


def verify(service, credential, seconds, *pause, connections=CONNECTIONS):
    """Verifies the credential (bytes) over HTTP; each connection pauses for so many ms before each request."""
    status, body = service.ask(
        "POST", "/v1/verify", credential, Content_Type="application/vc+ld+json", Accept="application/json")
    if status != 200 or json.loads(body)["verdict"] != "valid":
        sys.exit(f"The badge to be verified over HTTP is refused: {status} {body.decode()}")
    file = service.folder / "credential.json"
    file.write_bytes(credential)
    return service.load("/v1/verify", seconds, "verify", str(file), *map(str, pause), connections=connections)


def own_badge(service):
    """A badge that the service has issued, with its status entry."""
    completion = {
        "learner": {"name": "Learner own", "identifiers": [{"type": "email", "value": "own@example.org"}]},
        "achievement": "introduction-digital-data-technology",
        "completedAt": "2026-05-01T15:30:00Z",
    }
    status, body = service.ask(
        "POST", "/v1/completions", json.dumps(completion), Content_Type="application/json",
        Authorization=f"Bearer {service.api_key}", Idempotency_Key="own")
    if status != 201:
        sys.exit(f"The service issues no badge: {status} {body.decode()}")
    path = json.loads(body)["credential"]["url"].removeprefix(service.base)
    return service.ask("GET", path, Accept="application/vc+ld+json")[1]


def starts(service, times):
    """Seconds from the start of the process to its first 200 on /readyz: the median. It serves after."""
    seconds = []
    for _ in range(times):
        service.stop()
        seconds.append(service.start())
    return statistics.median(seconds)


@contextmanager
def postgres_database():
    """A fresh database in the private PostgreSQL that tests/postgres.sh has started."""
    url = os.environ["LANYARD_TEST_POSTGRES_URL"]
    name = f"lanyard_bench_{os.getpid()}"

    def run(statement):
        subprocess.run(["psql", "--quiet", "--command", statement, url], check=True)

    run(f"CREATE DATABASE {name}")
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        run(f"DROP DATABASE {name} WITH (FORCE)")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
