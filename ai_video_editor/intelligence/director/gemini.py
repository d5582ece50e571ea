"""The director on Gemini: a rule-made plan, improved by a model, every part checked.

One request where the film fits. The model sees the packed transcript and the plan in a few lines,
and answers with a patch: cuts to add and to give up, chapters, hooks, the three promises and their
texts. What does not hold against the recording goes back with the exact reasons; what is still
wrong then is dropped, the rules' part stays, and the plan's warnings say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ai_video_editor.clients.language_model import (
    BYTES_PER_TOKEN,
    LanguageModel,
    ModelAnswer,
    ModelRequest,
    estimated_tokens,
)
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import (
    APIIntegrationError,
    GeminiAPIError,
    ProcessingTimeoutError,
    UnavailableError,
)
from ai_video_editor.intelligence.director.improvement import improved
from ai_video_editor.intelligence.director.judgement import Judgement, judge
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.packing import Part, packed, parts, summed_up
from ai_video_editor.intelligence.director.patch import (
    CopyPatch,
    EditPatch,
    PartPatch,
    PlanPatch,
    nothing,
)
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.templates import PromptTemplates
from ai_video_editor.intelligence.director.truth import Spoken
from ai_video_editor.settings import DirectorSettings

_LEAST_PART = 4_000
"""Bytes of transcript that a part has at least."""

_LISTED = 20
"""Faults that are sent back, and entries of an error's report."""

_MOST_QUOTED = 12_000
"""Characters of a faulty answer that are sent back with it."""

Patch = TypeVar("Patch", bound=BaseModel)


class GeminiDirector:
    """Plans with a language model.

    Args:
        client: the model.
        settings: which model, how much may be removed.
        templates: the prompts.
        frames: a few small JPEG pictures of the recording, best first.
    """

    def __init__(
        self,
        client: LanguageModel,
        settings: DirectorSettings,
        templates: PromptTemplates | None = None,
        frames: Sequence[bytes] = (),
    ) -> None:
        """Keep them; nothing is sent yet."""
        self._client = client
        self._settings = settings
        self._templates = templates or PromptTemplates()
        self._frames = tuple(frames)[: settings.highlight_frames]
        self._notes: list[str] = []
        self.answers: list[ModelAnswer] = []

    def create_editing_plan(
        self, material: Material, *, pace: str, max_removed_share: float
    ) -> AIDirectorPlan:
        """The rules' plan with the model's improvements that hold.

        Raises:
            UnavailableError: there are no words worth sending.
            APIIntegrationError: the model gave no usable answer.
            ProcessingTimeoutError: it gave none in time.
        """
        if not material.printable:
            raise UnavailableError("The words are too uncertain for a language model to judge.")
        base = create_editing_plan(material, pace=pace, max_removed_share=max_removed_share)
        self._notes = []
        request = self.request(material, base)
        if estimated_tokens(request) <= self._settings.max_request_tokens:
            found = self._whole(request, material, base)
        else:
            found = self._by_parts(request, material, base)
        return improved(base, found, material, max_removed_share, notes=self._notes)

    def request(self, material: Material, base: AIDirectorPlan) -> ModelRequest:
        """The one request about a recording and its rule-made plan."""
        return self._request(
            PlanPatch, ("rules", "edit", "copy"), packed(material, base), frames=self._frames
        )

    def _whole(self, request: ModelRequest, material: Material, base: AIDirectorPlan) -> Judgement:
        spoken = Spoken(material)
        _, found = self._agreed(
            request, PlanPatch, lambda patch: judge(patch, base, material, spoken=spoken)
        )
        return found

    def _by_parts(
        self, request: ModelRequest, material: Material, base: AIDirectorPlan
    ) -> Judgement:
        """A long film: the parts are decided on with a shared brief, then the texts written."""
        spoken = Spoken(material)
        limit = self._settings.max_request_tokens
        around = ("rules", "part", "edit")
        overhead = estimated_tokens(
            self._request(PartPatch, around, packed(material, base, Part(0, 0, 1, 2)))
        )
        pieces = parts(material, base, max(_LEAST_PART, (limit - overhead) * BYTES_PER_TOKEN))
        edits: list[Judgement] = []
        gists: list[str] = []
        for piece in pieces:
            asked = self._request(PartPatch, around, packed(material, base, piece))
            patch, found = self._agreed(
                asked,
                PartPatch,
                partial(_edit, base=base, material=material, part=piece, spoken=spoken),
            )
            edits.append(found)
            gists.append(patch.gist)
        rounds = zip_longest(*(e.hooks for e in edits))
        hooks = [hook for hook in chain.from_iterable(rounds) if hook is not None]
        brief = summed_up(material, base, gists, [h.text for h in hooks])
        asked = self._request(CopyPatch, ("rules", "whole", "copy"), brief, frames=self._frames)
        _, texts = self._agreed(asked, CopyPatch, lambda p: _copy(p, base, material, spoken))
        self._notes.append(f"The recording is long: Gemini saw it in {len(pieces)} parts.")
        return _joined(edits, texts)

    def _request(
        self,
        schema: type[BaseModel],
        prompts: Sequence[str],
        prompt: str,
        frames: tuple[bytes, ...] = (),
    ) -> ModelRequest:
        return ModelRequest(
            model=self._settings.gemini_model,
            instructions="\n".join(self._templates.text(name) for name in prompts),
            prompt=prompt,
            schema=schema,
            max_output_tokens=self._settings.max_output_tokens,
            temperature=self._settings.gemini_temperature,
            safety=self._settings.gemini_safety,
            images=frames,
        )

    def _agreed(
        self, request: ModelRequest, shape: type[Patch], check: Callable[[Patch], Judgement]
    ) -> tuple[Patch, Judgement]:
        """An answer and what of it holds, after sending it back a bounded number of times."""
        best: tuple[Patch, Judgement] | None = None
        asked = request
        for attempt in range(self._settings.repairs + 1):
            try:
                answer = self._client.generate(asked)
            except (APIIntegrationError, ProcessingTimeoutError) as error:
                if best is None:
                    raise
                self._notes.append(f"Gemini could not be asked to correct its plan: {error}")
                return best
            self.answers.append(answer)
            try:
                patch = shape.model_validate_json(answer.text)
            except ValidationError as error:
                faults = _shape_faults(error)
                if best is None and attempt == self._settings.repairs:
                    raise GeminiAPIError(
                        f"Gemini's answer is not a plan, {attempt + 1} times: {faults[0]}."
                    ) from None
                asked = self._sent_back(request, answer.text, faults)
                continue
            patch = patch if best is None else _corrected(best[0], patch, best[1])
            found = check(patch)
            if best is None or len(found.faults) < len(best[1].faults):
                best = patch, found
            if not best[1].faults:
                return best
            asked = self._sent_back(
                request, best[0].model_dump_json(), list(map(str, found.faults))
            )
        assert best is not None  # without an answer of the right shape the loop raised
        return best

    def _sent_back(self, request: ModelRequest, answer: str, faults: Sequence[str]) -> ModelRequest:
        from dataclasses import replace

        listed = "\n".join(f"- {fault}" for fault in faults[:_LISTED])
        again = self._templates.text("repair")
        prompt = (
            f"{request.prompt}\n{again}\nFaults:\n{listed}\nYour answer:\n{answer[:_MOST_QUOTED]}"
        )
        return replace(request, prompt=prompt)


def _corrected(first: Patch, second: Patch, found: Judgement) -> Patch:
    """The first answer with the fields that had faults taken from the second."""
    faulty = {fault.field for fault in found.faults} & set(type(first).model_fields)
    return first.model_copy(update={name: getattr(second, name) for name in faulty})


def _shape_faults(error: ValidationError) -> list[str]:
    return [
        f"{'.'.join(map(str, e['loc'])) or 'the answer'}: {e['msg']}"
        for e in error.errors(include_url=False, include_input=False)[:_LISTED]
    ]


def _edit(
    patch: EditPatch, base: AIDirectorPlan, material: Material, part: Part, spoken: Spoken
) -> Judgement:
    fields = {name: getattr(patch, name) for name in EditPatch.model_fields}
    return judge(nothing().model_copy(update=fields), base, material, part=part, spoken=spoken)


def _copy(patch: CopyPatch, base: AIDirectorPlan, material: Material, spoken: Spoken) -> Judgement:
    fields = {name: getattr(patch, name) for name in CopyPatch.model_fields}
    return judge(nothing().model_copy(update=fields), base, material, spoken=spoken)


def _joined(edits: Sequence[Judgement], texts: Judgement) -> Judgement:
    """The parts' edits with the texts for the whole."""
    rounds = zip_longest(*(e.hooks for e in edits))
    return Judgement(
        dropped_decisions=tuple(n for e in edits for n in e.dropped_decisions),
        dropped_graphics=tuple(n for e in edits for n in e.dropped_graphics),
        cuts=tuple(c for e in edits for c in e.cuts),
        hooks=tuple(h for h in chain.from_iterable(rounds) if h is not None),
        chapters=tuple(c for e in edits for c in e.chapters),
        promises=texts.promises,
        titles=texts.titles,
        keywords=texts.keywords,
        target_audience=texts.target_audience,
        description_approach=texts.description_approach,
        faults=[f for j in (*edits, texts) for f in j.faults],
    )
