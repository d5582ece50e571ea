"""A Prefect server that does not answer, or not to us, as our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ai_video_editor.errors import EditorError, InputError


@contextmanager
def asking(server: str) -> Iterator[None]:
    """A block that talks to a server.

    Args:
        server: its address, as the user gave it.

    Raises:
        InputError: it refuses the login.
        EditorError: it does not answer.
    """
    try:
        yield
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in (401, 403):
            raise
        raise InputError(
            f"The Prefect server {server} refuses the login: set PREFECT_API_AUTH_STRING to the "
            "name:password that it was started with."
        ) from error
    except (httpx.TransportError, RuntimeError) as error:
        # Prefect's client says by a RuntimeError that it could not connect
        if not isinstance(error.__cause__ or error, httpx.TransportError):
            raise
        raise EditorError(
            f"The Prefect server {server} does not answer: start it, or correct PREFECT_API_URL."
        ) from error
