"""`VideoAnalyzer`: one decode pass over every input, and all that is seen in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.video import (
    FaceSample,
    MotionSample,
    QualitySample,
    Shot,
    VideoAnalysis,
    VisualHighlight,
)
from ai_video_editor.errors import MediaError
from ai_video_editor.media.frames import FramePass, frame_at
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import VideoSettings
from ai_video_editor.timebase import SourceTime, TimeRange
from ai_video_editor.video.face_detectors import face_detector
from ai_video_editor.video.faces import FaceTracker
from ai_video_editor.video.highlights import Moment, moments, pick, sharpest
from ai_video_editor.video.motion import MotionMeter
from ai_video_editor.video.picture import Picture
from ai_video_editor.video.quality import QualityMeter
from ai_video_editor.video.shot_kinds import Evidence, shots_of
from ai_video_editor.video.shots import ShotBoundaries, SparseBoundaries
from ai_video_editor.video.texture import TextureMeter

SPARSE_RATE = 0.5
"""Frames a second that the fallback looks at."""
TOLERANCE = Fraction(1, 100)
"""Seconds by which a sample may come early, so that 5 a second of 25 is each fifth frame."""
JPEG_QUALITY = 96
"""High, because thumbnails are cut out of these frames and enlarged."""


@dataclass(frozen=True)
class _Seen:
    shots: tuple[Shot, ...]
    faces: tuple[FaceSample, ...]
    quality: tuple[QualitySample, ...]
    motion: tuple[MotionSample, ...]
    moments: list[Moment]
    sharpness: dict[SourceTime, float]
    decoded: int
    damaged: int


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
            sparse: look at one frame each two seconds only.

        Raises:
            UnavailableError: the face model cannot be loaded.
            MediaError: a picture cannot be decoded.
        """
        seen: dict[int, _Seen] = {}
        notes: list[str] = []
        for index, (file, path) in enumerate(files):
            if file.video is None:
                notes.append(f"{file.name} has no picture.")
                continue
            told = _part(report, 0.94 * index / len(files), 0.94 / len(files))
            seen[index] = self._look(index, file, path, told, sparse)
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

    def _look(self, index: int, file: VideoFile, path: Path, report: Report, sparse: bool) -> _Seen:
        boundaries: ShotBoundaries | SparseBoundaries
        boundaries = SparseBoundaries() if sparse else ShotBoundaries()
        faces = FaceTracker(face_detector(self._settings.face_model), index)
        quality, motion, texture = QualityMeter(index), MotionMeter(index), TextureMeter()
        sampled = (faces, quality, motion, texture)
        decode = FramePass(
            file,
            path,
            height=self._settings.analysis_height,
            rate=SPARSE_RATE if sparse else None,
            report=report,
        )
        step = Fraction(1) / Fraction(self._settings.analysis_rate).limit_denominator(1000)
        due = first = last = None
        for frame in decode.frames():
            picture = Picture(frame.time, frame.image)
            boundaries.see(picture)
            if due is None or frame.time >= due - TOLERANCE:
                due = frame.time + step if due is None else max(due + step, frame.time)
                for analyser in sampled:
                    analyser.see(picture)
            first, last = (frame.time if first is None else first), frame.time
        if first is None or last is None or file.video is None:
            raise MediaError(f"{file.name}: no frame of its picture could be decoded.")
        end = max(
            SourceTime(file.video.start + file.video.duration),
            SourceTime(last + file.video.rate.frame_duration),
        )
        found = boundaries.result()
        evidence = Evidence(
            faces.result(), tuple(quality.measured), texture.result(), motion.amounts
        )
        shots = shots_of(found, TimeRange(first, end), evidence, index)
        return _Seen(
            shots,
            evidence.faces,
            quality.result(),
            motion.summary(quality.measured, found),
            moments(index, shots, evidence),
            {m.time: m.sharpness for m in quality.measured},
            decode.decoded,
            decode.damaged,
        )

    def _highlights(
        self,
        files: Sequence[tuple[VideoFile, Path]],
        seen: dict[int, _Seen],
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report,
        notes: list[str],
    ) -> tuple[VisualHighlight, ...]:
        candidates = [moment for one in seen.values() for moment in one.moments]
        chosen = sharpest(
            pick(candidates), candidates, lambda m: seen[m.input].sharpness.get(m.time, 0.0)
        )
        highlights = []
        for number, moment in enumerate(chosen):
            report(0.94 + 0.06 * number / len(chosen), "keeping the best moments")
            file, path = files[moment.input]
            try:
                highlights.append(_kept(moment, file, path, number, keep, scratch))
            except MediaError as error:
                notes.append(f"The moment at {float(moment.time):.2f} s was left out: {error}")
        return tuple(highlights)


def _part(whole: Report, base: float, share: float) -> Report:
    def report(fraction: float | None, doing: str = "") -> None:
        whole(base + share * (fraction or 0.0), doing)

    return report


def _kept(
    moment: Moment,
    file: VideoFile,
    path: Path,
    number: int,
    keep: Callable[[Path], MediaRef],
    scratch: Path,
) -> VisualHighlight:
    import cv2

    image = frame_at(file, path, moment.time)
    target = scratch / f"highlight-{moment.input}-{number}.jpg"
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY,
               cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]  # fmt: skip
    written, data = cv2.imencode(".jpg", image[:, :, ::-1], quality)
    if not written:
        raise MediaError(f"{file.name}: a frame of {image.shape} could not be stored.")
    target.write_bytes(data.tobytes())
    return VisualHighlight(
        input=moment.input,
        time=moment.time,
        score=moment.score,
        kind=moment.kind,
        reason=moment.reason,
        frame=keep(target),
        width=image.shape[1],
        height=image.shape[0],
        faces=moment.faces,
    )
