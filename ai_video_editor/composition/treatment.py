"""Noise reduction and a voice EQ on the film's own sound, before music and loudness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ai_video_editor.composition.loudness import raw_input
from ai_video_editor.composition.samples import BLOCK, FRAME_BYTES, RAW, SAMPLE_RATE, from_bytes
from ai_video_editor.composition.sound import CutSound
from ai_video_editor.media.ffmpeg import file_url, run

Denoise = Literal["off", "light", "strong"]

REDUCTION: Mapping[Denoise, float] = {"off": 0.0, "light": 10.0, "strong": 20.0}
"""dB by which noise is made quieter at most. Beyond 20 a voice begins to sound under water."""

RUMBLE = "highpass=f=80:poles=2"
"""Below 80 Hz no voice has a fundamental: there are steps, wind and tables."""

_CLARITY = (
    "equalizer=f=250:t=q:w=1.0:g=-1.5",  # close microphones and small rooms boom here
    "equalizer=f=3500:t=q:w=0.8:g=2",  # consonants
)

_FLOOR = (-80.0, -20.0)
"""dBFS between which `afftdn` takes a noise floor."""

_OVER_FLOOR = 5.0
"""dB over the measured noise at which `afftdn` reaches all of its reduction (measured on white
noise; 10 dB more takes 0.1 dB off a voice). Its own tracking (`tn`) reached 3 dB of 20."""

_DELAY = SAMPLE_RATE // 40
"""Samples by which `afftdn` delays: half its window of 50 ms (measured with a click)."""

_QUIET = 10
"""Percentile of the levels that is the noise: people pause for more than a tenth of a talk."""

_FRAME = SAMPLE_RATE // 50
_DEAD = 1e-5


@dataclass(frozen=True)
class Treatment:
    """What is done to the film's own sound.

    Attributes:
        denoise: how much noise is taken out.
        voice_eq: whether rumble is cut and consonants are lifted a little.
    """

    denoise: Denoise = "off"
    voice_eq: bool = False

    @property
    def reduction(self) -> float:
        """How far noise may be quieter than it was recorded, dB."""
        return REDUCTION[self.denoise]

    def filters(self, floor: float) -> list[str]:
        """Filters of ffmpeg, in order.

        Args:
            floor: level of the noise, dBFS.
        """
        found = [RUMBLE] if self.voice_eq else []
        if self.denoise != "off":
            low, high = _FLOOR
            threshold = min(max(floor + _OVER_FLOOR, low), high)
            found += [
                f"apad=pad_len={_DELAY}",
                f"afftdn=nr={self.reduction}:nf={threshold:.1f}:gs=8",
                f"atrim=start_sample={_DELAY},asetpts=PTS-STARTPTS",
            ]
        return [*found, *_CLARITY] if self.voice_eq else found


def treated(sound: CutSound, treatment: Treatment, *, target: Path, timeout: float) -> CutSound:
    """The film's sound with less noise and a clearer voice; its length and sync stay.

    Raises:
        MediaError: the filters failed.
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    floor = noise_floor(sound.path) if sound.audible else None
    if floor is None:
        return sound
    filters = treatment.filters(floor)
    if not filters:
        return sound
    run(
        [
            *raw_input(sound.path), "-af",
            ",".join([*filters, "apad", f"atrim=end_sample={sound.samples}"]),
            "-c:a", "pcm_f32le", *RAW, file_url(target),
        ],
        timeout=timeout,
        what="the film's sound",
    )  # fmt: skip
    return CutSound(target, sound.samples, sound.audible, sound.notes)


def noise_floor(path: Path) -> float | None:
    """Level of the quietest tenth of a raw file's sound, dBFS; None where all is silent."""
    levels = []
    with path.open("rb") as source:
        while data := source.read(BLOCK * FRAME_BYTES):
            block = from_bytes(data)
            frames = len(block) // _FRAME
            if not frames:
                continue  # the film ends just after a block
            power = (block[: frames * _FRAME].reshape(frames, -1).astype(float) ** 2).mean(axis=1)
            levels.append(np.sqrt(power))
    together = np.concatenate([np.zeros(0), *levels])
    heard = together[together > _DEAD]
    return float(20 * np.log10(np.percentile(heard, _QUIET))) if heard.size else None
