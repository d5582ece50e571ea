"""How far what was heard is from what was said. Times in seconds; the product is unknown here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.speech.recordings import Said

Span = tuple[float, float]
"""Start and end."""

COLLAR = 0.2
"""Seconds by which an event's borders may be off (event scoring as in sed_eval and PodcastFillers,
arXiv 2203.15135)."""

OUTSIDE = 0.03
"""Seconds outside a cut in which nothing may sound."""


@dataclass(frozen=True)
class EventScore:
    """Events found and missed.

    Attributes:
        hits: planted and found.
        missed: planted, not found.
        extra: found, not planted.
    """

    hits: int = 0
    missed: int = 0
    extra: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing and nothing found."""
        total = 2 * self.hits + self.missed + self.extra
        return 2 * self.hits / total if total else 1.0

    def __add__(self, other: EventScore) -> EventScore:
        return EventScore(
            self.hits + other.hits, self.missed + other.missed, self.extra + other.extra
        )


def bare(word: str) -> str:
    """A word without case and punctuation, apostrophes kept."""
    return "".join(letter for letter in word.lower() if letter.isalnum() or letter == "'")


def paired(truth: Sequence[str], heard: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """The cheapest alignment of two word lists, as pairs of places; None where one has none."""
    rows, columns = len(truth), len(heard)
    cost = np.zeros((rows + 1, columns + 1), np.int32)
    cost[:, 0], cost[0, :] = np.arange(rows + 1), np.arange(columns + 1)
    for i in range(rows):
        for j in range(columns):
            cost[i + 1, j + 1] = min(
                cost[i, j] + (truth[i] != heard[j]), cost[i, j + 1] + 1, cost[i + 1, j] + 1
            )
    pairs: list[tuple[int | None, int | None]] = []
    i, j = rows, columns
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (truth[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


@dataclass(frozen=True)
class WordScore:
    """Words against what was said.

    Attributes:
        said: how many words were said.
        errors: substitutions, insertions and deletions.
        starts: how far each right word's start is off, seconds, never negative.
    """

    said: int = 0
    errors: int = 0
    starts: tuple[float, ...] = ()

    @property
    def wer(self) -> float:
        """Word error rate."""
        return self.errors / self.said if self.said else 0.0

    @property
    def start_median(self) -> float:
        """Median of `starts`, seconds."""
        return median(self.starts) if self.starts else 0.0

    def __add__(self, other: WordScore) -> WordScore:
        return WordScore(
            self.said + other.said, self.errors + other.errors, self.starts + other.starts
        )


def score_words(truth: Sequence[Said], heard: Sequence[Said]) -> WordScore:
    """Word errors and the start errors of the words that are right."""
    said = [bare(word.text) for word in truth]
    found = [bare(word.text) for word in heard]
    errors, starts = 0, []
    for i, j in paired(said, found):
        if i is None or j is None or said[i] != found[j]:
            errors += 1
        else:
            starts.append(abs(truth[i].start - heard[j].start))
    return WordScore(len(said), errors, tuple(starts))


def merged(spans: Sequence[Span], gap: float = 0.0) -> list[Span]:
    """Spans in order, those within `gap` seconds made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start - result[-1][1] <= gap:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def score_events(
    truth: Sequence[Span], found: Sequence[Span], *, collar: float = COLLAR
) -> EventScore:
    """Events whose both borders are within the collar, each matched once."""
    free = sorted(found)
    hits = 0
    for start, end in sorted(truth):
        near = [
            span for span in free if abs(span[0] - start) <= collar and abs(span[1] - end) <= collar
        ]
        if near:
            best = min(near, key=lambda span: abs(span[0] - start) + abs(span[1] - end))
            free.remove(best)
            hits += 1
    return EventScore(hits, len(truth) - hits, len(free))


def score_overlaps(
    truth: Sequence[Span], found: Sequence[Span], *, share: float = 0.5
) -> EventScore:
    """Passages that share at least `share` of what the two cover together."""
    free = list(found)
    hits = 0
    for one in truth:
        best = max(free, key=lambda span: _likeness(one, span), default=None)
        if best is not None and _likeness(one, best) >= share:
            free.remove(best)
            hits += 1
    return EventScore(hits, len(truth) - hits, len(free))


def _likeness(one: Span, other: Span) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    whole = max(one[1], other[1]) - min(one[0], other[0])
    return max(0.0, shared) / whole if whole > 0 else 0.0


def border_errors(
    truth: Sequence[Span], found: Sequence[Span], releases: Sequence[float] = ()
) -> list[float | None]:
    """How far each planted pause's start and end are off; two None for one that was not found.

    Args:
        truth: planted pauses.
        found: pauses that were found.
        releases: for each planted pause, seconds behind its start in which the word before it is
            still fading under the noise: a start anywhere in them is right.
    """
    errors: list[float | None] = []
    fading = releases or [0.0] * len(truth)
    for (start, end), release in zip(truth, fading, strict=True):
        touching = [span for span in found if span[0] < end and span[1] > start]
        best = max(touching, key=lambda span: _likeness((start, end), span), default=None)
        if best is None:
            errors += [None, None]
        else:
            late = max(0.0, best[0] - start - release)
            errors += [max(start - best[0], late), abs(best[1] - end)]
    return errors


def clipped(
    kept: Sequence[Span],
    heard: NDArray[np.bool_],
    frame: float,
    length: float,
    removed: Sequence[Span] = (),
) -> list[float]:
    """Times of the cuts beside which something sounds that should be whole.

    Args:
        kept: ranges of the recording that stay, in order.
        heard: for every `frame` seconds whether the voice is heard over the noise.
        frame: seconds.
        length: of the recording; its own ends are no cuts.
        removed: what was planted to be removed: a rest of it outside a cut is no clipped word.
    """
    voice = heard.copy()
    for start, end in removed:
        voice[round(start / frame) : round(end / frame)] = False
    found = []
    for start, end in kept:
        if start > frame and _any(voice, start, start + OUTSIDE, frame):
            found.append(start)
        if end < length - frame and _any(voice, end - OUTSIDE, end, frame):
            found.append(end)
    return found


def _any(mask: NDArray[np.bool_], start: float, end: float, frame: float) -> bool:
    # frames that lie wholly inside: one that is only touched says nothing about the inside
    first, last = int(np.ceil(start / frame - 1e-6)), int(np.floor(end / frame + 1e-6))
    return bool(mask[max(0, first) : max(0, last)].any())


def kept_whole(span: Span, kept: Sequence[Span], slack: float = 0.02) -> bool:
    """Whether a range is inside one of those that stay."""
    return any(start <= span[0] + slack and end >= span[1] - slack for start, end in kept)


def kept_share(span: Span, kept: Sequence[Span]) -> float:
    """Seconds of a range that stay."""
    return sum(max(0.0, min(end, span[1]) - max(start, span[0])) for start, end in kept)


@dataclass(frozen=True)
class MapError:
    """A speech map against a reference.

    Attributes:
        missed: seconds of speech not found.
        false: seconds found where nobody speaks.
        speech: seconds of speech in the reference.
    """

    missed: float
    false: float
    speech: float

    @property
    def share(self) -> float:
        """Missed and false over all speech."""
        return (self.missed + self.false) / self.speech if self.speech else 0.0


def score_map(truth: Sequence[Span], found: Sequence[Span], length: float) -> MapError:
    """Missed and false seconds, to the millisecond."""
    reference, ours = _mask(truth, length), _mask(found, length)
    return MapError(
        float((reference & ~ours).sum()) / 1000,
        float((ours & ~reference).sum()) / 1000,
        float(reference.sum()) / 1000,
    )


def _mask(spans: Sequence[Span], length: float) -> NDArray[np.bool_]:
    mask = np.zeros(round(length * 1000), bool)
    for start, end in spans:
        mask[round(start * 1000) : round(end * 1000)] = True
    return mask


def read_rttm(path: Path) -> list[Span]:
    """Speech of all speakers together from an .rttm file."""
    spans = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[:1] == ["SPEAKER"]:
            spans.append((float(fields[3]), float(fields[3]) + float(fields[4])))
    return merged(spans)
