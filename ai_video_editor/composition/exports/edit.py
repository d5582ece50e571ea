"""The cut as other editing programs see it: clips, markers and media at a rate they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.timeline import sections_of
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.media.timecode import Timecode
from ai_video_editor.timebase import FrameRate

SMPTE_RATES = tuple(
    FrameRate(*rate)
    for rate in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1),
        (48, 1), (50, 1), (60000, 1001), (60, 1),
    )
)  # fmt: skip
"""Rates that the exchange formats and the programs behind them share."""

DROPPING = (FrameRate(30000, 1001), FrameRate(60000, 1001))
"""Rates that have drop-frame time code."""

_EXPLAINED = ("cut", "trim", "take", "transition", "zoom", "speed")


@dataclass(frozen=True)
class Medium:
    """An input as an editing program finds it.

    Attributes:
        name: file name, for people.
        url: absolute file URL.
        frames: length in frames of the export's rate.
        rate: its own frame rate, None without picture.
        width: shown width, pixels; 0 without picture.
        height: shown height.
        sound: whether it has any.
        channels: of its first sound track.
        start: frame that its first one is labelled with, by the camera's time code.
        drop: whether that time code leaves numbers out (drop frame).
    """

    name: str
    url: str
    frames: int
    rate: FrameRate | None
    width: int
    height: int
    sound: bool
    channels: int
    start: int = 0
    drop: bool = False


@dataclass(frozen=True)
class Clip:
    """A run of an input in the film, in frames of the export's rate.

    Attributes:
        medium: index into `Edit.media`.
        source: first source frame, counted from the beginning of the file.
        source_frames: how many source frames are played.
        film: first film frame.
        frames: film frames.
        speed: source seconds in one film second.
    """

    medium: int
    source: int
    source_frames: int
    film: int
    frames: int
    speed: Fraction


@dataclass(frozen=True)
class Mark:
    """Something to find on the timeline.

    Attributes:
        frame: film frame.
        title: short text.
        note: longer text, may be empty.
        chapter: whether it is a chapter rather than a reason.
    """

    frame: int
    title: str
    note: str
    chapter: bool


@dataclass(frozen=True)
class Edit:
    """A whole cut for exchange.

    Attributes:
        name: of the project.
        rate: frames a second of every number here.
        frames: length of the film.
        width: picture width.
        height: picture height.
        media: the inputs.
        clips: the film, without holes.
        marks: chapters and reasons in film order.
        drop: whether times are labelled in drop-frame time code, as one of the inputs' are.
    """

    name: str
    rate: FrameRate
    frames: int
    width: int
    height: int
    media: tuple[Medium, ...]
    clips: tuple[Clip, ...]
    marks: tuple[Mark, ...]
    drop: bool = False

    def marks_in(self, clip: Clip) -> list[Mark]:
        """What is to be found within a clip."""
        return [m for m in self.marks if clip.film <= m.frame < clip.film + clip.frames]


def nearest_smpte(rate: FrameRate) -> FrameRate:
    """The rate that programs know, nearest by ratio; of a rate like 15 a multiple where one is."""
    for times in (1, 2, 3, 4):
        if FrameRate.of(rate.fraction * times) in SMPTE_RATES:
            return FrameRate.of(rate.fraction * times)
    return min(SMPTE_RATES, key=lambda known: abs(known.fraction / rate.fraction - 1))


def edit_of(
    plan: AIDirectorPlan,
    files: Sequence[tuple[VideoFile, Path]],
    metadata: VideoMetadata,
    chapters: Sequence[FilmChapter],
    rate: FrameRate,
    timecodes: Sequence[Timecode | None] = (),
) -> Edit:
    """The plan's cut in frames of a rate, which may differ from the film's.

    Args:
        plan: the edit.
        files: the inputs and where they lie.
        metadata: name and size of the film.
        chapters: on the film's clock.
        rate: frames a second to count in.
        timecodes: the time code each input begins with, None where it has none.
    """
    time_map = plan.time_map()
    clips: list[Clip] = []
    for section in sections_of(time_map):
        start = rate.nearest_frame(time_map.rate.time_of(section.film))
        end = rate.nearest_frame(time_map.rate.time_of(section.film_end))
        source = rate.nearest_frame(section.source * time_map.rate.frame_duration)
        if end > start:
            played = max(1, round((end - start) * section.speed))
            clips.append(Clip(section.input, source, played, start, end - start, section.speed))
    frames = clips[-1].film + clips[-1].frames if clips else 0
    starts = [*timecodes, *(None for _ in files)]
    media = tuple(
        _medium(file, path, rate, starts[number], [c for c in clips if c.medium == number])
        for number, (file, path) in enumerate(files)
    )
    return Edit(
        name=clean(metadata.name) or "film",
        rate=rate,
        frames=frames,
        width=metadata.width,
        height=metadata.height,
        media=media,
        clips=tuple(clips),
        marks=tuple(_marks(plan, chapters, rate, frames)),
        drop=any(medium.drop for medium in media),
    )


def _medium(
    file: VideoFile, path: Path, rate: FrameRate, start: Timecode | None, clips: Sequence[Clip]
) -> Medium:
    video = file.video
    # A cut on the grid may end within the last frame; programs refuse a clip beyond its medium.
    used = max((clip.source + clip.source_frames for clip in clips), default=1)
    return Medium(
        name=clean(file.name) or "input",
        url=path.absolute().as_uri(),
        frames=max(used, rate.nearest_frame(file.duration)),
        rate=video.rate if video else None,
        width=video.width if video else 0,
        height=video.height if video else 0,
        sound=bool(file.audio),
        channels=file.audio[0].channels if file.audio else 0,
        start=rate.nearest_frame(start.seconds) if start else 0,
        drop=bool(start and start.drop and rate in DROPPING),
    )


def _marks(
    plan: AIDirectorPlan, chapters: Sequence[FilmChapter], rate: FrameRate, frames: int
) -> list[Mark]:
    time_map = plan.time_map()
    marks = [
        Mark(rate.nearest_frame(chapter.start), clean(chapter.title), "", chapter=True)
        for chapter in chapters
    ]
    for decision in plan.decisions:
        if decision.reverted or decision.decision_type not in _EXPLAINED:
            continue
        at = time_map.next_film(decision.input, decision.start)
        if at is not None:
            title = clean(f"{decision.decision_type} {decision.parameters.get('kind', '')}")
            note = clean(f"{decision.rationale} ({decision.decision_id}, {decision.decided_by})")
            marks.append(Mark(rate.nearest_frame(at), title, note, chapter=False))
    inside = (mark for mark in marks if 0 <= mark.frame < frames)
    return sorted(inside, key=lambda mark: (mark.frame, not mark.chapter))


def clean(text: str) -> str:
    """One line without control characters or lone surrogates: what XML and EDL can hold."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())


def timecode(frame: int, rate: FrameRate, *, drop: bool = False) -> str:
    """SMPTE time code of a frame; drop-frame code (SMPTE ST 12-1) where asked for, with `;`."""
    base = max(1, round(rate.fraction))
    if drop:
        # Of every minute but each tenth, the first two numbers (four at 59.94) are left out.
        left_out = base // 15
        tens, rest = divmod(frame, 600 * base - 9 * left_out)
        minutes = max(0, rest - left_out) // (60 * base - left_out)
        frame += left_out * (9 * tens + minutes)
    seconds, frames = divmod(frame, base)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    mark = ";" if drop else ":"
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{frames:02d}"
