"""Moments with feeling, fused from words, voice and face, each relative to this speaker."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from statistics import fmean, pstdev
from typing import Any

from ai_video_editor.context.audio import AudioAnalysis, Sentence
from ai_video_editor.context.content import EmotionalPeak
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import is_housekeeping, printed_sentences

_KINDS = ("excitement", "surprise", "concern", "confidence", "curiosity", "humour")

_THRESHOLD = 0.35
"""Intensity below which a sentence is ordinary talk."""

_NEGATION_REACH = 3
"""Words before a feeling in which a negation turns it around."""

_SMILE = 0.6
"""Smile score above which a face counts as evidence."""


@cache
def _lexicon() -> tuple[dict[str, dict[tuple[str, ...], float]], dict[str, str]]:
    data = _data()
    table = {
        kind: {tuple(phrase.split()): float(w) for phrase, w in data[kind]["words"].items()}
        for kind in _KINDS
    }
    return table, {kind: data[kind]["negated"] for kind in _KINDS}


@cache
def _data() -> dict[str, Any]:
    text = files("ai_video_editor.content").joinpath("data/emotions.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_data()[name])


def feelings(text: str) -> dict[str, tuple[float, list[str]]]:
    """Kind of feeling to its strength (0 to 1) and the words that carry it.

    A negation up to three words before turns a feeling around ("not worried" is confidence) or
    silences it; a booster makes it stronger.
    """
    table, negated = _lexicon()
    words = [t.lower() for t in wording.tokens(text)]
    found: dict[str, tuple[float, list[str]]] = {}
    for kind, phrases in table.items():
        for phrase, weight in phrases.items():
            for at in range(len(words) - len(phrase) + 1):
                if tuple(words[at : at + len(phrase)]) != phrase:
                    continue
                before = words[max(0, at - _NEGATION_REACH) : at]
                target = kind
                strength = weight
                if any(w in _list("negations") or w.endswith("n't") for w in before):
                    target = negated[kind]
                    strength *= 0.7
                elif at and words[at - 1] in _list("boosters"):
                    strength = min(1.0, strength * 1.25)
                if target:
                    score, evidence = found.get(target, (0.0, []))
                    # independent evidence adds up, never past 1
                    found[target] = (
                        1 - (1 - score) * (1 - strength),
                        [*evidence, " ".join(phrase)],
                    )
    return found


def find_peaks(audio: AudioAnalysis, video: VideoAnalysis | None = None) -> list[EmotionalPeak]:
    """Emotional peaks in order of time; about one for every 15 s of speech at most."""
    voice = _Voice(audio.sentences)
    peaks = []
    for printed in printed_sentences(audio):
        sentence = printed.sentence
        if is_housekeeping(printed.text) or len(wording.tokens(printed.text)) < 2:
            continue
        peak = _peak(printed.text, sentence, voice.stands_out(sentence), _smiles(video, sentence))
        if peak is not None:
            peaks.append(peak)
    spoken = sum(float(s.end - s.start) for s in audio.sentences)
    most = max(3, round(spoken / 15))
    strongest = sorted(peaks, key=lambda p: -p.intensity)[:most]
    return sorted(strongest, key=lambda p: (p.input, p.start))


def _peak(text: str, sentence: Sentence, voice: float, smile: bool) -> EmotionalPeak | None:
    found = feelings(text)
    if sentence.question or text.endswith("?"):
        score, evidence = found.get("curiosity", (0.0, []))
        found["curiosity"] = (max(score, 0.0) * 0.6 + 0.4, [*evidence, "a question"])
    kind, (strength, words) = max(
        found.items(), key=lambda item: item[1][0], default=("emphasis", (0.0, []))
    )
    intensity = 0.65 * strength + 0.35 * voice if strength else 0.6 * voice
    evidence = [f'said "{w}"' if w != "a question" else w for w in dict.fromkeys(words)]
    if voice > 0.5:
        evidence.append("voice stands out")
    if smile:
        intensity += 0.1
        evidence.append("smile")
        kind = "excitement" if kind == "emphasis" else kind
    if intensity < _THRESHOLD:
        return None
    return EmotionalPeak(
        input=sentence.input,
        start=sentence.start,
        end=sentence.end,
        kind=kind,
        intensity=round(min(1.0, intensity), 3),
        evidence=tuple(evidence),
        text=text,
    )


class _Voice:
    """How the sentences of this speaker usually sound."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.usual = {
            name: _spread([v for s in sentences if (v := getattr(s, name)) is not None])
            for name in ("loudness", "pitch", "pitch_range")
        }

    def stands_out(self, sentence: Sentence) -> float:
        """0 as always, 1 far from the usual (two standard deviations)."""
        found = []
        for name, (mean, deviation) in self.usual.items():
            value = getattr(sentence, name)
            if value is not None and deviation > 1e-6:
                found.append(max(0.0, min(1.0, (value - mean) / (2 * deviation))))
        measured = fmean(found) if found else 0.0
        return max(measured, sentence.emphasis)


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return (fmean(values), pstdev(values)) if len(values) >= 3 else (0.0, 0.0)


def _smiles(video: VideoAnalysis | None, sentence: Sentence) -> bool:
    if video is None:
        return False
    seen = Counter(
        (sample.faces[0].smile or 0.0) >= _SMILE
        for sample in video.faces
        if sample.faces
        and sample.input == sentence.input
        and sentence.start <= sample.time < sentence.end
    )
    return seen[True] > seen[False]
