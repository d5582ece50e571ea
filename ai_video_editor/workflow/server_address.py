"""Which Prefect server the user means: the environment's, or that of the active profile."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path


def configured_server(environment: Mapping[str, str] | None = None) -> str | None:
    """Address of the API that `PREFECT_API_URL` or Prefect's active profile names.

    Prefect's own default profile names none: it starts a server for each command, as we do. The
    profile is read without importing Prefect, which reads its environment once.
    """
    real = os.environ if environment is None else environment
    given = real.get("PREFECT_API_URL")
    if given:
        return given
    home = Path(real.get("PREFECT_HOME") or "~/.prefect").expanduser()
    file = Path(real.get("PREFECT_PROFILES_PATH") or home / "profiles.toml").expanduser()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        active = real.get("PREFECT_PROFILE") or data.get("active")
        address = data["profiles"][active]["PREFECT_API_URL"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(address) or None
