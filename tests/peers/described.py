"""Asks forty operations of the service, through a client that was made of its description, and says where an
answer is not what the description says: a member that it does not name, or one that comes out otherwise than it went in."""

import datetime
import importlib
import json
import os
import sys
import time
from typing import Any

import lanyard_client
from lanyard_client import models

ADDRESS = {"base_url": os.environ["BASE"]}
PROVIDER = lanyard_client.AuthenticatedClient(**ADDRESS, token=os.environ["KEY"])
ACADEMY = lanyard_client.AuthenticatedClient(**ADDRESS, token=os.environ["ACADEMY_KEY"])
# Documents that another specification fills.
OPEN = (
    models.ApiDescription,
    models.AuthorizationServerMetadata,
    models.CredentialIssuerMetadata,
    models.CredentialTypeMetadata,
    models.OutboxPayload,
    models.VerifiableCredential,
)
faults = []


def ask(operation: str, *path: Any, by: Any = ACADEMY, **query: Any) -> Any:
    """The answer as the client has it, compared with what was sent."""
    tag, name = operation.split(".")
    function = importlib.import_module(f"lanyard_client.api.{tag}.{name}").sync_detailed
    answer = function(*path, client=by, **query)
    # What was issued just now is in the log within a second or so.
    until = time.monotonic() + 30
    while answer.status_code == 409 and "Retry-After" in answer.headers and time.monotonic() < until:
        time.sleep(0.2)
        answer = function(*path, client=by, **query)
    if answer.status_code >= 300 or answer.parsed is None:
        faults.append(f"{operation}: {answer.status_code} {answer.content[:300]!r}")
        return None
    if isinstance(answer.parsed, models.Problem):
        faults.append(f"{operation}: {answer.parsed}")
    else:
        look(operation, answer.parsed)
        compare(operation, answer.parsed.to_dict(), json.loads(answer.content))
    return answer.parsed


def look(at: str, value: Any) -> None:
    """Finds members that the description does not name."""
    if isinstance(value, list):
        for one in value:
            look(f"{at}[]", one)
    elif hasattr(value, "to_dict"):
        named = type(value).__attrs_attrs__
        extra = getattr(value, "additional_properties", {})
        # A map from names has values of one kind, and no members of its own.
        is_map = len(named) == 1
        if extra and not isinstance(value, OPEN) and not is_map:
            faults.append(f"{at}: {type(value).__name__} has no {sorted(extra)}")
        for member in named:
            if member.name != "additional_properties":
                look(f"{at}.{member.name}", getattr(value, member.name))


def compare(at: str, told: Any, sent: Any) -> None:
    """Finds values that come out otherwise than they went in. Moments may be written in another way."""
    if isinstance(sent, dict) and isinstance(told, dict):
        for name in sent.keys() | told.keys():
            compare(f"{at}.{name}", told.get(name), sent.get(name))
    elif isinstance(sent, list) and isinstance(told, list) and len(sent) == len(told):
        for one, other in zip(told, sent):
            compare(f"{at}[]", one, other)
    elif told != sent and not (isinstance(sent, str) and str(told).replace("+00:00", "Z") == sent):
        faults.append(f"{at}: {sent!r} became {told!r}")


def main() -> None:
    email = models.EmailIdentifierRequest(type_="email", value="described@example.org")
    body = models.CompletionRequest(
        learner=models.LearnerRequest(name="Sample Learner", identifiers=[email]),
        achievement="introduction-digital-data-technology",
        completed_at="2026-05-01T09:30:00Z",
        delivery_mode=models.CompletionRequestDeliveryMode.FACE_TO_FACE,
        results=[models.ResultRequest(name="Final quiz", value="92", result_type="Percent")],
        evidence=[models.EvidenceRequest(url="https://trust.example.org/1", name="Report")],
        reference="described",
    )
    posted = ask("completions.post_completion", by=PROVIDER, body=body)
    learner, badge = posted.learner.id, posted.credential.id
    activity = models.ActivityRequest(
        title="Read a book", credit=models.CreditRequest(amount="2.5", unit="hours"), finished_at="2026-05-02"
    )
    ask("learners.declare_activity", learner, body=activity)
    day = datetime.date(2026, 5, 2)
    adjustment = models.AdjustmentRequest(amount="-1", unit="hours", earned_on=day, reason="Counted twice")
    ask("learners.request_adjustment", learner, body=adjustment)

    for operation in ["credential", "current_credential", "credential_maintenance"]:
        ask(f"credentials.get_{operation}", badge)
    ask("log.get_log_proof", badge)
    ask("wallets.create_offer", badge, by=PROVIDER, body=models.OfferRequest())
    ask("wallets.list_offers", badge, by=PROVIDER)
    for operation in ["ledger", "balances", "pathways", "learner_maintenance"]:
        ask(f"learners.get_{operation}", learner)
    ask("learners.get_statement", learner, "cilip-revalidation")
    ask("operations.list_outbox")

    address = models.VerifyUrl(url=posted.credential.url)
    ask("verification.verify_credential", body=address, also="evidence,log,maintenance", recipient="Sample Learner")
    shared = models.CredentialList(credentials=[ask("credentials.get_credential", badge)])
    ask("verification.check_level", "fedip-practitioner", body=shared)
    ask("verification.get_trust")
    ask("verification.get_offline_bundle")

    ask("catalogue.get_achievement", "introduction-digital-data-technology", "1.0")
    ask("catalogue.get_issuer", "nhs-digital-academy")
    ask("catalogue.list_accreditations", provider="example-trust")
    accreditation = ["example-trust", "user-centred-design", "2024-01-01", "nhs-digital-academy"]
    ask("catalogue.get_accreditation", *accreditation)
    ask("catalogue.list_endorsements")
    for programme in ask("catalogue.list_programmes").programmes:
        ask("catalogue.get_programme", programme.programme)
    ask("catalogue.get_scheme", "cilip-revalidation")

    ask("keys.get_jwk_set")
    ask("keys.get_issuer_did_document", "nhs-digital-academy")
    ask("log.list_log_checkpoints")
    ask("log.get_log_consistency", from_=1, to=2)
    ask("tokens.get_authorization_server_metadata")
    ask("wallets.get_credential_issuer_metadata")
    ask("wallets.create_wallet_nonce")
    ask("credentials.get_credential_type_metadata")
    ask("passport.get_passport_discovery")
    ask("documentation.get_api_description")
    ask("documentation.list_problem_kinds")
    ask("documentation.get_problem_kind", "invalid")
    ask("operations.get_health")
    ask("operations.get_readiness")


main()
print("\n".join(faults), file=sys.stderr)
sys.exit(1 if faults else 0)
