"""The command `config`: what holds, where it came from, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ai_video_editor.cli.failures import ended_well
from ai_video_editor.operations.configuration import (
    ConfigurationManager,
    ConfiguredSetting,
    env_example,
)

config_app = typer.Typer(
    name="config",
    help="Look at the settings and check them; secrets are never shown.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_WIDE = 200
"""Columns where nobody's terminal says how many there are."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@config_app.command("show")
def show_config(
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what is not at its default.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show every setting with its value, where that came from, and what it means."""
    manager = ConfigurationManager()
    found = ended_well(manager.get_configuration)
    wanted = [setting for setting in found if not changed or setting.source != "default"]
    file = ended_well(manager.load).config_file
    if as_json:
        report = {
            "file": None if file is None else str(file),
            "settings": [setting.as_json() for setting in wanted],
        }
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    typer.echo(f"configuration file: {file or 'none'}")
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=_WIDE)
    console.print(_table(wanted))


@config_app.command("validate")
def validate_config(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A config.toml instead of what holds here."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with the settings, a sentence each."""
    faults = ConfigurationManager().validate_configuration(file)
    if as_json:
        typer.echo(json.dumps({"ok": not faults, "faults": faults}, ensure_ascii=False))
    else:
        for fault in faults or ("The settings are fine.",):
            typer.echo(fault)
    raise typer.Exit(2 if faults else 0)


@config_app.command("example")
def example_config() -> None:
    """Print every environment variable with its meaning: the beginning of a .env file."""
    typer.echo(env_example(), nl=False)


def _table(settings: list[ConfiguredSetting]) -> Table:
    """The settings by group; where a value is not the default, its source."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim")
    group = ""
    for setting in settings:
        own, _, leaf = setting.name.partition(".")
        if own != group:
            group = own
            table.add_row()
            table.add_row(Text(f"[{group}]", style="bold"))
        given = setting.source != "default"
        value = Text(_plain(setting.value), style="bold" if given else "")
        if given:
            value.append(f"\nfrom {_from(setting)}", style="cyan not bold")
        table.add_row(f"  {leaf}", value, setting.description)
    return table


def _from(setting: ConfiguredSetting) -> str:
    if setting.source in ("environment", ".env"):
        return f"{setting.source} ({setting.variable})"
    return setting.source


def _plain(value: Any) -> str:
    if value is None or value in ([], ""):
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))
