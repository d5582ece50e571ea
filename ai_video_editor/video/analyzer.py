"""`VideoAnalyzer`: one decode pass over every input, and all that is seen in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.video import VideoAnalysis, VisualHighlight
from ai_video_editor.errors import MediaError
from ai_video_editor.media.frames import Original, frame_at
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import VideoSettings
from ai_video_editor.video.best_frames import MEMORY
from ai_video_editor.video.highlights import Moment, pick, sharpest
from ai_video_editor.video.look import Look, Seen

JPEG_QUALITY = 96
"""High, because thumbnails are cut out of these frames and enlarged."""


class VideoAnalyzer:
    """Sees films.

    Args:
        settings: size and rate of the analysis, and the face model.
    """

    def __init__(self, settings: VideoSettings) -> None:
        """Keep the settings; nothing is loaded yet."""
        self._settings = settings

    def analyze_video(
        self,
        files: Sequence[tuple[VideoFile, Path]],
        *,
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report = silent,
        sparse: bool = False,
    ) -> tuple[VideoAnalysis, tuple[VisualHighlight, ...]]:
        """What is seen in all inputs, and its best moments, best first.

        Args:
            files: the inputs with where they lie; those without a picture contribute nothing.
            keep: moves a file into the store.
            scratch: folder for files on their way into the store.
            report: told the share done.
            sparse: look at key frames only, one each two seconds at most.

        Raises:
            UnavailableError: the face model cannot be loaded.
            MediaError: a picture cannot be decoded.
        """
        seen: dict[int, Seen] = {}
        notes: list[str] = []
        for index, (file, path) in enumerate(files):
            if file.video is None:
                notes.append(f"{file.name} has no picture.")
                continue
            told = _part(report, 0.94 * index / len(files), 0.94 / len(files))
            memory = MEMORY // len(files)
            look = Look(index, file, path, self._settings, sparse=sparse, memory=memory)
            seen[index] = look.run(told)
            if seen[index].damaged:
                notes.append(f"{file.name}: {seen[index].damaged} damaged frames were passed over.")
        highlights = self._highlights(files, seen, keep, scratch, report, notes)
        everything = seen.values()
        analysis = VideoAnalysis(
            method="sparse" if sparse else "full",
            shots=tuple(shot for one in everything for shot in one.shots),
            faces=tuple(face for one in everything for face in one.faces),
            quality=tuple(sample for one in everything for sample in one.quality),
            motion=tuple(sample for one in everything for sample in one.motion),
            frames_decoded=sum(one.decoded for one in everything),
            frames_damaged=sum(one.damaged for one in everything),
            notes=tuple(notes),
        )
        report(1.0, "looked at the picture")
        return analysis, highlights

    def _highlights(
        self,
        files: Sequence[tuple[VideoFile, Path]],
        seen: dict[int, Seen],
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report,
        notes: list[str],
    ) -> tuple[VisualHighlight, ...]:
        candidates = [moment for one in seen.values() for moment in one.moments]
        at_hand = {(index, time) for index, one in seen.items() for time in one.originals}
        chosen = sharpest(
            pick(candidates, at_hand=at_hand),
            candidates,
            lambda m: seen[m.input].sharpness.get(m.time, 0.0),
            at_hand=at_hand,
        )

        def encoded(moment: Moment) -> tuple[bytes, tuple[int, int]] | MediaError:
            try:
                file, path = files[moment.input]
                return _encoded(moment, file, path, seen[moment.input].originals.get(moment.time))
            except MediaError as error:
                return error

        highlights = []
        with ThreadPoolExecutor(2, "highlights") as pool:
            for number, (moment, made) in enumerate(
                zip(chosen, pool.map(encoded, chosen), strict=True)
            ):
                report(0.94 + 0.06 * number / len(chosen), "keeping the best moments")
                if isinstance(made, MediaError):
                    notes.append(f"The moment at {float(moment.time):.2f} s was left out: {made}")
                    continue
                target = scratch / f"highlight-{moment.input}-{number}.jpg"
                target.write_bytes(made[0])
                highlights.append(_highlight(moment, keep(target), made[1]))
        return tuple(highlights)


def _part(whole: Report, base: float, share: float) -> Report:
    def report(fraction: float | None, doing: str = "") -> None:
        whole(base + share * (fraction or 0.0), doing)

    return report


def _encoded(
    moment: Moment, file: VideoFile, path: Path, original: Original | None
) -> tuple[bytes, tuple[int, int]]:
    """The frame as JPEG, and its width and height."""
    import cv2

    image = original.picture() if original else frame_at(file, path, moment.time)
    # Films store colour at half the size, and so does JPEG unless it is told otherwise.
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    written, data = cv2.imencode(".jpg", np.ascontiguousarray(image[:, :, ::-1]), quality)
    if not written:
        raise MediaError(f"{file.name}: a frame of {image.shape} could not be stored.")
    return data.tobytes(), (image.shape[1], image.shape[0])


def _highlight(moment: Moment, frame: MediaRef, size: tuple[int, int]) -> VisualHighlight:
    return VisualHighlight(
        input=moment.input,
        time=moment.time,
        score=moment.score,
        kind=moment.kind,
        reason=moment.reason,
        frame=frame,
        width=size[0],
        height=size[1],
        faces=moment.faces,
    )
