"""`ThumbnailGenerator`: three strategies, two different variants each, checked on pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.base import Box as Shares
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.outputs import Thumbnail, ThumbnailPackage, ThumbnailPreparation
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, Strategy, ThumbnailConcept
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.errors import MediaError
from ai_video_editor.look.area import Area
from ai_video_editor.look.brand import worn_brand
from ai_video_editor.progress import Report, silent
from ai_video_editor.thumbnails.backgrounds import TEMPLATES, Background
from ai_video_editor.thumbnails.choice import assign
from ai_video_editor.thumbnails.designs import typographic
from ai_video_editor.thumbnails.drawing import Drawing
from ai_video_editor.thumbnails.emblems import emblem
from ai_video_editor.thumbnails.encoding import jpeg
from ai_video_editor.thumbnails.figure import cleanest_first
from ai_video_editor.thumbnails.growth import columns, rising
from ai_video_editor.thumbnails.imagery import HIGH_IMPACT, Imagery, impact
from ai_video_editor.thumbnails.layout import Canvas, Side, capital_share, other
from ai_video_editor.thumbnails.lettering import LEGIBLE, KeyStyle, draw_text, words_of
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
from ai_video_editor.thumbnails.signature import signed
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
    def key(self) -> tuple[Strategy, Variant]:
        return self.concept.strategy, self.variant

    @property
    def side(self) -> Side:
        side: Side = "left" if self.concept.composition == "face_left" else "right"
        return other(side) if self.variant == "b" else side


@dataclass(frozen=True, eq=False)
class _Composed:
    drawing: Drawing
    design: str
    background: str
    frame: Still | None = None

    @property
    def drawn(self) -> bool:
        """Whether it stands before a drawn background, which a painted one may replace."""
        return self.background in TEMPLATES


@dataclass(frozen=True, eq=False)
class _Made:
    picture: Pixels
    design: str
    background: str
    contrast: float
    capital: float
    text: Area | None = None
    face: Area | None = None


@dataclass(frozen=True)
class _Unpainted:
    reasons: tuple[str, ...] = ()
    again: bool = False


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
        imagery: Imagery | None = None,
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
            imagery: paints backgrounds for concepts of high impact; None draws them all.
            report: told the share done.
        """
        notes = list(preparation.notes)
        stills = _stills(highlights, preparation, path_of, notes)
        concepts = {s: _concept(plan, s) for s in STRATEGIES}
        chosen = assign(concepts, highlights, stills)
        thumbnails = []
        jobs = [
            _Job(
                concepts[strategy],
                variant,
                hook_of(concepts[strategy], variant),
                mood_of(strategy, content_type, variant=variant),
                chosen[strategy, variant],
            )
            for strategy in STRATEGIES
            for variant in _VARIANTS
        ]
        composed = self._all_composed(jobs, report)
        made_by, painted = self._painted(plan, jobs, composed, imagery, report)
        for number, job in enumerate(jobs):
            strategy, variant, hook = job.concept.strategy, job.variant, job.hook
            report(0.6 + 0.4 * number / len(jobs), f"drawing {strategy} {variant}")
            made = made_by.get(job.key) or self._draw(job, composed[job.key])
            picture, contrast, capital = made.picture, made.contrast, made.capital
            if capital < LEGIBLE:
                notes.append(
                    f"{strategy}-{variant}: the letters are {capital:.0%} of the height; a shorter "
                    "hook would read better when small."
                )
            logo = worn_brand().logo
            if logo is not None:
                picture = signed(picture, self._canvas, logo, (made.text, made.face))
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
        return ThumbnailPackage(
            thumbnails=tuple(thumbnails),
            notes=tuple(notes),
            unpainted=painted.reasons,
            paint_again=painted.again,
        )

    def _all_composed(
        self, jobs: Sequence[_Job], report: Report
    ) -> dict[tuple[Strategy, Variant], _Composed]:
        used: Counter[str] = Counter()
        composed = {}
        for number, job in enumerate(jobs):
            report(0.5 * number / len(jobs), f"composing {job.concept.strategy} {job.variant}")
            composed[job.key] = self._compose(job, RECIPES[job.key], used)
            used[composed[job.key].design] += 1
        return composed

    def _painted(
        self,
        plan: AIDirectorPlan,
        jobs: Sequence[_Job],
        composed: Mapping[tuple[Strategy, Variant], _Composed],
        imagery: Imagery | None,
        report: Report,
    ) -> tuple[dict[tuple[Strategy, Variant], _Made], _Unpainted]:
        """Thumbnails before painted backgrounds, and why others that should be are not."""
        made: dict[tuple[Strategy, Variant], _Made] = {}
        reasons: dict[str, list[str]] = {}
        again = False
        for strategy in STRATEGIES if imagery is not None else ():
            of_it = [job for job in jobs if job.concept.strategy == strategy]
            wanting = [job for job in of_it if composed[job.key].drawn]
            if imagery is None or not wanting or impact(of_it[0].concept, plan) < HIGH_IMPACT:
                continue
            report(0.55, f"asking for a background for {strategy}")
            found = imagery.pictures(
                of_it[0].concept, of_it[0].mood, [job.variant for job in wanting]
            )
            again = again or found.again
            for job in wanting:
                reason = found.failures.get(job.variant, "")
                picture = found.pictures.get(job.variant)
                if picture is not None:
                    one = self._before(picture, job, composed[job.key])
                    if one is not None and one.contrast >= CONTRAST:
                        made[job.key] = one
                        continue
                    reason = "The hook does not read before the painted picture."
                reasons.setdefault(reason, []).append(f"{strategy}-{job.variant}")
        told = (f"{', '.join(names)}: {reason}" for reason, names in reasons.items())
        return made, _Unpainted(tuple(told), again)

    def _before(self, picture: Pixels, job: _Job, composed: _Composed) -> _Made | None:
        """The same design before a painted background."""
        if composed.design == "type":
            kind = EMBLEMS[job.key][0]
            drawing: Drawing | None = emblem(self._canvas, job.mood, kind, picture)
        else:
            drawing = self._drawing(composed.design, picture, job, composed.frame)
        if drawing is None:
            return None
        return self._draw(job, _Composed(drawing, composed.design, "imagen"))

    def _shares(self, box: Area | None) -> Shares | None:
        if box is None:
            return None
        width, height = self._canvas.size
        return Shares(
            x=round(box.left / width, 4),
            y=round(box.top / height, 4),
            width=round(box.width / width, 4),
            height=round(box.height / height, 4),
        )

    def _draw(self, job: _Job, composed: _Composed) -> _Made:
        drawing, recipe = composed.drawing, RECIPES[job.key]
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
                    return _Composed(drawing, name, background, option)
                nearly.append((share, _Composed(drawing, name, background, option)))
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
        self, name: str, background: Background, job: _Job, option: Still | None
    ) -> Drawing | None:
        if name in _WITH_NUMBERS:
            chart = job.concept.chart
            if chart is None:
                return None
            return _WITH_NUMBERS[name](self._canvas, job.mood, option, background, chart)
        if option is None:
            return None
        return DESIGNS[name](self._canvas, job.mood, option, job.side, background)


_VARIANTS: tuple[Variant, ...] = ("a", "b")
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
