"""Settings as they are given: flags over environment over `.env` over file over defaults.

The Gemini key is read from `GEMINI_API_KEY` (or `GOOGLE_API_KEY`) and is never printed, logged or
stored. Nothing is read at import: `load_settings` is the one place.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from platformdirs import user_config_path
from pydantic import ValidationError

from ai_video_editor.errors import InputError
from ai_video_editor.settings import (
    ALIASES,
    APP,
    MODES,
    PREFIX,
    VARIABLES,
    Settings,
    group_of,
    leaves,
    variable,
)

Source = Literal["flag", "environment", ".env", "file", "mode", "default"]


@dataclass(frozen=True)
class LoadedSettings:
    """Settings and where each value came from.

    Attributes:
        settings: the validated tree.
        sources: `group.name` to its source.
        config_file: the file that was read, if any.
    """

    settings: Settings
    sources: Mapping[str, Source]
    config_file: Path | None


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    working_folder: Path | None = None,
) -> LoadedSettings:
    """Settings from flags, the environment, a `.env` file, the configuration file and defaults.

    Args:
        flags: setting name to value; None values mean "not given".
        environment: the process's when None.
        working_folder: where a `.env` file may lie; the current one when None.

    Raises:
        InputError: a value does not fit; the message names its source and the setting.
    """
    complaints: list[str] = []
    tree, sources, config_file = _gathered(flags or {}, environment, working_folder, complaints)
    settings = _validated(tree, sources, config_file, complaints)
    if complaints or settings is None:
        raise InputError(complaints[0])
    return LoadedSettings(settings, sources, config_file)


def settings_faults(
    *, environment: Mapping[str, str] | None = None, working_folder: Path | None = None
) -> tuple[str, ...]:
    """Everything that is wrong with the settings of this machine, a sentence each.

    Unlike `load_settings`, which stops at the first fault, it also names variables that look like
    ours and change nothing.

    Args:
        environment: the process's when None.
        working_folder: where a `.env` file may lie; the current one when None.
    """
    real = dict(os.environ if environment is None else environment)
    complaints: list[str] = []
    try:
        tree, sources, config_file = _gathered({}, real, working_folder, complaints)
    except InputError as error:
        return (error.message,)
    _validated(tree, sources, config_file, complaints)
    dotenv = _dotenv((working_folder or Path.cwd()) / ".env")
    known = {*VARIABLES, *(variable(leaf) for fields in leaves().values() for leaf in fields)}
    for name in sorted({*real, *dotenv} - known):
        if name.startswith(PREFIX):
            complaints.append(
                f"{name} changes nothing: there is no such setting{_like(name, known)}."
            )
    return tuple(complaints)


_Gathered = tuple[dict[str, dict[str, Any]], dict[str, Source], Path | None]


def _gathered(
    flags: Mapping[str, Any],
    environment: Mapping[str, str] | None,
    working_folder: Path | None,
    complaints: list[str],
) -> _Gathered:
    """Every value that was given, the source of each, and the file that was read."""
    real = dict(os.environ if environment is None else environment)
    folder = working_folder or Path.cwd()
    dotenv = _dotenv(folder / ".env")
    config_path = real.get(f"{PREFIX}CONFIG_PATH") or dotenv.get(f"{PREFIX}CONFIG_PATH")
    config_file = _config_file(Path(config_path).expanduser() if config_path else None)
    if config_file is not None:
        dotenv = {**_dotenv(config_file.parent / ".env"), **dotenv}

    layers: list[tuple[Source, dict[str, Any]]] = [
        ("file", _from_file(config_file, complaints)),
        (".env", _from_environment(dotenv)),
        ("environment", _from_environment(real)),
        ("flag", {k: v for k, v in flags.items() if v is not None}),
    ]
    chosen = [values["mode"] for _, values in layers if "mode" in values]
    layers.insert(0, ("mode", dict(MODES.get(str(chosen[-1]), {})) if chosen else {}))
    if any(values.get("segment") is not None for _, values in layers):
        layers.append(("flag", {"parallel_processing": False}))
    tree: dict[str, dict[str, Any]] = {}
    sources: dict[str, Source] = {
        f"{group}.{leaf}": "default" for group, fields in leaves().items() for leaf in fields
    }
    for source, values in layers:
        for leaf, value in values.items():
            group = group_of(leaf)
            tree.setdefault(group, {})[leaf] = value
            sources[f"{group}.{leaf}"] = source
    return tree, sources, config_file


def _validated(
    tree: Mapping[str, Any],
    sources: Mapping[str, Source],
    config_file: Path | None,
    complaints: list[str],
) -> Settings | None:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        complaints += [_explained(dict(found), sources, config_file) for found in error.errors()]
        return None


def configuration_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The folder of the configuration file and what lies beside it."""
    given = (os.environ if environment is None else environment).get(f"{PREFIX}CONFIG_PATH")
    path = Path(given).expanduser() if given else user_config_path(APP)
    return path.parent if path.is_file() else path


_MAY_HOLD_SECRETS = frozenset({"gemini_api_key", "shared_store"})


def _explained(
    found: Mapping[str, Any], sources: Mapping[str, Source], config_file: Path | None
) -> str:
    name = ".".join(str(part) for part in found["loc"][:2])
    leaf = name.rpartition(".")[2]
    where = {
        "flag": f"--{leaf.replace('_', '-')}",
        "environment": variable(leaf),
        ".env": f"{variable(leaf)} in .env",
        "file": f"{name} in {config_file}",
    }.get(sources.get(name, "default"), name)
    given = "" if leaf in _MAY_HOLD_SECRETS else f" (given: {found['input']!r:.120})"
    return f"{where} cannot be used: {_fault(found)}{given}."


def _fault(found: Mapping[str, Any]) -> str:
    pattern = str(found.get("ctx", {}).get("pattern", ""))
    if re.fullmatch(r"\^\([\w|]+\)\$", pattern):
        return "it must be one of " + pattern[2:-2].replace("|", ", ")
    return str(found["msg"])


def _like(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, as the end of a sentence."""
    near = get_close_matches(name, list(known), 1, 0.7)
    return f" (perhaps {near[0]} was meant)" if near else ""


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return {k: v for k, v in dotenv_values(path, interpolate=False).items() if v is not None}


def _config_file(given: Path | None) -> Path | None:
    path = given or user_config_path(APP)
    if path.is_dir():
        path = path / "config.toml"
    if path.is_file():
        return path
    if given is not None and not given.exists():
        raise InputError(f"{PREFIX}CONFIG_PATH names {given}, which is not there.")
    return None


def _from_file(path: Path | None, complaints: list[str]) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"The configuration file {path} cannot be read: {error}.") from error
    flat: dict[str, Any] = {}
    known = leaves()
    full = [f"{group}.{leaf}" for group, fields in known.items() for leaf in fields]
    for group, values in data.items():
        if group not in known or not isinstance(values, dict):
            complaints.append(f"{path}: there is no group [{group}]{_like(group, known)}.")
            continue
        for leaf, value in values.items():
            name = f"{group}.{leaf}"
            if leaf in known[group]:
                flat[leaf] = value
            else:
                complaints.append(f"{path}: there is no setting {name}{_like(name, full)}.")
    return flat


def _from_environment(variables: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fields in leaves().values():
        for leaf, field in fields.items():
            value = variables.get(f"{PREFIX}{leaf.upper()}") or variables.get(ALIASES.get(leaf, ""))
            if not value:
                continue
            many = "tuple" in str(field.annotation)
            found[leaf] = [part.strip() for part in value.split(",")] if many else value
    key = variables.get("GEMINI_API_KEY") or variables.get("GOOGLE_API_KEY")
    if key:
        found["gemini_api_key"] = key
    return found
