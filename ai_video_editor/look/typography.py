"""Type: three roles, two open families, and text that is made to fit.

Headlines and numbers stand in Manrope, captions in Source Sans Pro (Latin, Greek, Cyrillic). Both
come as packages under the SIL Open Font License, so the same letters are drawn on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from PIL import ImageFont

from ai_video_editor.errors import UnavailableError

Role = Literal["headline", "body", "caption"]

_FILES: dict[Role, tuple[str, str]] = {
    "headline": ("font_manrope", "Manrope-ExtraBold.ttf"),
    "body": ("font_manrope", "Manrope-SemiBold.ttf"),
    "caption": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}

FAMILIES: dict[Role, str] = {
    "headline": "Manrope ExtraBold",
    "body": "Manrope SemiBold",
    "caption": "Source Sans Pro Semibold",
}
"""Names by which libass and Qt know the fonts once their files are loaded."""

ELLIPSIS = "…"


_chosen: ContextVar[Mapping[Role, Path]] = ContextVar("_chosen")
_OURS: Mapping[Role, Path] = MappingProxyType({})


@contextmanager
def set_in(files: Mapping[Role, Path]) -> Iterator[None]:
    """Within the block and this thread, set roles in other font files."""
    token = _chosen.set(files)
    try:
        yield
    finally:
        _chosen.reset(token)


def font_path(role: Role) -> Path:
    """Font file of a role: the brand's where one is worn and has it, else ours.

    Raises:
        UnavailableError: the font's package is not installed whole.
    """
    return _chosen.get(_OURS).get(role) or _packaged(role)


def family(role: Role) -> str:
    """Name by which libass and Qt know the font of a role once its file is loaded."""
    chosen = _chosen.get(_OURS).get(role)
    if chosen is None:
        return FAMILIES[role]
    name, style = ImageFont.truetype(str(chosen), 12).getname()
    plain = not style or style.casefold() in ("regular", "book", "normal")
    return (name or "") if plain else f"{name} {style}"


@lru_cache(maxsize=8)
def _packaged(role: Role) -> Path:
    package, name = _FILES[role]
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "files" / name
        if path.is_file():
            return path
    raise UnavailableError(
        f"The font {name} is missing: install the package {package.replace('_', '-')} again."
    )


def font(role: Role, size: int) -> ImageFont.FreeTypeFont:
    """Font of a role at a size in pixels (height of the em box), at least 1.

    Raises:
        UnavailableError: the font's package is not installed whole.
    """
    return _face(font_path(role), max(1, size))


@lru_cache(maxsize=256)
def _face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def text_width(text: str, face: ImageFont.FreeTypeFont) -> float:
    """Advance width of one line, pixels."""
    return face.getlength(text)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Lines no wider than `width` pixels, broken between words; a longer word is broken inside."""
    lines: list[str] = []
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(candidate, face) <= width:
            lines[-1] = candidate
            continue
        while text_width(word, face) > width and len(word) > 1:
            cut = len(word) - 1
            while cut > 1 and text_width(word[:cut], face) > width:
                cut -= 1
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines


def shortened(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """One line no wider than `width` pixels, ended with an ellipsis where it was cut."""
    if text_width(text, face) <= width:
        return text
    kept = text
    while kept and text_width(kept.rstrip() + ELLIPSIS, face) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def balanced(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The lines of `wrap`, evened out: as many, but no single word left over in the last one."""
    lines = wrap(text, face, width)
    if len(lines) < 2 or any(text_width(word, face) > width for word in text.split()):
        return lines
    narrow, wide = width * 0.5, width
    for _ in range(7):
        middle = (narrow + wide) / 2
        fits = all(text_width(word, face) <= middle for word in text.split())
        if fits and len(wrap(text, face, middle)) == len(lines):
            wide = middle
        else:
            narrow = middle
    return wrap(text, face, wide)


def fitted(
    text: str, role: Role, *, width: float, largest: int, smallest: int, lines: int = 1
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size at which a text fits, with its lines.

    Args:
        text: what to set.
        role: which font.
        width: pixels a line may take.
        largest: size to begin with, pixels.
        smallest: size below which the text is shortened with an ellipsis instead.
        lines: how many lines it may take.
    """
    size = largest
    while size > smallest:
        face = font(role, size)
        broken = wrap(text, face, width)
        whole_words = all(text_width(word, face) <= width for word in text.split())
        if len(broken) <= lines and whole_words:
            return face, balanced(text, face, width) if role == "headline" else broken
        size = max(smallest, min(size - 1, round(size * 0.94)))
    face = font(role, smallest)
    broken = wrap(text, face, width)
    if len(broken) > lines:
        broken = [
            *broken[: lines - 1],
            shortened(" ".join(broken[lines - 1 :]), face, width),
        ]
    return face, broken
