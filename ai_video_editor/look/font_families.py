"""Fonts by the name of their family: ours, and those installed on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from ai_video_editor.look.typography import Role

_OURS = ("font_manrope", "font_source_sans_pro")

_MOST = 4000
"""Font files that are looked at; a machine with more has them in other places too."""

_WEIGHTS: dict[Role, tuple[str, ...]] = {
    "headline": ("extrabold", "bold", "black", "semibold", "medium", "regular"),
    "body": ("semibold", "medium", "regular", "book", "bold"),
    "caption": ("semibold", "bold", "medium", "regular"),
}
"""Styles of a family, the best for a role first."""


def is_font(path: Path) -> bool:
    """Whether a file is a font that can be drawn with."""
    try:
        return ImageFont.truetype(str(path), 24).getlength("Ag") > 0
    except OSError:
        return False


def family_file(family: str, role: Role) -> Path | None:
    """The file of a family that suits a role; None where the family is not installed."""
    wanted = family.casefold()
    styles = {style: path for name, style, path in _installed() if name == wanted}
    for weight in _WEIGHTS[role]:
        if weight in styles:
            return styles[weight]
    return next(iter(styles.values()), None)


@lru_cache(maxsize=1)
def _installed() -> tuple[tuple[str, str, Path], ...]:
    """Family, style (without spaces) and file of every font, upright ones only."""
    found = []
    for count, path in enumerate(_files()):
        if count >= _MOST:
            break
        try:
            family, style = ImageFont.truetype(str(path), 12).getname()
        except OSError:
            continue
        slanted = style and any(word in style.casefold() for word in ("italic", "oblique"))
        if family and not slanted:
            found.append(
                (family.casefold(), (style or "regular").casefold().replace(" ", ""), path)
            )
    return tuple(found)


def _files() -> Iterator[Path]:
    for package in _OURS:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(folder, "files").glob("*.ttf"))
    home = Path.home()
    for place in (
        home / ".fonts",
        home / ".local/share/fonts",
        home / "Library/Fonts",
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/Library/Fonts"),
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
    ):
        if place.is_dir():
            yield from sorted(p for p in place.rglob("*") if p.suffix.lower() in (".ttf", ".otf"))
