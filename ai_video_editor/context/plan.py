"""The plan: every decision of the edit, versioned, readable, and complete.

The film, the exports, the captions, the chapters and the report are functions of this and the
media alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from ai_video_editor.context.base import (
    Confidence,
    FilmSpan,
    Model,
    Seconds,
    Sha256,
    SourceSeconds,
    SourceSpan,
)
from ai_video_editor.timebase import FilmTime, FrameRate, TimeMap, TimeRange

PLAN_SCHEMA_VERSION = 1

DecisionType = Literal[
    "cut", "trim", "transition", "emphasis", "zoom", "speed", "caption_emphasis", "take"
]

Strategy = Literal["emotional", "curiosity", "authority"]
"""The promise that a thumbnail and a title make together."""

TRANSITION_STYLES: tuple[str, ...] = ("cut", "dip", "dissolve", "wipe")
"""How a transition shows the picture; `dip` goes through black. `j_cut` and `l_cut` are sound's."""

PlainId = Annotated[str, Field(pattern=r"^[^\p{C}]{1,100}$")]
"""A name for one entry; people read it in terminals, so it holds nothing that steers one."""

STRATEGIES: tuple[Strategy, ...] = ("emotional", "curiosity", "authority")


class PlanInput(Model):
    """An input as the plan knows it."""

    path: str
    """Where it lay when the plan was made."""
    sha256: Sha256
    duration: Seconds
    frame_rate: str
    """Nominal, "30000/1001"."""


class Kept(Model):
    """A range that stays, rounded to the film's frame grid."""

    input: int = Field(ge=0)
    start: SourceSeconds
    end: SourceSeconds
    speed: float = Field(default=1.0, gt=0)


class Alternative(Model):
    """Another way to take one decision, ready to be chosen instead."""

    label: str
    """What would stay: "the first take, 0:12"."""
    text: str = ""
    """The words that would stay."""
    removes: tuple[SourceSpan, ...] = Field(min_length=1)
    """What would be removed instead, on the film's frame grid."""


class EditingDecision(SourceSpan):
    """One thing the editor does, and why."""

    decision_id: PlainId
    decision_type: DecisionType
    parameters: dict[str, str | float | int | bool] = Field(default_factory=dict)
    """By type: cut {kind: filler|pause|retake|…, text}, zoom {scale}, transition {style} …"""
    rationale: str
    confidence: Confidence
    decided_by: str
    """rules, gemini, or user."""
    locked: bool = False
    reverted: bool = False
    alternatives: tuple[Alternative, ...] = ()
    """Other takes that could stay instead."""


class PlanChapter(Model):
    """Where a chapter begins, on the input's timeline."""

    input: int = 0
    start: SourceSeconds
    title: str


ChartKind = Literal[
    "growth",
    "bars",
    "allocation",
    "timeline",
    "before_after",
    "formula",
    "big_number",
    "list",
    "definition",
    "title",
    "topic",
    "quote",
    "lower_third",
    "animation",
    "presenter",
]
"""What a graphic shows, and so how it is drawn."""

Drawing = Literal["", "snowball", "many_one", "spread", "shrink", "weight", "reserve", "links"]
"""What explains a concept without a number: a ball that grows as it rolls, many tiles that become
one thing, eggs in several baskets, a coin that buys less and less, a weight on a chain, coins under
an umbrella, and for any idea what belongs to it; "" for what no picture explains."""

PresenterAction = Literal["", "idle", "talk", "point", "cheer", "gasp"]
"""What the drawn presenter does; cheer and gasp are reactions, "" is no presenter."""


Operator = Literal["plus", "minus", "times", "over"]
"""What a formula does with its next term; *over* divides by it."""


class ChartData(Model):
    """Numbers and words a graphic is drawn from, each as it was said."""

    kind: ChartKind
    labels: tuple[str, ...] = ()
    """Names of the values; of a quote its words and who said them, of a topic its title."""
    values: tuple[float, ...] = ()
    """Of a timeline the years, of a topic its number and how many there are, of a formula the
    terms in order with the result last."""
    units: tuple[str, ...] = ()
    operators: tuple[Operator, ...] = ()
    """Formula: one before each term but the first, taken from left to right."""
    moments: tuple[SourceSeconds, ...] = ()
    """When each label is said, so that it comes in then; all at once where there are none."""
    principal: float | None = None
    """Growth: money at the start."""
    contribution: float | None = None
    """Growth: money added every month."""
    annual_rate: float | None = None
    """Growth: percent a year."""
    years: float | None = None
    drawing: Drawing = ""
    """Animation: its picture; the labels are what was said and the concept's name, of links the
    idea and what belongs to it."""
    action: PresenterAction = ""
    """What the presenter does beside the graphic, or alone."""
    source_line: str = ""
    """"as said at 3:12", in the film; written anew where `said` is in the film elsewhere."""
    said: SourceSeconds | None = None
    """Where in the input the first of the numbers is said."""


class BRollOpportunity(SourceSpan):
    """A place where a picture says more than the speaker's face."""

    opportunity_id: PlainId
    content_type: Literal["chart", "animation", "graphic", "character"]
    description: str
    visual_elements: tuple[str, ...] = ()
    data: ChartData
    priority: Confidence
    confidence: Confidence
    placement: Literal["full_screen", "overlay"] = "full_screen"
    decided_by: str = "rules"
    rationale: str = ""
    """Why a viewer is helped by it here."""

    def heard(self, time_map: TimeMap) -> FilmTime | None:
        """When its first number or word is heard in the film; None where that was cut away."""
        if self.data.said is None:
            return None
        at = time_map.next_film(self.input, self.data.said)
        back = time_map.to_source(at) if at is not None else None
        near = back is not None and back[0] == self.input and back[1] - self.data.said <= 2
        return at if near else None


BRollPlan = BRollOpportunity
"""The design documents' name."""


class Hook(Model):
    """A promise to the viewer, from a moment with feeling."""

    text: str
    kind: str
    """The emotion or form it is built on: curiosity, concern, number, question …"""
    input: int = 0
    start: SourceSeconds
    end: SourceSeconds
    confidence: Confidence


class ThumbnailConcept(Model):
    """What one thumbnail says and which title it completes."""

    strategy: Strategy
    hook_text: str
    """Two to four words."""
    title_idea: str
    """The title it is paired with."""
    visual_concepts: tuple[str, ...] = ()
    composition: str = "face_left"
    """face_left, face_right, text_only …"""
    frame_input: int = 0
    frame_time: SourceSeconds | None = None
    """Highlight to use; None lets the layout choose."""
    keywords: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    """Other hook texts that would do, best first."""
    chart: ChartData | None = None
    """Numbers of the talk that may be drawn beside the hook; None where there are none."""


class MetadataStrategy(Model):
    """What titles, description and tags are to do."""

    primary_keywords: tuple[str, ...] = ()
    title_strategies: tuple[str, ...] = ()
    description_approach: str = ""
    tag_categories: tuple[str, ...] = ()
    target_audience: str = ""


class PromiseCopy(Model):
    """Ready-made texts that go with one promise's title; each was checked against the talk."""

    strategy: Strategy
    description: str = ""
    """Opening of the description: one to four sentences."""
    tags: tuple[str, ...] = ()
    pinned_comment: str = ""


class MetadataCopy(Model):
    """Texts that the director wrote beside the plan; empty where templates write them."""

    titles: tuple[str, ...] = ()
    """Further titles, beside those of the promises."""
    promises: tuple[PromiseCopy, ...] = ()

    def of(self, strategy: Strategy | None) -> PromiseCopy | None:
        """The texts of one promise; None where there are none."""
        return next((p for p in self.promises if p.strategy == strategy), None)


class PlannedShort(FilmSpan):
    """A clip out of the film that stands on its own, on the film's time."""

    short_id: str = Field(pattern=r"^short-[1-9]\d{0,2}$")
    """Names its files: shorts/short-1.mp4."""
    title: str
    reasons: tuple[str, ...] = ()
    """What speaks for it, strongest first."""
    score: Confidence = 0.5
    """How well it stands alone."""
    spans: tuple[SourceSpan, ...] = Field(min_length=1)
    """Where it lies in the inputs, one range each; what the plan keeps of them is the clip."""


class ShortsPlan(Model):
    """The clips that were asked for, best first, and why there are no more of them."""

    shorts: tuple[PlannedShort, ...] = ()
    notes: tuple[str, ...] = ()


class AIDirectorPlan(Model):
    """The whole edit. `kept` is the film: these ranges, one after the other."""

    schema_version: Literal[1] = 1
    director: str
    """rules or gemini."""
    film_frame_rate: str
    inputs: tuple[PlanInput, ...]
    kept: tuple[Kept, ...]
    decisions: tuple[EditingDecision, ...] = ()
    chapters: tuple[PlanChapter, ...] = ()
    broll: tuple[BRollOpportunity, ...] = ()
    hooks: tuple[Hook, ...] = ()
    thumbnail_concepts: tuple[ThumbnailConcept, ...] = ()
    metadata_strategy: MetadataStrategy = MetadataStrategy()
    metadata_copy: MetadataCopy = MetadataCopy()
    shorts: tuple[PlannedShort, ...] = ()
    """Clips that are made beside the film."""
    warnings: tuple[str, ...] = ()

    @property
    def rate(self) -> FrameRate:
        """The film's frame rate."""
        return FrameRate.parse(self.film_frame_rate)

    def time_map(self) -> TimeMap:
        """The one conversion between the inputs' time and the film's."""
        return TimeMap(
            (
                (
                    kept.input,
                    TimeRange(kept.start, kept.end),
                    Fraction(kept.speed).limit_denominator(1000),
                )
                for kept in self.kept
            ),
            self.rate,
        )
