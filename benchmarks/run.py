"""Every benchmark, one after the other, each in a process of its own.

python -m benchmarks.run          # make bench
"""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "benchmarks.overhead",
    "benchmarks.render",
    "benchmarks.speech",
    "benchmarks.vision",
    "benchmarks.content",
    "benchmarks.decide",
    "benchmarks.broll",
    "benchmarks.spoiled",
    "benchmarks.pieces",
)


def main() -> None:
    """Run them all; the exit code is that of the first that failed."""
    failed = 0
    for name in BENCHMARKS:
        print(f"\n## {name.removeprefix('benchmarks.').capitalize()}\n", flush=True)
        failed = failed or subprocess.run([sys.executable, "-m", name]).returncode
    sys.exit(failed)


if __name__ == "__main__":
    main()
