"""Where things are."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")).resolve()
OUTPUT = TARGET / "bench"
# An invented badge of the size of the reference badge, or another one; measured.rs reads the same file.
BADGE = Path(os.environ.get("LANYARD_BENCH_BADGE", HERE / "badge.json")).resolve()
