"""Says whether Gemini can be used with your key: `python test_gemini_access.py`.

The same as `ai-video-editor check-api --service gemini`; not a test of the product.
"""

from __future__ import annotations

import sys

__test__ = False

if __name__ == "__main__":
    from ai_video_editor.cli.main import app

    app(["check-api", "--service", "gemini", *sys.argv[1:]], prog_name="ai-video-editor")
