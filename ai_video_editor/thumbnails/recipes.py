"""Which design each thumbnail tries first: three strategies that look like three ideas.

*Emotional* is a person before a burst of light, or a frame that fills the picture. *Curiosity*
keeps something back: a curve that ends in a question mark, a ring about one spot. *Authority* is
laid out like a magazine: panels, columns, a ribbon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_video_editor.context.plan import Strategy
from ai_video_editor.thumbnails.designs import across, banner, bleed, framed, narrow
from ai_video_editor.thumbnails.drawing import Design
from ai_video_editor.thumbnails.emblems import Emblem
from ai_video_editor.thumbnails.figure import hero
from ai_video_editor.thumbnails.lettering import KeyStyle
from ai_video_editor.thumbnails.scenes import loupe, panel, ribbon, scenic

Variant = Literal["a", "b"]

DESIGNS: dict[str, Design] = {
    "hero": hero, "bleed": bleed, "framed": framed, "narrow": narrow, "banner": banner,
    "across": across, "scenic": scenic, "panel": panel, "loupe": loupe, "ribbon": ribbon,
}  # fmt: skip
"""Besides these there are `rising` and `columns`, which need numbers, and `type`, letters alone."""

ALWAYS_LAST = "type"
LONG_WORDS = "banner"
"""Tried after all others: its letters have the whole width, its picture has little room."""


EMBLEMS: dict[tuple[Strategy, Variant], tuple[Emblem, str]] = {
    ("emotional", "a"): ("waves", "rays"),
    ("emotional", "b"): ("sound", "embers"),
    ("curiosity", "a"): ("play", "bokeh"),
    ("curiosity", "b"): ("waves", "spotlight"),
    ("authority", "a"): ("sound", "horizon"),
    ("authority", "b"): ("play", "folds"),
}
"""Signs and grounds where there is no frame at all."""


@dataclass(frozen=True)
class Recipe:
    """Designs to try in order with their backgrounds, and how the key line is set."""

    designs: tuple[tuple[str, str], ...]
    style: KeyStyle


RECIPES: dict[tuple[Strategy, Variant], Recipe] = {
    ("emotional", "a"): Recipe(
        (("hero", "rays"), ("scenic", "frame"), ("bleed", "frame"), ("framed", "embers"),
         ("narrow", "embers"), ("banner", "frame"), ("type", "rays")), "plate",
    ),
    ("emotional", "b"): Recipe(
        (("bleed", "frame"), ("framed", "embers"), ("narrow", "dots"), ("banner", "frame"),
         ("panel", "embers"), ("type", "embers")), "colour",
    ),
    ("curiosity", "a"): Recipe(
        (("rising", "lattice"), ("loupe", "blurred"), ("hero", "split"), ("framed", "spotlight"),
         ("narrow", "spotlight"), ("banner", "frame"), ("type", "split")), "colour",
    ),
    ("curiosity", "b"): Recipe(
        (("hero", "split"), ("loupe", "blurred"), ("across", "frame"), ("scenic", "frame"),
         ("bleed", "frame"), ("framed", "spotlight"), ("narrow", "spotlight"), ("banner", "frame"),
         ("type", "bokeh")), "plate",
    ),
    ("authority", "a"): Recipe(
        (("panel", "lattice"), ("ribbon", "gradient"), ("hero", "horizon"), ("framed", "lattice"),
         ("narrow", "lattice"), ("banner", "frame"), ("type", "horizon")), "plate",
    ),
    ("authority", "b"): Recipe(
        (("columns", "horizon"), ("ribbon", "folds"), ("hero", "horizon"), ("framed", "folds"),
         ("narrow", "folds"), ("panel", "folds"), ("banner", "frame"), ("type", "folds")),
        "colour",
    ),
}  # fmt: skip
