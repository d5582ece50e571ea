"""What lies on the film beside the recording: punch-ins, transitions and B-roll, in film frames."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ai_video_editor.composition.transitions import Blend, Fade, Handle, transitions_of
from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.timebase import FrameRate, TimeMap, exact

LARGEST_ZOOM = 2.0
"""Beyond twice its size a picture is visibly soft."""

_CENTER_X, _CENTER_Y = 0.5, 0.42
"""Where a punch-in looks when nobody says: a little above the middle, where faces are."""


@dataclass(frozen=True)
class Zoom:
    """A punch-in over film frames `start` to `end` (half-open).

    Attributes:
        start: first film frame.
        end: film frame after the last.
        scale: how much larger, above 1 to `LARGEST_ZOOM`.
        center_x: centre of the framing, share of the width; the framing stays in the picture.
        center_y: share of the height.
        ease_in: frames over which it grows from the whole picture; 0 is a jump.
        ease_out: frames over which it goes back at its end; 0 is a jump.
    """

    start: int
    end: int
    scale: float
    center_x: float = _CENTER_X
    center_y: float = _CENTER_Y
    ease_in: int = 0
    ease_out: int = 0

    @property
    def moves(self) -> bool:
        """Whether the framing changes while it lasts."""
        return self.ease_in > 0 or self.ease_out > 0

    def scale_at(self, frame: int) -> float:
        """How much larger a film frame inside it is shown; smooth at both ends of a move."""
        rise = (frame - self.start) / self.ease_in if self.ease_in else 1.0
        fall = (self.end - frame) / self.ease_out if self.ease_out else 1.0
        share = min(max(min(rise, fall), 0.0), 1.0)
        return 1.0 + (self.scale - 1.0) * share * share * (3 - 2 * share)


@dataclass(frozen=True)
class Insert:
    """A B-roll clip over film frames `start` to `end` (half-open)."""

    start: int
    end: int
    asset: BRollAsset


@dataclass(frozen=True)
class Graphics:
    """Everything that is laid on the film, each list in film order without overlap."""

    zooms: tuple[Zoom, ...] = ()
    fades: tuple[Fade, ...] = ()
    blends: tuple[Blend, ...] = ()
    full_screen: tuple[Insert, ...] = ()
    overlays: tuple[Insert, ...] = ()


def graphics_of(
    plan: AIDirectorPlan,
    time_map: TimeMap,
    broll: BRollPackage,
    *,
    pictured: Collection[int] | None = None,
) -> Graphics:
    """What a plan and the B-roll that was made put on the film.

    Args:
        plan: the edit.
        time_map: of the plan.
        broll: graphics that were made.
        pictured: inputs that have a picture; all when None.
    """
    full_screen = _inserts(broll.assets, time_map, "full_screen")
    covered = _spans(full_screen)
    decisions = [decision for decision in plan.decisions if not decision.reverted]
    zooms = _zooms(decisions, time_map, covered)
    transitions = transitions_of(plan, time_map, covered=covered, pictured=pictured)
    return Graphics(
        zooms=tuple(zooms),
        fades=transitions.fades,
        blends=tuple(_framed(blend, zooms) for blend in transitions.blends),
        full_screen=tuple(full_screen),
        overlays=tuple(_inserts(broll.assets, time_map, "overlay")),
    )


def graphics_notes(
    plan: AIDirectorPlan,
    time_map: TimeMap,
    broll: BRollPackage,
    *,
    pictured: Collection[int] | None = None,
) -> tuple[str, ...]:
    """What the plan wants drawn and `graphics_of` draws otherwise, and why, for people."""
    covered = _spans(_inserts(broll.assets, time_map, "full_screen"))
    return transitions_of(plan, time_map, covered=covered, pictured=pictured).notes


def _spans(inserts: Iterable[Insert]) -> list[tuple[int, int]]:
    return [(insert.start, insert.end) for insert in inserts]


def _framed(blend: Blend, zooms: Sequence[Zoom]) -> Blend:
    """A blend whose handles have the framing of their own side of the cut, not of the other."""
    return replace(
        blend,
        incoming=_as_at(blend.incoming, blend.cut, zooms),
        outgoing=_as_at(blend.outgoing, blend.cut - 1, zooms),
    )


def _as_at(handle: Handle, frame: int, zooms: Sequence[Zoom]) -> Handle:
    for zoom in zooms:
        if zoom.start <= frame < zoom.end:
            return replace(
                handle,
                scale=zoom.scale_at(frame),
                center_x=zoom.center_x,
                center_y=zoom.center_y,
            )
    return handle


def _inserts(assets: Iterable[BRollAsset], time_map: TimeMap, placement: str) -> list[Insert]:
    found: list[Insert] = []
    free_from = 0
    for asset in sorted(assets, key=lambda asset: asset.start):
        if asset.placement != placement:
            continue
        start = max(time_map.rate.nearest_frame(asset.start), free_from)
        end = min(time_map.rate.nearest_frame(asset.end), time_map.frames)
        if start < end:
            found.append(Insert(start, end, asset))
            free_from = end
    return found


def _zooms(
    decisions: Iterable[EditingDecision],
    time_map: TimeMap,
    covered: Sequence[tuple[int, int]],
) -> list[Zoom]:
    found: list[Zoom] = []
    taken = list(covered)
    for decision in decisions:
        scale = _float(decision, "scale", 1.0)
        if decision.decision_type != "zoom" or scale <= 1.0:
            continue
        for span in time_map.range_to_film(decision.input, decision.range):
            whole = (time_map.rate.nearest_frame(span.start), time_map.rate.nearest_frame(span.end))
            for start, end in _free(whole, taken):
                found.append(
                    Zoom(
                        start,
                        end,
                        min(scale, LARGEST_ZOOM),
                        min(max(_float(decision, "center_x", _CENTER_X), 0.0), 1.0),
                        min(max(_float(decision, "center_y", _CENTER_Y), 0.0), 1.0),
                        *_easing(decision, end - start, time_map.rate),
                    )
                )
            taken.append(whole)
    return sorted(found, key=lambda zoom: zoom.start)


def _easing(decision: EditingDecision, frames: int, rate: FrameRate) -> tuple[int, int]:
    """Frames in which a zoom grows and goes back; together they fit into its length."""
    wanted = [
        rate.nearest_frame(exact(max(_float(decision, name, 0.0), 0.0)))
        for name in ("ease_in", "ease_out")
    ]
    grows = min(wanted[0], frames)
    return grows, min(wanted[1], frames - grows)


def _free(whole: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    parts = []
    position = whole[0]
    for start, end in sorted(taken):
        if end <= position or start >= whole[1]:
            continue
        if start > position:
            parts.append((position, start))
        position = max(position, end)
    if position < whole[1]:
        parts.append((position, whole[1]))
    return parts


def _float(decision: EditingDecision, name: str, default: float) -> float:
    value = decision.parameters.get(name, default)
    try:
        return float(value)
    except ValueError:
        return default
