"""One typed tree of settings: flags over environment over file over defaults.

A setting is `group.name`; names are unique over all groups, so that one rule gives the
environment variable of each: `AI_VIDEO_EDITOR_` and the name in capitals. The Gemini key is read
from `GEMINI_API_KEY` (or `GOOGLE_API_KEY`) and is never printed, logged or stored.

Nothing is read at import: `load_settings` is the one place.
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
from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ai_video_editor.context.inputs import ProcessingPreferences, UserPreferences
from ai_video_editor.errors import InputError

PREFIX = "AI_VIDEO_EDITOR_"
_APP = "ai-video-editor"

Source = Literal["flag", "environment", ".env", "file", "mode", "default"]

MODES: Mapping[str, Mapping[str, Any]] = {
    "fast": {
        "quality_level": "medium",
        "thumbnail_resolution": "1280x720",
        "analysis_rate": 2.5,
    },
    "balanced": {},
    "high_quality": {"quality_level": "ultra", "analysis_rate": 10.0},
}
"""What each mode sets, unless it is set elsewhere."""


_ALIASES = {"enable_aggressive_caching": f"{PREFIX}CACHE_AGGRESSIVE"}
"""Second names of variables, by setting: those that the design documents use."""

VARIABLES: Mapping[str, str] = {
    f"{PREFIX}CONFIG_PATH": "Configuration file, or the folder with config.toml.",
    f"{PREFIX}FFMPEG": "An ffmpeg to use instead of the one that is installed with the program.",
    f"{PREFIX}TEST_MEDIA": "Folder with recordings for the tests that need some.",
    f"{PREFIX}SERVE_PORT": "Port of the server that `make serve` starts; 4200 when not given.",
    **{name: f"The same as {PREFIX}{leaf.upper()}." for leaf, name in _ALIASES.items()},
}
"""Variables beside those that are named after a setting, with what they mean."""


def variable(leaf: str) -> str:
    """The environment variable of a setting."""
    return "GEMINI_API_KEY" if leaf == "gemini_api_key" else f"{PREFIX}{leaf.upper()}"


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PathSettings(_Group):
    """Where things lie."""

    home: Path = Field(
        default_factory=lambda: user_data_path(_APP),
        description="Work folder: checkpoints, store, cache, models, logs, server database.",
    )
    output: Path = Field(
        default=Path("output"), description="Folder in which the project's folder is made."
    )
    plugins: Path | None = Field(
        default=None,
        description="Folder whose Python files are run as plugins; `plugins` in the work folder "
        "when not given.",
    )
    shared_store: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]+://[^@?#\s]*$",
        description="Address that machines share results and media at, such as s3://bucket/films.",
    )


class AudioSettings(_Group):
    """How to hear."""

    transcriber: Literal["auto", "whisper", "sphinx"] = Field(
        default="auto", description="Recogniser; auto takes Whisper where its model is there."
    )
    whisper_model: str = Field(
        default="small", description="Model name, hub name, or folder with a CTranslate2 model."
    )
    whisper_device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where Whisper runs; auto takes CUDA where there is one."
    )
    whisper_compute_type: str = Field(
        default="auto", description="CTranslate2 number format; auto is int8 on the CPU."
    )
    transcript: Path | None = Field(
        default=None, description="Transcript to use instead of recognising: .srt, .vtt or .json."
    )
    vocabulary: tuple[str, ...] = Field(
        default=(), description="Names and terms the recogniser should know."
    )
    audio_track: str = Field(
        default="0", pattern=r"^(\d+|mix)$", description="Sound track to hear and keep, or mix."
    )
    decode_window: float = Field(
        default=26.0, gt=1, le=30, description="Longest stretch decoded at once, seconds."
    )


class VideoSettings(_Group):
    """How to see."""

    face_model: Path | None = Field(
        default=None, description="YuNet ONNX file; the bundled cascades where there is none."
    )
    analysis_height: int = Field(
        default=360, ge=90, le=1080, description="Height of the picture analysis looks at, pixels."
    )
    analysis_rate: float = Field(
        default=5.0, gt=0, le=30, description="Frames a second given to faces and quality."
    )


class DirectorSettings(_Group):
    """How to decide."""

    gemini_model: str = Field(default="gemini-3.8-flash", description="Gemini model for the plan.")
    gemini_temperature: float = Field(
        default=1.0,
        ge=0,
        le=2,
        description="How freely Gemini words things, 0 to 2; its makers advise 1 for Gemini 3.",
    )
    gemini_safety: Literal[
        "BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE"
    ] = Field(default="BLOCK_ONLY_HIGH", description="From which likelihood of harm Gemini blocks.")
    max_request_tokens: int = Field(
        default=60_000,
        ge=2_000,
        le=900_000,
        description="Longest request; a longer film is asked about chapter by chapter.",
    )
    max_output_tokens: int = Field(
        default=32_768, ge=1_024, le=65_536, description="Longest answer, thinking included."
    )
    repairs: int = Field(
        default=1, ge=0, le=2, description="How often a faulty answer goes back with the reasons."
    )
    highlight_frames: int = Field(
        default=0, ge=0, le=3, description="Pictures of the recording that Gemini sees."
    )
    max_cost: float = Field(default=2.0, ge=0, description="Most that one project may cost, USD.")
    plan: Path | None = Field(
        default=None, description="Edited plan.json to render instead of deciding."
    )
    redecide: bool = Field(
        default=False,
        description="Decide anew although a plan is given; what is locked there stays.",
    )
    chosen_title: str | None = Field(
        default=None, description="Title to put first, as a person chose it."
    )
    chosen_thumbnail: str | None = Field(
        default=None, description="Thumbnail to deliver as thumbnail.jpg too, by its file name."
    )
    max_removed_share: float = Field(
        default=0.6, gt=0, lt=1, description="Largest share of the recording that may be cut."
    )


class LookSettings(_Group):
    """How what is drawn looks."""

    brand: Path | None = Field(
        default=None,
        description="Brand kit (TOML): colours, fonts, logo and lower third of all that is drawn.",
    )
    characters: bool = Field(
        default=False, description="Let a drawn presenter explain where no face is seen."
    )
    blender: Path | None = Field(
        default=None,
        description="Blender, or a Python with bpy, that draws characters; what `make blender` "
        "set up where it is not given.",
    )


class CompositionSettings(_Group):
    """How to render."""

    loudness: float = Field(
        default=-14.0, ge=-31, le=-9, description="Loudness target where there is speech, LUFS."
    )
    max_gain: float = Field(
        default=20.0, ge=0, le=40, description="Most that sound is made louder, dB."
    )
    edge_fade: float = Field(
        default=0.015, ge=0.01, le=0.03, description="Fade at every sound edge, seconds."
    )
    render: Literal["smart", "full"] = Field(
        default="smart",
        description="smart copies untouched frames where that pays; full encodes every frame.",
    )
    aspect: Literal["9:16", "1:1", "4:5", "16:9"] | None = Field(
        default=None, description="Shape of the film; that of the recording when not given."
    )
    shorts: int = Field(
        default=0, ge=0, le=20, description="How many clips are made of the film's best passages."
    )
    codec: Literal["h264", "hevc", "av1"] = Field(
        default="h264", description="Coding of the film's picture; h264 plays everywhere."
    )
    encoder: Literal["auto", "cpu", "hardware"] = Field(
        default="auto",
        description="Who encodes; auto takes x264 for h264, and for hevc and av1 hardware that "
        "encoded a trial frame.",
    )
    burn_captions: Literal["clean", "film", "bold", "karaoke", "pop"] | None = Field(
        default=None, description="Style of captions drawn into the picture; none by default."
    )
    music: Path | None = Field(
        default=None, description="Music to lay under the film, quieter where somebody speaks."
    )
    denoise: Literal["off", "light", "strong"] = Field(
        default="off", description="Noise taken out of the film's sound: light 10 dB, strong 20 dB."
    )
    grade: Literal["off", "natural", "punchy", "warm"] = Field(
        default="off", description="Subtle grade of the recordings' light and colours."
    )
    denoise_picture: Literal["off", "light", "strong"] = Field(
        default="off", description="Grain taken out of the picture."
    )
    voice_eq: bool = Field(
        default=False, description="Cut rumble under 80 Hz and lift consonants a little."
    )


class APISettings(_Group):
    """How to talk to services."""

    gemini_api_key: SecretStr | None = Field(
        default=None, description="Key for Gemini and Imagen; from GEMINI_API_KEY."
    )
    imagen_model: str = Field(
        default="gemini-3.1-flash-lite-image", description="Image model for backgrounds."
    )
    api_timeout: float = Field(
        default=120.0,
        gt=0,
        description="Time-out of one call, seconds; a model that thinks takes about a minute.",
    )
    api_retries: int = Field(default=3, ge=0, le=10, description="Retries of one call.")
    offline: bool = Field(
        default=False, description="No network at all: no search, no Gemini, no download."
    )


class RunSettings(_Group):
    """How this run is carried out."""

    mode: Literal["fast", "balanced", "high_quality"] = Field(
        default="balanced",
        description="Preset for the settings that trade time for quality; each can still be set.",
    )
    enable_caching: bool = Field(
        default=True,
        description="Keep answers of services and research for a while, and use what is kept.",
    )
    fresh: bool = Field(default=False, description="Reuse nothing of earlier runs.")
    stop_after: str | None = Field(default=None, description="Stage after which to stop.")
    review: bool = Field(
        default=False, description="Stop before rendering, so that the plan can be looked at."
    )
    review_timeout: int = Field(
        default=7 * 24 * 3600,
        ge=60,
        description="How long a deployed run with review waits for approval, seconds.",
    )
    skip_broll: bool = Field(default=False, description="Make no B-roll.")
    skip_thumbnails: bool = Field(default=False, description="Make no thumbnails.")
    checkpoint_interval: int = Field(
        default=300,
        ge=10,
        le=7200,
        description="Longest piece of a long stage, seconds of media: what a crash can cost.",
    )
    continue_from: str | None = Field(
        default=None, description="Stage to make anew, with all that follows from it."
    )
    enable_recovery: bool = Field(
        default=True,
        description="Keep what each stage made, so that a later run goes on from there.",
    )
    timeout: float | None = Field(
        default=None, gt=0, description="Longest time for the whole run, seconds."
    )
    segment: int | None = Field(
        default=None,
        ge=10,
        le=7200,
        description="Where memory is short: longest piece of the film that is rendered at once, "
        "seconds; nothing runs side by side.",
    )
    task_runner: Literal["threads", "dask"] = Field(
        default="threads",
        description="Who makes the pieces of long stages: threads of this process, or Dask.",
    )
    dask_address: str | None = Field(
        default=None,
        pattern=r"^(tcp|tls)://[^\s/]+:\d+$",
        description="Scheduler of the Dask cluster, tcp:// or tls://; two processes of our own "
        "where it is not given.",
    )
    stage_timeout: float = Field(
        default=6 * 3600.0, gt=0, description="Longest time for one stage, seconds."
    )
    max_retries: int = Field(
        default=2, ge=0, le=10, description="Retries of a stage whose error a moment may mend."
    )
    enable_fallbacks: bool = Field(
        default=True, description="Take a stage's next processor when one fails."
    )
    enable_all_fallbacks: bool = Field(
        default=False,
        description="Take every way out there is: fallbacks of stages and lower quality.",
    )
    auto_degrade_quality: bool = Field(
        default=False,
        description="When a stage fails for good, go on at lower quality, step by step.",
    )
    plugin_timeout: float = Field(
        default=60.0, gt=0, description="Longest time for one call of a plugin, seconds."
    )
    verbose: bool = Field(default=False, description="Tell technical details.")


class ErrorSettings(_Group):
    """How errors are told."""

    report_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^@\s]+$",
        description="Address that `submit-error-report` posts to; nothing is sent without one.",
    )


class MonitoringSettings(_Group):
    """How the machine is watched, and what is done about what is seen."""

    enable_monitoring: bool = Field(
        default=True,
        description="Measure each stage, and learn this machine's speed for the next estimate.",
    )
    monitor_interval: float = Field(
        default=1.0, ge=0.1, le=60, description="Between two looks at memory and load, seconds."
    )
    alert_on_high_usage: bool = Field(
        default=False,
        description="Tell at once of memory above 85 %, a stage above 1800 s, 10 % failed calls.",
    )
    auto_adjust_quality: bool = Field(
        default=False, description="Lower the quality where little memory is free at the start."
    )


class Settings(_Group):
    """The whole tree."""

    paths: PathSettings = Field(default_factory=PathSettings)
    preferences: UserPreferences = UserPreferences()
    processing_preferences: ProcessingPreferences = ProcessingPreferences()
    audio: AudioSettings = AudioSettings()
    video: VideoSettings = VideoSettings()
    director: DirectorSettings = DirectorSettings()
    look: LookSettings = LookSettings()
    composition: CompositionSettings = CompositionSettings()
    api: APISettings = APISettings()
    run: RunSettings = RunSettings()
    errors: ErrorSettings = ErrorSettings()
    monitoring: MonitoringSettings = MonitoringSettings()

    def value(self, name: str) -> Any:
        """A setting by its full name, as a JSON value.

        Raises:
            KeyError: there is no such setting.
        """
        group, _, leaf = name.partition(".")
        if leaf not in leaves().get(group, {}):
            raise KeyError(name)
        if leaf == "gemini_api_key":
            raise KeyError(f"{name} is a secret")
        return getattr(self, group).model_dump(mode="json")[leaf]


def leaves() -> dict[str, dict[str, Any]]:
    """Group name to its settings' fields."""
    return {
        group: dict(field.annotation.model_fields)
        for group, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def group_of(leaf: str) -> str:
    """The group of a setting's name.

    Raises:
        InputError: there is no such setting.
    """
    for group, fields in leaves().items():
        if leaf in fields:
            return group
    raise InputError(f"There is no setting {leaf!r}.")


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
    path = Path(given).expanduser() if given else user_config_path(_APP)
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
    path = given or user_config_path(_APP)
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
            value = variables.get(f"{PREFIX}{leaf.upper()}") or variables.get(
                _ALIASES.get(leaf, "")
            )
            if not value:
                continue
            many = "tuple" in str(field.annotation)
            found[leaf] = [part.strip() for part in value.split(",")] if many else value
    key = variables.get("GEMINI_API_KEY") or variables.get("GOOGLE_API_KEY")
    if key:
        found["gemini_api_key"] = key
    return found
