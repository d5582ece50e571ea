"""Black, frozen and silent spans of the film, compared with the same spans of the kept source.

What was black in the recording may be black in the film; what only the film has is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.conform import frame_filters
from ai_video_editor.composition.sound import chosen_tracks
from ai_video_editor.composition.treatment import RUMBLE
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import Check
from ai_video_editor.errors import EditorError, RunInterruptedError
from ai_video_editor.media.ffmpeg import input_arguments, measure
from ai_video_editor.timebase import FilmTime, SourceTime, TimeRange, film_time, merge, subtract
from ai_video_editor.verification.measurement import (
    BLACK_PIXEL,
    BLACK_SECONDS,
    FROZEN_NOISE,
    FROZEN_SECONDS,
    SILENT_NOISE,
    SILENT_SECONDS,
    SMALL,
    Span,
)
from ai_video_editor.verification.subject import Subject, check, skipped

_FINEST = 0.1
"""Seconds: shortest span looked for in the source, where a piece may be short."""

_BEYOND = Fraction(3, 2)
"""Seconds of a recording that are read after the part in question."""

_STILL = 0.4
"""Seconds for which a recording must be still; a slow movement is still for a tenth."""

_SLACK = Fraction(1, 5)
"""Seconds at the borders of a span on which film and source may differ: fades and coding."""


@dataclass(frozen=True)
class _Kind:
    """A kind of span.

    Attributes:
        name: of the check.
        longest: seconds of it that the film may have without the source having it.
        picture: whether it is seen rather than heard.
        pattern: start and end in what ffmpeg writes.
    """

    name: str
    longest: float
    picture: bool
    pattern: str


_BLACK = _Kind("black", BLACK_SECONDS, True, r"black_start:(\S+) black_end:(\S+)")
_FROZEN = _Kind("frozen", FROZEN_SECONDS, True, r"freeze_start: (\S+)|freeze_end: (\S+)")
_SILENT = _Kind("silent", SILENT_SECONDS, False, r"silence_start: (\S+)|silence_end: (\S+)")


def checks(subject: Subject) -> list[Check]:
    """One line for each kind of span."""
    measured = subject.measured
    return [
        _compared(_BLACK, measured.black, subject),
        _compared(_FROZEN, measured.frozen, subject),
        _compared(_SILENT, measured.silent, subject),
    ]


def _compared(kind: _Kind, spans: Sequence[Span], subject: Subject) -> Check:
    if not kind.picture and not any(file.audio for file, _ in subject.files):
        return skipped(kind.name, "the recording has no sound")
    ranges = _uncovered(kind, spans, subject)
    if ranges and not subject.files:
        return skipped(kind.name, "the source is not at hand to compare with")
    alone: list[TimeRange[FilmTime]] = []
    for span in ranges:
        try:
            left = subtract(span, _source_spans(kind, span, subject))
        except RunInterruptedError:
            raise
        except EditorError as error:
            return skipped(kind.name, f"the source could not be measured: {error}")
        alone += [part for part in left if part.duration > kind.longest - _SLACK]
    seconds = float(sum((part.duration for part in alone), Fraction(0)))
    where = ", ".join(f"{float(part.start):.2f}-{float(part.end):.2f} s" for part in alone[:5])
    return check(
        kind.name, 0.0, round(seconds, 3), not alone, unit="s only in the film",
        reason=f"The recording is not {kind.name} there: {where}.",
    )  # fmt: skip


def _uncovered(kind: _Kind, spans: Sequence[Span], subject: Subject) -> list[TimeRange[FilmTime]]:
    """Spans without what B-roll covers: a still card may be still, a dark one dark."""
    covered = [asset.range for asset in subject.broll.assets] if subject.broll else []
    ranges = [TimeRange(film_time(span.start), film_time(span.end)) for span in spans]
    if not kind.picture:
        return ranges
    return [part for span in ranges for part in subtract(span, covered)]


def _source_spans(
    kind: _Kind, span: TimeRange[FilmTime], subject: Subject
) -> list[TimeRange[FilmTime]]:
    """The parts of a film span that are of that kind in the source, a little widened."""
    shown: dict[tuple[int, str], list[TimeRange[SourceTime]]] = {}
    found: list[TimeRange[FilmTime]] = []
    for piece in subject.time_map.pieces:
        shared = piece.film.intersection(span)
        if shared is None:
            continue
        file, _ = subject.files[piece.input]
        if (file.video is None) if kind.picture else (not file.audio):
            # A recording without picture shows its card, one without sound is silent.
            found.append(shared)
            continue
        for part, crop in _windows(kind, shared, file, subject):
            start = piece.source.start + (part.start - piece.film.start) * piece.speed
            source = TimeRange(SourceTime(start), SourceTime(start + part.duration * piece.speed))
            shown.setdefault((piece.input, crop), []).append(source)
    for (number, crop), ranges in shown.items():
        whole = TimeRange(min(r.start for r in ranges), max(r.end for r in ranges))
        file, path = subject.files[number]
        unseen = _unseen(kind, file, whole.end)
        for span_of_kind in (*_measured(kind, file, path, whole, subject, crop), *unseen):
            inside = (span_of_kind.intersection(part) for part in ranges)
            for here in inside:
                if here is not None:
                    found += subject.time_map.range_to_film(number, here)
    widened = [
        TimeRange(FilmTime(part.start - _SLACK), FilmTime(part.end + _SLACK)) for part in found
    ]
    return merge(widened)


def _windows(
    kind: _Kind, span: TimeRange[FilmTime], file: VideoFile, subject: Subject
) -> list[tuple[TimeRange[FilmTime], str]]:
    """Parts of a film span, each with the filters that show of the input what the film shows.

    A window may rest on what is still or black in a picture that is not. One that moves is taken
    where it is in the middle of the part.
    """
    if subject.window is None or not kind.picture or file.video is None:
        return [(span, "")]
    rate, wide = subject.time_map.rate, subject.window.wide
    parts = []
    for framing in subject.window.framings:
        here = TimeRange(
            film_time(rate.time_of(framing.start)), film_time(rate.time_of(framing.end))
        ).intersection(span)
        if here is None:
            continue
        x, y = framing.center(rate.frame_at(here.middle))
        crop = (
            f"crop={framing.width * wide.width:.0f}:{framing.height * wide.height:.0f}"
            f":{(x - framing.width / 2) * wide.width:.0f}"
            f":{(y - framing.height / 2) * wide.height:.0f}"
        )
        parts.append((here, ",".join([*frame_filters(file.video, wide), crop, ""])))
    return parts


def _unseen(kind: _Kind, file: VideoFile, last: Fraction) -> list[TimeRange[SourceTime]]:
    """Where a recording has no picture yet, or none any more: there a frame is held."""
    if not kind.picture or file.video is None:
        return []
    start, end = file.video.start, file.video.start + file.video.duration
    outside = ((Fraction(0), start), (end, last))
    return [TimeRange(SourceTime(a), SourceTime(b)) for a, b in outside if b > a]


def _measured(
    kind: _Kind,
    file: VideoFile,
    path: Path,
    whole: TimeRange[SourceTime],
    subject: Subject,
    crop: str,
) -> list[TimeRange[SourceTime]]:
    begin = max(Fraction(0), whole.start - 1)
    # A span is known to end by the first frame after it, which may come late.
    length = whole.end - begin + _BEYOND
    opened = ["-ss", f"{float(begin):.6f}", "-t", f"{float(length):.6f}"]
    opened += input_arguments(file, path)
    per_track: list[list[TimeRange[SourceTime]]] = []
    for arguments in _filters(kind, file, subject, crop):
        text = measure([*opened, *arguments], timeout=subject.timeout, what=file.name)
        spans = _read(kind.pattern, text, float(length))
        per_track.append(
            [
                TimeRange(
                    SourceTime(begin + Fraction(span.start).limit_denominator(1_000_000)),
                    SourceTime(begin + Fraction(span.end).limit_denominator(1_000_000)),
                )
                for span in spans
            ]
        )
    return per_track[0] if len(per_track) == 1 else _common(per_track)


def _filters(kind: _Kind, file: VideoFile, subject: Subject, crop: str) -> list[list[str]]:
    if file.video is not None and kind.picture:
        name = (
            f"blackdetect=d={_FINEST}:pix_th={BLACK_PIXEL}"
            if kind is _BLACK
            else f"{SMALL},freezedetect=n={FROZEN_NOISE}:d={_STILL}"
        )
        shown = f"{crop}{name}"
        return [["-map", f"0:{file.video.stream_index}", "-vf", shown, "-fps_mode", "passthrough"]]
    # What was made quieter may have fallen below the level at which the film is called silent.
    # So may noise and rumble that were taken out.
    composed = subject.composed
    level = float(SILENT_NOISE.removesuffix("dB")) - min(0.0, composed.gain_db)
    level += composed.denoise_db
    tracks, _ = chosen_tracks(file, subject.audio_track)
    detect = f"silencedetect=n={level:.1f}dB:d={_FINEST}"
    if composed.voice_eq:
        detect = f"{RUMBLE},{detect}"
    return [["-map", f"0:{track.stream_index}", "-af", detect] for track in tracks]


def _read(pattern: str, text: str, end: float) -> list[Span]:
    spans: list[Span] = []
    start: float | None = None
    for match in re.finditer(pattern, text):
        first, last = match.groups()
        if first is not None and last is not None:
            spans.append(Span(float(first), float(last)))
        elif first is not None:
            start = max(0.0, float(first))
        elif start is not None:
            spans.append(Span(start, float(last)))
            start = None
    if start is not None:
        spans.append(Span(start, end))
    return spans


def _common(tracks: Sequence[Sequence[TimeRange[SourceTime]]]) -> list[TimeRange[SourceTime]]:
    shared = list(tracks[0])
    for other in tracks[1:]:
        pairs = (a.intersection(b) for a in shared for b in other)
        shared = [part for part in pairs if part is not None]
    return shared
