"""One typed tree of settings, with every default.

A setting is `group.name`; names are unique over all groups, so that one rule gives the
environment variable of each: `AI_VIDEO_EDITOR_` and the name in capitals. Where values come from
is in `settings_sources.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ai_video_editor.context.inputs import ProcessingPreferences, UserPreferences
from ai_video_editor.errors import InputError

PREFIX = "AI_VIDEO_EDITOR_"

APP = "ai-video-editor"

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

ALIASES = {"enable_aggressive_caching": f"{PREFIX}CACHE_AGGRESSIVE"}
"""Second names of variables, by setting: those that the design documents use."""

VARIABLES: Mapping[str, str] = {
    f"{PREFIX}CONFIG_PATH": "Configuration file, or the folder with config.toml.",
    f"{PREFIX}FFMPEG": "An ffmpeg to use instead of the one that is installed with the program.",
    f"{PREFIX}TEST_MEDIA": "Folder with recordings for the tests that need some.",
    f"{PREFIX}SERVE_PORT": "Port of the server that `make serve` starts; 4200 when not given.",
    **{name: f"The same as {PREFIX}{leaf.upper()}." for leaf, name in ALIASES.items()},
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
        default_factory=lambda: user_data_path(APP),
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
