"""docs/scaling.md names commands, settings and services that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from ai_video_editor.cli.main import app
from ai_video_editor.settings import leaves

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")


def test_its_settings_exist() -> None:
    known = {f"AI_VIDEO_EDITOR_{leaf.upper()}" for fields in leaves().values() for leaf in fields}
    assert set(re.findall(r"AI_VIDEO_EDITOR_[A-Z_]+", GUIDE)) <= known


def test_its_commands_and_their_flags_exist() -> None:
    commands: Any = typer.main.get_command(app)
    for line in re.findall(r"ai-video-editor (workers[^`\n#]*)", GUIDE):
        name, *words = line.split()
        context = typer.Context(commands)
        command = commands.get_command(context, name)
        flags = {flag for option in command.params for flag in option.opts}
        assert {word for word in words if word.startswith("--")} <= flags


def test_its_services_are_those_of_the_compose_file() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    table = GUIDE.partition("| service |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`(?=[^|]*\| [a-zA-Z])", table)) == set(services)


@pytest.mark.parametrize("tag", ["encoder", "whisper", "api"])
def test_the_tags_that_can_be_limited_are_given_to_tasks(tag: str) -> None:
    assert f"concurrency-limit create {tag} " in GUIDE
    tasks = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tasks").glob("*.py"))
    assert f'("{tag}",)' in tasks
