"""HDR light as SDR shows it: the film's own tone curve for single pictures."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

REFERENCE_WHITE = 203.0
"""cd/m² of a white page in HDR (ITU-R BT.2408); it becomes light 1 of the tone curve."""

PEAK = 1000.0 / REFERENCE_WHITE
"""Light that becomes SDR's white: what HLG shows at most (BT.2100), and most PQ is graded for."""

KNEE = 0.5
"""Light up to which the curve leaves everything as it is; the film is rendered with the same."""

_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)
"""BT.2020 to BT.709 light (ITU-R BT.2407, annex 2)."""

_STEPS = 4096
_ROWS = 128
"""Rows at a time: whole pictures of floats would not stay in the processor's cache."""

_DISPLAY_GAMMA = 1 / 2.4
"""ITU-R BT.1886, as the film's own conversion has it."""


def sdr(signal: NDArray[np.uint16], *, hlg: bool) -> NDArray[np.uint8]:
    """A picture in PQ or HLG as SDR.

    Args:
        signal: BT.2020 R'G'B', 0 to 65535, shape (height, width, 3).
        hlg: whether it is HLG and not PQ.
    """
    picture = np.empty(signal.shape, np.uint8)
    for row in range(0, signal.shape[0], _ROWS):
        part = slice(row, row + _ROWS)
        picture[part] = _shown(signal[part], hlg)
    return picture


def _shown(signal: NDArray[np.uint16], hlg: bool) -> NDArray[np.uint8]:
    light = _light_of(hlg)[signal]
    if hlg:
        # The display's own curve (BT.2100): gamma 1.2 of the luminance at 1000 cd/m².
        luma = light @ np.array([0.2627, 0.6780, 0.0593], np.float32)
        light *= (PEAK * np.maximum(luma, 1e-6) ** np.float32(0.2))[..., None]
    light = np.maximum(light @ _TO_709.T, 0)
    # By the largest of the three colours, so that hues stay; grey stays grey.
    largest = light.max(axis=2)
    light *= (_curve(largest) / np.maximum(largest, 1e-6))[..., None]
    index = np.clip(np.sqrt(light) * (_STEPS - 1) + 0.5, 0, _STEPS - 1).astype(np.uint16)
    codes: NDArray[np.uint8] = _display()[index]
    return codes


def _curve(light: Any) -> Any:
    """Mobius: straight up to the knee, then bent so that the peak comes out as 1."""
    square = KNEE * KNEE
    a = -square * (PEAK - 1) / (square - 2 * KNEE + PEAK)
    b = (square - 2 * KNEE * PEAK + PEAK) / (PEAK - 1)
    bent = (b * b + 2 * b * KNEE + square) / (b - a) * (light + a) / (light + b)
    return np.where(light <= KNEE, light, bent)


@lru_cache(maxsize=2)
def _light_of(hlg: bool) -> NDArray[np.float32]:
    """Light of each of 65536 codes: of PQ in reference whites, of HLG as a share of the scene's."""
    code = np.arange(65536) / 65535
    if hlg:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
        return scene.astype(np.float32)
    root = code ** (1 / 78.84375)
    y = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return (10000 / REFERENCE_WHITE * y ** (1 / 0.1593017578125)).astype(np.float32)


@lru_cache(maxsize=1)
def _display() -> NDArray[np.uint8]:
    """8-bit code of the square root of light, in `_STEPS` steps."""
    light = (np.arange(_STEPS) / (_STEPS - 1)) ** 2
    return np.round(255 * light**_DISPLAY_GAMMA).astype(np.uint8)
