"""The director on Gemini: a rule-made plan, improved by a model, every part checked.

One request a project. The model sees the packed transcript and the plan in a few lines, and answers
with a patch: cuts to give up, chapter titles, hooks, the three promises. What does not hold against
the recording is dropped, the rules' part stays, and the plan's warnings say so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel, Field, ValidationError

from ai_video_editor.clients.language_model import LanguageModel, ModelAnswer, ModelRequest
from ai_video_editor.context.plan import (
    STRATEGIES,
    AIDirectorPlan,
    EditingDecision,
    Hook,
    MetadataStrategy,
    PlanChapter,
    ThumbnailConcept,
)
from ai_video_editor.errors import GeminiAPIError, UnavailableError
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import complete, create_editing_plan
from ai_video_editor.intelligence.director.templates import PromptTemplates
from ai_video_editor.intelligence.director.truth import Spoken
from ai_video_editor.intelligence.plan_operations import REMOVING
from ai_video_editor.language import wording
from ai_video_editor.settings import DirectorSettings

_MAX_TRANSCRIPT = 120_000
"""Characters of transcript sent, about two hours of talk; the plan says where more was left out."""

_ATTEMPTS = 2
"""An answer that is not of the asked shape is asked for once more."""


class ChapterTitle(BaseModel):
    """A better title for a chapter."""

    number: int = Field(description="Number of the chapter as listed, from 1")
    title: str


class PromisePatch(BaseModel):
    """Title and thumbnail text of one strategy."""

    strategy: str = Field(description="emotional, curiosity or authority")
    title: str
    hook_text: str


class PlanPatch(BaseModel):
    """What the model answers."""

    drop_decisions: list[str] = []
    hooks: list[str] = []
    chapters: list[ChapterTitle] = []
    promises: list[PromisePatch] = []
    primary_keywords: list[str] = []
    target_audience: str = ""
    description_approach: str = ""


class GeminiDirector:
    """Plans with a language model.

    Args:
        client: the model.
        settings: which model, how much may be removed.
        templates: the prompts.
    """

    def __init__(
        self,
        client: LanguageModel,
        settings: DirectorSettings,
        templates: PromptTemplates | None = None,
    ) -> None:
        """Keep them; nothing is sent yet."""
        self._client = client
        self._settings = settings
        self._templates = templates or PromptTemplates()
        self.answers: list[ModelAnswer] = []

    def create_editing_plan(
        self, material: Material, *, pace: str, max_removed_share: float
    ) -> AIDirectorPlan:
        """The rules' plan with the model's improvements that hold.

        Raises:
            UnavailableError: there are no words worth sending.
            APIIntegrationError: the model gave no usable answer.
        """
        if not material.printable:
            raise UnavailableError("The words are too uncertain for a language model to judge.")
        base = create_editing_plan(material, pace=pace, max_removed_share=max_removed_share)
        patch = self._ask(material, base)
        plan = apply(base, patch, material)
        if len(_transcript(material)) > _MAX_TRANSCRIPT:
            cut = "Gemini saw the first two hours of the transcript only."
            plan = plan.model_copy(update={"warnings": (*plan.warnings, cut)})
        return plan

    def _ask(self, material: Material, base: AIDirectorPlan) -> PlanPatch:
        request = ModelRequest(
            model=self._settings.gemini_model,
            instructions=self._templates.text("plan"),
            prompt=packed(material, base),
            schema=PlanPatch,
        )
        for attempt in range(_ATTEMPTS):
            answer = self._client.generate(request)
            self.answers.append(answer)
            try:
                return PlanPatch.model_validate_json(answer.text)
            except ValidationError as error:
                if attempt + 1 == _ATTEMPTS:
                    raise GeminiAPIError(
                        f"Gemini answered {_ATTEMPTS} times with something that is not a plan."
                    ) from error
        raise AssertionError("the loop returns or raises")


def packed(material: Material, plan: AIDirectorPlan) -> str:
    """The recording and its plan in the fewest characters that say enough."""
    film = f"Film: {material.metadata.name}; {material.content_type.value}"
    head = f"BEGIN MATERIAL\n{film}\nTranscript:"
    text = f"{head}\n{_transcript(material)[:_MAX_TRANSCRIPT]}"
    more = ["Planned cuts that remove words:"]
    more += [
        f"{d.decision_id}: {d.parameters['text']} ({d.rationale})"
        for d in plan.decisions
        if d.decision_type in REMOVING and d.parameters.get("text")
    ]
    more.append("Chapters:")
    more += [f"{n}: {wording.clock(c.start)} {c.title}" for n, c in enumerate(plan.chapters, 1)]
    if material.research is not None:
        more.append("Searched: " + "; ".join(k.phrase for k in material.research.keywords[:10]))
        titles = json.dumps(material.research.competitor_titles[:8], ensure_ascii=False)
        more.append(f"Titles of others: {titles}")
    return "\n".join([text, *more, "END MATERIAL"])


def _transcript(material: Material) -> str:
    sentences = material.audio.sentences if material.audio is not None else ()
    return "\n".join(f"[{wording.clock(s.start)}] {s.text}" for s in sentences)


def apply(base: AIDirectorPlan, patch: PlanPatch, material: Material) -> AIDirectorPlan:
    """The plan with the parts of a patch that hold; the others are named in its warnings."""
    spoken = Spoken(material)
    warnings: list[str] = []
    decisions = _cuts(base, patch.drop_decisions, warnings)
    if decisions is None:
        plan = base
    else:
        own = [w for w in base.warnings if w.endswith("to allow them.")]
        plan = complete(material, decisions, own)
    hooks = _hooks(patch.hooks, spoken, warnings)
    chapters = _chapters(plan.chapters, patch.chapters, spoken, warnings)
    concepts = _promises(plan.thumbnail_concepts, patch.promises, spoken, warnings)
    return plan.model_copy(
        update={
            "director": "gemini",
            "hooks": tuple(_unique([*hooks, *plan.hooks])),
            "chapters": chapters,
            "thumbnail_concepts": concepts,
            "metadata_strategy": _strategy(plan.metadata_strategy, patch, spoken),
            "warnings": (*plan.warnings, *warnings),
        }
    )


def _cuts(
    base: AIDirectorPlan, dropped: Sequence[str], warnings: list[str]
) -> list[EditingDecision] | None:
    """The removals that stay; None where none is given up."""
    removals = [d for d in base.decisions if d.decision_type in REMOVING]
    known = {d.decision_id for d in removals if not d.locked}
    unknown = [name for name in dropped if name not in known]
    if unknown:
        warnings.append(f"Gemini named {len(unknown)} cuts that are not in the plan; ignored.")
    given_up = known & set(dropped)
    return [d for d in removals if d.decision_id not in given_up] if given_up else None


def _hooks(texts: Sequence[str], spoken: Spoken, warnings: list[str]) -> list[Hook]:
    found = []
    for text in texts[:5]:
        place = spoken.sentence(text)
        if place is None or not spoken.printable_line(text, 110):
            warnings.append("A hook that Gemini proposed was not said that way; left out.")
            continue
        sentence = place.sentence
        found.append(
            Hook(
                text=wording.trimmed(text),
                kind="question" if text.rstrip().endswith("?") else "emphasis",
                input=sentence.input,
                start=sentence.start,
                end=sentence.end,
                confidence=round(place.confidence * 0.95, 3),
            )
        )
    return found


def _unique(hooks: Sequence[Hook]) -> list[Hook]:
    kept: list[Hook] = []
    for hook in hooks:
        if all(wording.overlap(hook.text, other.text) < 0.8 for other in kept):
            kept.append(hook)
    return kept[:8]


def _chapters(
    chapters: Sequence[PlanChapter],
    titles: Sequence[ChapterTitle],
    spoken: Spoken,
    warnings: list[str],
) -> tuple[PlanChapter, ...]:
    result = list(chapters)
    for entry in titles:
        others = [c.title for n, c in enumerate(result, 1) if n != entry.number]
        fits = 1 <= entry.number <= len(result) and spoken.printable_line(entry.title, 49)
        if not fits or entry.title in others:
            warnings.append("A chapter title that Gemini proposed does not fit; the rules' stays.")
            continue
        at = entry.number - 1
        result[at] = result[at].model_copy(update={"title": wording.trimmed(entry.title)})
    return tuple(result)


def _promises(
    concepts: Sequence[ThumbnailConcept],
    patches: Sequence[PromisePatch],
    spoken: Spoken,
    warnings: list[str],
) -> tuple[ThumbnailConcept, ...]:
    wanted = {p.strategy: p for p in reversed(patches) if p.strategy in STRATEGIES}
    result = []
    for concept in concepts:
        patch = wanted.get(concept.strategy)
        if patch is None:
            result.append(concept)
            continue
        title, hook = wording.trimmed(patch.title), wording.trimmed(patch.hook_text)
        used = {c.title_idea for c in result} | {c.hook_text for c in result}
        sound = (
            spoken.printable_line(title, 70)
            and spoken.about_the_talk(title)
            and spoken.printable_line(hook, 30)
            and 2 <= len(hook.split()) <= 4
            and wording.overlap(hook, title) < 0.5
            and not {title, hook} & used
        )
        if sound:
            result.append(concept.model_copy(update={"title_idea": title, "hook_text": hook}))
        else:
            warnings.append(
                f"Gemini's {concept.strategy} title and thumbnail text do not hold against the "
                f"talk; "
                "the rules' stay."
            )
            result.append(concept)
    return tuple(result)


def _strategy(base: MetadataStrategy, patch: PlanPatch, spoken: Spoken) -> MetadataStrategy:
    keywords = [k.strip().lower() for k in patch.primary_keywords[:6]]
    good = [k for k in keywords if spoken.printable_line(k, 60) and spoken.about_the_talk(k)]
    update: dict[str, object] = {
        "primary_keywords": tuple(dict.fromkeys([*good, *base.primary_keywords]))[:8]
    }
    for name in ("target_audience", "description_approach"):
        text = wording.trimmed(getattr(patch, name))
        if text and spoken.printable_line(text, 300):
            update[name] = text
    return base.model_copy(update=update)
