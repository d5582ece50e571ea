"""How the sound goes over each join: where it changes, and with which fade.

Where both sides are quiet the pieces overlap for a moment, each playing on into what was cut away
(its handle), so that the room never stops. Where a word is near there is only a short fade. Where
the plan lets the sound lead or lag the picture (J and L cuts), the change of sound is moved inside
the quiet; the film's length and every word stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.composition.samples import SAMPLE_RATE
from ai_video_editor.composition.timeline import Section, sample_at
from ai_video_editor.composition.voices import Voices
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.timebase import FrameRate, TimeMap

SOUND_LEADS, SOUND_LAGS = "j_cut", "l_cut"
"""Transition styles that move the sound's join and leave the picture's."""

MOST_OFFSET = Fraction(1, 4)
"""Seconds by which sound may lead or lag."""

_OVERLAP = round(0.04 * SAMPLE_RATE)
"""Samples of a crossfade inside one recording, where both sides are the same room."""

_LONG_OVERLAP = round(0.2 * SAMPLE_RATE)
"""Samples of one between two recordings: two rooms want longer to change unnoticed."""


@dataclass(frozen=True)
class Edge:
    """How a take begins or ends.

    Attributes:
        fade: samples.
        overlaps: whether the neighbour plays at the same time (equal power).
        joined: whether there is a neighbour at all.
    """

    fade: int
    overlaps: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Take:
    """A run of sound of one input as it stands in the film.

    Attributes:
        section: the run of frames it belongs to.
        source: first sample on the input's timeline.
        film: first sample in the film.
        length: samples; those of an overlap belong to both neighbours.
        head: how it begins.
        tail: how it ends.
    """

    section: Section
    source: int
    film: int
    length: int
    head: Edge
    tail: Edge


@dataclass(frozen=True)
class _Join:
    """A change from one piece's sound to the next one's.

    Attributes:
        shift: samples that it lies after the picture's join; negative before it.
        half: samples on either side in which both are heard; 0 for a plain fade.
    """

    shift: int = 0
    half: int = 0


def takes_of(
    sections: Sequence[Section],
    rate: FrameRate,
    *,
    lengths: Sequence[Fraction],
    fade: int,
    voices: Voices,
    offsets: Mapping[int, Fraction],
) -> list[Take]:
    """The film's sound, piece by piece, with what happens at each join.

    Args:
        sections: the cut, in film order.
        rate: frames a second.
        lengths: of the inputs, seconds.
        fade: samples of the fade at an edge without overlap.
        voices: where somebody speaks.
        offsets: film frame of a join to the seconds that the sound changes after it; negative
            before it. What would touch a word is taken back as far as needed.
    """
    joins = [
        _join(before, after, rate, lengths, fade, voices, offsets.get(after.film, Fraction(0)))
        for before, after in pairwise(sections)
    ]
    takes = []
    for number, section in enumerate(sections):
        head = joins[number - 1] if number else None
        tail = joins[number] if number < len(joins) else None
        film = sample_at(section.film, rate, SAMPLE_RATE)
        end = sample_at(section.film_end, rate, SAMPLE_RATE)
        earlier = 0 if head is None else head.half - head.shift
        later = 0 if tail is None else tail.half + tail.shift
        length = end - film + earlier + later
        takes.append(
            Take(
                section,
                sample_at(section.source, rate, SAMPLE_RATE) - earlier,
                film - earlier,
                length,
                _edge(head, fade, length),
                _edge(tail, fade, length),
            )
        )
    return takes


def _edge(join: _Join | None, fade: int, length: int) -> Edge:
    if join is not None and join.half:
        return Edge(2 * join.half, overlaps=True, joined=True)
    return Edge(min(fade, length // 2), joined=join is not None)


def _join(
    before: Section,
    after: Section,
    rate: FrameRate,
    lengths: Sequence[Fraction],
    fade: int,
    voices: Voices,
    offset: Fraction,
) -> _Join:
    if before.speed != 1 or after.speed != 1:
        return _Join()
    frame = rate.frame_duration
    out, into = before.source_end * frame, after.source * frame
    # A third each: the joins at both ends of a short piece must not meet.
    room = min(before.frames, after.frames) * frame / 3
    shift = _shift(before, after, (out, into), lengths, voices, room, offset)
    out, into = out + shift, into + shift
    same = before.input == after.input
    half = Fraction(_OVERLAP if same else _LONG_OVERLAP, 2 * SAMPLE_RATE)
    half = min(half, room / 4, into, max(Fraction(0), lengths[before.input] - out))
    if same and into >= out:
        half = min(half, (into - out) / 2)
    half = min(
        voices.quiet_before(before.input, out, half), voices.quiet_after(before.input, out, half),
        voices.quiet_before(after.input, into, half), voices.quiet_after(after.input, into, half),
    )  # fmt: skip
    samples = int(half * SAMPLE_RATE) - 1
    return _Join(round(shift * SAMPLE_RATE), samples if 2 * samples >= fade else 0)


def _shift(
    before: Section,
    after: Section,
    at: tuple[Fraction, Fraction],
    lengths: Sequence[Fraction],
    voices: Voices,
    room: Fraction,
    offset: Fraction,
) -> Fraction:
    """Seconds that the sound may really lead (negative) or lag."""
    out, into = at
    most = min(abs(offset), MOST_OFFSET, room)
    if offset < 0:
        most = min(most, into)
        most = min(
            voices.quiet_before(after.input, into, most),
            voices.quiet_before(before.input, out, most),
        )
        return -most
    most = min(most, max(Fraction(0), lengths[before.input] - out))
    return min(
        voices.quiet_after(before.input, out, most), voices.quiet_after(after.input, into, most)
    )


def sound_offsets(plan: AIDirectorPlan, time_map: TimeMap) -> dict[int, Fraction]:
    """Where the plan lets the sound lead or lag: film frame of the join to seconds after it.

    A decision with style `j_cut` or `l_cut` and an `offset` in seconds stands where the piece
    after the join begins.
    """
    found: dict[int, Fraction] = {}
    for decision in plan.decisions:
        style = decision.parameters.get("style")
        if decision.reverted or decision.decision_type != "transition":
            continue
        if style not in (SOUND_LEADS, SOUND_LAGS):
            continue
        at = time_map.next_film(decision.input, decision.start)
        offset = decision.parameters.get("offset", 0)
        if at is None or isinstance(offset, str):
            continue
        seconds = min(max(Fraction(offset), Fraction(0)), MOST_OFFSET)
        frame = time_map.rate.nearest_frame(at)
        found[frame] = -seconds if style == SOUND_LEADS else seconds
    return found
