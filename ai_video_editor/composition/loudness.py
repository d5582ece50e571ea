"""Loudness: measured, one gain, a true-peak limiter, and measured again as it will be delivered."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.composition.encoder import AUDIO_ENCODING
from ai_video_editor.composition.samples import RAW
from ai_video_editor.composition.sound import CutSound
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, measure, run
from ai_video_editor.progress import Report, silent

TRUE_PEAK = -1.0
"""Highest true peak of the delivered file, dBTP (peers and platforms agree)."""

_HEADROOM = 0.5
"""What AAC may add to a peak, dB; checked on the coded sound, lowered where it is not enough."""

_SAFE = 3.0
"""dB below the limit at which the coded sound needs no trial: AAC at 256 kbit/s adds less."""

_SILENCE = -69.0
"""`ebur128` says -70 LUFS where its gate let nothing through."""

_CLOSE = 0.3
"""LU; nearer to the target than this is not worth another round."""

_ROUNDS = 3

_SUMMARY = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+|nan|-inf) LUFS")
_PEAK = re.compile(r"True peak:\s+Peak:\s+(-?[\d.]+|nan|-?inf) dBFS")


@dataclass(frozen=True)
class Loudness:
    """What `ebur128` measured (EBU R128, ITU-R BS.1770-4).

    Attributes:
        integrated: LUFS; None for silence or less than 400 ms.
        true_peak: dBTP; None for digital silence.
    """

    integrated: float | None
    true_peak: float | None


@dataclass(frozen=True)
class Mastered:
    """The film's sound as it is to be encoded.

    Attributes:
        path: raw samples like `CutSound.path`.
        samples: how many.
        gain: dB that was applied.
        target: LUFS that the delivered file should measure; None for silence.
        notes: what a user should know.
    """

    path: Path
    samples: int
    gain: float
    target: float | None
    notes: tuple[str, ...] = ()


def measured(arguments: list[str], *, timeout: float, filters: str = "anull") -> Loudness:
    """Loudness and true peak of what the arguments open.

    Args:
        arguments: opens one input; its first sound track is measured.
        timeout: seconds.
        filters: what it goes through first, such as a mix to two channels.

    Raises:
        MediaError: it cannot be decoded.
        ProcessingTimeoutError: it took too long.
    """
    text = measure(
        [*arguments, "-map", "0:a:0", "-af", f"{filters},ebur128=peak=true:framelog=verbose"],
        timeout=timeout,
    )
    integrated, peak = _last(_SUMMARY, text), _last(_PEAK, text)
    if integrated is None:
        raise MediaError("ffmpeg measured no loudness; this build may lack the ebur128 filter.")
    quiet = integrated <= _SILENCE
    return Loudness(None if quiet else integrated, None if peak in (None, -120.0) else peak)


def _last(pattern: re.Pattern[str], text: str) -> float | None:
    found = pattern.findall(text)
    if not found:
        return None
    value = found[-1]
    return -120.0 if value in ("nan", "-inf") else float(value)


def raw_input(path: Path) -> list[str]:
    """Arguments that open a raw file of ours."""
    return ["-protocol_whitelist", PROTOCOLS, *RAW, "-i", file_url(path)]


def wanted_gain(loudness: float, *, target: float, max_gain: float, speech: bool) -> float:
    """Gain toward the target, dB: up only where there is speech, and never above `max_gain`."""
    gain = target - loudness
    return min(gain, max_gain) if speech else min(gain, 0.0)


def mastered(
    sound: CutSound,
    *,
    target: float,
    max_gain: float,
    speech: bool,
    scratch: Path,
    timeout: float,
    report: Report = silent,
) -> Mastered:
    """Bring the film's sound to its loudness without letting a peak through.

    Args:
        sound: the cut sound.
        target: LUFS.
        max_gain: most that it is made louder, dB.
        speech: whether there is speech in it; without, it is not made louder.
        scratch: folder for files.
        timeout: seconds.
        report: told what is being done.

    Raises:
        MediaError: the filters failed.
        ProcessingTimeoutError: it took too long.
    """
    end = time.monotonic() + timeout
    report(0.0, "measuring the loudness")
    before = measured(raw_input(sound.path), timeout=timeout)
    if before.integrated is None:
        return Mastered(sound.path, sound.samples, 0.0, None)
    gain = wanted_gain(before.integrated, target=target, max_gain=max_gain, speech=speech)
    aim = before.integrated + gain
    if before.true_peak is None or before.true_peak + gain <= TRUE_PEAK - _SAFE:
        return _plain(sound, scratch, gain, aim, timeout)
    result = scratch / "mastered.f32"
    coded = scratch / "mastered.m4a"
    ceiling = TRUE_PEAK - _HEADROOM
    push = gain
    after = before
    for number in range(_ROUNDS):
        report(number / _ROUNDS, "setting the loudness")
        left = max(1.0, end - time.monotonic())
        limit = (before.true_peak or 0.0) + push > ceiling
        _render(sound, result, push, ceiling if limit else None, left)
        run(
            [*raw_input(result), *AUDIO_ENCODING, "-f", "mp4", file_url(coded)],
            timeout=left,
            what="the film's sound",
        )
        after = measured(
            ["-protocol_whitelist", PROTOCOLS, "-f", "mov", "-i", file_url(coded)], timeout=left
        )
        short = aim - (after.integrated if after.integrated is not None else aim)
        over = (after.true_peak or -120.0) - TRUE_PEAK
        if over <= 0 and abs(short) <= _CLOSE:
            break
        if over > 0:
            ceiling -= over + 0.1
        if limit and short > _CLOSE and push < max_gain and speech:
            push = min(push + short, max_gain)
    coded.unlink(missing_ok=True)
    return _outcome(sound, result, gain, aim, after)


def _plain(sound: CutSound, scratch: Path, gain: float, aim: float, timeout: float) -> Mastered:
    if gain == 0.0:
        return Mastered(sound.path, sound.samples, 0.0, round(aim, 1))
    result = scratch / "mastered.f32"
    _render(sound, result, gain, None, timeout)
    return Mastered(result, sound.samples, round(gain, 2), round(aim, 1))


def _outcome(sound: CutSound, result: Path, gain: float, aim: float, after: Loudness) -> Mastered:
    notes: tuple[str, ...] = ()
    reached = aim if after.integrated is None else after.integrated
    if abs(reached - aim) > 2 * _CLOSE:
        notes = (
            f"The sound reaches {reached:.1f} LUFS instead of {aim:.1f}: its peaks leave no room.",
        )
        aim = reached
    return Mastered(result, sound.samples, round(gain, 2), round(aim, 1), notes)


def _render(
    sound: CutSound, target: Path, gain: float, ceiling: float | None, timeout: float
) -> None:
    filters = [f"volume={gain:.3f}dB:precision=float"]
    if ceiling is not None:
        filters += [
            # Between the samples a peak is higher than at them: the limiter looks at four times.
            "aresample=192000",
            f"alimiter=limit={10 ** (ceiling / 20):.6f}:attack=5:release=50"
            ":level=disabled:latency=1",
            "aresample=48000",
        ]
    filters += ["apad", f"atrim=end_sample={sound.samples}"]
    run(
        [*raw_input(sound.path), "-af", ",".join(filters), "-c:a", "pcm_f32le", *RAW,
         file_url(target)],
        timeout=timeout,
        what="the film's sound",
    )  # fmt: skip
