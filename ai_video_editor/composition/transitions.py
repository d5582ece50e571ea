"""Transitions over the film's cuts: dips through black, dissolves and wipes, in film frames.

A dissolve or a wipe is picture only: around the cut the film goes on as it was cut, and the other
side's handles (frames beside the kept range, which are not in the film) are laid over it. So the
film keeps its length, its time map and its sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal, TypeVar

from ai_video_editor.composition.timeline import Section, sections_of
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.timebase import TimeMap, exact

BlendStyle = Literal["dissolve", "wipe"]

BLENDS: dict[str, BlendStyle] = {
    "dissolve": "dissolve", "crossfade": "dissolve", "wipe": "wipe",
}  # fmt: skip
"""Transition styles of the plan that lay one side of a cut over the other."""

DIPS = frozenset({"fade", "dip", "dip_to_black", "fade_to_black", "fade_black", "fade_in",
                  "fade_out"})  # fmt: skip
"""Transition styles that go through black."""

_NOT_DRAWN = frozenset({"", "cut", "none", "j_cut", "l_cut"})

_SECONDS = Fraction(1, 2)
"""Length of a transition when the plan does not say."""

_LONGEST = Fraction(2)
"""Seconds; a longer blend would show too much of what was cut away."""

_SHORTEST = 4
"""Frames below which a blend is seen as a fault, not as a transition."""


@dataclass(frozen=True)
class Fade:
    """A ramp to black (`out`) or from it over film frames `start` to `end` (half-open)."""

    start: int
    end: int
    out: bool


@dataclass(frozen=True)
class Handle:
    """Frames beside a kept range.

    Attributes:
        input: index of the input.
        source: first source frame, counted at the film's rate.
        frames: film frames; may be 0.
        speed: source frames for one film frame.
        scale: framing of the side that it belongs to, 1 for the whole picture.
        center_x: centre of the framing, share of the width.
        center_y: share of the height.
    """

    input: int
    source: Fraction
    frames: int
    speed: Fraction = Fraction(1)
    scale: float = 1.0
    center_x: float = 0.5
    center_y: float = 0.5

    @property
    def section(self) -> Section:
        """The frames as a film of their own."""
        return Section(self.input, self.source, 0, self.frames, self.speed)


@dataclass(frozen=True)
class Blend:
    """A cut that is blended over film frames `start` to `end` (half-open).

    Over the frames before the cut lie those of `incoming`, over the ones after it `outgoing`.

    Attributes:
        start: first film frame.
        end: film frame after the last.
        style: how.
        incoming: what comes before the in point of the range after the cut.
        outgoing: what comes after the out point of the range before the cut.
    """

    start: int
    end: int
    style: BlendStyle
    incoming: Handle
    outgoing: Handle

    @property
    def cut(self) -> int:
        """First film frame after the cut."""
        return self.start + self.incoming.frames

    @property
    def handles(self) -> tuple[Handle, ...]:
        """The handles that have frames."""
        return tuple(handle for handle in (self.incoming, self.outgoing) if handle.frames)


@dataclass(frozen=True)
class Transitions:
    """All transitions of a film, each list in film order; none touches another.

    Attributes:
        blends: dissolves and wipes.
        fades: halves of dips.
        notes: what the plan wanted otherwise, and why it could not be, for people.
    """

    blends: tuple[Blend, ...] = ()
    fades: tuple[Fade, ...] = ()
    notes: tuple[str, ...] = ()


def transitions_of(
    plan: AIDirectorPlan,
    time_map: TimeMap,
    *,
    covered: Sequence[tuple[int, int]] = (),
    pictured: Collection[int] | None = None,
) -> Transitions:
    """The transitions that a plan decides, as far as the recordings have frames for them.

    Args:
        plan: the edit.
        time_map: of the plan.
        covered: film frames (half-open) that B-roll fills; no blend is drawn there.
        pictured: inputs that have a picture; all when None.
    """
    making = _Making(plan, time_map, sections_of(time_map), covered, pictured)
    blends: list[Blend] = []
    fades: list[Fade] = []
    notes: list[str] = []
    for decision in plan.decisions:
        if decision.reverted or decision.decision_type != "transition":
            continue
        style = str(decision.parameters.get("style", ""))
        if style in DIPS:
            fades += _fades(decision, style, time_map)
        elif style not in BLENDS:
            if style not in _NOT_DRAWN:
                notes.append(
                    f"{decision.decision_id}: a plain cut; there is no transition {style!r}."
                )
        else:
            made = making.blend(decision, BLENDS[style])
            if isinstance(made, Blend):
                blends.append(made)
                continue
            instead = _fades(decision, "dip", time_map) if made.dip else []
            fades += instead
            notes.append(
                f"{decision.decision_id}: a {'dip' if instead else 'plain cut'} instead of a "
                f"{style}: {made.reason}."
            )
    blends = _apart(blends, ())
    return Transitions(tuple(blends), tuple(_apart(fades, blends)), tuple(notes))


@dataclass(frozen=True)
class _Refusal:
    reason: str
    dip: bool


@dataclass(frozen=True)
class _Making:
    plan: AIDirectorPlan
    time_map: TimeMap
    sections: Sequence[Section]
    covered: Sequence[tuple[int, int]]
    pictured: Collection[int] | None

    def blend(self, decision: EditingDecision, style: BlendStyle) -> Blend | _Refusal:
        """The blend that a decision asks for, shorter or to one side where frames are missing."""
        rate = self.time_map.rate
        at = self.time_map.next_film(decision.input, decision.start)
        cut = self.time_map.frames if at is None else rate.nearest_frame(at)
        place = next((n for n, s in enumerate(self.sections) if s.film == cut), 0)
        if place == 0:
            return _Refusal("nothing is cut there", dip=False)
        before, after = self.sections[place - 1], self.sections[place]
        if self.pictured is not None and not {before.input, after.input} <= set(self.pictured):
            return _Refusal("one side of the cut has no picture", dip=True)
        wanted = max(_SHORTEST, rate.nearest_frame(_seconds(decision)))
        lead = min(wanted // 2, floor(after.source / after.speed), before.frames // 2)
        tail = min(wanted - lead, self._left(before), after.frames // 2)
        lead = min(wanted - tail, floor(after.source / after.speed), before.frames // 2)
        if lead + tail < _SHORTEST:
            return _Refusal("the recording has no frames beside the cut to blend with", dip=True)
        if any(start < cut + tail and cut - lead < end for start, end in self.covered):
            return _Refusal("a graphic fills the picture there", dip=False)
        return Blend(
            cut - lead,
            cut + tail,
            style,
            Handle(after.input, after.source - lead * after.speed, lead, after.speed),
            Handle(before.input, before.source_end, tail, before.speed),
        )

    def _left(self, section: Section) -> int:
        """Film frames that the recording holds after a section."""
        whole = self.time_map.rate.frame_at(self.plan.inputs[section.input].duration)
        return max(0, floor((whole - section.source_end) / section.speed))


def _fades(decision: EditingDecision, style: str, time_map: TimeMap) -> Iterable[Fade]:
    frames = max(1, time_map.rate.nearest_frame(_seconds(decision)) // 2)
    at = time_map.next_film(decision.input, decision.start)
    frame = time_map.frames if at is None else time_map.rate.nearest_frame(at)
    if style == "fade_out" and frame < time_map.frames:
        frame = min(frame + 2 * frames, time_map.frames)
    found = []
    if style != "fade_in" and frame > 0:
        found.append(Fade(max(0, frame - frames), frame, out=True))
    if style != "fade_out" and frame < time_map.frames:
        found.append(Fade(frame, min(frame + frames, time_map.frames), out=False))
    return found


def _seconds(decision: EditingDecision) -> Fraction:
    value = decision.parameters.get("duration", float(_SECONDS))
    try:
        return min(max(exact(float(value)), Fraction(0)), _LONGEST)
    except (ValueError, OverflowError):
        return _SECONDS


_Drawn = TypeVar("_Drawn", Blend, Fade)


def _apart(wanted: Iterable[_Drawn], taken: Sequence[Blend]) -> list[_Drawn]:
    kept: list[_Drawn] = []
    for one in sorted(wanted, key=lambda one: (one.start, one.end)):
        free = all(one.end <= other.start or other.end <= one.start for other in taken)
        if free and one.start < one.end and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept
