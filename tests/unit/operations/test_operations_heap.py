"""What a search for garbage looks through after everything is loaded."""

from __future__ import annotations

import subprocess
import sys

LOOKED_THROUGH = """
import gc, weakref
import numpy, pydantic, ai_video_editor.settings
from ai_video_editor.operations.heap import give_back, set_loaded_aside

class Knot:
    def __init__(self):
        self.itself = self

gc.disable()
early = Knot()
seen_early = weakref.ref(early)
del early
before = len(gc.get_objects())
set_loaded_aside()
assert seen_early() is None, "what was garbage before is kept for good"
after = len(gc.get_objects())
late = Knot()
seen_late = weakref.ref(late)
del late
give_back()
assert seen_late() is None, "garbage is not found any more"
set_loaded_aside()
print(before, after)
"""


def test_what_is_loaded_is_not_looked_through_again_and_garbage_still_goes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_THROUGH], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    before, after = map(int, done.stdout.split())
    assert after < before / 100
