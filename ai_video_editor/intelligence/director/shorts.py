"""Shorts: the passages of the edited film that stand on their own as a clip of their own.

A short begins with a sentence that makes one stay, holds whole sentences only, ends where a thought
ends, and lasts a quarter of a minute to a minute. It is a plan like any other: rendered, captioned
and exported in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.audio import Sentence
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Hook, Kept, MetadataCopy
from ai_video_editor.intelligence.director.hooks import MAX_HOOK
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.plan_operations import REMOVING, numbered
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import (
    PrintedSentence,
    abandoned,
    is_housekeeping,
    printed_sentences,
    punctuated,
    stands_alone,
)
from ai_video_editor.timebase import (
    FilmTime,
    SourceTime,
    TimeMap,
    TimeRange,
    exact,
    film_time,
    subtract,
)

SHORTEST = Fraction(15)
"""Seconds: less tells nothing."""

LONGEST = Fraction(60)
"""Seconds: what all platforms take."""

_BEST = (22.0, 45.0)
"""Seconds within which the length is right."""

_LEAD = Fraction(3, 20)
"""Seconds kept before the first word."""

_TAIL = Fraction(2, 5)
"""Seconds kept after the last word."""

_TITLE = 70
"""Characters of a title."""

_ANNOUNCES = re.compile(
    r"\b(?:let's (?:talk|look|move|turn|get|see|go|start)|let me (?:show|tell|explain|give)|"
    r"next (?:up|is|comes)|in the next|(?:i|we)(?:'ll| will| am going to|'re going to) "
    r"(?:talk|look|show|see|get))\b",
    re.I,
)
"""Sentences that promise what comes after them: nothing ends there."""

_BREATH = Fraction(3, 5)
"""Seconds of a pause in which a thought ends, where the transcript has no full stops to say so."""

_OPENING = 14
"""Words by which a passage without full stops is judged to begin well."""

_ENOUGH = 0.35
"""Least score of a clip worth showing alone."""


@dataclass(frozen=True)
class Short:
    """A clip out of the film.

    Attributes:
        title: what it is about, in the speaker's words.
        start: where it begins in the film.
        end: where it ends in the film.
        ranges: the same as kept ranges of the inputs, on the frame grid.
        score: how well it stands alone, 0 to 1.
        reasons: what speaks for it, strongest first.
    """

    title: str
    start: FilmTime
    end: FilmTime
    ranges: tuple[Kept, ...]
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    """A sentence as it is heard in the film."""

    printed: PrintedSentence
    whole: bool
    start: FilmTime
    end: FilmTime
    hook: float
    kind: str
    feeling: float
    numbers: int
    theme: int

    @property
    def text(self) -> str:
        return self.printed.text

    @property
    def question(self) -> bool:
        return self.text.endswith("?")


def find_shorts(material: Material, plan: AIDirectorPlan, count: int) -> list[Short]:
    """The best clips of the edited film, best first, none over another.

    Args:
        material: what is known of the recording.
        plan: the edit; clips are parts of its film.
        count: how many at most; there are fewer where fewer stand on their own, and none where the
            transcript is too weak to be trusted. In one without full stops, thoughts begin and end
            at pauses.
    """
    audio = material.audio
    if count < 1 or audio is None or not audio.printable:
        return []
    time_map = plan.time_map()
    lines = _lines(material, plan, time_map)
    found: list[tuple[float, int, int, tuple[str, ...]]] = []
    for first in range(len(lines)):
        if not _begins(lines[first]):
            continue
        for last in range(first, len(lines)):
            if is_housekeeping(lines[last].text):
                break
            length = lines[last].end - lines[first].start + _LEAD + _TAIL
            if length > LONGEST:
                break
            if length >= SHORTEST and _ends(lines, last):
                score, reasons = _judged(lines, first, last)
                if score >= _ENOUGH:
                    found.append((score, first, last, reasons))
    found.sort(key=lambda item: (-item[0], item[1], item[2]))
    chosen: list[tuple[float, int, int, tuple[str, ...]]] = []
    for item in found:
        if len(chosen) < count and all(item[2] < f or item[1] > last for _, f, last, _ in chosen):
            chosen.append(item)
    topics = [theme.title for theme in material.themes]
    return [_short(plan, time_map, lines, topics, item) for item in chosen]


def _lines(material: Material, plan: AIDirectorPlan, time_map: TimeMap) -> list[_Line]:
    """The sentences that are whole in the film, in its order."""
    audio = material.audio
    assert audio is not None
    gone = abandoned(audio)
    stops = punctuated(audio)
    between = _pauses(audio.sentences)
    hooks = {(hook.input, hook.start): hook for hook in plan.hooks}
    lines = []
    for printed in printed_sentences(audio):
        sentence = printed.sentence
        kept = [
            audio.words[i]
            for i in range(sentence.first_word, min(sentence.last_word, len(audio.words)))
            if i not in gone
        ]
        places = [
            time_map.to_film(word.input, SourceTime((word.start + word.end) / 2)) for word in kept
        ]
        heard = [place for place in places if place is not None]
        if len(heard) < len(kept):
            continue
        first, last = kept[0], kept[-1]
        start = FilmTime(heard[0] - (first.end - first.start) / 2)
        end = FilmTime(heard[-1] + (last.end - last.start) / 2)
        hook = hooks.get((last.input, sentence.start))
        before, after = between[last.input, sentence.start]
        whole = printed.complete if stops else min(before, after) >= _BREATH
        lines.append(_line(material, printed, whole, start, end, hook))
    return sorted(lines, key=lambda line: line.start)


def _pauses(sentences: Sequence[Sentence]) -> dict[tuple[int, Fraction], tuple[Fraction, Fraction]]:
    """Seconds of silence before and after each sentence, by its input and start."""
    found = {}
    for index, sentence in enumerate(sentences):
        before, after = _LONG, _LONG
        if index and sentences[index - 1].input == sentence.input:
            before = sentence.start - sentences[index - 1].end
        if index + 1 < len(sentences) and sentences[index + 1].input == sentence.input:
            after = sentences[index + 1].start - sentence.end
        found[sentence.input, Fraction(sentence.start)] = before, after
    return found


_LONG = Fraction(60)
"""Seconds of silence before the first word and after the last: as good as any."""


def _line(
    material: Material,
    printed: PrintedSentence,
    whole: bool,
    start: FilmTime,
    end: FilmTime,
    hook: Hook | None,
) -> _Line:
    sentence = printed.sentence
    feeling = max(
        (p.intensity for p in material.emotions if _meets(p, sentence)),
        default=0.0,
    )
    numbers = sum(n.unit != "count" and _meets(n, sentence) for n in material.summary.numbers)
    theme = next((i for i, t in enumerate(material.themes) if _meets(t, sentence)), -1)
    strength, kind = (hook.confidence, hook.kind) if hook is not None else (0.0, "")
    if hook is None and printed.text.endswith("?"):
        strength, kind = 0.4, "question"
    return _Line(printed, whole, start, end, strength, kind, feeling, numbers, theme)


def _meets(span: SourceSpan, sentence: Sentence) -> bool:
    """Whether the middle of the shorter of the two lies in the other."""
    if span.input != sentence.input:
        return False
    middle = (sentence.start + sentence.end) / 2
    return span.start <= middle < span.end or sentence.start <= span.start < sentence.end


def _begins(line: _Line) -> bool:
    """Whether somebody who heard nothing before it understands it, and it is heard well enough."""
    text = wording.without_opener(line.text)
    if not line.printed.complete:
        text = " ".join(text.split()[:_OPENING])
    return stands_alone(text) and line.whole and line.printed.confidence >= 0.6


def _ends(lines: Sequence[_Line], last: int) -> bool:
    """Whether a thought may be over: no open question, nothing that the next one takes up."""
    line = lines[last]
    if not line.whole or line.question or _ANNOUNCES.search(line.text):
        return False
    following = lines[last + 1] if last + 1 < len(lines) else None
    return following is None or following.start - line.end >= Fraction(1, 20)


def _judged(lines: Sequence[_Line], first: int, last: int) -> tuple[float, tuple[str, ...]]:
    """How well a passage stands alone, 0 to 1, and why."""
    part = lines[first : last + 1]
    length = float(part[-1].end - part[0].start)
    merits: list[tuple[float, str]] = []

    def merit(value: float, reason: str) -> None:
        if value > 0:
            merits.append((value, reason))

    opening = part[0]
    merit(0.34 * min(1.0, opening.hook / 0.7), f'It opens with "{_quoted(opening.text)}"')
    strongest = max(part, key=lambda line: line.feeling)
    merit(0.16 * strongest.feeling, f'its strongest moment is "{_quoted(strongest.text)}"')
    asked = next((line for line in part[:3] if line.question), None)
    if asked is not None:
        answered = min(1.0, float(part[-1].end - asked.end) / 8)
        merit(0.16 * answered, "a question is asked and answered")
    merit(0.04 * min(2, sum(line.numbers for line in part)), "it has numbers to remember")
    closing = part[-1]
    if closing.feeling or closing.numbers or stands_alone(closing.text):
        merit(0.10, f'it ends on "{_quoted(closing.text)}"')
    after = lines[last + 1] if last + 1 < len(lines) else None
    if after is None or after.theme != closing.theme or after.start - closing.end > Fraction(3, 5):
        merit(0.08, "the topic is finished there")
    score = sum(value for value, _ in merits)
    score += 0.1 * _fit(length)
    spoken = sum(float(line.end - line.start) for line in part) / length
    score += 0.08 * min(1.0, spoken)
    score -= 0.1 * (len({line.theme for line in part if line.theme >= 0}) > 1)
    score *= min(1.0, 0.4 + 0.7 * min(line.printed.confidence for line in part))
    merits.sort(key=lambda item: -item[0])
    return round(min(max(score, 0.0), 1.0), 4), tuple(
        reason[0].upper() + reason[1:] for _, reason in merits
    )


def _quoted(text: str) -> str:
    short = wording.clipped(text, 60)
    return short if short == text else f"{short}…"


def _fit(length: float) -> float:
    """1 for a length people watch to the end, less outside."""
    low, high = _BEST
    if length < low:
        return max(0.0, 1 - (low - length) / 7)
    return max(0.0, 1 - max(0.0, length - high) / 15)


def _short(
    plan: AIDirectorPlan,
    time_map: TimeMap,
    lines: Sequence[_Line],
    topics: Sequence[str],
    chosen: tuple[float, int, int, tuple[str, ...]],
) -> Short:
    score, first, last, reasons = chosen
    rate = time_map.rate
    before = lines[first - 1].end if first else Fraction(0)
    after = lines[last + 1].start if last + 1 < len(lines) else time_map.duration
    start = min(lines[first].start, max(lines[first].start - _LEAD, before))
    end = max(lines[last].end, min(lines[last].end + _TAIL, after))
    frames = (
        max(0, rate.frame_at(start)),
        min(time_map.frames, max(rate.frame_from(end), rate.frame_at(start) + 1)),
    )
    return Short(
        title=_title(lines[first : last + 1], topics),
        start=film_time(rate.time_of(frames[0])),
        end=film_time(rate.time_of(frames[1])),
        ranges=_ranges(plan, time_map, *frames),
        score=score,
        reasons=reasons,
    )


def _title(part: Sequence[_Line], topics: Sequence[str]) -> str:
    """The question or the strongest sentence at the beginning, else the topic, else the first."""
    ordered = sorted(part[:4], key=lambda line: -line.hook)
    for line in [*ordered, *part]:
        if not line.printed.complete:
            continue  # where it ends nobody knows: it reads as torn off
        text = wording.shorten(wording.without_opener(line.text), _TITLE)
        if text is not None and stands_alone(text):
            return text.rstrip(".") if not text.endswith("...") else text
    named = [topics[line.theme] for line in part if line.theme >= 0]
    topic = max(named, key=named.count, default="Part")
    if not topic.startswith("Part"):
        return wording.clipped(topic, _TITLE)
    first = wording.without_opener(part[0].text)
    title = wording.clipped(first, min(_TITLE, MAX_HOOK)).rstrip(".")
    return title if len(title) >= len(first.rstrip(".")) else f"{title}…"


def _ranges(plan: AIDirectorPlan, time_map: TimeMap, start: int, end: int) -> tuple[Kept, ...]:
    """Film frames as kept ranges of the inputs."""
    rate = time_map.rate
    found = []
    for piece in time_map.pieces:
        first = max(start, piece.film_frame) - piece.film_frame
        last = min(end, piece.film_frame + piece.frames) - piece.film_frame
        if first >= last:
            continue
        times = (
            SourceTime(exact(rate.time_of(piece.source_frame) + rate.time_of(n) * piece.speed))
            for n in (first, last)
        )
        begins, ends = times
        found.append(Kept(input=piece.input, start=begins, end=ends, speed=float(piece.speed)))
    return tuple(found)


def short_plan(plan: AIDirectorPlan, short: Short) -> AIDirectorPlan:
    """The plan of a clip: what lies outside is trimmed, what lies inside stays as it was decided.

    Chapters, thumbnails and prepared texts belong to the whole film and are left out.
    """
    inside = [(k.input, TimeRange(k.start, k.end)) for k in short.ranges]

    def shown(span: SourceSpan | Hook) -> bool:
        here = TimeRange(span.start, span.end)
        return any(source == span.input and kept.overlaps(here) for source, kept in inside)

    stays = [d for d in plan.decisions if d.decision_type in REMOVING or shown(d)]
    decisions = sorted([*stays, *_trims(plan, short)], key=lambda d: (d.input, d.start, d.end))
    return plan.model_copy(
        update={
            "kept": short.ranges,
            "decisions": tuple(numbered(decisions)),
            "chapters": (),
            "broll": tuple(b for b in plan.broll if shown(b)),
            "hooks": tuple(h for h in plan.hooks if shown(h)),
            "thumbnail_concepts": (),
            "metadata_copy": MetadataCopy(),
            "shorts": (),
        }
    )


def _trims(plan: AIDirectorPlan, short: Short) -> Iterable[EditingDecision]:
    """Decisions that take out all of the inputs outside the clip."""
    for index, source in enumerate(plan.inputs):
        ranges = [k for k in short.ranges if k.input == index]
        hull = (
            [TimeRange(min(k.start for k in ranges), max(k.end for k in ranges))] if ranges else []
        )
        everything = TimeRange(SourceTime(Fraction(0)), SourceTime(source.duration))
        for part in subtract(everything, hull):
            yield EditingDecision(
                decision_id="trim",
                decision_type="trim",
                input=index,
                start=part.start,
                end=part.end,
                parameters={"kind": "short"},
                rationale=f'Only the clip "{short.title}" is shown.',
                confidence=short.score,
                decided_by="rules",
            )
