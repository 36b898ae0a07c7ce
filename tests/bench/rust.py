"""What is built with cargo and measured by criterion."""

import json
import os
import shutil
import subprocess

from places import PROJECT, TARGET

# Key of the summary: criterion's name of the measurement.
MEASUREMENTS = {
    "issue_per_s": "issue_di_and_es256",
    "issue_with_rs256_per_s": "issue_di_and_rs256",
    "issue_data_integrity_per_s": "issue_data_integrity",
    "verify_per_s": "verify_json",
    "raw_sign_per_s": "raw_ed25519_sign",
    "raw_verify_strict_per_s": "raw_ed25519_verify_strict",
    "raw_es256_sign_per_s": "raw_es256_sign",
    "raw_rs256_sign_per_s": "raw_rs256_sign",
}
# Everything is measured as it is shipped.
PROFILE = ["--profile", "dist"]
BENCHES = ["--package", "signing", "--package", "verification", "--bench", "issue", "--bench", "verify"]


def build():
    """Builds the service and the benches; answers with the service's binary."""
    cargo("build", *PROFILE, "--package", "lanyard")
    cargo("bench", *PROFILE, *BENCHES, "--no-run")
    return TARGET / "dist" / "lanyard"


def measure():
    """Runs the benches; answers with rates."""
    # What an earlier run left must not pass for a figure of this one.
    for name in MEASUREMENTS.values():
        shutil.rmtree(TARGET / "criterion" / name, ignore_errors=True)
    cargo("bench", *PROFILE, *BENCHES)
    return {key: rate(name) for key, name in MEASUREMENTS.items()}


def rate(name):
    """Operations a second, from the median that criterion has estimated."""
    estimates = json.loads((TARGET / "criterion" / name / "new" / "estimates.json").read_text())
    return 1e9 / estimates["median"]["point_estimate"]


def cargo(*arguments):
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", *arguments], cwd=PROJECT, env=environment, check=True)
