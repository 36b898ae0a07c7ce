"""Where things are."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")).resolve()
OUTPUT = TARGET / "bench"
REFERENCE = PROJECT.parent / "shared" / "bench" / "reference-badge.json"


def badge():
    """The badge that everybody is measured with: the reference badge where it is at hand, else ours."""
    return REFERENCE if REFERENCE.exists() else HERE / "badge.json"
