"""Sending an error report to the one address that was configured, and nowhere else."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO

from ai_video_editor import __version__
from ai_video_editor.errors import APIIntegrationError

_MOST_WORDS = 200
"""Characters of the server's answer that are repeated."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A report goes where the user said, not where that server says."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        return None


def send_report(url: str, path: Path, *, timeout: float) -> str:
    """Post a zip file; gives what the server answered, on one line.

    Args:
        url: http or https.
        path: the bundle.
        timeout: seconds.

    Raises:
        APIIntegrationError: it did not arrive.
        OSError: the file cannot be read.
    """
    request = urllib.request.Request(
        url,
        data=path.read_bytes(),
        method="POST",
        headers={"Content-Type": "application/zip", "User-Agent": f"ai-video-editor/{__version__}"},
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=timeout) as answer:
            text = answer.read(4 * _MOST_WORDS).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        raise APIIntegrationError(
            f"The report was not taken: the server answered {error.code}.",
            advice=("Check AI_VIDEO_EDITOR_REPORT_URL.",),
        ) from None
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise APIIntegrationError(
            f"The report could not be sent ({type(reason).__name__}).",
            advice=("Check the network and AI_VIDEO_EDITOR_REPORT_URL.",),
        ) from None
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:_MOST_WORDS]
