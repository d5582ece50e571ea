"""Music told from speech, and the rhythm of a recording that music dominates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_video_editor.audio.sound import SILENCE, STEP, Mask, Row, Sound
from ai_video_editor.audio.speech import SpeechMap
from ai_video_editor.context.audio import Music
from ai_video_editor.timebase import exact

_SILENT_PEAK = -55.0
"""dBFS: a recording that never gets louder holds nothing one could publish."""

_LITTLE_VOICE = 0.15
"""Share of the sounding time with voice under which nobody speaks to speak of."""

_STEADY_SOUND = 0.6
_UNBROKEN = 0.95
"""Share of the time in which something sounds: in music most of it, in music under or around a
voice nearly all; speech alone rests for a quarter."""

_BEAT = 0.2
_STRONG_BEAT = 0.3
_FAINT_BEAT = 0.1
"""Height of the onset strength's autocorrelation at a beat's distance. Measured: speech, wind and
room 0.02-0.08, music under speech 0.12, rap over a piano 0.16, music alone 0.42."""

_PAD_VOICING = 0.7
_PAD_CHANGE = 3.0
"""Music without a beat holds its tones: as pitched as a voice, its colour moving less than 3 dB a
band in 40 ms."""

_UNDER = 12.0
"""dB under the voice at which music between the words is still as loud as a part of the film."""

_SLOWEST, _FASTEST = 50.0, 200.0
"""Beats a minute."""

_LISTEN = 120.0
"""Seconds from the start that are enough to find a beat in."""

_SOME_VOICE = 1.0
"""Seconds of voice that are worth a recogniser's time."""

_SECTION = 8.0
"""Seconds: the shortest section of a piece."""


@dataclass(frozen=True)
class Character:
    """What one recording is made of.

    Attributes:
        kind: speech, music, mixed, or silent.
        confidence: 0 to 1.
        noise: whether something sounds that is neither voice nor music.
    """

    kind: str
    confidence: float
    noise: bool = False


def characterise(sound: Sound, speech: SpeechMap) -> Character:
    """What dominates a recording."""
    if sound.peak_level < _SILENT_PEAK or not sound.level.size:
        return Character("silent", 1.0)
    loud = sound.level > max(_SILENT_PEAK - 5, sound.peak_level - 50)
    sounding = float(loud.mean())
    voiced = np.zeros(sound.level.size, bool)
    for start, end in speech.voice:
        voiced[start:end] = True
    voice = float((voiced & loud).sum() / max(1, loud.sum()))
    rest = ~voiced & loud
    between = float(np.median(sound.level[~voiced])) if (~voiced).any() else SILENCE
    pulse = pulse_clarity(sound.novelty[: round(_LISTEN / STEP)])
    if sounding >= _UNBROKEN and pulse >= _STRONG_BEAT:
        return Character("music", round(min(1.0, 0.5 + pulse), 3))
    tones = sounding >= _STEADY_SOUND and (pulse >= _BEAT or _holds_tones(sound, rest))
    if voice < _LITTLE_VOICE and tones:
        return Character("music", round(min(1.0, 0.5 + pulse), 3))
    if speech.seconds < _SOME_VOICE and voice < 2 * _LITTLE_VOICE:
        return Character("silent", 0.7, noise=True)
    if voice < _LITTLE_VOICE:
        return Character("speech", 0.5)
    under = speech.loud > SILENCE and between > speech.loud - _UNDER
    if sounding >= _UNBROKEN and pulse >= _FAINT_BEAT and (under or voice > 0.9):
        return Character("mixed", 0.6)
    return Character("speech", 0.9)


def _holds_tones(sound: Sound, rows: Mask) -> bool:
    if not rows.any():
        return False
    steady = float(np.median(sound.change[rows])) <= _PAD_CHANGE
    return steady and float(np.median(sound.voicing[rows])) >= _PAD_VOICING


def pulse_clarity(novelty: Row) -> float:
    """How clearly a beat returns: the onsets' highest autocorrelation at a beat's distance."""
    if novelty.size < round(4 / STEP):
        return 0.0
    correlation = _autocorrelation(novelty.astype(np.float64))
    if correlation[0] <= 0:
        return 0.0
    first, last = int(60 / _FASTEST / STEP), int(60 / _SLOWEST / STEP)
    return float(np.clip(correlation[first:last].max() / correlation[0], 0, 1))


def _autocorrelation(novelty: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred = novelty - novelty.mean()
    size = 1 << (2 * centred.size - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    correlation: npt.NDArray[np.float64] = np.fft.irfft(power, size)[: centred.size]
    return correlation


def find_rhythm(sound: Sound, source_input: int) -> Music | None:
    """Tempo, beats and sections; None where no beat can be found."""
    novelty = sound.novelty.astype(np.float64)
    if novelty.size < round(4 / STEP) or not novelty.any():
        return None
    period = _beat_period(novelty)
    beats = _beats(novelty, period)
    if len(beats) < 4:
        return None
    times = [_onset_near(sound.novelty, beat) * STEP for beat in beats]
    spacing = float(np.polyfit(np.arange(len(times)), times, 1)[0])
    return Music(
        tempo=round(60 / spacing, 2),
        beats=tuple(exact(round(time, 3)) for time in times),
        sections=tuple(exact(round(time, 3)) for time in _sections(sound, times)),
        confidence=round(min(1.0, 2 * pulse_clarity(sound.novelty[: round(_LISTEN / STEP)])), 3),
        input=source_input,
    )


def _beat_period(novelty: npt.NDArray[np.float64]) -> int:
    """Rows between beats: the strongest return of the onsets, favouring 120 beats a minute."""
    lags = np.arange(round(60 / _FASTEST / STEP), round(60 / _SLOWEST / STEP) + 1)
    strength = _autocorrelation(novelty)[lags]
    favour = np.exp(-0.5 * (np.log2(lags * STEP / 0.5) / 0.9) ** 2)
    return int(lags[np.argmax(strength * favour)])


def _beats(novelty: npt.NDArray[np.float64], period: int) -> list[int]:
    """Rows of the beats: the path of onsets that is strong and even.

    Ellis 2007, "Beat tracking by dynamic programming", J. New Music Research 36. librosa has the
    same tracker; compiling it takes half a minute at the first call, this a fraction of a second
    for a song.
    """
    tightness = 100.0
    width = max(2, period // 16)
    strength = np.convolve(
        novelty / max(1e-9, float(novelty.std())),
        np.exp(-0.5 * (np.arange(-3 * width, 3 * width + 1) / width) ** 2),
        "same",
    )
    steps = np.arange(-2 * period, -(period // 2) + 1)
    cost = -tightness * np.log(-steps / period) ** 2
    score = strength.copy()
    before = np.full(novelty.size, -1)
    for row in range(-steps[0], novelty.size):
        reachable = score[row + steps] + cost
        best = int(np.argmax(reachable))
        score[row] += reachable[best]
        before[row] = row + steps[best]
    last = int(np.argmax(score[-period:])) + max(0, novelty.size - period)
    path = []
    while last >= 0:
        path.append(last)
        last = int(before[last])
    beats = path[::-1]
    quiet = 0.5 * float(np.sqrt(np.mean(strength[beats] ** 2)))
    while beats and strength[beats[0]] < quiet:
        beats.pop(0)
    while beats and strength[beats[-1]] < quiet:
        beats.pop()
    return beats


def _onset_near(novelty: Row, beat: int, reach: int = 3) -> int:
    first = max(0, beat - reach)
    return first + int(np.argmax(novelty[first : beat + reach + 1]))


def _sections(sound: Sound, beats: list[float]) -> list[float]:
    """Times at which the sound's colour changes for good, on the nearest beat.

    Novelty along the diagonal of the self-similarity matrix, with a checkerboard (Foote 2000).
    """
    colour = _normalised(sound.bands)
    half = int(_SECTION / 0.5)
    if len(colour) < 3 * half:
        return []
    score = np.zeros(len(colour))
    taper = np.hanning(2 * half)
    kernel = np.outer(taper, taper) * np.kron(np.array([[1, -1], [-1, 1]]), np.ones((half, half)))
    for centre in range(half, len(colour) - half):
        part = colour[centre - half : centre + half]
        score[centre] = float((part @ part.T * kernel).sum())
    score /= max(1e-9, float(np.abs(kernel).sum()))
    threshold = float(score.mean() + score.std())
    found: list[float] = []
    for index in range(half, len(score) - half):
        window = score[max(0, index - half) : index + half + 1]
        if score[index] >= threshold and score[index] == window.max() and score[index] > 0.02:
            time = index * 0.5
            found.append(min(beats, key=lambda beat: abs(beat - time)))
    return sorted(set(found))


def _normalised(bands: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    centred = bands.astype(np.float64) - bands.mean(axis=0, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    colour: npt.NDArray[np.float64] = centred / np.maximum(lengths, 1e-9)
    return colour
