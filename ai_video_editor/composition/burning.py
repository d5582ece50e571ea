"""Captions burned into the picture: an ASS document that libass draws, and the filter for it.

Everything is placed by measured widths, line by line, so that nothing leaves the safe area and the
word that is being said can have a ground of its own. What was said is foreign text: nothing in it
is read as a command.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from ai_video_editor.composition.ass_text import (
    color_code,
    escaped,
    event,
    option_value,
    plain,
    rounded,
)
from ai_video_editor.composition.caption_screens import (
    Line,
    Room,
    Screen,
    Token,
    block_screens,
    said_times,
    timed_lines,
    word_screens,
)
from ai_video_editor.composition.caption_styles import STYLES as STYLES
from ai_video_editor.composition.caption_styles import CaptionStyle
from ai_video_editor.composition.captions import FilmWord
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.context.outputs import Caption
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import InputError
from ai_video_editor.look.palette import BLACK, Palette, palette_for
from ai_video_editor.look.spacing import Frame
from ai_video_editor.look.typography import Role, family, font, font_path
from ai_video_editor.timebase import FilmTime, FrameRate, TimeRange

_LINE_BOX: dict[Role, float] = {"headline": 1.366, "body": 1.366, "caption": 1.257}
"""libass's font size is the height of the line, not the em: usWinAscent + usWinDescent of the
font's OS/2 table in ems."""

_SMALLEST = 13
"""Pixels of the em below which letters cannot be told apart."""

_LINE_STEP = 1.24
"""Distance of lines, ems."""

_SIDE = {False: Fraction(7, 100), True: Fraction(11, 100)}
"""Free at the left and right, share of the width: title-safe is 5 % (EBU R 95); on a phone the
right edge belongs to the buttons of the player."""

_MIDDLE = {False: Fraction(74, 100), True: Fraction(64, 100)}
"""Where the middle of a few words stands, share of the height: below the chin."""

_FINE = 1000
"""Pixels of the em at which text is measured."""


@dataclass(frozen=True)
class _Look:
    """A style on one picture, in pixels."""

    style: CaptionStyle
    canvas: Canvas
    palette: Palette
    em: float

    @property
    def portrait(self) -> bool:
        return self.canvas.height > self.canvas.width

    @property
    def size(self) -> float:
        return self.em * _LINE_BOX[self.style.role]

    @property
    def bottom(self) -> float:
        return float(Frame(self.canvas.width, self.canvas.height).bottom)

    @property
    def room(self) -> Room:
        margin = float(self.canvas.width * _SIDE[self.portrait])
        edge = self.em * (0.5 if self.style.box or self.style.spoken == "pill" else 0.2)
        width = max(self.em, self.canvas.width - 2 * margin - 2 * edge)
        return Room(width, self.style.lines, self.width(" "), lambda t: self.token_width(t))

    def shown(self, token: Token) -> str:
        upper = self.style.upper or (token.stressed and self.style.stressed_upper)
        return plain(token.text).upper() if upper else plain(token.text)

    def scale(self, token: Token) -> float:
        return self.style.stressed_scale if token.stressed else 1.0

    def token_width(self, token: Token) -> float:
        return self.width(self.shown(token)) * self.scale(token)

    def width(self, text: str) -> float:
        return _ems(text, self.style.role) * self.em

    def centers(self, lines: int) -> list[float]:
        """Middle of each line, pixels from the top."""
        step = self.em * _LINE_STEP
        if self.style.middle:
            middle = float(self.canvas.height * _MIDDLE[self.portrait])
        else:
            middle = self.bottom - self.em * (0.3 if self.style.box else 0.1) - lines * step / 2
        return [middle + (n - (lines - 1) / 2) * step for n in range(lines)]


def caption_style(name: str) -> CaptionStyle:
    """A style by its name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in STYLES:
        raise InputError(f"There is no caption style {name!r}: take {', '.join(STYLES)}.")
    return STYLES[name]


def emphasis_of(plan: AIDirectorPlan) -> tuple[TimeRange[FilmTime], ...]:
    """Where in the film the plan's stressed words are heard."""
    time_map = plan.time_map()
    return tuple(
        span
        for decision in plan.decisions
        if decision.decision_type == "caption_emphasis" and not decision.reverted
        for span in time_map.range_to_film(decision.input, decision.range)
    )


def ass_document(
    captions: Sequence[Caption],
    words_on_film: Sequence[FilmWord],
    style: CaptionStyle,
    canvas: Canvas,
    rate: FrameRate,
    emphasis: Sequence[TimeRange[FilmTime]] = (),
    palette: Palette | None = None,
) -> str:
    """The captions as an Advanced SubStation document of the picture's size.

    Args:
        captions: the blocks, in film order.
        words_on_film: when each word is heard (`captions.words_on_film`); words that are missing
            are taken to be said evenly over their caption.
        style: one of `STYLES`.
        canvas: the film's picture.
        rate: the film's frame rate; events begin and end half a frame before a frame.
        emphasis: ranges of the film whose words are stressed.
        palette: where accents are from; the general one when None.
    """
    shorter = min(canvas.width, canvas.height)
    share = style.portrait if canvas.height > canvas.width else style.size
    look = _Look(style, canvas, palette or palette_for(None), max(_SMALLEST, shorter * share))
    lines = timed_lines(captions, words_on_film, emphasis, rate)
    if style.words:
        end = max((rate.nearest_frame(c.end) for c in captions), default=0)
        screens = word_screens(lines, look.room, style.words, rate, end)
    else:
        screens = block_screens(captions, lines, look.room, rate)
    events = [event for screen in screens for event in _events(screen, look, rate)]
    return "\n".join([*_head(look), *events, ""])


def burn_filter(ass_path: Path, fonts_dir: Path) -> str:
    """The filter that draws a document on the film, for a filter graph in a file or an argument.

    Frames must carry their film time. Paths may hold any character that a file name can.
    """
    document, fonts = (option_value(str(path.absolute())) for path in (ass_path, fonts_dir))
    return f"ass=filename={document}:fontsdir={fonts}"


def lay_out_fonts(folder: Path) -> Path:
    """Copy the fonts of all styles into a folder that holds nothing else, for `burn_filter`.

    Raises:
        UnavailableError: a font's package is not installed whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for role in sorted({style.role for style in STYLES.values()}):
        source = font_path(role)
        if not (folder / source.name).is_file():
            shutil.copyfile(source, folder / source.name)
    return folder


def _ems(text: str, role: Role) -> float:
    return _measured(text, role, font_path(role))


@lru_cache(maxsize=4096)
def _measured(text: str, role: Role, _file: Path) -> float:
    wide = [c for c in text if unicodedata.east_asian_width(c) in "WF"]
    narrow = "".join(c for c in text if unicodedata.east_asian_width(c) not in "WF")
    # Wide letters come from another font, whose em is taken for them.
    return font(role, _FINE).getlength(narrow) / _FINE + 1.05 * len(wide)


def _head(look: _Look) -> list[str]:
    style = look.style
    fields = [
        "Caption", family(style.role), f"{look.size:.2f}", color_code(style.color),
        color_code(style.color), color_code(BLACK), color_code(BLACK, 0.55),
        "0", "0", "0", "0", "100", "100", "0", "0", "1",
        f"{style.outline * look.em:.2f}", f"{style.shadow * look.em:.2f}", "5", "0", "0", "0", "1",
    ]  # fmt: skip
    return [
        "[Script Info]",
        "ScriptType: v4.00+",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        f"PlayResX: {look.canvas.width}",
        f"PlayResY: {look.canvas.height}",
        f"LayoutResX: {look.canvas.width}",
        f"LayoutResY: {look.canvas.height}",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
        "BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
        f"Style: {','.join(fields)}",
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]


def _events(screen: Screen, look: _Look, rate: FrameRate) -> Iterable[str]:
    style = look.style
    centers = look.centers(len(screen.lines))
    if style.box:
        yield event(0, screen.start, screen.end, rate, _box(screen, centers, look))
    states = [(screen.start, screen.end, None)] if style.spoken == "plain" else None
    first = 0
    for line, center in zip(screen.lines, centers, strict=True):
        here = states or said_times(screen, rate)
        for start, end, current in _merged(here, first, len(line)):
            if style.spoken == "pill" and current is not None and _left_to_right(line):
                yield event(1, start, end, rate, _pill(line, current, center, look))
            text = _line(line, center, current, look, springs=style.pops and start == screen.start)
            yield event(2, start, end, rate, text)
        first += len(line)


def _merged(
    states: Iterable[tuple[int, int, int | None]], first: int, count: int
) -> list[tuple[int, int, int | None]]:
    """States as one line sees them: its own token, or none."""
    merged: list[tuple[int, int, int | None]] = []
    for start, end, index in states:
        own = index - first if index is not None and first <= index < first + count else None
        if merged and merged[-1][2] == own:
            merged[-1] = (merged[-1][0], end, own)
        else:
            merged.append((start, end, own))
    return merged


def _line(line: Line, center: float, current: int | None, look: _Look, *, springs: bool) -> str:
    style = look.style
    blur = f"\\blur{style.soft * look.em:.2f}" if style.soft else ""
    spring = "\\fscx82\\fscy82\\t(0,110,0.6,\\fscx100\\fscy100)" if springs else ""
    head = f"{{\\an5\\pos({look.canvas.width / 2:.1f},{center:.1f}){blur}{spring}}}"
    return head + " ".join(_word(token, n == current, look) for n, token in enumerate(line))


def _word(token: Token, current: bool, look: _Look) -> str:
    style, text = look.style, escaped(look.shown(token))
    before, after = "", ""
    color = style.color
    if token.stressed:
        color = look.palette.accent if style.spoken == "plain" else look.palette.second
    if current:
        pill = style.spoken == "pill"
        color = look.palette.on(look.palette.accent) if pill else look.palette.accent
        if pill:
            before, after = (
                "\\bord0\\shad0",
                (f"\\bord{style.outline * look.em:.2f}\\shad{style.shadow * look.em:.2f}"),
            )
    if color != style.color:
        before += f"\\c{color_code(color, None)}"
        after += f"\\c{color_code(style.color, None)}"
    if look.scale(token) != 1.0:
        percent = round(look.scale(token) * 100)
        before += f"\\fscx{percent}\\fscy{percent}"
        after += "\\fscx100\\fscy100"
    return f"{{{before}}}{text}{{{after}}}" if before else text


def _box(screen: Screen, centers: Sequence[float], look: _Look) -> str:
    width = max(look.room.width_of(line) for line in screen.lines)
    half = look.em * _LINE_STEP / 2
    pad = look.em * 0.5
    middle = look.canvas.width / 2
    return rounded(
        (middle - width / 2 - pad, centers[0] - half - look.em * 0.1),
        (middle + width / 2 + pad, centers[-1] + half + look.em * 0.1),
        look.em * 0.3, look.palette.ground, look.style.box,
    )  # fmt: skip


def _pill(line: Line, current: int, center: float, look: _Look) -> str:
    room = look.room
    left = look.canvas.width / 2 - room.width_of(line) / 2
    left += sum(room.measure(token) + room.space for token in line[:current])
    pad = min(room.space * 0.62, look.em * 0.2)
    half = look.em * 0.56
    # The letters' optical middle lies a little below the middle of the line box.
    middle = center + look.em * 0.02
    return rounded(
        (left - pad, middle - half), (left + room.measure(line[current]) + pad, middle + half),
        look.em * 0.2, look.palette.accent, 1.0,
    )  # fmt: skip


def _left_to_right(line: Line) -> bool:
    return not any(unicodedata.bidirectional(c) in ("R", "AL") for t in line for c in t.text)
