"""What of a transcript stays and may be printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_video_editor.context.audio import AudioAnalysis, Sentence, Word
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.rewording import without_filler_comma


@dataclass(frozen=True)
class PrintedSentence:
    """A sentence as it may be printed: without fillers and abandoned takes.

    Attributes:
        text: with a capital, names spelt, and its final mark where the recogniser wrote one.
        sentence: where it was said and how.
        confidence: mean over its kept words, 0 to 1.
        complete: whether the recogniser ended it with a full stop, ? or !.
    """

    text: str
    sentence: Sentence
    confidence: float
    complete: bool


def abandoned(audio: AudioAnalysis) -> frozenset[int]:
    """Indices of the words that belong to fillers or to abandoned takes."""
    gone = {i for i, word in enumerate(audio.words) if word.filler}
    for filler in audio.fillers:
        if filler.first_word is not None and filler.last_word is not None:
            gone.update(range(filler.first_word, filler.last_word))
    for retake in audio.retakes:
        gone.update(range(retake.first_word, retake.last_word))
    return frozenset(gone)


def kept_words(audio: AudioAnalysis) -> list[tuple[int, Word]]:
    """Index and word of everything that was meant, in order."""
    gone = abandoned(audio)
    return [(i, word) for i, word in enumerate(audio.words) if i not in gone]


def punctuated(audio: AudioAnalysis) -> bool:
    """Whether the recogniser writes full stops, so that its sentences are sentences."""
    if not audio.sentences:
        return False
    ended = sum(s.text.rstrip().endswith((".", "?", "!")) for s in audio.sentences)
    return ended >= 0.5 * len(audio.sentences)


def printed_sentences(audio: AudioAnalysis) -> list[PrintedSentence]:
    """All sentences as they may be printed, those left empty dropped."""
    gone = abandoned(audio)
    fillers = {i for i in gone if audio.words[i].filler} | {
        i
        for f in audio.fillers
        if f.first_word is not None and f.last_word is not None
        for i in range(f.first_word, f.last_word)
    }
    result = []
    for sentence in audio.sentences:
        span = range(sentence.first_word, min(sentence.last_word, len(audio.words)))
        kept = [audio.words[i] for i in span if i not in gone]
        if not kept:
            continue
        # The comma before a filler may be the filler's: "as, you know, money".
        text = _joined(
            [
                without_filler_comma(text) if i + 1 in fillers else text
                for i in span
                if i not in gone and (text := audio.words[i].text.strip())
            ]
        )
        last = sentence.text.rstrip()[-1:]
        complete = last in {".", "?", "!"}
        if complete and text[-1:] not in {".", "?", "!"}:
            text = text.rstrip(",;:") + last
        confidence = sum(word.confidence for word in kept) / len(kept)
        result.append(PrintedSentence(wording.sentence_case(text), sentence, confidence, complete))
    return result


def _joined(parts: list[str]) -> str:
    text = " ".join(part for part in parts if part)
    text = re.sub(r"^[,;:.\s]+", "", text)
    text = re.sub(r"\s+([,;:.!?])", r"\1", text)
    return re.sub(r",\s*,", ",", text)


_DANGLING = re.compile(
    r"^(it|this|that|these|those|they|he|she|which|there|here|then|also|as i|like i|him|her|them|"
    r"its|their|his|of course|for example|in other words|that's|it's|they're|or|either)\b",
    re.I,
)
_POINTS_BACK = re.compile(
    r"^(?:is|isn't|was|wasn't|does|doesn't|did|didn't|can|could|would|will|should|and|but|or|so|"
    r"why is|"
    r"what is|what's|how is|who is|where is)\s+(?:that|this|it|these|those|they|he|she)\b",
    re.I,
)
_TALK = re.compile(
    r"\b(subscribe|like button|this video|this channel|welcome back|thanks for watching|"
    r"see you|click|link (?:below|in)|let me (?:start|try|say) (?:that|again|over)|sorry|"
    r"audio ?book|public domain|text version|hi everyone|hello everyone|hey guys|my name is|"
    r"i'm going to|in a (?:second|minute|moment)|"
    r"let's (?:get started|begin|go|dive in))\b",
    re.I,
)


def stands_alone(text: str) -> bool:
    """Whether a sentence makes sense to somebody who heard nothing before it."""
    words = wording.tokens(text)
    if _POINTS_BACK.match(text):
        return False
    if not 3 <= len(words) <= 22 or _DANGLING.match(text) or _TALK.search(text):
        return False
    return any(w.lower() not in lexicon.words("stop_words") for w in words)


def is_housekeeping(text: str) -> bool:
    """Greetings, thanks and calls to subscribe, which are about the video and not the topic."""
    return bool(_TALK.search(text))
