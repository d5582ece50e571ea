"""How burned captions look: a handful of styles as data, in shares of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_video_editor.look.palette import WHITE, Color
from ai_video_editor.look.typography import Role


@dataclass(frozen=True)
class CaptionStyle:
    """One look of burned captions.

    Attributes:
        role: which font.
        size: em box in shares of the picture's shorter side, landscape.
        portrait: the same for pictures higher than wide, which are seen on phones.
        color: of the text.
        outline: width of the dark outline, shares of the em.
        shadow: offset of the shadow, shares of the em.
        soft: how much outline and shadow are blurred, shares of the em.
        box: opacity of a dark box behind the text, 0 to 1; 0 for none.
        upper: whether all text stands in capitals.
        stressed_upper: whether stressed words do.
        stressed_scale: how much larger stressed words are.
        spoken: how the word being said stands out.
        lines: most lines at a time.
        words: most words at a time; 0 shows captions as they are.
        middle: whether it stands across the lower middle instead of at the bottom.
        pops: whether it springs up when it appears.
    """

    role: Role
    size: float
    portrait: float
    color: Color = WHITE
    outline: float = 0.0
    shadow: float = 0.0
    soft: float = 0.0
    box: float = 0.0
    upper: bool = False
    stressed_upper: bool = False
    stressed_scale: float = 1.0
    spoken: Literal["plain", "color", "pill"] = "plain"
    lines: int = 2
    words: int = 0
    middle: bool = False
    pops: bool = False


STYLES: dict[str, CaptionStyle] = {
    # Quiet and readable on anything; what a broadcaster would burn.
    "clean": CaptionStyle("caption", 0.056, 0.068, box=0.62, stressed_scale=1.06),
    # No box: for pictures that should stay whole.
    "film": CaptionStyle(
        "caption", 0.058, 0.070, Color(255, 244, 214), outline=0.05, shadow=0.03, soft=0.035
    ),
    # Large and loud; the words to remember in capitals and colour.
    "bold": CaptionStyle(
        "headline", 0.060, 0.074, outline=0.11, shadow=0.03, stressed_upper=True,
        stressed_scale=1.12,
    ),
    # Each word on a coloured ground while it is said.
    "karaoke": CaptionStyle(
        "headline", 0.054, 0.068, outline=0.09, shadow=0.02, spoken="pill", stressed_scale=1.0
    ),
    # One to three words at a time across the lower middle, for vertical film.
    "pop": CaptionStyle(
        "headline", 0.092, 0.100, outline=0.12, shadow=0.04, upper=True, spoken="color",
        lines=1, words=3, middle=True, pops=True,
    ),
}  # fmt: skip
"""By the name that `--burn-captions` takes."""
