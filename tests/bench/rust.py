"""What is built with cargo and measured by criterion."""

import json
import os
import shutil
import subprocess
import sys

from places import PROJECT, TARGET

# Key of the summary: criterion's name of the measurement.
MEASUREMENTS = {
    "issue_per_s": "issue",
    "issue_with_jwt_per_s": "issue_di_and_es256",
    "issue_with_rs256_per_s": "issue_di_and_rs256",
    "issue_data_integrity_per_s": "issue_data_integrity",
    "verify_per_s": "verify_json",
    "raw_sign_per_s": "raw_ed25519_sign",
    "raw_verify_strict_per_s": "raw_ed25519_verify_strict",
    "raw_es256_sign_per_s": "raw_es256_sign",
    "raw_rs256_sign_per_s": "raw_rs256_sign",
}
# Key of the summary: two of criterion's measurements, and how often the time of the second goes into that of
# the first. Where the first is a floor, that is the rate as a part of the floor's.
COMPARED = {
    "issue_general_ratio": ("issue floor", "issue general"),
    "issue_template_ratio": ("issue floor", "issue template"),
    "verify_ratio": ("verify floor", "verify from text"),
    "verify_batch_gain": ("verify 1000 singly", "verify 1000"),
    "vc_jwt_es256_issue_ratio": ("es256 raw sign", "es256 issue"),
    "vc_jwt_es256_verify_ratio": ("es256 raw verify", "es256 verify"),
    "issue_two_core_gain": ("issue one core", "issue two cores"),
    "verify_two_core_gain": ("verify from text", "verify two cores"),
    "ten_times_quads_cost": ("verify ten times", "verify from text"),
}
MEASUREMENTS |= {"sd_jwt_issue_per_s": "sd_jwt issue", "ecdsa_sd_derive_per_s": "ecdsa_sd derive"}
# Datasets that would take for ever without a cap on work.
POISON = ["poison clique", "poison pairs"]
# Everything is measured as it is shipped.
PROFILE = ["--profile", "dist"]
BENCHES = [
    argument
    for package, benches in {
        "proof": ["suite", "formats", "poison"],
        "jose": ["vc_jwt", "sd_jwt"],
        "signing": ["issue"],
        "verification": ["verify"],
    }.items()
    for argument in ["--package", package, *(part for bench in benches for part in ("--bench", bench))]
]
# Counts allocations by itself, and leaves them in a file.
COUNTS = ["--package", "proof", "--bench", "allocations"]
COUNTED = PROJECT / "target" / "bench" / "allocations.json"


def build():
    """Builds the service, its floor and the benches; answers with the two binaries."""
    binaries = build_service()
    cargo("bench", *PROFILE, *BENCHES, "--no-run")
    cargo("bench", *PROFILE, *COUNTS, "--no-run")
    return binaries


def build_service():
    """Builds the service and its floor; answers with the two binaries."""
    # Together, so that what both rest on is built once.
    cargo("build", *PROFILE, "--package", "lanyard", "--package", "testkit", "--bin", "lanyard", "--example", "floor")
    return TARGET / "dist" / "lanyard", TARGET / "dist" / "examples" / "floor"


def measure():
    """Runs the benches; answers with rates, ratios and counts."""
    # What an earlier run left must not pass for a figure of this one.
    shutil.rmtree(TARGET / "criterion", ignore_errors=True)
    COUNTED.unlink(missing_ok=True)
    cargo("bench", *PROFILE, *BENCHES)
    cargo("bench", *PROFILE, *COUNTS)
    figures = {key: 1e9 / nanoseconds(name) for key, name in MEASUREMENTS.items()}
    figures |= {key: nanoseconds(first) / nanoseconds(second) for key, (first, second) in COMPARED.items()}
    figures["two_core_gain"] = min(figures["issue_two_core_gain"], figures["verify_two_core_gain"])
    figures["poison_ms"] = max(nanoseconds(name) for name in POISON) / 1e6
    return figures | counted()


def counted():
    """Allocations of a badge: of an issue, the general path's and a template's, and of a verification."""
    counts = read(COUNTED)
    figures = {key: counts[key] for key in
               ("issue_general_allocations", "issue_template_allocations", "verify_allocations", "verify_peak_mb")}
    return figures | {"issue_allocations": figures["issue_general_allocations"]}


def nanoseconds(name):
    """The median that criterion has estimated."""
    return read(TARGET / "criterion" / name / "new" / "estimates.json")["median"]["point_estimate"]


def read(file):
    """What a bench left; there is no figure without it."""
    if not file.exists():
        sys.exit(f"bench: nothing was measured for {file}")
    return json.loads(file.read_text())


def cargo(*arguments):
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", *arguments], cwd=PROJECT, env=environment, check=True)
