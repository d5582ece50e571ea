"""A graphic as pieces: where each piece rests, and how it comes in.

Scenes know nothing of who draws them: `animation` moves the pieces with movis, `still` lays them
where they come to rest. So the fallback shows the same picture, without motion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ai_video_editor.broll.way import Way
from ai_video_editor.errors import MediaError
from ai_video_editor.look.palette import Color, Palette
from ai_video_editor.look.spacing import HEADING, SOURCE, Frame
from ai_video_editor.look.typography import Role, fitted, font, shortened, text_width

Entrance = Literal["still", "fade", "rise", "grow_up", "grow_right", "grow_down", "sweep", "pop"]
"""How a piece comes in: at once, out of nothing, from a little below, uncovered from its foot, from
its left or upper edge, clockwise from noon, or growing to its size and a little beyond."""

CEL = 1 / 12
"""Seconds that one drawing of a figure stands: animation on twos, at 24 frames a second."""

OVERSAMPLING = 3
"""Shapes are drawn this many times larger and reduced, which smooths their edges."""


@dataclass(frozen=True)
class Sprite:
    """One piece.

    Attributes:
        image: RGBA.
        left: column of its left edge at rest, pixels.
        top: row of its upper edge at rest, pixels.
        entrance: how it comes in.
        begins: share of the animation at which it starts, 0 to 1.
        takes: share of the animation that its entrance takes.
        words: what is written on it; "" for a shape.
        way: how it moves while it comes in, instead of an entrance; () for a plain entrance.
        cels: drawings of the same size that take turns once it is in; `image` is the one that a
            still shows.
        order: which cel is shown, one number for each `CEL` of the time from the beginning.
    """

    image: Image.Image
    left: int
    top: int
    entrance: Entrance = "rise"
    begins: float = 0.0
    takes: float = 0.5
    words: str = ""
    way: Way = ()
    cels: tuple[Image.Image, ...] = ()
    order: tuple[int, ...] = ()

    def cel(self, time: float) -> int:
        """Which of its cels is shown at a time, seconds."""
        return self.order[min(int(time / CEL + 1e-6), len(self.order) - 1)]


@dataclass
class Scene:
    """A ground and the pieces on it, lowest first.

    Attributes:
        frame: size of the picture.
        palette: its colours.
        sprites: the pieces.
        seconds: how long the graphic stands.
        moments: when each of its items is said, seconds from its beginning; they come in then.
        paced: whether the animation lasts as long as the graphic, because its items wait to be
            said.
        lasts: seconds that the animation takes where it is not paced; None for a plain entrance.
    """

    frame: Frame
    palette: Palette
    sprites: list[Sprite] = field(default_factory=list)
    seconds: float = 6.0
    moments: tuple[float, ...] = ()
    paced: bool = False
    lasts: float | None = None

    def add(self, sprite: Sprite) -> None:
        """Lay a piece on top."""
        self.sprites.append(sprite)

    def text(
        self,
        words: str,
        role: Role,
        size: int,
        place: tuple[int, int],
        color: Color,
        *,
        anchor: str = "la",
        entrance: Entrance = "rise",
        begins: float = 0.0,
        takes: float = 0.5,
    ) -> None:
        """One line of text; `place` and `anchor` as Pillow means them."""
        face = font(role, size)
        left, top, right, bottom = (round(edge) for edge in face.getbbox(words, anchor=anchor))
        pad = 2
        # The colour fills the picture and alpha makes the letters, so that moving it by parts of
        # a pixel blends the letters with nothing darker than themselves.
        image = Image.new("RGBA", (right - left + 2 * pad, bottom - top + 2 * pad), color.alpha(0))
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).text(
            (pad - left, pad - top), words, font=face, fill=255, anchor=anchor
        )
        image.putalpha(mask)
        x, y = place[0] + left - pad, place[1] + top - pad
        self.add(Sprite(image, x, y, entrance, begins, takes, words))

    def block(
        self,
        words: str,
        role: Role,
        size: int,
        place: tuple[int, int],
        color: Color,
        *,
        width: int,
        lines: int,
        smallest: int,
        begins: float = 0.0,
        takes: float = 0.5,
        leading: float = 1.18,
    ) -> int:
        """Text of several lines from an upper left corner, made to fit; gives its lower edge."""
        face, broken = fitted(
            words, role, width=width, largest=size, smallest=smallest, lines=lines
        )
        step = round(face.size * leading)
        for index, line in enumerate(broken):
            self.text(
                line,
                role,
                round(face.size),
                (place[0], place[1] + index * step),
                color,
                begins=min(begins + 0.08 * index, 1.0 - takes),
                takes=takes,
            )
        return place[1] + len(broken) * step

    def rows(
        self,
        lines: Sequence[str],
        role: Role,
        size: int,
        place: tuple[int, int],
        color: Color,
        *,
        anchor: Literal["l", "m", "r"] = "l",
        leading: float = 1.18,
        begins: float = 0.0,
        takes: float = 0.5,
        entrance: Entrance = "rise",
    ) -> int:
        """Lines whose first capitals begin at a row exactly; gives the last baseline.

        Args:
            lines: what to set.
            role: which font.
            size: pixels.
            place: column of `anchor`, and the row where the first line's capitals begin.
            color: of the letters.
            anchor: what stands at the column: the lines' left edge, middle or right edge.
            leading: from one baseline to the next, in sizes.
            begins: share of the animation at which the first line starts.
            takes: share that each line takes.
            entrance: how each line comes in.
        """
        baseline = place[1] + capital(role, size)
        step = round(size * leading)
        for index, line in enumerate(lines):
            self.text(
                line,
                role,
                size,
                (place[0], baseline + index * step),
                color,
                anchor=f"{anchor}s",
                entrance=entrance,
                begins=min(begins + 0.06 * index, 1.0 - takes),
                takes=takes,
            )
        return baseline + step * max(0, len(lines) - 1)

    def heading(self, words: str) -> int:
        """The heading of a chart at the head of the picture; gives the first free row below it."""
        frame = self.frame
        if not words:
            return frame.top
        face, lines = fitted(
            words,
            "headline",
            width=frame.inner_width,
            largest=frame.units(HEADING),
            smallest=frame.units(5),
            lines=2,
        )
        size = round(face.size)
        below = self.rows(
            lines, "headline", size, (frame.left, frame.top), self.palette.ink, takes=0.35
        )
        return below + frame.units(7)

    def box(
        self,
        box: tuple[int, int, int, int],
        color: Color,
        *,
        radius: float = 0.0,
        opacity: float = 1.0,
        entrance: Entrance = "fade",
        begins: float = 0.0,
        takes: float = 0.5,
    ) -> None:
        """A filled rectangle (left, top, right, bottom), its corners rounded."""
        left, top, right, bottom = box
        width, height = max(1, right - left), max(1, bottom - top)
        image = Image.new("RGBA", (width, height), color.alpha(0))
        mask = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, mask.width - 1, mask.height - 1),
            radius * OVERSAMPLING,
            fill=round(255 * opacity),
        )
        image.putalpha(mask.resize((width, height), Image.Resampling.LANCZOS))
        self.add(Sprite(image, left, top, entrance, begins, takes))

    def logo(self, file: Path) -> None:
        """A brand's logo in the row of the source line, at the left, where nothing else stands.

        Raises:
            MediaError: the picture cannot be read.
        """
        frame = self.frame
        tall = frame.units(5.4)
        try:
            with Image.open(file) as picture:
                image = picture.convert("RGBA")
        except OSError as error:
            raise MediaError(f"The logo {file} cannot be read: {error}.") from error
        box = image.getchannel("A").getbbox()
        image = image.crop(box) if box else image
        share = min(tall / image.height, frame.inner_width * 0.3 / image.width)
        size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
        middle = frame.height - frame.units(5.2)
        if frame.portrait:
            middle = frame.above_captions + frame.units(3)
        self.add(
            Sprite(
                image.resize(size, Image.Resampling.LANCZOS),
                frame.left,
                middle - size[1] // 2,
                "fade",
                0.2,
                0.4,
            )
        )

    def source(self, line: str) -> None:
        """The small line at the foot that says where the numbers are from."""
        if not line:
            return
        size = self.frame.units(SOURCE)
        text = shortened(line, font("body", size), self.frame.inner_width)
        width = round(text_width(text, font("body", size)))
        foot = self.frame.height - self.frame.units(4.2)
        if self.frame.portrait:
            foot = self.frame.above_captions + self.frame.units(3.9)
        place = (self.frame.right - width, foot)
        self.text(
            text,
            "body",
            size,
            place,
            self.palette.quiet,
            anchor="ls",
            entrance="fade",
            begins=0.6,
            takes=0.4,
        )


def capital(role: Role, size: int) -> int:
    """Height of a capital letter, pixels."""
    return round(-font(role, size).getbbox("H", anchor="ls")[1])


def ground(frame: Frame, palette: Palette) -> Image.Image:
    """The picture behind every scene: dark, a soft light from the upper left; RGB."""
    small = (max(2, frame.width // 8), max(2, frame.height // 8))
    image = Image.new("RGB", small, tuple(palette.ground))
    glow = Image.new("L", small)
    draw = ImageDraw.Draw(glow)
    reach = max(small) * 0.46
    x, y = small[0] * 0.16, small[1] * 0.08
    draw.ellipse((x - reach, y - reach * 0.8, x + reach, y + reach * 0.8), fill=190)
    glow = glow.filter(ImageFilter.GaussianBlur(max(small) * 0.16))
    image.paste(Image.new("RGB", small, tuple(palette.glow)), (0, 0), glow)
    smooth = image.resize((frame.width, frame.height), Image.Resampling.BICUBIC)
    # A level of noise hides the steps that eight bits make of a slow gradient.
    noise = np.random.default_rng(0).integers(-1, 2, (frame.height, frame.width, 1))
    pixels = np.clip(np.asarray(smooth).astype(np.int16) + noise, 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))
