"""The rates of independent implementations on the same badge."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from places import BADGE, HERE, OUTPUT, PROJECT, TARGET

VENV = Path(os.environ.get("LANYARD_TEST_VENV", PROJECT / "target" / "venv"))
NODE = ["node", str(PROJECT / "tests" / "peers" / "peer.mjs")]
PYTHON = [str(VENV / "bin" / "python"), str(HERE / "openbadgeslib_rate.py")]
SSI = HERE / "ssi"
SSI_TARGET = TARGET / "bench-ssi"
RUST = [str(SSI_TARGET / "release" / "ssi-rate")]


def build():
    """Builds the peer that is not installed by its registry's client."""
    command = ["cargo", "build", "--release", "--locked", "--target-dir", str(SSI_TARGET)]
    subprocess.run(command, cwd=SSI, check=True)


def measure(seconds):
    """Issue and verify rates of each peer, `seconds` long each, on one core."""
    with peer(NODE) as ask:
        credential, key, signed = sign(ask)
        expect_accepted(ask, signed)
        rates = ask({"command": "rate", "credential": credential, "key": key, "seconds": seconds})
        contexts = ask({"command": "contexts", "urls": credential["@context"]})
    with peer(PYTHON) as ask:
        rates |= ask({"credential": credential, "signed": signed, "seconds": seconds})
    # It verifies what it signed itself: it states some of the badge otherwise than all the others.
    with peer(RUST) as ask:
        rates |= ask({"credential": credential, "contexts": contexts, "seconds": seconds})
    return rates


def signed():
    """The badge signed under a did:key of @digitalbazaar/vc, as bytes."""
    with peer(NODE) as ask:
        return json.dumps(sign(ask)[2]).encode()


def sign(ask):
    """The badge as a peer's own: unsigned, the key, and signed."""
    credential = json.loads(BADGE.read_text())
    # A status list would have to be fetched, and the network would be measured with it.
    credential.pop("credentialStatus", None)
    key = ask({"command": "generate"})
    credential["issuer"]["id"] = key["did"]
    return credential, key, ask({"command": "issue", "credential": credential, "key": key})


def expect_accepted(ask, signed):
    """A peer that refuses at once would look quick."""
    for command, accepted in (
        ("verify", lambda answer: answer["verified"]),
        ("verifyCore", lambda answer: answer["log"].get("valid_signature") is True),
    ):
        answer = ask({"command": command, "credential": signed})
        if not accepted(answer):
            sys.exit(f"The peer's {command} refuses the badge that is measured: {answer}")


@contextmanager
def peer(command):
    """A peer at the other end of a pipe: a function from a request to its answer."""
    log = OUTPUT / "peers.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)

    def ask(request):
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        answer = json.loads(line) if line else {"error": f"it ended; see {log}"}
        if "ok" not in answer:
            sys.exit(f"{command[-1]}: {answer['error']}")
        return answer["ok"]

    try:
        yield ask
    finally:
        process.kill()
        process.wait()
