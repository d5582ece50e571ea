"""A brand kit: somebody's own colours, fonts, logo and lower third, worn by all that is drawn.

    name = "Harbour Lessons"

    [colors]
    ground = "#0d1b2a"
    accent = "#ffb703"

    [fonts]
    headline = "fonts/Harbour-Bold.ttf"    # a file beside this one, or a family: "Manrope"

    [logo]
    file = "logo.png"

    [lower_third]
    style = "plate"                         # plate, bar or line

Everything may be left out. Colours that could not be read are mended, with a note.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from PIL import Image

from ai_video_editor.errors import InputError
from ai_video_editor.look.font_families import family_file, is_font
from ai_video_editor.look.palette import BLACK, WHITE, Color, Palette, contrast, palettes_by
from ai_video_editor.look.typography import Role, set_in

StrapStyle = Literal["plate", "bar", "line"]
"""A lower third: a dark plate with an edge, a plate in the accent, or a line under the words."""

_LARGEST = 1 << 20
"""Bytes of a brand file; a kit is a page of text."""

_LARGEST_LOGO = 16_000_000
"""Pixels of a logo."""

_LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

_LEAST: Mapping[str, float] = {
    "ink": 7.0, "quiet": 4.5, "accent": 4.5, "second": 3.0, "alarm": 3.0,
}  # fmt: skip
"""Contrast with the ground: text WCAG 2.2 AA (4.5) and AAA (7), graphics 3."""


@dataclass(frozen=True)
class Brand:
    """What a kit says.

    Attributes:
        name: whose it is.
        colors: names of `Palette`'s colours to those of the kit, mended where need be.
        fonts: role to font file.
        logo: picture file, or None.
        strap: how lower thirds look.
        notes: what was mended, for people.
    """

    name: str = ""
    colors: Mapping[str, Color] = field(default_factory=dict)
    fonts: Mapping[Role, Path] = field(default_factory=dict)
    logo: Path | None = None
    strap: StrapStyle = "plate"
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the kit names, in a fixed order."""
        named = [self.fonts[role] for role in sorted(self.fonts)]
        return (*named, *([self.logo] if self.logo else ()))

    def palette(self, plain: Palette) -> Palette:
        """A palette in the kit's colours; what it does not name follows from what it does."""
        given = self.colors
        if not given:
            return plain
        ground = given.get("ground", plain.ground)
        accent = given.get("accent", plain.accent)
        ink = given.get("ink") or max(
            (plain.ink, Color(16, 18, 22)), key=lambda color: contrast(color, ground)
        )
        made = replace(
            plain,
            ground=ground,
            ink=ink,
            accent=accent,
            second=given.get("second", plain.second),
            alarm=given.get("alarm", plain.alarm),
        )
        if "ground" in given or "ink" in given:
            made = replace(
                made,
                glow=ground.mix(ink, 0.11),
                surface=ground.mix(ink, 0.06),
                line=ground.mix(ink, 0.2),
                quiet=ink.mix(ground, 0.3),
            )
        made = replace(made, **{name: color for name, color in given.items() if name != "ink"})
        return replace(
            made,
            **{name: readable(getattr(made, name), made.ground, least)
               for name, least in _LEAST.items()},
        )  # fmt: skip


def readable(color: Color, ground: Color, least: float) -> Color:
    """The colour, moved towards white or black until it has a contrast with a ground."""
    end = max((WHITE, BLACK), key=lambda one: contrast(one, ground))
    share = 0.0
    mended = color
    while contrast(mended, ground) < least and share < 1.0:
        share = min(1.0, share + 0.02)
        mended = color.mix(end, share)
    return mended


def load_brand(path: Path) -> Brand:
    """Read and check a kit.

    Raises:
        InputError: the file or one that it names cannot be used; file, line, fact and fix.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path} is larger than a brand kit can be; give --brand a TOML file.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The brand kit {path} cannot be read ({_why(error)}); give --brand a TOML file."
        ) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The brand kit {path} is no TOML: {error}; mend that line.") from error
    return _Kit(path, text).brand(data)


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no file" if isinstance(error, OSError) else "not UTF-8"


def _picture(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(path, formats=_LOGO_FORMATS)


class _Kit:
    """A kit's text, so that every complaint names its line."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def brand(self, data: dict[str, Any]) -> Brand:
        self._known(data, "", ("name", "colors", "fonts", "logo", "lower_third"))
        name = data.get("name", "")
        if not isinstance(name, str):
            raise self._wrong("", "name", f"{name!r} is no text", 'write name = "My channel"')
        colors, notes = self._colors(self._table(data, "colors"))
        lower_third = self._table(data, "lower_third")
        self._known(lower_third, "lower_third", ("style",))
        style = lower_third.get("style", "plate")
        if style not in get_args(StrapStyle):
            raise self._wrong(
                "lower_third", "style", f"there is no style {style!r}", "take plate, bar or line"
            )
        return Brand(
            name=" ".join(name.split())[:80],
            colors=colors,
            fonts=self._fonts(self._table(data, "fonts")),
            logo=self._logo(self._table(data, "logo")),
            strap=style,
            notes=notes,
        )

    def _table(self, data: dict[str, Any], name: str) -> dict[str, Any]:
        table = data.get(name, {})
        if not isinstance(table, dict):
            raise self._wrong("", name, f"{name} is no table", f"write [{name}] and its lines")
        return table

    def _known(self, table: dict[str, Any], group: str, names: tuple[str, ...]) -> None:
        for key in table:
            if key not in names:
                raise self._wrong(
                    group, key, f"there is no {key!r}", f"take one of {', '.join(names)}"
                )

    def _colors(self, table: dict[str, Any]) -> tuple[dict[str, Color], tuple[str, ...]]:
        names = tuple(color.name for color in fields(Palette))
        self._known(table, "colors", names)
        colors = {}
        for key, value in table.items():
            if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
                raise self._wrong("colors", key, f"{value!r} is no colour", 'write "#rrggbb"')
            colors[key] = Color.parse(value)
        ground = colors.get("ground")
        notes = []
        for key, least in _LEAST.items():
            if key not in colors or ground is None:
                continue
            mended = readable(colors[key], ground, least)
            if mended != colors[key]:
                notes.append(
                    f"{self._path.name} line {self._line('colors', key)}: {key} "
                    f"{colors[key].hex} has a contrast of {contrast(colors[key], ground):.1f} on "
                    f"the ground {ground.hex}, under {least:g}; {mended.hex} is used in its place."
                )
                colors[key] = mended
        return colors, tuple(notes)

    def _fonts(self, table: dict[str, Any]) -> dict[Role, Path]:
        roles = get_args(Role)
        self._known(table, "fonts", roles)
        found: dict[Role, Path] = {}
        for role in roles:
            if role not in table:
                continue
            given = table[role]
            if not isinstance(given, str) or not given.strip():
                raise self._wrong("fonts", role, f"{given!r} is no font", "name a file or a family")
            found[role] = self._font(role, given.strip())
        return found

    def _font(self, role: Role, given: str) -> Path:
        path = self._path.parent / given
        if Path(given).suffix.lower() in (".ttf", ".otf", ".ttc"):
            if not path.is_file():
                raise self._wrong("fonts", role, f"there is no file {path}", "give its place")
            if not is_font(path):
                raise self._wrong("fonts", role, f"{path} is no font", "give a .ttf or .otf file")
            return path.resolve()
        known = family_file(given, role)
        if known is None:
            raise self._wrong(
                "fonts", role, f"no font of the family {given!r} is installed",
                "install it, or name a .ttf or .otf file",
            )  # fmt: skip
        return known

    def _logo(self, table: dict[str, Any]) -> Path | None:
        self._known(table, "logo", ("file",))
        if not table:
            return None
        given = table.get("file")
        path = self._path.parent / str(given)
        try:
            with _picture(path) as picture:
                width, height = picture.size
                if width * height > _LARGEST_LOGO:
                    raise self._wrong(
                        "logo", "file", f"{path} has {width}x{height} pixels",
                        "give one of at most 4000x4000",
                    )  # fmt: skip
                picture.load()
        except (OSError, ValueError, *_BOMBS) as error:
            raise self._wrong(
                "logo", "file", f"{path} is no picture that can be read",
                "give a PNG, JPEG or WebP file",
            ) from error  # fmt: skip
        return path.resolve()

    def _wrong(self, group: str, key: str, fact: str, fix: str) -> InputError:
        line = self._line(group, key)
        return InputError(f"{self._path}, line {line}: {fact}; {fix}.")

    def _line(self, group: str, key: str) -> int:
        """The line on which a key is set, counted from 1."""
        inside = ""
        for number, line in enumerate(self._lines, 1):
            table = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
            if table:
                inside = table[1]
                if not group and inside == key:
                    return number
            name = re.escape(key)
            if inside == group and re.match(rf"\s*[\"']?{name}[\"']?\s*=", line):
                return number
        return next((n for n, line in enumerate(self._lines, 1) if f"[{group}]" in line), 1)


_worn: ContextVar[Brand] = ContextVar("_worn")
_PLAIN = Brand()


@contextmanager
def worn(brand: Brand | None) -> Iterator[None]:
    """Draw in a brand's colours and letters within the block, in this thread; None: in ours."""
    if brand is None:
        yield
        return
    with ExitStack() as stack:
        token = _worn.set(brand)
        stack.callback(_worn.reset, token)
        stack.enter_context(palettes_by(brand.palette))
        stack.enter_context(set_in(brand.fonts))
        yield


def worn_brand() -> Brand:
    """The brand that is worn; a plain one where there is none."""
    return _worn.get(_PLAIN)
