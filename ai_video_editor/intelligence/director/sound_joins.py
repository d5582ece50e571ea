"""J and L cuts: where the picture changes at a cut, the sound goes over a moment earlier or later.

The change stays inside the silence on both sides of the cut, so that no word moves or is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.plan import EditingDecision, Kept
from ai_video_editor.context.video import Shot
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.spans import SpanIndex
from ai_video_editor.timebase import SourceTime, TimeRange

MOST = Fraction(1, 4)
"""Seconds by which sound leads or lags at most."""

_LEAST = Fraction(8, 100)
"""Seconds: two frames of film; less is not noticed."""

_MARGIN = Fraction(12, 100)
"""Seconds kept between the sound's cut and the nearest word, for the crossfade."""

_INSERTED = frozenset({"slide", "broll", "title_card"})
"""Shots that come from another picture source than the speaker's camera."""


def sound_joins(material: Material, kept: Sequence[Kept]) -> list[EditingDecision]:
    """A J or L cut at each join at which the picture changes and there is silence enough.

    Args:
        material: the analysed recording.
        kept: what stays, in film order.
    """
    audio = material.audio
    if audio is None or audio.kind in ("music", "mixed", "none"):
        return []
    silence = _Silence(material)
    found = []
    for before, after in pairwise(kept):
        why = _change(material, before, after)
        if not why or before.speed != 1 or after.speed != 1:
            continue
        # Leading plays what came before the new piece, lagging what came after the old one.
        lead = min(
            silence.before(after.input, after.start), silence.before(before.input, before.end)
        )
        lag = min(silence.after(before.input, before.end), silence.after(after.input, after.start))
        offset = min(max(lead, lag) - _MARGIN, MOST)
        if offset < _LEAST:
            continue
        leads = lead >= lag
        found.append(
            EditingDecision(
                decision_id="transition",
                decision_type="transition",
                input=after.input,
                start=after.start,
                end=after.start,
                parameters={
                    "style": "j_cut" if leads else "l_cut",
                    "offset": int(offset * 100) / 100,
                },
                rationale=f"{why} The sound {'leads' if leads else 'lags'} the picture a little, "
                "so that the change is felt less.",
                confidence=0.6,
                decided_by="rules",
            )
        )
    return found


def _change(material: Material, before: Kept, after: Kept) -> str:
    """Why the picture changes at a join; empty where it is the same shot or the same camera."""
    if before.input != after.input:
        return "Another recording begins here."
    out = _shot(material.shots(before.input), before.end, ending=True)
    into = _shot(material.shots(after.input), after.start, ending=False)
    if out is None or into is None or out == into:
        return ""
    kinds = {out.kind, into.kind} & _INSERTED
    return f"The picture changes at a {min(kinds).replace('_', ' ')}." if kinds else ""


def _shot(shots: Sequence[Shot], time: Fraction, *, ending: bool) -> Shot | None:
    for shot in shots:
        if (shot.start < time <= shot.end) if ending else (shot.start <= time < shot.end):
            return shot
    return None


class _Silence:
    """How long nobody speaks around a moment, up to what a cut needs."""

    def __init__(self, material: Material) -> None:
        assert material.audio is not None
        spans: dict[int, list[TimeRange[SourceTime]]] = {}
        for one in (*material.audio.words, *material.audio.speech, *material.audio.fillers):
            spans.setdefault(one.input, []).append(one.range)
        self._spoken = {
            number: SpanIndex((one.start, one.end, one) for one in found)
            for number, found in spans.items()
        }
        self._lengths = [file.duration for file in material.files]

    def before(self, number: int, time: Fraction) -> Fraction:
        """Seconds of silence that end at a moment; none before the recording's beginning."""
        start = max(Fraction(0), time - MOST - _MARGIN)
        return time - max((min(end, time) for _, end in self._near(number, start, time)),
                          default=start)  # fmt: skip

    def after(self, number: int, time: Fraction) -> Fraction:
        """Seconds of silence that begin at a moment; none past the recording's end."""
        end = min(self._lengths[number], time + MOST + _MARGIN)
        return min((max(start, time) for start, _ in self._near(number, time, end)),
                   default=max(end, time)) - time  # fmt: skip

    def _near(self, number: int, start: Fraction, end: Fraction) -> list[tuple[Fraction, Fraction]]:
        index = self._spoken.get(number)
        found = index.touching(start, end) if index is not None else []
        return [(one.start, one.end) for one in found if one.start < end and one.end > start]
