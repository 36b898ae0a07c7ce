"""Where things are."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")).resolve()
OUTPUT = TARGET / "bench"
# An invented badge of the size of the reference badge; run.py may put another in its place.
BADGE = HERE / "badge.json"
