"""B-roll: every opportunity of the plan drawn, encoded and put at its place in the film."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.broll.animation import frames as moving
from ai_video_editor.broll.cards import definition_scene, list_scene
from ai_video_editor.broll.changes import before_after_scene, formula_scene
from ai_video_editor.broll.clip import encode, write_pictures
from ai_video_editor.broll.concepts import animation_scene
from ai_video_editor.broll.graphs import bars_scene, big_number_scene, growth_scene
from ai_video_editor.broll.overlays import band
from ai_video_editor.broll.presenter.flat import Figure, FlatFigure
from ai_video_editor.broll.presenter.stage import (
    Presence,
    beside_chart,
    cels_in,
    presenter_over_film,
    presenter_scene,
    stand_beside,
)
from ai_video_editor.broll.presenter.voice import Voice
from ai_video_editor.broll.scene import Scene
from ai_video_editor.broll.shares import allocation_scene
from ai_video_editor.broll.still import still
from ai_video_editor.broll.straps import strap
from ai_video_editor.broll.timeline import timeline_scene
from ai_video_editor.broll.words import quote_scene, title_scene, topic_scene
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import ContentType, VideoMetadata
from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity, ChartData
from ai_video_editor.language.wording import clock
from ai_video_editor.look.brand import worn_brand
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame
from ai_video_editor.progress import Report
from ai_video_editor.timebase import TimeMap, film_time, merge

Method = Literal["movis", "still_card"]

SHORTEST = Fraction(3, 2)
"""Seconds; a graphic that stands shorter cannot be read."""

ENTRANCE = 1.3
"""Seconds that a graphic takes to come in, at most a third of its time."""

MOVING = 0.65
"""Share of its time for which a concept's animation may move: then it stands, to be understood."""

LARGEST = (1920, 1080)
"""Pixels that are drawn at most, along the longer and the shorter side; larger films scale up."""

_FULL_RATE = 30
"""Frames a second drawn at most; above it each drawing stands for two frames."""

Draw = Callable[[Scene, ChartData, str], None]

SCENES: dict[str, Draw] = {
    "growth": growth_scene,
    "bars": bars_scene,
    "allocation": allocation_scene,
    "timeline": timeline_scene,
    "before_after": before_after_scene,
    "formula": formula_scene,
    "big_number": big_number_scene,
    "list": list_scene,
    "definition": definition_scene,
    "title": title_scene,
    "topic": topic_scene,
    "quote": quote_scene,
    "animation": animation_scene,
}
"""What draws each kind of `ChartData`."""

_HEADED = frozenset(
    {"bars", "allocation", "timeline", "before_after", "formula", "list", "title", "animation"}
)
"""Kinds that take their heading from the description; the others say what they show themselves."""


@dataclass(frozen=True)
class _Place:
    """Where a graphic stands: film frames, half-open."""

    first: int
    last: int

    @property
    def frames(self) -> int:
        return self.last - self.first

    def overlaps(self, other: _Place) -> bool:
        return self.first < other.last and other.first < self.last


class BRollGenerator:
    """Draws the B-roll of a plan.

    Args:
        method: "movis" moves the pieces in; "still_card" shows them at rest, drawn by Pillow alone.
        foot_taken: whether captions are drawn at the foot of the picture; straps and bands stand
            at its head then.
        figure: who draws the presenter; a flat one where none is given.
        voice: the sound that its mouth moves with; it stays closed without.
    """

    def __init__(
        self,
        method: Method = "movis",
        *,
        foot_taken: bool = False,
        figure: Figure | None = None,
        voice: Voice | None = None,
    ) -> None:
        """Choose how to draw."""
        self.method: Method = method
        self._foot_taken = foot_taken
        self._figure = figure or FlatFigure()
        self._voice = voice or Voice({})

    def generate(
        self,
        plan: AIDirectorPlan,
        metadata: VideoMetadata,
        *,
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report,
        content_type: ContentType | None = None,
    ) -> BRollPackage:
        """Make a clip for every opportunity that can be drawn.

        A graphic that is cut away, too short, in the way of a more important one or without the
        numbers it needs is skipped, with the reason in the package.

        Args:
            plan: the edit; its B-roll is on the inputs' time and is put at the film's.
            metadata: size and rate of the film.
            keep: takes a finished file into the store.
            scratch: folder for files under way.
            report: how to say how far it is.
            content_type: chooses the palette; guessed from the graphics where it is not given.

        Raises:
            UnavailableError: movis cannot draw here.
            MediaError: a clip could not be encoded.
        """
        placed, skipped = _placed(plan)
        palette = palette_for(content_type or _guessed(plan))
        assets = []
        for index, (opportunity, place) in enumerate(placed):
            doing = f"drawing {_shown(opportunity)}"
            part = _part(report, index, len(placed))
            part(0.0, doing)
            scene = Scene(
                _frame(metadata),
                palette,
                seconds=float(plan.rate.time_of(place.frames)),
                moments=_moments(opportunity, place, plan.time_map()),
            )
            try:
                source = source_line(opportunity, plan.time_map())
                draw_data(
                    scene,
                    opportunity.data.model_copy(update={"source_line": source}),
                    heading_of(opportunity) if opportunity.data.kind in _HEADED else "",
                    overlay=opportunity.placement == "overlay",
                    foot_taken=self._foot_taken,
                    presence=self._presence(opportunity, scene, place, plan, part),
                )
            except ValueError as error:
                skipped.append(f"{_shown(opportunity)}: {error}")
                continue
            clip = self._clip(scene, opportunity, place, metadata, scratch, part, doing)
            assets.append(
                BRollAsset(
                    start=film_time(plan.rate.time_of(place.first)),
                    end=film_time(plan.rate.time_of(place.last)),
                    opportunity_id=opportunity.opportunity_id,
                    clip=keep(clip),
                    placement=opportunity.placement,
                    content_type=opportunity.content_type,
                    description=opportunity.description,
                    method="animated" if self.method == "movis" else "still",
                )
            )
        assets.sort(key=lambda asset: asset.start)
        report(1.0, f"{len(assets)} graphics")
        return BRollPackage(assets=tuple(assets), skipped=tuple(skipped))

    def _presence(
        self,
        opportunity: BRollOpportunity,
        scene: Scene,
        place: _Place,
        plan: AIDirectorPlan,
        report: Report,
    ) -> Presence | None:
        """The presenter of a graphic; None where there is none, or nothing can move."""
        action = opportunity.data.action
        if not action or self.method == "still_card":
            return None
        levels = self._voice.levels(
            plan.time_map(), film_time(plan.rate.time_of(place.first)), cels_in(scene.seconds)
        )
        return Presence(self._figure, action, levels, report)

    def _clip(
        self,
        scene: Scene,
        opportunity: BRollOpportunity,
        place: _Place,
        metadata: VideoMetadata,
        scratch: Path,
        report: Report,
        doing: str,
    ) -> Path:
        transparent = opportunity.placement == "overlay"
        pictures = scratch / f"graphic-{place.first}.pictures"
        target = pictures.with_suffix(".mov" if transparent else ".mp4")
        step = 1 if metadata.rate.fraction <= _FULL_RATE else 2
        count = 1
        if self.method == "movis":
            length = duration_of(scene)
            count = max(2, round(length * metadata.rate.fraction / step))
            drawn = moving(scene, count, length=length, transparent=transparent)
        else:
            drawn = iter([_at_rest(scene, transparent)])
        try:
            holds = write_pictures(pictures, _told(drawn, count, report, doing))
            encode(
                pictures,
                target,
                metadata,
                place.frames,
                transparent=transparent,
                step=step,
                holds=holds,
                report=lambda share, text="": report(0.7 + 0.3 * (share or 0.0), text),
                doing=doing,
            )
        finally:
            pictures.unlink(missing_ok=True)
        return target


def duration_of(scene: Scene) -> float:
    """Seconds for which anything moves."""
    if scene.paced:
        return scene.seconds
    if scene.lasts is not None:
        return min(scene.lasts, scene.seconds * MOVING)
    return min(ENTRANCE, scene.seconds / 3)


def _at_rest(scene: Scene, transparent: bool) -> NDArray[np.uint8]:
    picture = still(scene, transparent=transparent)
    return np.asarray(picture if transparent else picture.convert("RGB"), dtype=np.uint8)


def _told(
    pictures: Iterator[NDArray[np.uint8]], count: int, report: Report, doing: str
) -> Iterator[NDArray[np.uint8]]:
    for index, picture in enumerate(pictures):
        yield picture
        report(0.7 * (index + 1) / count, doing)


def _part(report: Report, index: int, count: int) -> Report:
    """A report for one of several graphics."""

    def part(fraction: float | None, doing: str = "") -> None:
        report((index + (fraction or 0.0)) / max(count, 1), doing)

    return part


def _placed(plan: AIDirectorPlan) -> tuple[list[tuple[BRollOpportunity, _Place]], list[str]]:
    """What can stand in the film and where, in film order; the reasons for the rest."""
    time_map = plan.time_map()
    taken: list[tuple[BRollOpportunity, _Place]] = []
    skipped: list[str] = []
    for opportunity in sorted(plan.broll, key=lambda one: -one.priority):
        place = _place(opportunity, time_map)
        if place is None:
            skipped.append(f"{_shown(opportunity)}: what it belongs to was cut away")
        elif time_map.rate.time_of(place.frames) < SHORTEST:
            seconds = float(time_map.rate.time_of(place.frames))
            skipped.append(
                f"{_shown(opportunity)}: {seconds:.1f} s are left of it, "
                f"which is less than {float(SHORTEST)} s"
            )
        else:
            other = next((one for one, at in taken if at.overlaps(place)), None)
            if other is not None:
                skipped.append(f"{_shown(opportunity)}: {_shown(other)} stands there")
            else:
                taken.append((opportunity, place))
    return sorted(taken, key=lambda pair: pair[1].first), skipped


def _place(opportunity: BRollOpportunity, time_map: TimeMap) -> _Place | None:
    """The longest stretch of the film that shows the opportunity's range.

    What the range loses inside (a filler, a pause) makes it shorter and leaves it one stretch.
    """
    parts = time_map.range_to_film(opportunity.input, opportunity.range)
    if not parts:
        return None
    longest = max(merge(parts), key=lambda part: part.duration)
    first, last = (time_map.rate.nearest_frame(at) for at in (longest.start, longest.end))
    return _Place(first, min(last, time_map.frames)) if first < last else None


def _moments(opportunity: BRollOpportunity, place: _Place, time_map: TimeMap) -> tuple[float, ...]:
    """When each item is said, seconds from the graphic's beginning; () where one was cut away."""
    begins = time_map.rate.time_of(place.first)
    found = [time_map.next_film(opportunity.input, at) for at in opportunity.data.moments]
    said = [float(at - begins) for at in found if at is not None]
    inside = all(0 <= at < float(time_map.rate.time_of(place.frames)) - 0.5 for at in said)
    return tuple(said) if len(said) == len(found) and inside else ()


def source_line(opportunity: BRollOpportunity, time_map: TimeMap) -> str:
    """Where the numbers are from, in the time of the film that is watched, not the recording's."""
    data = opportunity.data
    if data.said is None:
        return data.source_line
    at = opportunity.heard(time_map)
    return f"as said at {clock(at)}" if at is not None else "as said in the whole recording"


def _frame(metadata: VideoMetadata) -> Frame:
    """The size that is drawn: the film's, or less in its proportions."""
    long, short = sorted((metadata.width, metadata.height), reverse=True)
    scale = min(1.0, LARGEST[0] / long, LARGEST[1] / short)
    return Frame(max(2, round(metadata.width * scale)), max(2, round(metadata.height * scale)))


def draw_data(
    scene: Scene,
    data: ChartData,
    heading: str,
    *,
    overlay: bool,
    foot_taken: bool = False,
    presence: Presence | None = None,
) -> None:
    """Lay all pieces of a graphic.

    Args:
        scene: what it is drawn on.
        data: what it shows.
        heading: what stands above it.
        overlay: whether it stands over the film.
        foot_taken: whether captions are drawn at the foot of the picture.
        presence: the presenter, where one appears.

    Raises:
        ValueError: the data lacks what its kind needs.
    """
    if data.kind == "presenter":
        _draw_presenter(scene, data, presence, overlay=overlay, foot_taken=foot_taken)
    elif data.kind == "lower_third":
        strap(scene, data, above=foot_taken, style=worn_brand().strap)
    elif overlay:
        band(scene, data, heading, above=foot_taken)
    else:
        narrower = beside_chart(scene.frame) if presence is not None else None
        if narrower is not None:
            scene.frame = narrower
        SCENES[data.kind](scene, data, heading)
        scene.source(data.source_line)
        logo = worn_brand().logo
        if logo is not None:
            scene.logo(logo)
        if presence is not None and narrower is not None:
            stand_beside(scene, presence, duration_of(scene))


def _draw_presenter(
    scene: Scene, data: ChartData, presence: Presence | None, *, overlay: bool, foot_taken: bool
) -> None:
    """The presenter alone."""
    if presence is None:
        raise ValueError("the presenter is drawn in motion only")
    if overlay:
        presenter_over_film(scene, presence, above=foot_taken)
    else:
        presenter_scene(scene, next(iter(data.labels), "").strip(), presence)


def heading_of(opportunity: BRollOpportunity) -> str:
    """What a description says after its kind: "List: three ways to save" is "Three ways to save".

    A description without a kind is the director's note and is not printed.
    """
    words = opportunity.description.partition(": ")[2].strip()
    return words[:1].upper() + words[1:]


def _shown(opportunity: BRollOpportunity) -> str:
    return opportunity.description or opportunity.opportunity_id


def _guessed(plan: AIDirectorPlan) -> ContentType:
    """Money in the graphics makes a film financial; without it the palette is the general one."""
    money = {"usd", "eur", "gbp"}
    for opportunity in plan.broll:
        if opportunity.data.kind == "growth" or money & set(opportunity.data.units):
            return ContentType.FINANCIAL
    return ContentType.GENERAL
