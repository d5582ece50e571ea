"""What is made ready before the plan is there: the best frames, and their subjects cut out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ai_video_editor.context.base import Box, MediaRef
from ai_video_editor.context.content import EmotionalPeak
from ai_video_editor.context.outputs import ThumbnailPreparation
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.errors import MediaError
from ai_video_editor.progress import Report, silent
from ai_video_editor.thumbnails.stills import Pixels, load_rgb
from ai_video_editor.thumbnails.subject import cut_out
from ai_video_editor.video.face_detectors import CascadeFaces
from ai_video_editor.video.picture import Picture

MOST = 8
"""Candidates that are made ready: six thumbnails and two to choose from."""
NEAR_PEAK = 1.5
"""Seconds from a peak within which a frame shows its feeling."""


def prepare(
    highlights: tuple[VisualHighlight, ...],
    emotions: tuple[EmotionalPeak, ...],
    *,
    path_of: Callable[[MediaRef], Path],
    keep: Callable[[Path], MediaRef],
    scratch: Path,
    report: Report = silent,
) -> ThumbnailPreparation:
    """The highlights that suit thumbnails, best first, each with its subject where one was found.

    Args:
        highlights: from video analysis.
        emotions: peaks of feeling; a frame beside one is preferred.
        path_of: where a stored file lies.
        keep: moves a file into the store.
        scratch: folder for files on their way there.
        report: told the share done.
    """
    order = sorted(
        range(len(highlights)), key=lambda index: -suitability(highlights[index], emotions)
    )[:MOST]
    candidates: list[int] = []
    cutouts: list[MediaRef | None] = []
    notes: list[str] = []
    for number, index in enumerate(order):
        report(number / len(order), "cutting out the subject")
        highlight = highlights[index]
        try:
            image = load_rgb(path_of(highlight.frame))
        except MediaError as error:
            notes.append(str(error))
            continue
        candidates.append(index)
        cutouts.append(_cutout(highlight, image, index, keep, scratch))
    if candidates and not any(cutouts):
        notes.append("No subject could be cut out cleanly; thumbnails show the frames themselves.")
    report(1.0, "frames are ready")
    return ThumbnailPreparation(
        candidates=tuple(candidates), cutouts=tuple(cutouts), notes=tuple(notes)
    )


def unprepared(highlights: tuple[VisualHighlight, ...]) -> ThumbnailPreparation:
    """What can be said where nothing was made ready: the frames themselves, none cut out."""
    order = sorted(range(len(highlights)), key=lambda index: -suitability(highlights[index], ()))
    candidates = tuple(order[:MOST])
    return ThumbnailPreparation(candidates=candidates, cutouts=(None,) * len(candidates))


def suitability(highlight: VisualHighlight, emotions: tuple[EmotionalPeak, ...]) -> float:
    """How well a highlight suits a thumbnail: its score, a visible face, a feeling nearby."""
    time = float(highlight.time)
    near = [
        peak.intensity
        for peak in emotions
        if peak.input == highlight.input
        and float(peak.start) - NEAR_PEAK <= time <= float(peak.end) + NEAR_PEAK
    ]
    face = 0.15 if highlight.faces else 0.0
    return highlight.score + face + 0.12 * max(near, default=0.0)


def _found_again(highlight: VisualHighlight, image: Pixels) -> Box | None:
    """The face, searched for once more in the full picture: a cut-out starts from its place."""
    if not highlight.faces:
        return None
    old = highlight.faces[0].box
    picture = Picture(highlight.time, np.ascontiguousarray(image[:, :, ::-1]))
    for found in CascadeFaces().search(picture):
        away_x = abs(found.box.x + found.box.width / 2 - old.x - old.width / 2)
        away_y = abs(found.box.y + found.box.height / 2 - old.y - old.height / 2)
        if found.frontal and away_x < 0.5 * old.width and away_y < 0.5 * old.height:
            return found.box
    return None


def _cutout(
    highlight: VisualHighlight,
    image: Pixels,
    index: int,
    keep: Callable[[Path], MediaRef],
    scratch: Path,
) -> MediaRef | None:
    import cv2

    face = _found_again(highlight, image)
    subject = cut_out(image, face) if face is not None else None
    if subject is None:
        return None
    target = scratch / f"cutout-{index}.png"
    written, data = cv2.imencode(".png", np.ascontiguousarray(subject[:, :, [2, 1, 0, 3]]))
    if not written:
        return None
    target.write_bytes(data.tobytes())
    return keep(target)
