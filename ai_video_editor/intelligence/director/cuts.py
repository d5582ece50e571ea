"""What is taken out: dead air, fillers, abandoned takes, and the ends nobody needs.

The recording is seen as islands (what is kept) in a sea (what may go). Every gap between two
islands is decided at once: what was said in it and not meant goes, and of its silence a breath
stays on both sides. So a filler between two pauses is one removal, and the gap that remains obeys
the same rule as a plain pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.audio import AudioAnalysis, Filler, Pause, Retake
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.intelligence.director.islands import Island, islands
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.styles import STYLES
from ai_video_editor.intelligence.director.takes import other_takes
from ai_video_editor.spans import SpanIndex
from ai_video_editor.timebase import FrameRate, SourceTime, TimeRange, exact

_AT_ONCE = Fraction(3, 10)
"""Sounds closer than this follow each other without a breath, seconds."""

_WORTH_A_TRIM = Fraction(3, 10)
"""Ends are only trimmed by more than this, seconds."""

_BESIDE = Fraction(4, 100)
_RINGING = Fraction(5, 100)
"""Silence between a cut's edge and the kept or removed sound beside it, seconds: the edges of words
are known to 10 ms at best, and a sound takes as long to fade."""

_UNHEARD = Fraction(1, 100)
"""Rest of a removed sound's start or end that nobody hears, seconds."""


@dataclass(frozen=True)
class Pace:
    """How tight the edit is.

    Attributes:
        longest: a longer pause is shortened, seconds.
        target: what stays of it, seconds.
        lowest: least that stays of a shortened pause, seconds.
        highest: most that stays of it, seconds.
        deliberate: most that stays of a deliberate pause, seconds.
        lead: kept before the first and after the last sound, seconds.
        filler_confidence: fillers less certain than this stay.
    """

    longest: Fraction
    target: Fraction
    lowest: Fraction
    highest: Fraction
    deliberate: Fraction
    lead: tuple[Fraction, Fraction]
    filler_confidence: float


def _pace(scale: Fraction, filler_confidence: float) -> Pace:
    return Pace(
        longest=Fraction(8, 10) * scale,
        target=Fraction(38, 100) * scale,
        lowest=Fraction(25, 100) * scale,
        highest=Fraction(50, 100) * scale,
        deliberate=Fraction(75, 100) * scale,
        lead=(Fraction(3, 10) * scale, Fraction(6, 10) * scale),
        filler_confidence=filler_confidence,
    )


PACES = {
    "gentle": _pace(Fraction(3, 2), 0.75),
    "normal": _pace(Fraction(1), 0.6),
    "tight": _pace(Fraction(3, 4), 0.5),
}
"""At normal a pause over 0.8 s becomes 0.25 to 0.5 s, a deliberate one at most 0.8 s; the others
scale that."""


@dataclass(frozen=True)
class _Gap:
    """The sea between two islands: silence, and what was said and not meant."""

    source: int
    start: Fraction
    end: Fraction
    fillers: tuple[Filler, ...]
    retakes: tuple[Retake, ...]
    pause: Pause | None
    topic: bool = False
    """Whether a new topic begins after it, in a kind of film that lets a thought sink in."""

    @property
    def content(self) -> tuple[Fraction, Fraction] | None:
        """First start and last end of what is to go, held inside the gap."""
        spans = [(s.start, s.end) for s in (*self.fillers, *self.retakes)]
        if not spans:
            return None
        first = min(max(min(s for s, _ in spans), self.start), self.end)
        last = max(min(max(e for _, e in spans), self.end), first)
        return first, last

    @property
    def silence(self) -> Fraction:
        """Seconds of it that hold neither a filler nor an abandoned take."""
        content = self.content
        return self.end - self.start - (content[1] - content[0] if content else 0)


def find_cuts(material: Material, pace: Pace) -> list[EditingDecision]:
    """Every removal the rules want, input by input, on the film's frame grid."""
    audio = material.audio
    if audio is None or audio.kind in {"music", "silent", "none"}:
        return []
    decisions: list[EditingDecision] = []
    for source, file in enumerate(material.files):
        kept = islands(material, source, pace.filler_confidence)
        if not kept:
            continue
        marks = _Marks.of(audio, source, pace)
        decisions.extend(_ends(audio, marks, source, kept, file.duration, pace, material.rate))
        topics = _topics(material, source)
        for before, after in pairwise(kept):
            gap = _gap(marks, source, before.end, after.start)
            gap = replace(gap, topic=any(gap.start - _AT_ONCE <= t <= gap.end for t in topics))
            decision = _decide(gap, audio, pace, material.rate)
            if decision is not None:
                decisions.append(decision)
    return decisions


def _topics(material: Material, source: int) -> list[Fraction]:
    """Where new topics begin whose pauses keep a longer breath."""
    if not STYLES[material.content_type].think_pauses:
        return []
    return [theme.start for theme in material.themes[1:] if theme.input == source]


@dataclass(frozen=True)
class _Marks:
    """What was found in one input, by time."""

    pauses: SpanIndex[Pause]
    fillers: SpanIndex[Filler]
    retakes: SpanIndex[Retake]

    @classmethod
    def of(cls, audio: AudioAnalysis, source: int, pace: Pace) -> _Marks:
        return cls(
            SpanIndex((p.start, p.end, p) for p in audio.pauses if p.input == source),
            SpanIndex(
                (f.start, f.end, f)
                for f in audio.fillers
                if f.input == source and f.confidence >= pace.filler_confidence
            ),
            SpanIndex((r.start, r.end, r) for r in audio.retakes if r.input == source),
        )


def _gap(marks: _Marks, source: int, start: Fraction, end: Fraction) -> _Gap:
    def inside(span_start: Fraction, span_end: Fraction) -> bool:
        return start <= (span_start + span_end) / 2 <= end

    pauses = [p for p in marks.pauses.touching(start, end) if p.start < end and start < p.end]
    return _Gap(
        source,
        start,
        end,
        tuple(
            f
            for f in marks.fillers.touching(start, end)
            if inside(f.start, f.end) and f.end - f.start <= end - start
        ),
        tuple(r for r in marks.retakes.touching(start, end) if inside(r.start, r.end)),
        max(pauses, key=lambda p: (p.deliberate, p.end - p.start), default=None),
    )


def _decide(gap: _Gap, audio: AudioAnalysis, pace: Pace, rate: FrameRate) -> EditingDecision | None:
    content = gap.content
    deliberate = _deliberate(gap, audio)
    limit = pace.deliberate if deliberate else pace.longest
    # A deliberate pause up to 0.8 s stays as it is.
    if content is None and gap.end - gap.start <= max(limit, pace.longest):
        return None
    if content is None and audio.kind == "mixed" and gap.pause is None:
        return None  # no words, but applause or music: that is not dead air
    if deliberate:
        stays = min(gap.silence, pace.deliberate)
    elif gap.silence > pace.longest:
        stays = pace.highest - rate.frame_duration if gap.topic else pace.target
    else:
        stays = min(gap.silence, pace.target)
    frames = _fit(gap, stays, rate, pace, deliberate=deliberate)
    if frames is None:
        return None
    start, end = (SourceTime(exact(rate.time_of(f))) for f in frames)
    kind, text, rationale, confidence = _reason(gap, end - start)
    return EditingDecision(
        decision_id="cut",
        decision_type="cut",
        input=gap.source,
        start=start,
        end=end,
        parameters={"kind": kind, "text": text, "gap": round(float(gap.end - gap.start), 3)},
        rationale=rationale,
        confidence=confidence,
        decided_by="rules",
        alternatives=other_takes(gap.source, gap.retakes, audio, (start, end), rate),
    )


def _deliberate(gap: _Gap, audio: AudioAnalysis) -> bool:
    """Whether the speaker meant the pause.

    One that ends in a filler was a search for words, whatever comes after it; but a question is
    given its time even where the answer begins with a hum.
    """
    if gap.pause is None or not gap.pause.deliberate or gap.retakes:
        return False
    if not any(filler.start >= gap.pause.end - _AT_ONCE for filler in gap.fillers):
        return True
    return any(
        sentence.question and abs(sentence.end - gap.start) <= _AT_ONCE
        for sentence in audio.sentences
        if sentence.input == gap.source
    )


def _fit(
    gap: _Gap, stays: Fraction, rate: FrameRate, pace: Pace, *, deliberate: bool
) -> tuple[int, int] | None:
    """Frames between which to cut, so that what stays of the gap is nearest to `stays`.

    The start lies at or after the last kept sound and before what is to go, the end after what
    is to go and at or before the next kept sound; where sounds touch, the grid decides and a
    fraction of a frame of the removed sound may remain.
    """
    content = gap.content
    earliest, latest = rate.frame_from(gap.start), rate.frame_at(gap.end)
    if latest <= earliest:
        return None
    if content is None:
        last_start, first_end = latest, earliest
    else:
        last_start = max(earliest, rate.frame_at(content[0] + _UNHEARD))
        first_end = min(latest, rate.frame_from(content[1] - _UNHEARD))
    # Slightly more breath after a word than before the next: endings ring, beginnings do not.
    after = min(stays * Fraction(55, 100), max(Fraction(0), rate.time_of(last_start) - gap.start))
    ideal = rate.nearest_frame(gap.start + after)
    best: tuple[Fraction, int, int] | None = None
    low, high = (
        (Fraction(0), pace.deliberate + Fraction(5, 100))
        if deliberate
        else (pace.lowest, pace.highest)
    )
    for start in range(max(earliest, ideal - 3), min(last_start, ideal + 3) + 1):
        wanted = rate.nearest_frame(gap.end - (stays - (rate.time_of(start) - gap.start)))
        for end in {max(first_end, min(latest, wanted + step)) for step in (-1, 0, 1, 2)}:
            if end <= start:
                continue
            edges = rate.time_of(start), rate.time_of(end)
            rest = edges[0] - gap.start + gap.end - edges[1]
            outside = (
                max(Fraction(0), low - rest, rest - high) if gap.silence >= low else Fraction(0)
            )
            cost = 10 * outside + abs(rest - stays) + Fraction(abs(start - ideal), 1000)
            cost += 20 * _loudness_at(gap, *edges)
            if best is None or cost < best[0]:
                best = (cost, start, end)
    return None if best is None else (best[1], best[2])


def _loudness_at(gap: _Gap, start: Fraction, end: Fraction) -> Fraction:
    """How far the silence that should lie beside a cut's edges is missing, seconds.

    Kept sounds weigh twice as much as the ringing of removed ones; where sounds touch, nothing can
    be done about it, and every choice is as bad as the next.
    """
    none = Fraction(0)
    kept = max(none, _BESIDE - (start - gap.start)) + max(none, _BESIDE - (gap.end - end))
    content = gap.content
    if content is None:
        return 2 * kept
    rings = max(none, _RINGING - (end - content[1])) + max(none, start - content[0])
    return 2 * kept + rings


def _reason(gap: _Gap, removed: Fraction) -> tuple[str, str, str, float]:
    seconds = f"{float(removed):.1f} s"
    if gap.retakes:
        retake = max(gap.retakes, key=lambda r: r.end - r.start)
        words = {
            "retake": "The sentence was begun again; the last complete take stays",
            "false_start": "A false start; the sentence that was finished stays",
            "repeat": "The words were repeated; once is enough",
        }[retake.kind]
        text = " ".join(r.text for r in gap.retakes)
        return (
            retake.kind,
            text,
            f'{words}: "{_short(retake.kept_text).rstrip(".")}".',
            min(r.confidence for r in gap.retakes),
        )
    if gap.fillers:
        text = ", ".join(f.text.strip(" ,.") for f in gap.fillers)
        many = "fillers" if len(gap.fillers) > 1 else "filler"
        pause = gap.silence > Fraction(8, 10)
        more = f" and the pause around {'them' if len(gap.fillers) > 1 else 'it'}" if pause else ""
        return (
            "filler",
            text,
            f'The {many} "{text}"{more} carry no meaning; {seconds} removed.'
            if more or len(gap.fillers) > 1
            else f'The filler "{text}" carries no meaning; {seconds} removed.',
            min(f.confidence for f in gap.fillers),
        )
    length = f"{float(gap.end - gap.start):.1f} s"
    if gap.pause is not None and gap.pause.deliberate:
        why = f" ({gap.pause.reason})" if gap.pause.reason else ""
        return (
            "pause",
            "",
            f"A deliberate pause of {length}{why} keeps its beat; {seconds} removed.",
            0.85,
        )
    if gap.topic:
        why = f"A pause of {length} before a new topic keeps a longer breath; {seconds} removed."
        return "pause", "", why, 0.9
    return "pause", "", f"A pause of {length} is dead air; {seconds} of its middle removed.", 0.95


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: text.rfind(" ", 0, limit)] + " …"


def _ends(
    audio: AudioAnalysis,
    marks: _Marks,
    source: int,
    kept: Sequence[Island],
    duration: Fraction,
    pace: Pace,
    rate: FrameRate,
) -> list[EditingDecision]:
    """What lies before the first and after the last sound that stays."""
    lead, tail = pace.lead
    start, end = Fraction(0), rate.time_of(rate.frame_at(duration))
    found: list[tuple[Fraction, Fraction, _Gap, str]] = []
    before = _gap(marks, source, start, kept[0].start)
    if before.content is not None:  # the lead must not bring back what was said there
        said, word = before.content[1], kept[0].start
        edge = min(said + _RINGING, word - _BESIDE)
        last = max(word - lead, edge if edge >= said else (said + word) / 2)
        found.append((start, last, before, ""))
    elif kept[0].start > lead + _WORTH_A_TRIM:
        found.append((start, kept[0].start - lead, before, "before the first word"))
    behind = _gap(marks, source, kept[-1].end, duration)
    if behind.content is not None:
        word, said = kept[-1].end, behind.content[0]
        edge = word + _BESIDE
        first = min(word + tail, max(said, edge) if edge <= said else (word + said) / 2)
        found.append((first, end, behind, ""))
    elif duration - kept[-1].end > tail + _WORTH_A_TRIM:
        found.append((kept[-1].end + tail, end, behind, "after the last word"))
    result = []
    for first, last, gap, where in found:
        span = TimeRange(
            SourceTime(exact(rate.time_of(rate.frame_from(first)))),
            SourceTime(exact(rate.time_of(rate.frame_at(last)))),
        )
        if span.end > span.start:
            result.append(_trim(gap, span, where, audio, rate))
    return result


def _trim(
    gap: _Gap, span: TimeRange[SourceTime], where: str, audio: AudioAnalysis, rate: FrameRate
) -> EditingDecision:
    """An end taken off: of dead air, or of what was said there and abandoned."""
    kind, text, confidence = "dead_air", "", 0.97
    rationale = f"{float(span.duration):.1f} s of nothing {where} removed."
    if gap.content is not None:
        kind, text, rationale, confidence = _reason(gap, span.duration)
    return EditingDecision(
        decision_id="trim",
        decision_type="trim",
        input=gap.source,
        start=span.start,
        end=span.end,
        parameters={"kind": kind, "text": text} if text else {"kind": kind},
        rationale=rationale,
        confidence=confidence,
        decided_by="rules",
        alternatives=other_takes(gap.source, gap.retakes, audio, (span.start, span.end), rate),
    )
