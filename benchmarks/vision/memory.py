"""Peak memory of a whole analysis, measured in a process of its own.

python -m benchmarks.vision.memory FILE
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path


def peak_of(path: Path) -> float:
    """Peak memory of analysing a film, MB.

    Raises:
        RuntimeError: the measuring process failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.memory", str(path)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(f"measuring memory failed: {done.stderr[-2000:]}")
    return float(done.stdout)


def _measure(path: Path) -> None:
    from benchmarks.vision.runs import analysed

    analysed(path)
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage's peak begins with what the parent had when it forked
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        print(int(fields["VmHWM"].split()[0]) / 1024)
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _measure(Path(sys.argv[1]))
