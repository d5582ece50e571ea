"""Key moments: where in the film the hooks, the strongest feelings and the best pictures are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ai_video_editor.context.content import EmotionalPeak
from ai_video_editor.context.outputs import KeyMoment
from ai_video_editor.context.plan import Hook
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.evidence import Evidence
from ai_video_editor.timebase import TimeRange

MOST = 8
LONGEST = 80
"""Characters of a moment's title."""

_APART = Fraction(4)
"""Seconds between two moments."""

_SEEN = {
    "expression": "An expressive moment",
    "gesture": "A gesture",
    "slide": "A slide",
    "action": "Much movement",
    "portrait": "A face, close up",
    "scene": "A clear view",
}


def key_moments(evidence: Evidence) -> tuple[KeyMoment, ...]:
    """At most eight moments in the film's order, strongest kept where two are close."""
    chosen: list[KeyMoment] = []
    found = _spoken(evidence) if evidence.printable else _shown(evidence)
    for moment in found:
        near = any(abs(moment.start - other.start) < _APART for other in chosen)
        same = any(moment.title == other.title for other in chosen)
        if not near and not same and len(chosen) < MOST:
            chosen.append(moment)
    return tuple(sorted(chosen, key=lambda m: m.start))


def _spoken(evidence: Evidence) -> Iterator[KeyMoment]:
    """Thumbnail texts where they were said, then the hooks, best first."""
    texts = {c.hook_text.lower().rstrip(".!") for c in evidence.plan.thumbnail_concepts}
    for peak in evidence.emotions:
        if peak.text and peak.text.lower().rstrip(".!") in texts:
            yield from _placed(evidence, peak, peak.text, peak.kind)
    for hook in evidence.plan.hooks:
        yield from _placed(evidence, hook, evidence.quoted(hook), hook.kind)


def _shown(evidence: Evidence) -> Iterator[KeyMoment]:
    for highlight in sorted(evidence.highlights, key=lambda h: -h.score):
        film = evidence.time_map.to_film(highlight.input, highlight.time)
        if film is not None:
            yield KeyMoment(start=film, title=_SEEN[highlight.kind], kind=highlight.kind)


def _placed(
    evidence: Evidence, said: Hook | EmotionalPeak, text: str, kind: str
) -> Iterator[KeyMoment]:
    """The moment on the film's time; none where most of it was cut away."""
    shown = evidence.time_map.range_to_film(said.input, TimeRange(said.start, said.end))
    kept = sum((part.end - part.start for part in shown), Fraction(0))
    title = limits.clean_line(text)
    if len(title) > LONGEST:
        title = wording.shorten(title, LONGEST) or f"{wording.clipped(title, LONGEST - 1)}…"
    if shown and title and 2 * kept >= said.end - said.start:
        yield KeyMoment(start=shown[0].start, title=title, kind=kind)
