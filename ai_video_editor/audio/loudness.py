"""Integrated loudness of the analysis sound.

ITU-R BS.1770-4: two filters weigh the sound as ears do, blocks of 400 ms overlap by 75 %, blocks
under -70 LUFS and then those 10 LU under the mean are left out. The filters' analogue constants
are those of libebur128, which match the 48 kHz coefficients printed in the standard.
"""

from __future__ import annotations

from math import pi, tan

import numpy as np
import numpy.typing as npt

from ai_video_editor.audio.sound import RATE, Samples

_HOP = RATE // 10
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691


class LoudnessMeter:
    """Measures mono samples at 16 kHz, block after block."""

    def __init__(self) -> None:
        """Begin with silence."""
        self._filters = _weighting()
        self._states = [np.zeros(2) for _ in self._filters]
        self._pending: npt.NDArray[np.float64] = np.zeros(0)
        self._hops: list[npt.NDArray[np.float64]] = []

    def feed(self, block: Samples) -> None:
        """Hear the next block."""
        from scipy.signal import lfilter

        weighted: npt.NDArray[np.float64] = block.astype(np.float64)
        for index, (above, below) in enumerate(self._filters):
            weighted, self._states[index] = lfilter(above, below, weighted, zi=self._states[index])
        joined = np.concatenate((self._pending, weighted))
        whole = joined.size // _HOP
        if whole:
            powers = np.mean(joined[: whole * _HOP].reshape(whole, _HOP) ** 2, axis=1)
            self._hops.append(powers)
        self._pending = joined[whole * _HOP :]

    def integrated(self) -> float | None:
        """Loudness in LUFS; None where nothing is louder than the gate (or under 0.4 s)."""
        hops = np.concatenate(self._hops) if self._hops else np.zeros(0)
        if hops.size < 4:
            return None
        blocks = np.convolve(hops, np.full(4, 0.25), "valid")
        loud = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
        if not loud.size:
            return None
        gate = float(_lufs(np.asarray([loud.mean()]))[0]) + _RELATIVE_GATE
        kept = loud[_lufs(loud) > gate]
        return round(float(_lufs(np.asarray([kept.mean()]))[0]), 2)


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    level: npt.NDArray[np.float64] = _OFFSET + 10 * np.log10(np.maximum(power, 1e-15))
    return level


def _weighting() -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    shelf = tan(pi * 1681.974450955533 / RATE)
    gain, quality = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    bent = gain**0.4996667741545416
    scale = 1 + shelf / quality + shelf**2
    head = (
        np.array(
            [
                gain + bent * shelf / quality + shelf**2,
                2 * (shelf**2 - gain),
                gain - bent * shelf / quality + shelf**2,
            ]
        )
        / scale,
        np.array([1, 2 * (shelf**2 - 1) / scale, (1 - shelf / quality + shelf**2) / scale]),
    )
    low, quality = tan(pi * 38.13547087602444 / RATE), 0.5003270373238773
    scale = 1 + low / quality + low**2
    rumble = (
        np.array([1.0, -2.0, 1.0]),
        np.array([1, 2 * (low**2 - 1) / scale, (1 - low / quality + low**2) / scale]),
    )
    return [head, rumble]
