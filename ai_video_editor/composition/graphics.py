"""What lies on the film beside the recording: punch-ins, fades and B-roll, in film frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.timebase import FrameRate, TimeMap, exact

LARGEST_ZOOM = 2.0
"""Beyond twice its size a picture is visibly soft."""

_CENTER_X, _CENTER_Y = 0.5, 0.42
"""Where a punch-in looks when nobody says: a little above the middle, where faces are."""

_FADE = Fraction(1, 2)
"""Seconds of a fade to or from black when the plan does not say."""

_FADING = frozenset({"fade", "dip", "dip_to_black", "fade_to_black", "fade_black", "fade_in",
                     "fade_out", "dissolve", "crossfade"})  # fmt: skip
"""Transition styles that are drawn; all of them dip through black. Others are plain cuts."""


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


@dataclass(frozen=True)
class Fade:
    """A ramp to black (`out`) or from it over film frames `start` to `end` (half-open)."""

    start: int
    end: int
    out: bool


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
    full_screen: tuple[Insert, ...] = ()
    overlays: tuple[Insert, ...] = ()


def graphics_of(plan: AIDirectorPlan, time_map: TimeMap, broll: BRollPackage) -> Graphics:
    """What a plan and the B-roll that was made put on the film."""
    full_screen = _inserts(broll.assets, time_map, "full_screen")
    covered = [(insert.start, insert.end) for insert in full_screen]
    decisions = [decision for decision in plan.decisions if not decision.reverted]
    return Graphics(
        zooms=tuple(_zooms(decisions, time_map, covered)),
        fades=tuple(_fades(decisions, time_map)),
        full_screen=tuple(full_screen),
        overlays=tuple(_inserts(broll.assets, time_map, "overlay")),
    )


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


def _fades(decisions: Iterable[EditingDecision], time_map: TimeMap) -> list[Fade]:
    found: list[Fade] = []
    for decision in decisions:
        style = str(decision.parameters.get("style", ""))
        if decision.decision_type != "transition" or style not in _FADING:
            continue
        seconds = exact(max(_float(decision, "duration", float(_FADE)), 0.0))
        frames = max(1, time_map.rate.nearest_frame(seconds) // 2)
        at = time_map.next_film(decision.input, decision.start)
        frame = time_map.frames if at is None else time_map.rate.nearest_frame(at)
        if style == "fade_out" and frame < time_map.frames:
            frame = min(frame + 2 * frames, time_map.frames)
        if style != "fade_in" and frame > 0:
            found.append(Fade(max(0, frame - frames), frame, out=True))
        if style != "fade_out" and frame < time_map.frames:
            found.append(Fade(frame, min(frame + frames, time_map.frames), out=False))
    return _apart(found)


def _apart(fades: Iterable[Fade]) -> list[Fade]:
    kept: list[Fade] = []
    for fade in sorted(fades, key=lambda fade: (fade.start, fade.end)):
        if fade.start < fade.end and (not kept or fade.start >= kept[-1].end):
            kept.append(fade)
    return kept


def _float(decision: EditingDecision, name: str, default: float) -> float:
    value = decision.parameters.get(name, default)
    try:
        return float(value)
    except ValueError:
        return default
