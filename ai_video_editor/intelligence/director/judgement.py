"""A model's patch against the recording: what holds, and for all else the exact reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import get_args

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import (
    AIDirectorPlan,
    EditingDecision,
    Hook,
    PlanChapter,
    PromiseCopy,
    Strategy,
)
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.packing import (
    Part,
    sentences_of,
    shown_words,
    whole,
)
from ai_video_editor.intelligence.director.patch import (
    ChapterProposal,
    CutProposal,
    PlanPatch,
    PromisePatch,
)
from ai_video_editor.intelligence.director.truth import Spoken
from ai_video_editor.intelligence.plan_operations import REMOVING
from ai_video_editor.language import wording
from ai_video_editor.timebase import SourceTime, exact

TITLE_CHARACTERS = 60
"""Search shows about so many."""

HOOK_CHARACTERS = 110
HOOK_TEXT_CHARACTERS = 30
CHAPTER_CHARACTERS = 49
DESCRIPTION_CHARACTERS = 400
COMMENT_CHARACTERS = 200
TAG_CHARACTERS = 40
REASON_CHARACTERS = 240
CHAPTER_SECONDS = Fraction(10)
"""YouTube's shortest."""

_BEFORE, _AFTER = Fraction(8, 100), Fraction(12, 100)
"""Seconds of quiet that stay beside a kept word, before it and after it."""

_DISCLAIMER = re.compile(
    r"\bnot (?:\w+ )?(?:financial|investment|legal|medical|tax|professional) advice\b"
    r"|\beducational purposes\b|\bpast performance\b",
    re.I,
)


@dataclass(frozen=True)
class Fault:
    """One entry of a patch that does not hold.

    Attributes:
        field: of the patch.
        entry: which one, in words.
        reason: why.
    """

    field: str
    entry: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.entry}: {self.reason}"


@dataclass(frozen=True)
class Promise:
    """A promise that holds, with its texts."""

    strategy: Strategy
    title: str
    hook_text: str
    texts: PromiseCopy


@dataclass
class Judgement:
    """What of a patch holds.

    Attributes:
        faults: everything else.
    """

    dropped_decisions: tuple[str, ...] = ()
    dropped_graphics: tuple[str, ...] = ()
    cuts: tuple[EditingDecision, ...] = ()
    hooks: tuple[Hook, ...] = ()
    chapters: tuple[PlanChapter, ...] = ()
    promises: tuple[Promise, ...] = ()
    titles: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    target_audience: str = ""
    description_approach: str = ""
    faults: list[Fault] = field(default_factory=list)


def judge(
    patch: PlanPatch,
    base: AIDirectorPlan,
    material: Material,
    *,
    part: Part | None = None,
    spoken: Spoken | None = None,
) -> Judgement:
    """Check every entry of a patch.

    Args:
        patch: as the model gave it.
        base: the plan it improves.
        material: the recording.
        part: the sentences it may speak of; all where None.
        spoken: the talk as evidence; made here where None.
    """
    bench = _Bench(base, material, part or whole(material), spoken or Spoken(material))
    return Judgement(
        dropped_decisions=tuple(bench.dropped_decisions(patch.drop_decisions)),
        dropped_graphics=tuple(bench.dropped_graphics(patch.drop_graphics)),
        cuts=tuple(bench.cuts(patch.cuts)),
        hooks=tuple(bench.hooks(patch.hooks)),
        chapters=tuple(bench.chapters(patch.chapters)),
        promises=tuple(bench.promises(patch.promises)),
        titles=tuple(bench.titles(patch.titles)),
        keywords=tuple(bench.keywords(patch.primary_keywords)),
        target_audience=bench.sentence("target_audience", patch.target_audience),
        description_approach=bench.sentence("description_approach", patch.description_approach),
        faults=bench.faults,
    )


class _Bench:
    """One judging: everything it needs, and the faults found so far."""

    def __init__(
        self, base: AIDirectorPlan, material: Material, part: Part, spoken: Spoken
    ) -> None:
        self._base = base
        self._material = material
        self._part = part
        self._spoken = spoken
        self._sentences = sentences_of(material)
        self.faults: list[Fault] = []

    def _fault(self, field: str, entry: str, *reasons: str) -> None:
        shown = wording.clipped(" ".join(entry.split()), 80) or "an empty entry"
        self.faults.extend(Fault(field, shown, reason) for reason in reasons[:3])

    def dropped_decisions(self, names: Sequence[str]) -> Iterator[str]:
        known = {
            d.decision_id
            for d in self._base.decisions
            if d.decision_type in REMOVING and not d.locked
        }
        yield from self._of("drop_decisions", names, known, "is no cut of the plan")

    def dropped_graphics(self, names: Sequence[str]) -> Iterator[str]:
        known = {b.opportunity_id for b in self._base.broll}
        yield from self._of("drop_graphics", names, known, "is no graphic of the plan")

    def _of(self, field: str, names: Sequence[str], known: set[str], reason: str) -> Iterator[str]:
        for name in dict.fromkeys(names):
            if name in known:
                yield name
            else:
                self._fault(field, name, reason)

    def cuts(self, proposals: Sequence[CutProposal]) -> Iterator[EditingDecision]:
        taken: list[tuple[int, int]] = []
        for proposal in proposals:
            entry = f"{proposal.first} to {proposal.last}"
            span = self._words(proposal)
            if isinstance(span, str):
                self._fault("cuts", entry, span)
                continue
            reasons = [
                *self._cut_faults(proposal, span),
                *(["overlaps another cut"] if any(a < span[1] and span[0] < b for a, b in taken)
                  else []),
            ]  # fmt: skip
            if reasons:
                self._fault("cuts", entry, *reasons)
                continue
            taken.append(span)
            yield self._decision(proposal, span)

    def _words(self, proposal: CutProposal) -> tuple[int, int] | str:
        """First word and the word after the last, or why there are none."""
        first, last = self._place(proposal.first, True), self._place(proposal.last, False)
        if isinstance(first, str):
            return first
        if isinstance(last, str):
            return last
        if last <= first:
            return "ends before it begins"
        words = self._material.audio.words if self._material.audio is not None else ()
        if words[first].input != words[last - 1].input:
            return "reaches over two recordings"
        return first, last

    def _place(self, place: str, begins: bool) -> int | str:
        """Index of the word at a place, or the one after it where the place ends a passage."""
        found = re.fullmatch(r"\s*s?(\d{1,6})(?:\.(\d{1,4}))?\s*", place)
        if found is None:
            return f"{place!r} is no place; write 12 or 12.3"
        at = int(found[1])
        if not self._part.first <= at < self._part.last:
            return f"there is no sentence {at}"
        sentence = self._sentences[at]
        if found[2] is None:
            return sentence.first_word if begins else sentence.last_word
        word, shown = int(found[2]), shown_words(self._material, at)
        if not 1 <= word <= len(shown):
            return f"sentence {at} has {len(shown)} words, not {word}"
        return shown[word - 1] + (0 if begins else 1)

    def _cut_faults(self, proposal: CutProposal, span: tuple[int, int]) -> Iterator[str]:
        audio = self._material.audio
        assert audio is not None  # there are sentences, so there is sound
        words = audio.words[span[0] : span[1]]
        if not 0 <= proposal.confidence <= 1:
            yield f"confidence {proposal.confidence:g} is not between 0 and 1"
        if not proposal.reason.strip():
            yield "has no reason"
        text = " ".join(w.text for w in words)
        if _DISCLAIMER.search(text):
            yield "would cut a disclaimer"
        serious = self._material.content_type in (ContentType.FINANCIAL, ContentType.EDUCATIONAL)
        for number in self._material.summary.numbers if serious else ():
            inside = words[0].start <= number.start < words[-1].end
            if inside and number.input == words[0].input and number.unit != "count":
                yield f"would cut the number {number.text!r}"
                return

    def _decision(self, proposal: CutProposal, span: tuple[int, int]) -> EditingDecision:
        audio = self._material.audio
        assert audio is not None
        words, (first, last) = audio.words, span
        source = words[first].input
        here = words[first]
        before = words[first - 1] if first and words[first - 1].input == source else None
        after = words[last] if last < len(words) and words[last].input == source else None
        start: Fraction = (
            before.end + min(_AFTER, (here.start - before.end) / 2) if before else (Fraction(0))
        )
        length = self._material.files[source].duration
        tail = words[last - 1].end
        end: Fraction = after.start - min(_BEFORE, (after.start - tail) / 2) if after else length
        said = " ".join(w.text for w in words[first:last])
        return EditingDecision(
            start=SourceTime(exact(max(Fraction(0), start))),
            end=SourceTime(exact(min(length, end))),
            input=source,
            decision_id="cut-000",
            decision_type="cut",
            parameters={"kind": "content", "text": wording.clipped(said, 300)},
            rationale=wording.clipped(_plain(proposal.reason), REASON_CHARACTERS),
            confidence=round(proposal.confidence, 3),
            decided_by="gemini",
        )

    def hooks(self, texts: Sequence[str]) -> Iterator[Hook]:
        for text in texts[:5]:
            place = self._spoken.sentence(text)
            reasons = self._spoken.line_faults(text, HOOK_CHARACTERS)
            if place is None:
                reasons = ["was not said that way", *reasons]
            if reasons or place is None:
                self._fault("hooks", text, *reasons)
                continue
            yield Hook(
                text=wording.trimmed(text),
                kind="question" if text.rstrip().endswith("?") else "emphasis",
                input=place.sentence.input,
                start=place.sentence.start,
                end=place.sentence.end,
                confidence=round(place.confidence * 0.95, 3),
            )

    def chapters(self, proposals: Sequence[ChapterProposal]) -> Iterator[PlanChapter]:
        time_map = self._base.time_map()
        last: Fraction | None = None
        titles: set[str] = set()
        for proposal in proposals:
            entry = f"{proposal.sentence} {proposal.title}"
            title = wording.trimmed(proposal.title)
            reasons = self._spoken.title_faults(title, CHAPTER_CHARACTERS)
            if title.lower() in titles:
                reasons.append("has the title of another chapter")
            if not self._part.first <= proposal.sentence < self._part.last:
                self._fault("chapters", entry, f"there is no sentence {proposal.sentence}")
                continue
            sentence = self._sentences[proposal.sentence]
            shown = time_map.next_film(sentence.input, sentence.start)
            if shown is None:
                reasons.append("begins where nothing is left of the film")
            elif last is not None and shown - last < CHAPTER_SECONDS:
                reasons.append("begins less than 10 s after the chapter before")
            if reasons or shown is None:
                self._fault("chapters", entry, *reasons)
                continue
            last = shown
            titles.add(title.lower())
            yield PlanChapter(input=sentence.input, start=sentence.start, title=title)

    def promises(self, patches: Sequence[PromisePatch]) -> Iterator[Promise]:
        used: set[str] = set()
        for patch in patches:
            strategy = next((s for s in get_args(Strategy) if s == patch.strategy), None)
            title, hook = wording.trimmed(patch.title), wording.trimmed(patch.hook_text)
            reasons = [*self._title_faults(title), *self._hook_text_faults(hook, title)]
            if strategy is None:
                reasons.insert(0, "is no strategy; choose emotional, curiosity or authority")
            if {title.lower(), hook.lower(), str(strategy)} & used:
                reasons.append("repeats another promise")
            if reasons or strategy is None:
                self._fault("promises", patch.strategy, *reasons)
                continue
            used |= {title.lower(), hook.lower(), strategy}
            yield Promise(strategy, title, hook, self._texts(strategy, patch))

    def _title_faults(self, title: str) -> list[str]:
        return [f"title: {reason}" for reason in self._spoken.title_faults(title, TITLE_CHARACTERS)]

    def _hook_text_faults(self, hook: str, title: str) -> list[str]:
        reasons = self._spoken.line_faults(hook, HOOK_TEXT_CHARACTERS)
        reasons = reasons or self._spoken.unsaid_words(hook)
        if not 2 <= len(hook.split()) <= 4:
            reasons.append(f"has {len(hook.split())} words, two to four are wanted")
        if wording.overlap(hook, title) >= 0.5:
            reasons.append("repeats the title")
        return [f"hook_text: {reason}" for reason in reasons]

    def _texts(self, strategy: Strategy, patch: PromisePatch) -> PromiseCopy:
        """The texts of a promise; a bad one is left out alone, its promise stays."""

        def good(text: str, name: str, limit: int) -> str:
            plain = _plain(text)
            reasons = self._spoken.prose_faults(plain, limit) if plain else []
            if reasons:
                self._fault("promises", f"{strategy} {name}", *reasons)
            return "" if reasons else plain

        return PromiseCopy(
            strategy=strategy,
            description=good(patch.description, "description", DESCRIPTION_CHARACTERS),
            tags=tuple(self._tags(patch.tags, f"{strategy} tag")),
            pinned_comment=good(patch.pinned_comment, "pinned_comment", COMMENT_CHARACTERS),
        )

    def _tags(self, tags: Sequence[str], entry: str) -> Iterator[str]:
        for tag in list(dict.fromkeys(_plain(t).lower() for t in tags))[:8]:
            reasons = self._spoken.title_faults(tag, TAG_CHARACTERS)
            if "," in tag:
                reasons.append("contains a comma")
            if reasons:
                self._fault("promises", f"{entry} {tag}", *reasons)
            else:
                yield tag

    def titles(self, texts: Sequence[str]) -> Iterator[str]:
        for text in list(dict.fromkeys(wording.trimmed(t) for t in texts))[:3]:
            reasons = self._spoken.title_faults(text, TITLE_CHARACTERS)
            if reasons:
                self._fault("titles", text, *reasons)
            else:
                yield text

    def keywords(self, phrases: Sequence[str]) -> Iterator[str]:
        for phrase in list(dict.fromkeys(_plain(p).lower() for p in phrases))[:6]:
            reasons = self._spoken.title_faults(phrase, TITLE_CHARACTERS)
            if reasons:
                self._fault("primary_keywords", phrase, *reasons)
            else:
                yield phrase

    def sentence(self, field: str, text: str) -> str:
        plain = _plain(text)
        if not plain:
            return ""
        reasons = self._spoken.line_faults(plain, 300)
        if reasons:
            self._fault(field, plain, *reasons)
        return "" if reasons else plain


def _plain(text: str) -> str:
    return " ".join(text.split())
