"""A contact sheet: pictures of a film at even distances on one sheet, each with its time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from ai_video_editor.digests import hash_file
from ai_video_editor.files import whole_file
from ai_video_editor.look.palette import PALETTES
from ai_video_editor.look.spacing import Frame
from ai_video_editor.look.typography import font, text_width
from ai_video_editor.media.frames import frame_at
from ai_video_editor.media.probe import probe
from ai_video_editor.progress import Report, silent
from ai_video_editor.reporting.figures import clock
from ai_video_editor.timebase import source_time

_CELL_LONG = 480
"""Pixels of the longer side of one picture."""

_GAP = 12
_QUALITY = 88


def contact_sheet(
    film: Path, count: int, columns: int, target: Path, report: Report = silent
) -> Path:
    """Write a sheet of `count` pictures of a film, from left to right, then downwards.

    The pictures are taken from the middle of `count` equal parts, so that neither the black of the
    beginning nor that of the end is shown.

    Args:
        film: the film.
        count: how many pictures; at least 1.
        columns: how many stand side by side; at least 1.
        target: the sheet, JPEG or PNG by its ending.
        report: told the share done.

    Returns:
        `target`.

    Raises:
        InputError: the file is no film, or has no picture.
        MediaError: it cannot be decoded.
        ValueError: `count` or `columns` is below 1.
    """
    from PIL import Image, ImageDraw

    if count < 1 or columns < 1:
        raise ValueError(f"a sheet of {count} pictures in {columns} columns")
    file = probe(film, hash_file(film))
    palette = next(iter(PALETTES.values()))
    cells: list[Image.Image] = []
    for number in range(count):
        report(number / count, f"picture {number + 1} of {count}")
        time = file.duration * Fraction(2 * number + 1, 2 * count)
        picture = Image.fromarray(frame_at(file, film, source_time(time)), "RGB")
        scale = _CELL_LONG / max(picture.size)
        picture = picture.resize(
            (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
            Image.Resampling.LANCZOS,
        )
        frame = Frame(picture.width, picture.height)
        face = font("body", frame.units(6))
        draw = ImageDraw.Draw(picture, "RGBA")
        text = clock(time)
        pad = frame.units(2.2)
        box = (0, 0, round(text_width(text, face)) + 2 * pad, face.size + 2 * pad)
        draw.rectangle(box, fill=palette.ground.alpha(0.72))
        draw.text((pad, pad + face.size / 2), text, font=face, fill=palette.ink, anchor="lm")
        cells.append(picture)
    wide, high = max(c.width for c in cells), max(c.height for c in cells)
    across = min(columns, count)
    down = -(-count // across)
    size = (across * (wide + _GAP) + _GAP, down * (high + _GAP) + _GAP)
    sheet = Image.new("RGB", size, palette.ground)
    for number, cell in enumerate(cells):
        row, column = divmod(number, across)
        sheet.paste(cell, (_GAP + column * (wide + _GAP), _GAP + row * (high + _GAP)))
    with whole_file(target) as partial:
        sheet.save(partial, quality=_QUALITY)
    return target
