"""Where somebody speaks: what sound is ducked under, and what no fade may touch."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.spans import SpanIndex
from ai_video_editor.timebase import FilmTime, SourceTime, TimeMap, TimeRange, merge


class Voices:
    """Voice in the inputs, from the words, the voice detector and the fillers together.

    Args:
        audio: what was heard; None where the sound could not be analysed.
    """

    def __init__(self, audio: AudioAnalysis | None) -> None:
        """Merge what overlaps, input by input."""
        spans: dict[int, list[TimeRange[SourceTime]]] = {}
        for span in _spoken(audio):
            spans.setdefault(span.input, []).append(span.range)
        self._ranges = {number: merge(found) for number, found in spans.items()}
        self._index = {
            number: SpanIndex((one.start, one.end, one) for one in found)
            for number, found in self._ranges.items()
        }
        self.known = audio is not None and audio.kind not in ("music", "mixed", "none")
        """Whether what is not voice is quiet; music between the words is not."""

    def quiet_before(self, number: int, time: Fraction, most: Fraction) -> Fraction:
        """Seconds without voice that end at a moment of an input, at most `most`."""
        return self._quiet(number, time - most, time, before=True)

    def quiet_after(self, number: int, time: Fraction, most: Fraction) -> Fraction:
        """Seconds without voice that begin at a moment of an input, at most `most`."""
        return self._quiet(number, time, time + most, before=False)

    def _quiet(self, number: int, start: Fraction, end: Fraction, *, before: bool) -> Fraction:
        if not self.known:
            return Fraction(0)
        index = self._index.get(number)
        voiced = index.touching(start, end) if index is not None else []
        inside = [one for one in voiced if one.start < end and one.end > start]
        if before:
            return end - max((min(one.end, end) for one in inside), default=start)
        return min((max(one.start, start) for one in inside), default=end) - start

    def on_film(self, time_map: TimeMap) -> list[TimeRange[FilmTime]]:
        """Where voice is heard in the film, in order."""
        return merge(
            part
            for number, ranges in self._ranges.items()
            for one in ranges
            for part in time_map.range_to_film(number, one)
        )


def _spoken(audio: AudioAnalysis | None) -> Iterable[SourceSpan]:
    return () if audio is None else (*audio.words, *audio.speech, *audio.fillers)
