"""The delivered captions obey the rules, as far as the speech leaves room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from ai_video_editor.composition.captions import GAP_FRAMES, LINE, LINES, LONGEST, SHORTEST, SPEED
from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check, skipped

_TIME = r"(\d+):(\d\d):(\d\d)[,.](\d{3})"
_ARROW = re.compile(rf"{_TIME}\s+-->\s+{_TIME}")

_ROUNDING = Fraction(1, 500)
"""Seconds: an SRT file counts in milliseconds, and both ends are rounded."""


@dataclass(frozen=True)
class _Block:
    start: Fraction
    end: Fraction
    lines: tuple[str, ...]

    @property
    def characters(self) -> int:
        return sum(len(line) for line in self.lines)


def checks(subject: Subject) -> list[Check]:
    """Line length, number of lines, time, reading speed, gaps, the film's end, and its track."""
    if subject.captions is None:
        return [skipped("captions", "there are no captions")]
    try:
        blocks = _blocks(subject.captions)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        return [
            check("captions", "SubRip", "unreadable", False, reason=f"They cannot be read: {error}")
        ]
    track = _track(blocks, subject)
    if not blocks:
        return [skipped("captions", "no words that may be printed"), *track]
    step = subject.time_map.rate.frame_duration
    return [
        _layout(blocks),
        _speed(blocks, step, subject.duration),
        _time(blocks, step, subject.duration),
        _gaps(blocks, step),
        check(
            "caption_end", f"at most {float(subject.duration):.3f}", float(blocks[-1].end),
            blocks[-1].end <= subject.duration + _ROUNDING, unit="s",
            reason="The last caption stays after the film.",
        ),
        *track,
    ]  # fmt: skip


def _track(blocks: list[_Block], subject: Subject) -> list[Check]:
    """The film's own captions are those of the file beside it, each at its time."""
    cues = subject.measured.cues
    if not blocks and cues is None:
        return [skipped("caption_track", "no words that may be printed")]
    lines = [
        check(
            "caption_track", len(blocks), None if cues is None else len(cues),
            cues is not None and len(cues) == len(blocks), unit="captions in the film",
            reason="The film's own captions are not all there.",
        )
    ]  # fmt: skip
    pairs = list(zip(blocks, cues or (), strict=False))
    if not pairs:
        return lines
    late = [max(abs(cue.start - block.start), abs(cue.end - block.end)) for block, cue in pairs]
    texts = [_words("\n".join(block.lines)) != _words(cue.text) for block, cue in pairs]
    on = _track_enabled(subject)
    return [
        *lines,
        check(
            "caption_track_times", 0.0, round(float(max(late)), 3), max(late) <= _ROUNDING,
            unit="s at most apart", reason="The film's own captions come at other times.",
        ),
        check(
            "caption_track_text", 0, sum(texts), not any(texts), unit="captions that differ",
            reason="The film's own captions say something else.",
        ),
        check(
            "caption_track_off", "off", "on" if on else "off", not on,
            reason="Players show the captions although nobody switched them on.",
        ),
    ]  # fmt: skip


def _words(text: str) -> str:
    # SubRip has no escapes, so angle brackets and arrows are written by look-alikes there.
    same = text.replace("→", "-->").replace("\u2039", "<").replace("\u203a", ">")
    return " ".join(same.split())


def _track_enabled(subject: Subject) -> bool:
    return bool(re.search(r"Subtitle:.*\(default\)", subject.measured.description))


def _layout(blocks: list[_Block]) -> Check:
    widest = max(len(line) for block in blocks for line in block.lines)
    most = max(len(block.lines) for block in blocks)
    return check(
        "caption_layout", f"{LINES} lines of {LINE}", f"{most} lines of {widest}",
        most <= LINES and widest <= LINE, unit="characters",
        reason="Some captions are too large for the picture.",
    )  # fmt: skip


def _speed(blocks: list[_Block], step: Fraction, film: Fraction) -> Check:
    """Fast blocks count only where the next one leaves them room to stay."""
    fast = [
        index
        for index, block in enumerate(blocks)
        if block.characters > SPEED * (block.end - block.start + step)
    ]
    avoidable = [index for index in fast if _room(blocks, index, step, film)]
    return _line(
        "caption_speed", f"at most {SPEED} characters a second", blocks, avoidable,
        f"{len(fast)} faster", "Captions go before they can be read.",
    )  # fmt: skip


def _time(blocks: list[_Block], step: Fraction, film: Fraction) -> Check:
    wrong = [
        index
        for index, block in enumerate(blocks)
        if block.end - block.start > LONGEST + step
        or (block.end - block.start < SHORTEST - _ROUNDING and _room(blocks, index, step, film))
    ]
    return _line(
        "caption_time", f"{float(SHORTEST):.2f} to {float(LONGEST):.0f} s", blocks, wrong,
        f"{len(wrong)} outside", "Captions stay too short or too long.",
    )  # fmt: skip


def _gaps(blocks: list[_Block], step: Fraction) -> Check:
    wrong = []
    for index, (block, following) in enumerate(pairwise(blocks)):
        gap = following.start - block.end
        if gap < -_ROUNDING or _ROUNDING < gap < GAP_FRAMES * step - _ROUNDING:
            wrong.append(index)
    return _line(
        "caption_gaps", f"none, or {GAP_FRAMES} frames", blocks, wrong,
        f"{len(wrong)} others", "Captions overlap or flicker.",
    )  # fmt: skip


def _room(blocks: list[_Block], index: int, step: Fraction, film: Fraction) -> bool:
    limit = blocks[index + 1].start if index + 1 < len(blocks) else film
    return limit - blocks[index].end > (GAP_FRAMES + 1) * step


def _line(
    name: str, expected: str, blocks: list[_Block], wrong: list[int], measured: str, reason: str
) -> Check:
    where = ", ".join(f"{float(blocks[index].start):.2f} s" for index in wrong[:5])
    return check(name, expected, measured, not wrong, reason=f"{reason} At {where}.")


def _blocks(path: Path) -> list[_Block]:
    found: list[_Block] = []
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    for chunk in re.split(r"\n\s*\n", text.strip()):
        match = _ARROW.search(chunk)
        if match is None:
            if chunk.strip():
                raise ValueError(f"no times in {chunk[:40]!r}")
            continue
        numbers = [int(group) for group in match.groups()]
        lines = tuple(line for line in chunk[match.end() :].strip("\n").split("\n") if line)
        if not lines:
            raise ValueError(f"an empty caption at {match.group(0)}")
        found.append(_Block(_seconds(numbers[:4]), _seconds(numbers[4:]), lines))
    return found


def _seconds(clock: list[int]) -> Fraction:
    hours, minutes, seconds, thousandths = clock
    return Fraction(hours * 3600 + minutes * 60 + seconds) + Fraction(thousandths, 1000)
