"""What a talk is about: YAKE proposes phrases, this module judges them as names of things.

YAKE (Campos et al. 2020, doi:10.1016/j.ins.2019.09.013) ranks phrases of one document by case,
position, frequency and context. It has no grammar; a phrase with a verb, an empty noun or a hanging
adjective in it reads badly in a title, so those are dropped here and forms of one name are merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from math import log2

from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.content import KeyConcept
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.transcript import is_housekeeping, kept_words, printed_sentences

MAX_CONCEPTS = 20

_LONG_TEXT = 100
"""Words above which a phrase of several words must have been said twice to be a concept."""


def is_name(phrase: str) -> bool:
    """Whether a phrase can stand as the name of a thing in a title."""
    parts = [part.lower() for part in wording.tokens(phrase)]
    if not parts or len(parts) > 4:
        return False
    stop, verbs = lexicon.words("stop_words"), lexicon.words("verbs")
    vague, adjectives = lexicon.words("vague"), lexicon.words("adjectives")
    inner_joints = {"of", "and"}
    if parts[0] in stop or parts[-1] in stop:
        return False
    if any(p in stop and p not in inner_joints for p in parts[1:-1]):
        return False
    if any(p in verbs or (p.endswith("ly") and len(p) > 4) for p in parts):
        return False
    if parts[-1] in vague | adjectives or wording.stem(parts[-1]) in vague:
        return False
    if any(p in lexicon.words("number_words") or p[0].isdigit() for p in parts):
        return False
    if len(parts) == 1:
        return len(parts[0]) >= 4 and not parts[0].endswith(("ed", "ing")) and parts[0].isalpha()
    # "paying attention", "returned money": a verb form at the head
    return not (parts[0].endswith(("ing", "ed")) and len(parts[0]) > 5 and parts[0] != "investing")


def find_concepts(
    audio: AudioAnalysis, financial: Sequence[KeyConcept] = (), *, name: str = ""
) -> list[KeyConcept]:
    """The concepts of all inputs, most central first, at most `MAX_CONCEPTS`.

    Args:
        audio: words and sentences; fillers and abandoned takes are left out.
        financial: concepts already found by the taxonomy; they keep their printed names.
        name: readable name of the film's file; what it names counts double.
    """
    housekeeping = {
        i
        for s in audio.sentences
        if is_housekeeping(s.text)
        for i in range(s.first_word, s.last_word)
    }
    words = [word for i, word in kept_words(audio) if i not in housekeeping]
    proposals = _proposals(audio) if words else {}
    index = _Index(words)
    taken = {tuple(wording.stem(t) for t in wording.tokens(c.phrase)) for c in financial}
    found = _boosted(financial)
    for stems, (phrase, rank) in proposals.items():
        if stems in taken or not is_name(phrase):
            continue
        mentions = index.mentions(stems)
        if not mentions or (len(stems) > 1 and len(mentions) < 2 and len(words) > _LONG_TEXT):
            continue
        if len(stems) == 1 and len(mentions) < 2:
            continue
        found.append(_concept(phrase, rank, mentions, index))
    found = [_placed(c, words, name) for c in found]
    kept = _without_parts(sorted(found, key=lambda c: -c.score))
    top = max((c.score for c in kept), default=1.0) or 1.0
    trust = audio.quality if not audio.printable else 1.0
    return [
        c.model_copy(
            update={"score": round(c.score / top, 3), "confidence": round(c.confidence * trust, 3)}
        )
        for c in kept[:MAX_CONCEPTS]
    ]


def _placed(concept: KeyConcept, words: Sequence[Word], name: str) -> KeyConcept:
    """With more weight for what opens the talk and for what the file is called after."""
    weight = 1.0
    if words:
        early = words[len(words) // 6]
        first = concept.mentions[0]
        if (first.input, first.start) < (early.input, early.start):
            weight *= 1.3
    stems = {wording.stem(t) for t in wording.tokens(concept.phrase)}
    if stems <= {wording.stem(t) for t in wording.tokens(name)}:
        weight *= 2.0
    return concept.model_copy(update={"score": min(1.0, concept.score * weight)})


def _proposals(audio: AudioAnalysis) -> dict[tuple[str, ...], tuple[str, float]]:
    """Stems to the first form YAKE ranked and its score (lower is better)."""
    import yake

    stop = _stop_words(audio.language)
    lines = [s.text for s in printed_sentences(audio) if not is_housekeeping(s.text)]
    text = ". ".join(line.rstrip(".") for line in lines)
    # Without word lists nothing tells a name from half a sentence: single words then.
    longest = 3 if _listed(audio.language) else 1
    extractor = yake.KeywordExtractor(n=longest, top=120, dedup_lim=1.0, stopwords=stop)
    ranked = extractor.extract_keywords(text)
    proposals: dict[tuple[str, ...], tuple[str, float]] = {}
    for phrase, rank in ranked:
        stems = tuple(wording.stem(t) for t in wording.tokens(phrase))
        parts = [part.lower() for part in phrase.split()]
        hollow = stop & {parts[0], parts[-1]} or all(part in stop for part in parts)
        if stems and stems not in proposals and not hollow:
            proposals[stems] = (" ".join(phrase.split()), float(rank))
    return proposals


def _listed(language: str) -> bool:
    """Whether our word lists fit; a talk in no known language is read as English."""
    return language.split("-")[0].lower() in {"en", "und"}


def _stop_words(language: str) -> set[str]:
    """Joining words of a language: our own English ones, YAKE's for those it has lists of."""
    code = language.split("-")[0].lower()
    if _listed(language):
        return set(lexicon.words("stop_words"))
    path = files("yake").joinpath(f"core/StopwordsList/stopwords_{code}.txt")
    listed = path.read_text("utf-8").split() if path.is_file() else []
    return set(lexicon.words("stop_words")) | {word.lower() for word in listed}


class _Index:
    """Where every stem was said."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.stems = [wording.stem(w.text) for w in words]
        self.places: dict[str, list[int]] = {}
        for at, stem in enumerate(self.stems):
            self.places.setdefault(stem, []).append(at)

    def mentions(self, stems: tuple[str, ...]) -> list[tuple[int, int]]:
        """Half-open word ranges in which the stems stand one after the other."""
        width = len(stems)
        return [
            (at, at + width)
            for at in self.places.get(stems[0], ())
            if tuple(self.stems[at : at + width]) == stems
            and self.words[at].input == self.words[at + width - 1].input
        ]

    def written(self, mentions: Iterable[tuple[int, int]]) -> str:
        """The form to print; capitals only where the name always has them."""
        forms = [
            " ".join(wording.bare(w.text) for w in self.words[first:last])
            for first, last in mentions
        ]
        best = wording.best_form(forms)
        return " ".join(wording.spell(part) for part in best.split())


def _concept(
    phrase: str, rank: float, mentions: Sequence[tuple[int, int]], index: _Index
) -> KeyConcept:
    words = [w for first, last in mentions for w in index.words[first:last]]
    spans = tuple(
        SourceSpan(
            input=index.words[first].input,
            start=index.words[first].start,
            end=max(index.words[last - 1].end, index.words[first].start),
        )
        for first, last in mentions
    )
    # Several words say more than one; frequency counts with falling returns.
    width = 1.0 + 0.35 * (len(wording.tokens(phrase)) - 1)
    score = width * log2(1 + len(mentions)) / (1.0 + 12.0 * rank)
    return KeyConcept(
        phrase=index.written(mentions),
        score=min(1.0, score / 16.0),
        mentions=spans,
        confidence=round(sum(w.confidence for w in words) / len(words), 3),
    )


def _boosted(financial: Sequence[KeyConcept]) -> list[KeyConcept]:
    result = []
    for concept in financial:
        width = 1.0 + 0.35 * (len(wording.tokens(concept.phrase)) - 1)
        score = 1.5 * width * log2(1 + len(concept.mentions)) / 16.0
        result.append(concept.model_copy(update={"score": min(1.0, score)}))
    return result


def _without_parts(concepts: Sequence[KeyConcept]) -> list[KeyConcept]:
    """Drop a phrase that is almost only said inside a longer one, and the other way round."""
    kept: list[KeyConcept] = []
    for concept in concepts:
        spans = {(m.input, m.start, m.end) for m in concept.mentions}
        stems = {wording.stem(t) for t in wording.tokens(concept.phrase)}
        redundant = False
        for other in concepts:
            if other is concept:
                continue
            others = {wording.stem(t) for t in wording.tokens(other.phrase)}
            if stems < others and not concept.financial:
                redundant |= other.financial is not None
                inside = sum(
                    any(o.input == i and o.start <= s and e <= o.end for o in other.mentions)
                    for i, s, e in spans
                )
                redundant |= inside >= 0.6 * len(spans)
            elif others < stems and other.financial and len(spans) == 1:
                redundant = True
        if not redundant:
            kept.append(concept)
    return kept
