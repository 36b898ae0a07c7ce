"""The Python peer behind a pipe: a JSON request a line in, a JSON answer a line out.

openbadgeslib as its authors publish it. Nothing here knows Lanyard; a status
list is downloaded from where the credential says.
"""

import base64
import json
import sys
import urllib.request

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat)
import jwt as pyjwt
from openbadgeslib.ob3 import (
    Achievement, Issuer, OB3LdpSigner, OB3LdpVerifier, OB3Signer, OB3Verifier,
    OpenBadgeCredential)
from openbadgeslib.ob3.clr import build_clr_credential, bundled_clr_contexts, sign_clr_credential
from openbadgeslib.ob3.did import did_jwk_from_jwk, did_key_from_pem, resolve_did
from openbadgeslib.ob3.ldp import verify_data_integrity_proof


def pem_of(jwk):
    key = pyjwt.PyJWK(jwk).key
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def download_as(accept):
    def download(url):
        request = urllib.request.Request(url, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()
    return download


def verify_ldp(request):
    """A Data Integrity badge, its did:key resolved by the peer; status read on request."""
    credential = OB3LdpVerifier().verify(
        request["credential"], check_status=request.get("status", False),
        download=download_as("application/vc+jwt"), verify_status_list=False)
    return {"issuer": credential.issuer.id, "achievement": credential.achievement.name}


def verify_jwt(request):
    """A VC-JWT badge under the JWK given; status and the list's own signature on request."""
    credential = OB3Verifier(pem_of(request["jwk"])).verify(
        request["token"], check_status=request.get("status", False),
        download=download_as("application/vc+jwt"))
    return {"issuer": credential.issuer.id, "achievement": credential.achievement.name}


def unbake(request):
    """What a baked picture carries."""
    picture = base64.b64decode(request["picture"])
    if request["format"] == "png":
        return OB3Verifier.extract_token_from_png(picture)
    return OB3Verifier.extract_token_from_svg(picture)


def credential_of(issuer_id):
    return OpenBadgeCredential(
        issuer=Issuer(id=issuer_id, name="Example College of Peers"),
        recipient_id="did:example:peer-learner",
        achievement=Achievement(
            id="https://badges.example.org/achievements/peer",
            name="A peer's achievement",
            description="Made and signed by an independent implementation.",
            criteria_narrative="Be signed elsewhere."))


KEYS = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def new_key(algorithm):
    private = KEYS[algorithm]()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem, public


def sign_ldp(_request):
    """A Data Integrity badge signed by the peer under a did:key of its own."""
    pem, public = new_key("EdDSA")
    return OB3LdpSigner(pem).sign(credential_of(did_key_from_pem(public)))


def verify_clr(request):
    """A learner record, and each credential in it, under the did:key that its proof names."""
    record = request["credential"]
    held = record["credentialSubject"]["verifiableCredential"]
    for document in [record, *held]:
        proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
        key = resolve_did(proof["verificationMethod"].split("#")[0])
        verify_data_integrity_proof(document, key, extra_contexts=bundled_clr_contexts())
    return {"issuer": record["issuer"]["id"], "held": len(held)}


def sign_clr(_request):
    """A learner record that holds a badge, both signed by the peer under a did:key of its own."""
    pem, public = new_key("EdDSA")
    did = did_key_from_pem(public)
    badge = OB3LdpSigner(pem).sign(credential_of(did))
    record = build_clr_credential(
        {"id": did, "type": ["Profile"], "name": "Example College of Peers"},
        [{"type": "IdentityObject", "hashed": False, "identityHash": "Peer Learner", "identityType": "name"}],
        [badge], credential_id="urn:uuid:0d0c7d0a-6f8e-4c55-9d8d-0c6a1f3b2e11")
    return sign_clr_credential(record, pem, did + "#" + did.split(":")[-1])


def sign_jwt(request):
    """A VC-JWT badge signed by the peer under a did:jwk of its own."""
    algorithm = request["algorithm"]
    pem, public = new_key(algorithm)
    signer = OB3Signer(pem, algorithm)
    jwk = signer._public_jwk()
    did = did_jwk_from_jwk(jwk)
    payload = credential_of(did).to_jwt_payload()
    return {"own": signer.sign(credential_of(did)), "did": did,
            "with_kid": pyjwt.encode(payload, pem, algorithm=algorithm, headers={"kid": f"{did}#0"})}


def bake(request):
    """A badge of the peer's baked into the picture given; a Data Integrity one or a JWT."""
    picture = base64.b64decode(request["picture"])
    if request["form"] == "ldp":
        pem, public = new_key("EdDSA")
        signer, credential = OB3LdpSigner(pem), credential_of(did_key_from_pem(public))
    else:
        pem, _ = new_key("ES256")
        signer = OB3Signer(pem, "ES256")
        credential = credential_of(did_jwk_from_jwk(signer._public_jwk()))
    into = signer.sign_into_png if request["format"] == "png" else signer.sign_into_svg
    return base64.b64encode(into(credential, picture)).decode()


COMMANDS = {"verify_ldp": verify_ldp, "verify_jwt": verify_jwt, "unbake": unbake,
            "sign_ldp": sign_ldp, "sign_jwt": sign_jwt, "bake": bake,
            "verify_clr": verify_clr, "sign_clr": sign_clr}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": COMMANDS[request["command"]](request)}
    except Exception as error:  # the peer's refusal is its answer
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
