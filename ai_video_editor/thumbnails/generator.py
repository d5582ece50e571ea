"""`ThumbnailGenerator`: three strategies, two different variants each, checked on pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.base import Box as Shares
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.outputs import Thumbnail, ThumbnailPackage, ThumbnailPreparation
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, Strategy, ThumbnailConcept
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.errors import MediaError
from ai_video_editor.progress import Report, silent
from ai_video_editor.thumbnails.choice import assign
from ai_video_editor.thumbnails.designs import typographic
from ai_video_editor.thumbnails.drawing import Drawing
from ai_video_editor.thumbnails.emblems import emblem
from ai_video_editor.thumbnails.encoding import jpeg
from ai_video_editor.thumbnails.figure import cleanest_first
from ai_video_editor.thumbnails.growth import columns, rising
from ai_video_editor.thumbnails.layout import Canvas, Side, capital_share, other
from ai_video_editor.thumbnails.lettering import LEGIBLE, Box, KeyStyle, draw_text, words_of
from ai_video_editor.thumbnails.mood import Mood, mood_of
from ai_video_editor.thumbnails.recipes import (
    ALWAYS_LAST,
    DESIGNS,
    EMBLEMS,
    LONG_WORDS,
    RECIPES,
    Recipe,
    Variant,
)
from ai_video_editor.thumbnails.stills import Pixels, Still, load_rgb, load_rgba, plain, still

NEARLY = 0.96
"""Share of the size that letters alone would have, from which a picture beside them is better."""
CONTRAST = 4.5
"""WCAG 2.2 AA for text; large letters would need only 3."""


@dataclass(frozen=True, eq=False)
class _Job:
    concept: ThumbnailConcept
    variant: Variant
    hook: str
    mood: Mood
    choices: Sequence[Still]

    @property
    def side(self) -> Side:
        side: Side = "left" if self.concept.composition == "face_left" else "right"
        return other(side) if self.variant == "b" else side


@dataclass(frozen=True, eq=False)
class _Composed:
    drawing: Drawing
    design: str
    background: str


@dataclass(frozen=True, eq=False)
class _Made:
    picture: Pixels
    design: str
    background: str
    contrast: float
    capital: float
    text: Box | None = None
    face: Box | None = None


class ThumbnailGenerator:
    """Makes thumbnails.

    Args:
        resolution: "1280x720" or "1920x1080".
    """

    def __init__(self, resolution: str) -> None:
        """Keep the size."""
        width, _, height = resolution.partition("x")
        self._canvas = Canvas(int(width), int(height))

    def generate_thumbnail_package(
        self,
        plan: AIDirectorPlan,
        highlights: tuple[VisualHighlight, ...],
        preparation: ThumbnailPreparation,
        *,
        content_type: str,
        path_of: Callable[[MediaRef], Path],
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report = silent,
    ) -> ThumbnailPackage:
        """Six thumbnails: each strategy in two variants.

        Args:
            plan: its `thumbnail_concepts` say what each shall show.
            highlights: from video analysis.
            preparation: candidates and cut-outs.
            content_type: decides the colours.
            path_of: where a stored file lies.
            keep: moves a file into the store.
            scratch: folder for files on their way there.
            report: told the share done.
        """
        notes = list(preparation.notes)
        stills = _stills(highlights, preparation, path_of, notes)
        concepts = {s: _concept(plan, s) for s in STRATEGIES}
        chosen = assign(concepts, highlights, stills)
        thumbnails = []
        used: Counter[str] = Counter()
        jobs: list[tuple[Strategy, Variant]] = [(s, v) for s in STRATEGIES for v in ("a", "b")]
        for number, (strategy, variant) in enumerate(jobs):
            report(number / len(jobs), f"drawing {strategy} {variant}")
            concept = concepts[strategy]
            mood = mood_of(strategy, content_type, variant=variant)
            hook = hook_of(concept, variant)
            job = _Job(concept, variant, hook, mood, chosen[strategy, variant])
            made = self._draw(job, RECIPES[strategy, variant], used)
            used[made.design] += 1
            picture, contrast, capital = made.picture, made.contrast, made.capital
            if capital < LEGIBLE:
                notes.append(
                    f"{strategy}-{variant}: the letters are {capital:.0%} of the height; a shorter "
                    "hook would read better when small."
                )
            target = scratch / f"{strategy}-{variant}.jpg"
            target.write_bytes(jpeg(picture))
            thumbnails.append(
                Thumbnail(
                    strategy=strategy,
                    variant=variant,
                    image=keep(target),
                    width=self._canvas.width,
                    height=self._canvas.height,
                    hook_text=hook,
                    background=made.background,
                    contrast=round(contrast, 2),
                    design=made.design,
                    text=self._shares(made.text),
                    face=self._shares(made.face),
                )
            )
        report(1.0, "thumbnails are ready")
        return ThumbnailPackage(thumbnails=tuple(thumbnails), notes=tuple(notes))

    def _shares(self, box: Box | None) -> Shares | None:
        if box is None:
            return None
        width, height = self._canvas.size
        return Shares(
            x=round(box.left / width, 4),
            y=round(box.top / height, 4),
            width=round(box.width / width, 4),
            height=round(box.height / height, 4),
        )

    def _draw(self, job: _Job, recipe: Recipe, used: Counter[str]) -> _Made:
        composed = self._compose(job, recipe, used)
        drawing = composed.drawing
        names = (composed.design, composed.background)
        if not words_of(job.hook):
            return _Made(drawing.picture, *names, 21.0, LEGIBLE, face=drawing.face)
        styles: tuple[KeyStyle, KeyStyle]
        styles = ("plate", "colour") if recipe.style == "plate" else ("colour", "plate")
        made = []
        for style in styles:
            picture, covered, capital, contrast = draw_text(
                drawing.picture,
                job.hook,
                drawing.text,
                job.mood,
                style=style,
                align=drawing.align,
            )
            capital /= self._canvas.height
            made.append(_Made(picture, *names, contrast, capital, covered, drawing.face))
            if contrast >= CONTRAST:
                break
        return max(made, key=lambda one: one.contrast)

    def _compose(self, job: _Job, recipe: Recipe, used: Counter[str]) -> _Composed:
        """The first design of the recipe that suits a still and leaves the hook legible."""
        nearly: list[tuple[float, _Composed]] = []
        pictures = [design for design in recipe.designs if design[0] != ALWAYS_LAST]
        # What was used comes later: six thumbnails shall be told apart at a glance.
        for name, background in sorted(pictures, key=lambda design: _turn(design[0], used)):
            # A subject that was cut out well is worth another frame than the best.
            choices = cleanest_first(job.choices[:6]) if name in _WITH_SUBJECT else job.choices[:2]
            for option in (*choices, None):
                drawing = self._drawing(name, background, job, option)
                if drawing is None:
                    continue
                share = capital_share(self._canvas, job.hook, drawing.text)
                if share >= LEGIBLE:
                    return _Composed(drawing, name, background)
                nearly.append((share, _Composed(drawing, name, background)))
                break
        best = max(nearly, key=lambda found: found[0], default=None)
        background, behind = recipe.designs[-1][1], next(iter(job.choices), None)
        if behind is None:
            kind, background = EMBLEMS[job.concept.strategy, job.variant]
            drawing = emblem(self._canvas, job.mood, kind, background)
        else:
            drawing = typographic(self._canvas, job.mood, job.side, background, behind)
        # A face with slightly smaller letters says more than large letters alone.
        alone = min(LEGIBLE, capital_share(self._canvas, job.hook, drawing.text))
        if best is not None and best[0] >= NEARLY * alone:
            return best[1]
        return _Composed(drawing, "type", "blurred" if behind is not None else background)

    def _drawing(
        self, name: str, background: str, job: _Job, option: Still | None
    ) -> Drawing | None:
        if name in _WITH_NUMBERS:
            chart = job.concept.chart
            if chart is None:
                return None
            return _WITH_NUMBERS[name](self._canvas, job.mood, option, background, chart)
        if option is None:
            return None
        return DESIGNS[name](self._canvas, job.mood, option, job.side, background)


_WITH_SUBJECT = frozenset({"hero", "rising", "columns"})
_WITH_NUMBERS = {"rising": rising, "columns": columns}


def _turn(design: str, used: Counter[str]) -> tuple[bool, int]:
    return design == LONG_WORDS, used[design]


def hook_of(concept: ThumbnailConcept, variant: Variant) -> str:
    """The words of a variant: b says it in other words wherever there are some."""
    if variant == "a":
        return concept.hook_text
    others = (text for text in concept.alternatives if 2 <= len(text.split()) <= 4)
    return next((t for t in others if t.lower() != concept.hook_text.lower()), concept.hook_text)


def _stills(
    highlights: tuple[VisualHighlight, ...],
    preparation: ThumbnailPreparation,
    path_of: Callable[[MediaRef], Path],
    notes: list[str],
) -> list[Still]:
    found = []
    pairs = zip(preparation.candidates, preparation.cutouts, strict=True)
    for index, cutout in pairs:
        try:
            frame = load_rgb(path_of(highlights[index].frame))
            alpha = load_rgba(path_of(cutout)) if cutout is not None else None
        except MediaError as error:
            notes.append(str(error))
            continue
        if not plain(frame):
            found.append(still(index, highlights[index], frame, alpha))
    return found


def _concept(plan: AIDirectorPlan, strategy: Strategy) -> ThumbnailConcept:
    for concept in plan.thumbnail_concepts:
        if concept.strategy == strategy:
            return concept
    # A plan without this concept may still have a hook; weak words are not in it at all.
    hook = plan.hooks[0].text if plan.hooks else ""
    return ThumbnailConcept(
        strategy=strategy, hook_text=" ".join(hook.split()[:4]), title_idea=hook
    )
