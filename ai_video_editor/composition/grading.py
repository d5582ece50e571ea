"""The look of the recordings' pictures: less grain, and a subtle grade; graphics stay as drawn.

A grade is a curve for each colour that begins at black and ends at white, so that neither is lost
or tinted, and a little saturation. Subtle means: a middle grey moves by six levels at most, a face
stays the face it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ai_video_editor.composition.conform import TAGS

Grade = Literal["off", "natural", "punchy", "warm"]

Grain = Literal["off", "light", "strong"]


def _mean(nearness: float) -> str:
    """A mean over time of pixels that differ by no more than a share of white."""
    planes = (f"{plane}a={nearness}:{plane}b={2 * nearness}" for plane in range(3))
    return f"atadenoise={':'.join(planes)}:s=9"


_TO_RGB = "scale=in_color_matrix=bt709:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int"
_TO_FILM = (
    "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p"
)

_CURVES: Mapping[Grade, str] = {
    "natural": "master='0/0 0.25/0.238 0.5/0.503 0.75/0.765 1/1'",
    "punchy": "master='0/0 0.25/0.215 0.5/0.505 0.75/0.79 1/1'",
    "warm": "master='0/0 0.25/0.242 0.75/0.76 1/1':red='0/0 0.5/0.515 1/1'"
    ":blue='0/0 0.5/0.485 1/1'",
}
"""Contrast about the middle; warm also moves light from blue to red, most in the middle."""

_SATURATION: Mapping[Grade, float] = {"natural": 1.04, "punchy": 1.08, "warm": 1.03}

_GRAIN: Mapping[Grain, tuple[str, ...]] = {
    "light": (_mean(0.06),),
    "strong": (_mean(0.1), "hqdn3d=4:3:0:0"),
}
"""The mean of a pixel over nine frames, as far as they hardly differ; strong also smooths inside
the picture. Measured on a moving speaker with noise added: of a standard deviation of 3, light
leaves 1.5; of 6, strong leaves 2.1."""


@dataclass(frozen=True)
class Look:
    """What is done to every frame of the recordings.

    Attributes:
        grade: its light and colours.
        grain: how much of the camera's noise is taken out.
    """

    grade: Grade = "off"
    grain: Grain = "off"

    @property
    def changes(self) -> bool:
        """Whether it does anything."""
        return self.grade != "off" or self.grain != "off"

    @property
    def of_source(self) -> list[str]:
        """Filters for every frame of a recording, before any is left out: neighbours count."""
        return list(_GRAIN[self.grain]) if self.grain != "off" else []

    @property
    def of_film(self) -> list[str]:
        """Filters for frames of the film: yuv420p, BT.709, limited range."""
        if self.grade == "off":
            return []
        return [
            _TO_RGB,
            "format=gbrp",
            f"curves={_CURVES[self.grade]}",
            _TO_FILM,
            # `eq` would turn a neutral chroma of 128 into 127 (measured).
            f"hue=s={_SATURATION[self.grade]}",
            TAGS,
        ]
