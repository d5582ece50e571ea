"""Contact sheets to look at: every shot with its faces, and the best moments with their scores.

    python -m benchmarks.vision.sheets FOLDER FILM [FILM ...]

Writes FILM-shots.png and FILM-highlights.png into the folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.video import Face, FaceSample, Shot, VideoAnalysis, VisualHighlight
from ai_video_editor.media.frames import frame_at
from ai_video_editor.media.probe import probe
from ai_video_editor.timebase import SourceTime, source_time
from benchmarks.vision.runs import looked

WIDTH = 400
"""Pixels of a picture on the sheet."""
COLUMNS = 4
LINE = 20
"""Pixels of a line of text."""
MOST = 24
"""Shots on a sheet; longer films show their first."""

Picture = NDArray[np.uint8]


def main(arguments: list[str] | None = None) -> int:
    """Write both sheets of every film."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vision.sheets")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("films", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    for film in options.films:
        file = probe(film, "0" * 64)
        analysis, highlights = looked(film)
        for name, sheet in (
            ("shots", shots(file, film, analysis)),
            ("highlights", best(file, film, highlights)),
        ):
            target = options.folder / f"{film.stem}-{name}.png"
            cv2.imwrite(str(target), sheet)
            print(target)
    return 0


def shots(file: VideoFile, path: Path, analysis: VideoAnalysis) -> Picture:
    """The middle of every shot, with the faces that were seen nearest to it."""
    cells = []
    for shot in analysis.shots[:MOST]:
        middle = source_time((shot.start + shot.end) / 2)
        seen = _nearest(analysis.faces, shot, middle)
        time = seen.time if seen else middle
        text = (
            f"{float(shot.start):.2f}-{float(shot.end):.2f} {shot.kind} {shot.confidence:.2f}",
            f"begins by {shot.transition}",
        )
        cells.append(_cell(frame_at(file, path, time), seen.faces if seen else (), text))
    return _sheet(cells)


def best(file: VideoFile, path: Path, highlights: Sequence[VisualHighlight]) -> Picture:
    """The highlights in order of their scores."""
    return _sheet(
        [
            _cell(
                frame_at(file, path, one.time),
                one.faces,
                (f"{number}. {one.kind} {one.score:.2f} at {float(one.time):.2f}", one.reason),
            )
            for number, one in enumerate(highlights, 1)
        ]
    )


def _nearest(samples: Sequence[FaceSample], shot: Shot, time: SourceTime) -> FaceSample | None:
    inside = [sample for sample in samples if shot.start <= sample.time < shot.end]
    return min(inside, key=lambda sample: abs(sample.time - time), default=None)


def _cell(image: Picture, faces: Sequence[Face], text: Sequence[str]) -> Picture:
    height, width = image.shape[:2]
    rows = round(height * WIDTH / width)
    picture = np.ascontiguousarray(cv2.resize(image[:, :, ::-1], (WIDTH, rows)))
    for number, face in enumerate(faces):
        left, top = int(face.box.x * WIDTH), int(face.box.y * rows)
        right = left + int(face.box.width * WIDTH)
        bottom = top + int(face.box.height * rows)
        colour = (80, 220, 80) if number == 0 else (80, 200, 255)
        cv2.rectangle(picture, (left, top), (right, bottom), colour, 2)
        eyes = "" if face.eyes_open is None else f" e{face.eyes_open:.1f}"
        smile = "" if face.smile is None else f" s{face.smile:.1f}"
        mark = f"{face.confidence:.2f}{eyes}{smile}"
        cv2.putText(picture, mark, (left, max(12, top - 4)), 0, 0.42, colour, 1, cv2.LINE_AA)
    cell = np.full((rows + LINE * len(text) + 8, WIDTH + 8, 3), 24, np.uint8)
    cell[:rows, 4 : WIDTH + 4] = picture
    for number, line in enumerate(text):
        place = (8, rows + LINE * (number + 1) - 5)
        cv2.putText(cell, line[:62], place, 0, 0.42, (230, 230, 230), 1, cv2.LINE_AA)
    return cell


def _sheet(cells: Sequence[Picture]) -> Picture:
    if not cells:
        return np.full((LINE * 2, WIDTH, 3), 24, np.uint8)
    height = max(cell.shape[0] for cell in cells)
    lines = []
    for first in range(0, len(cells), COLUMNS):
        line = np.full((height, COLUMNS * (WIDTH + 8), 3), 24, np.uint8)
        for number, cell in enumerate(cells[first : first + COLUMNS]):
            line[: cell.shape[0], number * (WIDTH + 8) : (number + 1) * (WIDTH + 8)] = cell
        lines.append(line)
    return np.concatenate(lines)


if __name__ == "__main__":
    main()
