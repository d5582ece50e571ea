"""What is verified, and what a check is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.composition.composer import unedited
from ai_video_editor.composition.film_shape import Reframed
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import BRollPackage, Check, ComposedVideo, MetadataPackage
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.timebase import TimeMap
from ai_video_editor.verification.measurement import Measured


@dataclass(frozen=True)
class Subject:
    """The delivered files and what was promised of them.

    Attributes:
        plan: what was to be made.
        composed: what the composer says of the film; only its promises are used.
        measured: what was measured on the film file.
        files: the inputs, to compare black, frozen and silent spans with; may be empty.
        broll: graphics that lie over the recording.
        captions: the delivered `captions.srt`, if any.
        thumbnails: name and file of each.
        metadata: titles and the rest, if any.
        audio_track: sound track of the inputs that was kept, or "mix".
        window: the part of the recording that the film shows, where it has another shape.
        timeout: seconds for one measurement of a source.
        film: the delivered film, to listen to where it is cut.
        audio: what was heard in the inputs.
        hear_again: gives the recogniser that wrote the words; None where it cannot be had.
        not_heard: why not.
    """

    plan: AIDirectorPlan
    composed: ComposedVideo
    measured: Measured
    files: Sequence[tuple[VideoFile, Path]] = ()
    broll: BRollPackage | None = None
    captions: Path | None = None
    thumbnails: Sequence[tuple[str, Path]] = ()
    metadata: MetadataPackage | None = None
    audio_track: str = "0"
    window: Reframed | None = None
    timeout: float = 600.0
    film: Path | None = None
    audio: AudioAnalysis | None = None
    hear_again: Callable[[], Transcriber] | None = None
    not_heard: str = ""
    time_map: TimeMap = field(init=False)

    def __post_init__(self) -> None:
        """Derive the film's clock from the plan."""
        plan = unedited(self.plan) if self.composed.method == "reencode" else self.plan
        object.__setattr__(self, "time_map", plan.time_map())

    @property
    def duration(self) -> Fraction:
        """Length that the film should have, seconds."""
        return self.time_map.duration


def check(
    name: str,
    expected: str | float | int | None,
    measured: str | float | int | None,
    passed: bool,
    *,
    unit: str = "",
    reason: str = "",
) -> Check:
    """A line that passed or failed; the reason stands only where it failed."""
    return Check(
        name=name,
        expected=expected,
        measured=measured,
        unit=unit,
        state="passed" if passed else "failed",
        reason="" if passed else reason,
    )


def skipped(name: str, reason: str) -> Check:
    """A line that was not measured, and why."""
    return Check(name=name, expected=None, measured=None, state="skipped", reason=reason)
