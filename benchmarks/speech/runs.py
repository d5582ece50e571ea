"""The measurements: fresh sentences, planted talks, real clips, memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, SupportsFloat

import numpy as np

from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.audio.transcription.imported import ImportedTranscriber
from ai_video_editor.intelligence.director.cuts import PACES
from benchmarks.speech import direct, evaluator
from benchmarks.speech.evaluator import EventScore, Span, WordScore
from benchmarks.speech.memory import peak_of
from benchmarks.speech.ours import Result, hear
from benchmarks.speech.planted import fresh_set, planted_set
from benchmarks.speech.recordings import FRAME_SECONDS, Recording, Said, sounding
from benchmarks.speech.report import Figure, at_least, at_most, exactly

Say = Callable[[str], None]

_TOGETHER = 0.1
"""Seconds under which two fillers are one event (*and, um*)."""

_TAKES = 0.8
"""The same for abandoned takes: a sentence and the *sorry* behind it."""

_ONSET = 0.02
"""Seconds by which a removed sound reaches beyond its planned borders; words are 60 ms away."""

_BEAT = 0.5
"""Seconds of a deliberate pause that must stay."""

_MARGIN = 0.2
"""Seconds that the author of the silence demo leaves on either side of a cut."""

_WORTH = 0.2
"""Seconds: the shortest stretch that he removes is 0.27 s."""

_HIS = ((0.8333, 1.1), (13.1667, 13.6333), (17.4, 39.7333), (40.6667, 42.4))
"""What he removed from the silence demo, found by laying his result over the recording; all on
frames of 1/30 s."""

_HIS_RATE = 30


class Lasting(Protocol):
    """Anything with a start and an end, in seconds of whatever kind of number."""

    @property
    def start(self) -> SupportsFloat:
        """When it begins."""

    @property
    def end(self) -> SupportsFloat:
        """When it ends."""


def spans(items: Sequence[Lasting]) -> list[Span]:
    """Start and end of anything that has both."""
    return [(float(item.start), float(item.end)) for item in items]


# --- fresh sentences ---------------------------------------------------------------------------


def fresh(
    model: Path, transcriber: Transcriber, scratch: Path, quick: bool, say: Say
) -> Iterator[Figure]:
    """Words of ours against the best direct call, and their times."""
    recordings = list(fresh_set(quick))
    calls = direct.calls(model)
    files = [recording.write(scratch) for recording in recordings]
    calls["vad_filter"](files[0])
    hear(files[0], transcriber, scratch)
    ours: dict[str, WordScore] = {}
    theirs: dict[str, dict[str, WordScore]] = {}
    spent: dict[str, list[float]] = {"ours": [], "listening": [], "direct": []}
    for recording, file in zip(recordings, files, strict=True):
        say(f"fresh {recording.name}")
        kind = recording.name.partition("-")[0]
        result = hear(file, transcriber, scratch)
        spent["ours"].append(result.recognising)
        spent["listening"].append(result.listening)
        score = evaluator.score_words(recording.words, result.words)
        ours[kind] = ours.get(kind, WordScore()) + score
        for name, call in calls.items():
            begun = time.perf_counter()
            words = call(file)
            if name == direct.SAME:
                spent["direct"].append(time.perf_counter() - begun)
            by_kind = theirs.setdefault(name, {})
            by_kind[kind] = by_kind.get(kind, WordScore()) + _scored(recording, words)
    for kind, name in (("short", "under 26 s"), ("long", "of 60-120 s")):
        count = sum(r.name.startswith(kind) for r in recordings)
        best = min(theirs, key=lambda call: theirs[call][kind].wer)
        limit = theirs[best][kind].wer * 100 + 1
        others = "; ".join(f"{call} {theirs[call][kind].wer:.1%}" for call in theirs)
        yield at_most(
            f"WER, {count} fresh recordings {name}",
            ours[kind].wer * 100,
            limit,
            " %",
            f"{ours[kind].said} words; direct calls: {others}",
        )
    both = ours["short"] + ours["long"]
    yield at_most("word start error, median", both.start_median * 1000, 40, " ms")
    ratio = sum(spent["ours"]) / sum(spent["direct"])
    yield at_most(
        "time of recognition over the direct call's",
        ratio,
        1.1,
        "x",
        f"{sum(spent['ours']):.1f} s and {sum(spent['direct']):.1f} s with the same options, "
        f"{direct.WINDOW} s at once; extracting and the speech map took "
        f"{sum(spent['listening']):.1f} s more",
        digits=2,
    )


def _scored(recording: Recording, words: list[Said]) -> WordScore:
    return evaluator.score_words(recording.words, words)


# --- planted talks -----------------------------------------------------------------------------


def planted(transcriber: Transcriber, scratch: Path, quick: bool, say: Say) -> Iterator[Figure]:
    """Fillers, retakes, pauses, protected items and clean cuts in talks with known contents."""
    words, fillers, takes = WordScore(), EventScore(), EventScore()
    borders: list[float | None] = []
    clipped: list[str] = []
    counts = dict.fromkeys(("seconds", "fillers", "pauses", "retakes", "protected", "cuts"), 0.0)
    lost: list[str] = []
    for recording in planted_set(quick):
        say(f"planted {recording.name}")
        result = hear(recording.write(scratch), transcriber, scratch)
        heard = result.analysis
        words += _scored(recording, result.words)
        sure = [f for f in heard.fillers if f.confidence >= PACES["normal"].filler_confidence]
        fillers += evaluator.score_events(
            evaluator.merged(spans(recording.fillers), _TOGETHER),
            evaluator.merged(spans(sure), _TOGETHER),
        )
        takes += evaluator.score_overlaps(
            spans(recording.retakes), evaluator.merged(spans(heard.retakes), _TAKES)
        )
        borders += evaluator.border_errors(
            spans(recording.pauses),
            spans(heard.pauses),
            [pause.release for pause in recording.pauses],
        )
        clipped += [f"{recording.name} {at:.2f} s" for at in _clips(recording, result)]
        lost += _lost(recording, result)
        _count(counts, recording, result)
    found = sorted(error for error in borders if error is not None)
    within = sum(round(error, 4) <= 0.04 for error in found) / len(borders)
    made = (
        f"{counts['seconds'] / 60:.1f} min, {counts['fillers']:.0f} fillers, "
        f"{counts['pauses']:.0f} pauses, {counts['retakes']:.0f} retakes, "
        f"{counts['protected']:.0f} protected; noise at -60 and -46 dBFS"
    )
    yield Figure("WER, planted talks", f"{words.wer:.1%}", note=made)
    yield at_least("filler event F1", fillers.f1, 0.93, note=_told(fillers))
    yield at_least("retake F1", takes.f1, 0.9, note=_told(takes))
    yield at_most(
        "pause borders, 95th percentile of the error",
        float(np.percentile(found, 95)) * 1000,
        40,
        " ms",
        f"median {np.median(found) * 1000:.0f} ms; {within:.1%} of {len(borders)} within 40 ms; "
        f"{sum(e is None for e in borders) // 2} pauses not found",
    )
    yield exactly(
        "words clipped",
        len(clipped),
        0,
        "; ".join([f"{counts['cuts']:.0f} cuts, sound within 30 ms outside one counts", *clipped]),
    )
    yield exactly("protected items lost", len(lost), 0, "; ".join(lost))


def _told(score: EventScore) -> str:
    return f"{score.hits} found, {score.missed} missed, {score.extra} more than planted"


def _clips(recording: Recording, result: Result) -> list[float]:
    return evaluator.clipped(
        result.kept,
        sounding(recording),
        FRAME_SECONDS,
        recording.seconds,
        [
            (start - _ONSET, end + _ONSET)
            for start, end in (*spans(recording.fillers), *spans(recording.retakes))
        ],
    )


def _lost(recording: Recording, result: Result) -> list[str]:
    lost = [
        f"{recording.name}: {item.text}"
        for item in (*recording.numbers, *recording.disclaimers)
        if not evaluator.kept_whole((item.start, item.end), result.kept)
    ]
    for pause in recording.deliberate:
        stays = evaluator.kept_share((pause.start, pause.end), result.kept)
        if stays < min(_BEAT, pause.end - pause.start) - 0.02:
            lost.append(f"{recording.name}: pause after a question at {pause.start:.1f} s")
    return lost


def _count(counts: dict[str, float], recording: Recording, result: Result) -> None:
    counts["seconds"] += recording.seconds
    counts["fillers"] += len(recording.fillers)
    counts["pauses"] += len(recording.pauses)
    counts["retakes"] += len(recording.retakes)
    counts["protected"] += len((*recording.numbers, *recording.disclaimers, *recording.deliberate))
    counts["cuts"] += max(0, len(result.kept) - 1)


# --- real clips --------------------------------------------------------------------------------


def clips(media: Path, transcriber: Transcriber, scratch: Path, say: Say) -> Iterator[Figure]:
    """Recordings of real people with known truth, where a folder with them is given."""
    say("real clips")
    truth = media / "truth"
    yield from _marked_fillers(media, truth, transcriber, scratch)
    path = media / "phone_two_voices_30s.wav"
    heard = hear(path, None, scratch)
    error = evaluator.score_map(
        evaluator.read_rttm(truth / "phone_two_voices_30s.rttm"),
        spans(heard.analysis.speech),
        float(heard.analysis.extracted[0].duration),
    )
    yield at_most(
        "speech map error, telephone, two voices",
        error.share * 100,
        8,
        " %",
        f"missed {error.missed:.2f} s, false {error.false:.2f} s of {error.speech:.1f} s",
    )
    yield _author_cut(media, scratch)
    loop = hear(media / "music_loop_30s.mp3", transcriber, scratch)
    cuts = max(0, len(loop.kept) - 1)
    yield exactly("music alone: words and cuts", len(loop.analysis.words) + cuts, 0)


def _marked_fillers(
    media: Path, truth: Path, transcriber: Transcriber, scratch: Path
) -> Iterator[Figure]:
    marked = [(2.54, 2.92), (10.6, 11.24)]
    path = media / "fillers_black_13s.mp4"
    for name, engine in (
        ("the authors' own transcript", ImportedTranscriber(truth / "fillers_black_13s.vtt")),
        ("the test model, to which the voice is strange", transcriber),
    ):
        found = spans(hear(path, engine, scratch).analysis.fillers)
        hits = evaluator.score_events(marked, found, collar=0.3).hits
        target = len(marked) if engine is not transcriber else None
        yield Figure(
            f"marked fillers found with {name}",
            f"{hits} of {len(marked)}",
            f"{target}" if target else "",
            hits == target if target else None,
        )


def _on_frame(seconds: float) -> float:
    return round(seconds * _HIS_RATE) / _HIS_RATE


def _author_cut(media: Path, scratch: Path) -> Figure:
    result = hear(media / "silence_demo_42s.mp4", None, scratch)
    length = float(result.analysis.extracted[0].duration)
    voice = evaluator.merged(spans(result.analysis.speech))
    edges = [0.0, *(edge for span in voice for edge in span), length]
    ours = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        begin = start + (_MARGIN if start > 0 else 0.0)
        stop = end - (_MARGIN if end < length else 0.0)
        if stop - begin >= _WORTH:
            ours.append((_on_frame(begin), _on_frame(stop)))
    worst = max(
        (
            max(abs(mine[0] - his[0]), abs(mine[1] - his[1]))
            for his in _HIS
            for mine in [min(ours, key=lambda m: abs(m[0] - his[0]) + abs(m[1] - his[1]))]
        ),
        default=float("inf"),
    )
    return at_most(
        "removed spans against the author's, worst border",
        worst * 1000,
        100,
        " ms",
        f"{len(_HIS)} of his, {len(ours)} of ours, margin {_MARGIN} s",
    )


# --- memory ------------------------------------------------------------------------------------


def memory(scratch: Path, quick: bool, say: Say) -> Iterator[Figure]:
    """Peak memory of a long recording over that of a short one."""
    short, long = (120, 600) if quick else (600, 7200)
    say(f"memory of {short} s")
    less = peak_of(short, scratch)
    say(f"memory of {long} s")
    more = peak_of(long, scratch)
    yield at_most(
        f"peak memory, {long // 60} min over {short // 60} min",
        more / less,
        1.3,
        "x",
        f"{more:.0f} MB and {less:.0f} MB; all but Whisper's decoding, with a script of the words",
        digits=2,
    )
