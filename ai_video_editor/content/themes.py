"""Stretches on one topic: where the words change and the speaker pauses, a new theme begins.

After TextTiling (Hearst 1997, aclanthology.org/J97-1003): the similarity of the words before and
after every sentence border; deep valleys are borders. Pauses and phrases such as "let's talk about"
deepen a valley.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import log, sqrt
from statistics import fmean, pstdev

from ai_video_editor.content.concepts import is_name
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import ContentTheme, KeyConcept, NumberMention
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.transcript import (
    PrintedSentence,
    is_housekeeping,
    printed_sentences,
    punctuated,
    stands_alone,
)
from ai_video_editor.timebase import source_time

MIN_THEME = Fraction(14)
"""Seconds; a chapter must last 10 s in the film (YouTube) and cuts make it shorter."""

MAX_TITLE = 49
"""Characters of a chapter title that a player shows while hovering."""

_WINDOW = 4
"""Sentences compared on each side of a border."""

_SHALLOW = 0.5
"""Standard deviations above the mean depth of all borders from which one is a new topic."""

_ENOUGH = 24
"""Sentences from which mean and deviation of the depths say something."""

_FEWEST = 3
"""Chapters that a player needs to show any (YouTube)."""

_ALONE = 0.8
"""Seconds of pause on both sides of words that are read out as a heading."""

_SELDOM = 4
"""Mentions up to which a concept is named more fully in a title."""

_ANNOUNCES = re.compile(
    r"^(?:so |now |and |okay |next |but )?(?:,\s*)?(?:let's (?:talk about|look at|turn to|"
    r"move on to|"
    r"start with)|first|second|third|fourth|next|finally|"
    r"step (?:one|two|three|four|five)|the (?:first|second|third|next|last|final)|so what|"
    r"what about|"
    r"now|moving on|in conclusion|to sum up|another)\b",
    re.I,
)
_TOPIC_AFTER = re.compile(
    r"(?:talk about|look at|turn to|move on to|start with|what about|comes down to|next comes|"
    r"then comes|first comes|this is called)\s+"
    r"(?:the |a |an |your |our |why |how )?(?P<topic>[^,.?!;:]+)",
    re.I,
)
_LISTED = re.compile(
    r"\b(?:there are|here are|these are|i have|let me give you)\s+(?:my |the |only )?"
    r"(?P<topic>(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\s+(?:[a-z]+\s+)?"
    r"(?:ways|reasons|rules|steps|mistakes|tips|things|lessons|parts|kinds|types)\b[^.?!;,]*)",
    re.I,
)
"""Announces a list: "there are three ways to save money"."""
_RANKED = re.compile(
    r"\b(?P<rank>first|second|third|fourth|next|last|final|biggest|most important)\s+"
    r"(?P<kind>rule|step|mistake|reason|lesson|thing|tip|point|secret|question|idea|part)\s+is\s+"
    r"(?P<topic>[^.?!;:]+)",
    re.I,
)


def find_themes(
    audio: AudioAnalysis,
    concepts: Sequence[KeyConcept],
    *,
    duration: Fraction,
    numbers: Sequence[NumberMention] = (),
) -> list[ContentTheme]:
    """Themes of all inputs in order, each with a title in the speaker's words.

    Args:
        audio: words and sentences.
        concepts: what the talk is about, most central first.
        duration: seconds of all inputs, which sets how many themes are useful.
        numbers: quantities that were said; an amount a month makes a title.
    """
    sentences = printed_sentences(audio)
    themes: list[ContentTheme] = []
    used: list[str] = []
    for source in sorted({s.sentence.input for s in sentences}):
        own = [s for s in sentences if s.sentence.input == source]
        groups = _groups(own, wanted_themes(duration))
        frequencies = [Counter(w for s in g for w in wording.content_words(s.text)) for g in groups]
        for at, group in enumerate(groups):
            start = source_time(0) if at == 0 else group[0].sentence.start
            end = groups[at + 1][0].sentence.start if at + 1 < len(groups) else own[-1].sentence.end
            keywords = _keywords(frequencies, at, group)
            inside = [
                c
                for c in concepts
                if any(m.input == source and start <= m.start < end for m in c.mentions)
            ]
            sums = [n for n in numbers if n.input == source and start <= n.start < end]
            before = groups[at - 1][-1] if at else None
            named = [*_headings(group, before, inside), *_named_more_fully(group, inside)]
            spoken = [*(_spoken_titles(group) if punctuated(audio) else ()), *_sums(sums), *named]
            title, sure = _title(group, inside, used, len(themes) + 1, spoken)
            used.append(title)
            themes.append(
                ContentTheme(
                    input=source,
                    start=start,
                    end=max(end, start),
                    title=title,
                    keywords=keywords,
                    confidence=round(min(sure, audio.quality), 3),
                )
            )
    return themes


def wanted_themes(duration: Fraction) -> int:
    """How many themes help a viewer find the way; grows with the root of the length.

    One under 45 s, three at a minute, seven at five minutes, ten at ten, at most 15.
    """
    if duration < 45:
        return 1
    return max(3, min(15, round(sqrt(duration) / 2.4)))


def _groups(sentences: Sequence[PrintedSentence], wanted: int) -> list[list[PrintedSentence]]:
    borders = sorted(((_depth(sentences, at), at) for at in range(1, len(sentences))), reverse=True)
    depths = [depth for depth, _ in borders]
    shallow = fmean(depths) + _SHALLOW * pstdev(depths) if len(depths) >= _ENOUGH else 0.0
    start = sentences[0].sentence.start
    end = sentences[-1].sentence.end
    chosen: list[int] = []
    for depth, at in borders:
        if len(chosen) >= wanted - 1 or depth <= 0:
            break
        if depth < shallow and len(chosen) >= _FEWEST - 1:
            break
        times = sorted([start, end, *(sentences[c].sentence.start for c in chosen)])
        here = sentences[at].sentence.start
        if all(abs(here - time) >= MIN_THEME for time in times):
            chosen.append(at)
    edges = [0, *sorted(chosen), len(sentences)]
    return [list(sentences[a:b]) for a, b in pairwise(edges)]


def _depth(sentences: Sequence[PrintedSentence], at: int) -> float:
    before = Counter(
        w for s in sentences[max(0, at - _WINDOW) : at] for w in wording.content_words(s.text)
    )
    after = Counter(w for s in sentences[at : at + _WINDOW] for w in wording.content_words(s.text))
    depth = 1.0 - _cosine(before, after)
    pause = float(sentences[at].sentence.start - sentences[at - 1].sentence.end)
    depth += min(0.5, 0.25 * max(0.0, pause))
    if _ANNOUNCES.match(sentences[at].text):
        depth += 0.6
    if _LISTED.search(sentences[at].text):
        depth += 0.8
    if sentences[at].sentence.question:
        depth += 0.25
    if sentences[at - 1].sentence.question:
        depth -= 0.6  # the answer belongs to its question
    return depth


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(one[w] * other[w] for w in one.keys() & other.keys())
    size = sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return shared / size if size else 0.0


def _keywords(
    frequencies: Sequence[Counter[str]], at: int, group: Sequence[PrintedSentence]
) -> tuple[str, ...]:
    """The words most typical of a stretch, each in the form it was said in most often."""
    spread = Counter(w for f in frequencies for w in f)
    ranked = sorted(
        frequencies[at].items(),
        key=lambda item: (-item[1] * (1 + log(len(frequencies) / spread[item[0]])), item[0]),
    )
    forms: dict[str, Counter[str]] = {}
    for sentence in group:
        for token in wording.tokens(sentence.text):
            forms.setdefault(wording.root(token), Counter())[token.lower()] += 1
    return tuple(forms[word].most_common(1)[0][0] for word, _ in ranked[:5] if word in forms)


def _title(
    group: Sequence[PrintedSentence],
    concepts: Sequence[KeyConcept],
    used: Sequence[str],
    number: int,
    spoken: Sequence[str],
) -> tuple[str, float]:
    """A title nobody used yet, and how sure it is."""
    for text in spoken:
        if _fresh(text, used):
            return text, 0.9
    ranked = sorted(concepts, key=lambda c: -_typical(c, group))
    names = [wording.title_case(c.phrase) for c in ranked]
    for name in names:
        if _fresh(name, used):
            return name, 0.75
    return f"Part {number}", 0.3


def _typical(concept: KeyConcept, group: Sequence[PrintedSentence]) -> float:
    """How much a concept belongs to this stretch and to no other."""
    inside = _inside(concept, group)
    return inside / len(concept.mentions) * sqrt(inside) * (0.3 + concept.score)


def _inside(concept: KeyConcept, group: Sequence[PrintedSentence]) -> int:
    first, last = group[0].sentence, group[-1].sentence
    return sum(
        m.input == first.input and first.start <= m.start < last.end for m in concept.mentions
    )


def _spoken_titles(group: Sequence[PrintedSentence]) -> list[str]:
    """Questions, announced topics and ranked points from the head of a stretch."""
    found: list[tuple[int, str]] = []
    for sentence in [s for s in group if not is_housekeeping(s.text)][:3]:
        text = wording.without_opener(sentence.text)
        ranked = _RANKED.search(text)
        listed = _LISTED.search(text)
        announced = _TOPIC_AFTER.search(text)
        if text.endswith("?") and stands_alone(text):
            found.append((0, text))
        elif listed:
            found.append((1, listed["topic"]))
        elif ranked and len(ranked["topic"].split()) <= 6:
            topic = re.sub(r"^(?:to|that you|that)\s+", "", ranked["topic"].strip(), flags=re.I)
            found.append((2, f"The {ranked['rank']} {ranked['kind']}: {topic}"))
        elif announced and is_name(announced["topic"].strip()):
            found.append((3, announced["topic"]))
    titles = [wording.title_case(text.strip()) for _, text in sorted(found, key=lambda f: f[0])]
    return [title for title in titles if len(title) <= MAX_TITLE]


def _headings(
    group: Sequence[PrintedSentence],
    before: PrintedSentence | None,
    concepts: Sequence[KeyConcept],
) -> list[str]:
    """Words without a verb at the head of a stretch: a heading that was read out."""
    found = []
    stems = {wording.stem(t) for c in concepts for t in wording.tokens(c.phrase)}
    previous = before
    for at, sentence in enumerate(group[:3]):
        text = re.sub(
            r"\s+(?:itself|by\s.*)$", "", wording.without_opener(sentence.text).rstrip(" .")
        )
        following = group[at + 1] if at + 1 < len(group) else None
        words = [token.lower() for token in wording.tokens(text)]
        short = at == 0 and sentence.complete and len(words) <= 3
        alone = _pause(previous, sentence) >= _ALONE and (
            short or _pause(sentence, following) >= _ALONE
        )
        previous = sentence
        noun = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.I)
        known = bool(stems & {wording.stem(word) for word in words})
        fits = 0 < len(words) <= 7 and not text.endswith("?") and not is_housekeeping(text)
        if fits and (alone or known) and not _says_something(words) and noun:
            found.append(wording.title_case(noun))
    return [title for title in found if 4 <= len(title) <= MAX_TITLE]


def _pause(one: PrintedSentence | None, other: PrintedSentence | None) -> float:
    if one is None or other is None:
        return _ALONE
    return float(other.sentence.start - one.sentence.end)


def _says_something(words: Sequence[str]) -> bool:
    """Whether there is a verb among the words, or nothing but joining words."""
    stop = lexicon.words("stop_words") - {"the", "of", "and", "a", "an", "in", "for"}
    return any(word in stop or word in lexicon.words("verbs") for word in words) or all(
        word in lexicon.words("stop_words") for word in words
    )


def _named_more_fully(
    group: Sequence[PrintedSentence], concepts: Sequence[KeyConcept]
) -> list[str]:
    """The name, in this stretch, of its most typical concept where that is one seldom said word."""
    ranked = sorted(concepts, key=lambda c: -_typical(c, group))[:1]
    for concept in ranked:
        single = len(wording.tokens(concept.phrase)) == 1
        if not single or len(concept.mentions) > _SELDOM or concept.financial:
            continue
        for sentence in group:
            words = wording.tokens(sentence.text)
            for width in (2, 4, 3):
                for at in range(len(words) - width + 1):
                    part = [word.lower() for word in words[at : at + width]]
                    stems = [wording.stem(word) for word in part]
                    inside = wording.stem(concept.phrase) in (stems[0], stems[-1])
                    if inside and len(set(stems)) == width and is_name(" ".join(part)):
                        return [wording.title_case(" ".join(part))]
    return []


def _sums(numbers: Sequence[NumberMention]) -> list[str]:
    """A sum paid regularly, as a title: $500 a Month."""
    return [
        f"{wording.money(n.value, n.unit)} a {n.period.capitalize()}"
        for n in numbers
        if n.unit in {"usd", "eur", "gbp"} and n.period is not None
    ]


def _fresh(text: str, used: Sequence[str]) -> bool:
    """Whether a title says something else than those before it."""
    words = set(wording.content_words(text))
    for other in used:
        others = set(wording.content_words(other))
        if words <= others or (others and len(words & others) > 0.6 * len(words | others)):
            return False
    return True


def themes_of_picture(video: VideoAnalysis | None, duration: Fraction) -> list[ContentTheme]:
    """Themes from shots where there are no words, with neutral titles."""
    if video is None or not video.shots:
        return []
    wanted = wanted_themes(duration)
    apart = max(MIN_THEME, duration / (wanted + 1))
    starts = [video.shots[0]]
    for shot in video.shots[1:]:
        previous = starts[-1]
        if shot.input != previous.input or (
            shot.start - previous.start >= apart and shot.kind != "black"
        ):
            starts.append(shot)
    themes = []
    for at, shot in enumerate(starts):
        same = [s for s in video.shots if s.input == shot.input]
        following = starts[at + 1] if at + 1 < len(starts) else None
        end = following.start if following and following.input == shot.input else same[-1].end
        themes.append(
            ContentTheme(
                input=shot.input,
                start=shot.start,
                end=max(end, shot.start),
                title=f"Part {at + 1}",
                confidence=0.3,
            )
        )
    return themes
