"""What every setting is, where its value came from, and what is wrong with any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from ai_video_editor.errors import InputError
from ai_video_editor.redaction import Redactor
from ai_video_editor.settings import PREFIX, VARIABLES, Settings, leaves, variable
from ai_video_editor.settings_sources import LoadedSettings, load_settings, settings_faults
from ai_video_editor.stages import parse_stage

_FILES = (
    "audio.transcript",
    "video.face_model",
    "director.plan",
    "look.brand",
    "composition.music",
)
"""Settings that name a file which must be there."""

_STAGES = ("run.stop_after", "run.continue_from")


@dataclass(frozen=True)
class ConfiguredSetting:
    """One setting as it holds now.

    Attributes:
        name: `group.name`.
        value: as a JSON value; of a secret only "set" or "not set".
        source: flag, environment, .env, file, mode or default.
        variable: the environment variable that sets it.
        description: what it means, with its unit.
    """

    name: str
    value: Any
    source: str
    variable: str
    description: str

    def as_json(self) -> dict[str, Any]:
        """The setting as a JSON object."""
        return {
            "name": self.name,
            "value": self.value,
            "source": self.source,
            "variable": self.variable,
            "description": self.description,
        }


class ConfigurationManager:
    """A face on the settings.

    Args:
        environment: variables; the process's when None.
        working_folder: where a `.env` file may lie; the current one when None.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        working_folder: Path | None = None,
    ) -> None:
        """Read nothing yet."""
        self._where: dict[str, Any] = {
            "environment": environment,
            "working_folder": working_folder,
        }

    def load(self, flags: Mapping[str, Any] | None = None) -> LoadedSettings:
        """The settings with their sources.

        Raises:
            InputError: a value does not fit.
        """
        return load_settings(flags, **self._where)

    def get_configuration(
        self, flags: Mapping[str, Any] | None = None
    ) -> tuple[ConfiguredSetting, ...]:
        """Every setting with its value and where that came from; no secret is shown.

        Raises:
            InputError: a value does not fit.
        """
        loaded = self.load(flags)
        return tuple(
            ConfiguredSetting(
                name=f"{group}.{leaf}",
                value=_shown(loaded.settings, group, leaf),
                source=loaded.sources[f"{group}.{leaf}"],
                variable=variable(leaf),
                description=field.description or "",
            )
            for group, fields in leaves().items()
            for leaf, field in fields.items()
        )

    def validate_configuration(self, file: Path | None = None) -> tuple[str, ...]:
        """Everything that is wrong, a sentence each; empty where a run could begin.

        Args:
            file: only this configuration file (and a `.env` beside it) instead of all that a run
                of this machine would use.
        """
        return tuple(Redactor(homes=False).text(fault) for fault in self._faults(file))

    def _faults(self, file: Path | None) -> tuple[str, ...]:
        where = self._where
        if file is not None:
            if not file.is_file():
                return (f"There is no configuration file {file}.",)
            whole = {f"{PREFIX}CONFIG_PATH": str(file.absolute())}
            where = {"environment": whole, "working_folder": file.absolute().parent}
        faults = settings_faults(**where)
        try:
            settings = load_settings(**where).settings
        except InputError:
            return faults
        return (*faults, *_beyond_the_schema(settings))


def env_example() -> str:
    """The text of `.env.example`: every variable, its meaning and default, none in force."""
    lines = [
        "# Settings as environment variables. Copy this to .env in the folder that you work in, or",
        "# beside config.toml, and take the # away from what you want to set. Real environment",
        "# variables win over this file. `ai-video-editor config show` tells what holds and why.",
    ]
    for group, fields in leaves().items():
        lines += ["", f"# [{group}]"]
        for leaf, field in fields.items():
            lines += [f"# {field.description}", f"#{variable(leaf)}={_default(field)}"]
    lines += ["", "# Beside the settings"]
    for name, meaning in VARIABLES.items():
        lines += [f"# {meaning}", f"#{name}="]
    return "\n".join(lines) + "\n"


def _default(field: Any) -> str:
    default = field.default
    if default is None or default is PydanticUndefined:
        return ""
    if isinstance(default, tuple):
        return ",".join(str(part) for part in default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def _shown(settings: Settings, group: str, leaf: str) -> Any:
    value = getattr(getattr(settings, group), leaf)
    if leaf == "gemini_api_key" or isinstance(value, SecretStr):
        return "set" if value else "not set"
    shown = getattr(settings, group).model_dump(mode="json")[leaf]
    return Redactor(homes=False).data(shown)


def _beyond_the_schema(settings: Settings) -> list[str]:
    """Values of the right form that no run could use."""
    faults: list[str] = []
    for name in _FILES:
        given = settings.value(name)
        if given is not None and not Path(given).is_file():
            faults.append(f"{name} names {given}, which is not there.")
    for name in _STAGES:
        given = settings.value(name)
        if given is not None:
            try:
                parse_stage(given)
            except InputError as error:
                faults.append(f"{name} cannot be used: {error.message}")
    return faults
