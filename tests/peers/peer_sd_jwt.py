"""`sd-jwt` behind a pipe: a JSON request a line in, a JSON answer a line out.

Nothing here knows Lanyard: keys and claims come with the request.
"""

import json
import sys

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier


def generate(request):
    """A P-256 key of the peer's own making, as JWK."""
    key = JWK.generate(kty="EC", crv="P-256")
    return {"secret": key.export_private(as_dict=True), "public": key.export_public(as_dict=True)}


def framed(claims, frame):
    """The claims with what the frame's `_sd` names marked as to be concealed."""
    if isinstance(claims, dict):
        concealed = frame.get("_sd", [])
        return {SDObj(name) if name in concealed else name: framed(value, frame.get(name, {}))
                for name, value in claims.items()}
    if isinstance(claims, list):
        concealed = frame.get("_sd", [])
        return [SDObj(value) if at in concealed else value for at, value in enumerate(claims)]
    return claims


def issue(request):
    issuer = SDJWTIssuer(
        framed(request["claims"], request["frame"]), JWK(**request["key"]), add_decoy_claims=True,
        extra_header_parameters={"typ": "dc+sd-jwt"})
    return issuer.sd_jwt_issuance


def chosen(frame):
    """What to show, with a list for an array, as this peer wants it."""
    if not isinstance(frame, dict):
        return frame
    if frame and all(name.isdigit() for name in frame):
        return [chosen(frame.get(str(at), False)) for at in range(1 + max(map(int, frame)))]
    return {name: chosen(value) for name, value in frame.items()}


def present(request):
    holder = SDJWTHolder(request["sdJwt"])
    key = JWK(**request["key"]) if request.get("key") else None
    holder.create_presentation(
        chosen(request["frame"]), request.get("nonce"), request.get("audience"), key, "ES256")
    return holder.sd_jwt_presentation


def verify(request):
    """What is disclosed, if issuer and holder signed it for this verifier."""
    key = JWK(**request["key"])
    verifier = SDJWTVerifier(
        request["sdJwt"], lambda issuer, header: key, request.get("audience"), request.get("nonce"))
    return verifier.get_verified_payload()


COMMANDS = {"generate": generate, "issue": issue, "present": present, "verify": verify}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": COMMANDS[request["command"]](request)}
    except Exception as error:  # the peer's refusal is its answer
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
