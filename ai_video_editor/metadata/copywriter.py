"""Texts by a language model: only those that the plan's director did not write already.

Titles and thumbnail texts of the promises stand in the plan; the thumbnails are drawn from them at
the same time. What is asked for is the rest: openings of descriptions, tags, comments to pin, and
further titles. Each is checked against the talk and YouTube's limits; what does not hold goes back
with the reasons, and what is still wrong then is left to the templates, entry by entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel, Field, ValidationError

from ai_video_editor.clients.language_model import LanguageModel, ModelRequest, estimated_tokens
from ai_video_editor.context.plan import (
    STRATEGIES,
    AIDirectorPlan,
    MetadataCopy,
    PromiseCopy,
    Strategy,
    ThumbnailConcept,
)
from ai_video_editor.errors import (
    APIIntegrationError,
    GeminiAPIError,
    ProcessingTimeoutError,
    UnavailableError,
)
from ai_video_editor.intelligence.director.judgement import (
    COMMENT_CHARACTERS,
    DESCRIPTION_CHARACTERS,
    TAG_CHARACTERS,
    Fault,
)
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.packing import BEGIN, END, packed, summed_up
from ai_video_editor.intelligence.director.templates import PromptTemplates
from ai_video_editor.intelligence.director.truth import Spoken
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.settings import DirectorSettings

PROMPTS = PromptTemplates("ai_video_editor.metadata", ("texts",))
"""The prompt of this room; the rules and the words for sending back are the director's."""

_MOST_TAGS = 8
_MOST_TITLES = 2
_LISTED = 20
_MOST_QUOTED = 6_000
"""Characters of a faulty answer that are sent back with it."""


class CopyEntry(BaseModel):
    """The texts of one promise."""

    strategy: str = Field(description="emotional, curiosity or authority")
    description: str
    tags: list[str]
    pinned_comment: str


class CopyAnswer(BaseModel):
    """What the model answers."""

    promises: list[CopyEntry]
    titles: list[str]


@dataclass(frozen=True)
class WrittenCopy:
    """What a model wrote, joined with what was there.

    Attributes:
        copy: for the plan.
        notes: what of the answer was left out, in words.
    """

    copy: MetadataCopy
    notes: tuple[str, ...] = ()


def lacking(plan: AIDirectorPlan) -> tuple[Strategy, ...]:
    """The promises whose description or comment nobody has written.

    Further titles and tags alone are not worth a request: the templates have enough of them.
    """
    promised = {c.strategy for c in plan.thumbnail_concepts}
    written = {
        p.strategy for p in plan.metadata_copy.promises if p.description and p.pinned_comment
    }
    return tuple(s for s in STRATEGIES if s in promised - written)


class GeminiCopywriter:
    """Writes what is lacking.

    Args:
        client: the model.
        settings: which model, how often an answer is sent back.
        templates: the prompt of the texts.
        shared: the director's prompts.
    """

    def __init__(
        self,
        client: LanguageModel,
        settings: DirectorSettings,
        templates: PromptTemplates = PROMPTS,
        shared: PromptTemplates | None = None,
    ) -> None:
        """Keep them; nothing is sent yet."""
        self._client = client
        self._settings = settings
        self._templates = templates
        self._shared = shared or PromptTemplates()

    def write(self, material: Material, plan: AIDirectorPlan) -> WrittenCopy:
        """The plan's texts with those that were lacking.

        Raises:
            UnavailableError: there are no words worth sending.
            APIIntegrationError: the model gave no usable answer.
            ProcessingTimeoutError: it gave none in time.
        """
        wanted = lacking(plan)
        if not wanted:
            return WrittenCopy(plan.metadata_copy)
        if not material.printable:
            raise UnavailableError("The words are too uncertain for a language model to write of.")
        request = self.request(material, plan, wanted)
        desk = _Desk(plan, Spoken(material), wanted)
        asked, broken = request, ""
        for attempt in range(self._settings.repairs + 1):
            try:
                answer = self._client.generate(asked)
            except (APIIntegrationError, ProcessingTimeoutError) as error:
                if not desk.anything:
                    raise
                broken = f"Gemini could not be asked to correct its texts: {error}"
                break
            try:
                desk.read(CopyAnswer.model_validate_json(answer.text))
            except ValidationError as error:
                desk.faults = [_shape_fault(error)]
                last = attempt == self._settings.repairs
                if last and not desk.anything:
                    raise GeminiAPIError(
                        f"Gemini's answer holds no texts, {attempt + 1} times: {desk.faults[0]}."
                    ) from None
            if not desk.faults:
                break
            asked = self._sent_back(request, answer.text, desk.faults)
        if not desk.anything:
            raise GeminiAPIError(f"Nothing of Gemini's texts holds: {desk.faults[0]}.")
        told = [f"Left out of Gemini's texts, the template's stands: {f}." for f in desk.faults]
        return WrittenCopy(desk.joined(), (*([broken] if broken else []), *told[:_LISTED]))

    def request(
        self, material: Material, plan: AIDirectorPlan, wanted: Sequence[Strategy]
    ) -> ModelRequest:
        """The question: the whole talk where it fits, else what was found in it."""
        order = _order(plan, wanted)
        asked = self._request(f"{packed(material, plan)}\n{order}")
        if estimated_tokens(asked) <= self._settings.max_request_tokens:
            return asked
        gists = [material.summary.summary, *(theme.title for theme in material.themes)]
        hooks = [hook.text for hook in plan.hooks]
        return self._request(f"{summed_up(material, plan, gists, hooks)}\n{order}")

    def _request(self, prompt: str) -> ModelRequest:
        return ModelRequest(
            model=self._settings.gemini_model,
            instructions="\n".join([self._shared.text("rules"), self._templates.text("texts")]),
            prompt=prompt,
            schema=CopyAnswer,
            max_output_tokens=self._settings.max_output_tokens,
            temperature=self._settings.gemini_temperature,
            safety=self._settings.gemini_safety,
        )

    def _sent_back(
        self, request: ModelRequest, answer: str, faults: Sequence[Fault]
    ) -> ModelRequest:
        listed = "\n".join(f"- {fault}" for fault in faults[:_LISTED])
        again = self._shared.text("repair")
        prompt = (
            f"{request.prompt}\n{again}\nFaults:\n{listed}\nYour answer:\n{answer[:_MOST_QUOTED]}"
        )
        return replace(request, prompt=prompt)


@dataclass
class _Desk:
    """The texts that hold so far, and the faults of the last answer."""

    plan: AIDirectorPlan
    spoken: Spoken
    wanted: tuple[Strategy, ...]
    faults: list[Fault] = field(default_factory=list)
    _good: dict[Strategy, PromiseCopy] = field(default_factory=dict)
    _titles: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether a text of the model holds."""
        return bool(self._titles) or any(
            p.description or p.pinned_comment or p.tags for p in self._good.values()
        )

    def read(self, answer: CopyAnswer) -> None:
        """Take what holds of an answer; a text that held before stays."""
        self.faults = []
        entries = {entry.strategy: entry for entry in answer.promises}
        for strategy in self.wanted:
            entry = entries.get(strategy)
            known = self._good.get(strategy) or self._before(strategy)
            if entry is not None:
                self._good[strategy] = self._taken(strategy, known, entry)
            elif not (known.description and known.pinned_comment):
                self._fault(str(strategy), "has no texts")
        for title in answer.titles[:_MOST_TITLES]:
            self._title(wording.trimmed(title))

    def joined(self) -> MetadataCopy:
        """The texts of the plan with those of the model."""
        before = self.plan.metadata_copy
        kept = [p for p in before.promises if p.strategy not in self._good]
        found = sorted([*kept, *self._good.values()], key=lambda p: STRATEGIES.index(p.strategy))
        titles = tuple(dict.fromkeys([*before.titles, *self._titles]))
        return MetadataCopy(titles=titles, promises=tuple(found))

    def _before(self, strategy: Strategy) -> PromiseCopy:
        return self.plan.metadata_copy.of(strategy) or PromiseCopy(strategy=strategy)

    def _concept(self, strategy: Strategy) -> ThumbnailConcept:
        return next(c for c in self.plan.thumbnail_concepts if c.strategy == strategy)

    def _taken(self, strategy: Strategy, known: PromiseCopy, entry: CopyEntry) -> PromiseCopy:
        description, comment = known.description, known.pinned_comment
        if not description:
            text = limits.clean_line(entry.description)
            reasons = list(self._description_faults(strategy, text))
            self._fault(f"{strategy} description {text}", *reasons)
            description = "" if reasons else text
        if not comment:
            text = limits.clean_line(entry.pinned_comment)
            reasons = self.spoken.prose_faults(text, COMMENT_CHARACTERS)
            self._fault(f"{strategy} pinned_comment {text}", *reasons)
            comment = "" if reasons else text
        return PromiseCopy(
            strategy=strategy,
            description=description,
            tags=known.tags or tuple(self._tags(strategy, entry.tags)),
            pinned_comment=comment,
        )

    def _description_faults(self, strategy: Strategy, text: str) -> Iterator[str]:
        yield from self.spoken.prose_faults(text, DESCRIPTION_CHARACTERS)
        first = _first(text)
        if len(first) > limits.DESCRIPTION_SHOWN:
            yield (
                f"its first sentence has {len(first)} characters, "
                f"{limits.DESCRIPTION_SHOWN} are shown"
            )
        concept = self._concept(strategy)
        about = " ".join([concept.title_idea, *concept.keywords])
        if text and wording.overlap(text, about) == 0:
            yield f"shares no word with its title {concept.title_idea!r}"
        others = [p.description for s, p in self._good.items() if s != strategy]
        others += [p.description for p in self.plan.metadata_copy.promises]
        if any(other and _alike(first, _first(other)) for other in others):
            yield "opens like another description"

    def _tags(self, strategy: Strategy, tags: Sequence[str]) -> Iterator[str]:
        plain = [limits.clean_line(tag).lower() for tag in tags]
        for tag in list(dict.fromkeys(plain))[:_MOST_TAGS]:
            reasons = self.spoken.title_faults(tag, TAG_CHARACTERS)
            if "," in tag:
                reasons.append("contains a comma")
            self._fault(f"{strategy} tag {tag}", *reasons)
            if not reasons:
                yield tag

    def _title(self, title: str) -> None:
        standing = [c.title_idea for c in self.plan.thumbnail_concepts]
        known = [*standing, *self.plan.metadata_copy.titles, *self._titles]
        if title in self._titles:
            return
        reasons = self.spoken.title_faults(title, limits.TITLE_SHOWN) + limits.title_faults(title)
        if title.lower() in {t.lower() for t in known}:
            reasons.append("stands already")
        self._fault(f"title {title}", *reasons)
        if not reasons and len(self._titles) < _MOST_TITLES:
            self._titles.append(wording.title_case(title))

    def _fault(self, entry: str, *reasons: str) -> None:
        shown = wording.clipped(entry, 80)
        self.faults.extend(Fault("texts", shown, reason) for reason in reasons[:3])


def _first(text: str) -> str:
    """The first sentence."""
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    first, second = set(wording.content_words(one)), set(wording.content_words(other))
    return len(first & second) >= 0.8 * max(len(first), len(second), 1)


def _order(plan: AIDirectorPlan, wanted: Sequence[Strategy]) -> str:
    """What stands and what is wanted, marked as data like the talk."""
    lines = [BEGIN, "Titles that stand (strategy, title, words on the thumbnail):"]
    lines += [f"{c.strategy}: {c.title_idea} | {c.hook_text}" for c in plan.thumbnail_concepts]
    lines.append(f"Wanted: {', '.join(wanted)}")
    inside = [" ".join(line.replace(END, "").split()) for line in lines]
    return "\n".join([*inside, END])


def _shape_fault(error: ValidationError) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the answer"
    return Fault("texts", place, str(first["msg"]))
