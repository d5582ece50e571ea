"""Which server a command talks to."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.workflow.server_address import configured_server

PROFILES = """
active = "studio"
[profiles.ephemeral]
PREFECT_SERVER_ALLOW_EPHEMERAL_MODE = "true"
[profiles.studio]
PREFECT_API_URL = "http://127.0.0.1:4300/api"
"""


def test_the_environment_outweighs_the_active_profile(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILES)
    home = {"PREFECT_HOME": str(tmp_path)}
    assert configured_server(home) == "http://127.0.0.1:4300/api"
    assert configured_server({**home, "PREFECT_API_URL": "http://b/api"}) == "http://b/api"


def test_a_profile_without_an_address_names_no_server(tmp_path: Path) -> None:
    home = {"PREFECT_HOME": str(tmp_path)}
    assert configured_server(home) is None
    (tmp_path / "profiles.toml").write_text(PROFILES)
    assert configured_server({**home, "PREFECT_PROFILE": "ephemeral"}) is None
    (tmp_path / "profiles.toml").write_text("= no TOML")
    assert configured_server(home) is None
