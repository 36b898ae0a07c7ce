"""How fast openbadgeslib issues and verifies the badge given: a JSON request a line in, an answer a line out."""

import copy
import json
import sys
import time

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib.ob3 import OB3LdpSigner, OB3LdpVerifier
from openbadgeslib.ob3.did import did_key_from_pem


class Given:
    """A credential as it is. The library's own class cannot express every property of it, and its
    signer asks for nothing but the document."""

    def __init__(self, document):
        self.document = document

    def to_vc(self):
        return copy.deepcopy(self.document)


def new_key():
    private = ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), did_key_from_pem(public)


def per_second(work, seconds):
    for _ in range(3):
        work()
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - begun)


def rates(request):
    pem, did = new_key()
    signer, credential = OB3LdpSigner(pem), Given(request["credential"])
    credential.document["issuer"]["id"] = did
    # From text, as ours. What it refuses, it refuses by an exception.
    text = json.dumps(request["signed"])
    seconds = request["seconds"]
    return {
        "openbadgeslib_issue_per_s": per_second(lambda: signer.sign(credential), seconds),
        "openbadgeslib_verify_per_s": per_second(lambda: OB3LdpVerifier().verify(json.loads(text)), seconds),
    }


for line in sys.stdin:
    try:
        answer = {"ok": rates(json.loads(line))}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
