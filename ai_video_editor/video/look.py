"""One input looked at: decoding in this thread, the analysers in another, results at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.video import FaceSample, MotionSample, QualitySample, Shot
from ai_video_editor.errors import MediaError
from ai_video_editor.media.frames import Frame, FramePass, Original, frames_between
from ai_video_editor.progress import Report
from ai_video_editor.settings import VideoSettings
from ai_video_editor.timebase import SourceTime, TimeRange
from ai_video_editor.video.best_frames import BestFrames
from ai_video_editor.video.face_detectors import face_detector
from ai_video_editor.video.faces import FaceTracker, worth_keeping
from ai_video_editor.video.highlights import Moment, moments, promise
from ai_video_editor.video.motion import MotionMeter
from ai_video_editor.video.picture import Picture
from ai_video_editor.video.quality import QualityMeter
from ai_video_editor.video.shake import ShakeMeter
from ai_video_editor.video.shot_kinds import Evidence, shots_of
from ai_video_editor.video.shots import (
    Boundary,
    ShotBoundaries,
    SparseBoundaries,
    first_of_the_new,
)
from ai_video_editor.video.texture import TextureMeter
from ai_video_editor.video.worker import Worker, single_threaded_opencv

GLANCE_HEIGHT = 108
"""Rows of the picture every frame is shrunk to: three for each of the rows that are compared."""
MOST_SAMPLES = 6000
"""Samples of a film, twenty minutes at five a second; all that is known of one takes some 4 kB."""
SLOWEST = 0.75
"""Samples a second at least: a face is followed from one to the next."""
SPARSE_RATE = 0.5
"""Key frames a second that the fallback looks at, at most."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen of one input.

    Attributes:
        shots: in order, without gaps.
        faces: one entry for each sampled frame.
        quality: one entry a second.
        motion: one entry a second.
        moments: every sample as a possible highlight.
        sharpness: of every sampled frame.
        originals: frames at full size that are at hand.
        decoded: frames decoded.
        damaged: frames that could not be decoded.
    """

    shots: tuple[Shot, ...]
    faces: tuple[FaceSample, ...]
    quality: tuple[QualitySample, ...]
    motion: tuple[MotionSample, ...]
    moments: list[Moment]
    sharpness: dict[SourceTime, float]
    originals: dict[SourceTime, Original]
    decoded: int
    damaged: int


class Look:
    """One decode pass over one input and everything that looks at it.

    Args:
        index: of the input.
        file: what `probe` found.
        path: where it lies.
        settings: size and rate of the analysis, and the face model.
        sparse: look at key frames only.
        memory: bytes of full-size frames that may be held.

    Raises:
        UnavailableError: the face model cannot be loaded.
    """

    def __init__(
        self,
        index: int,
        file: VideoFile,
        path: Path,
        settings: VideoSettings,
        *,
        sparse: bool,
        memory: int,
    ) -> None:
        """Make the analysers ready."""
        self._index, self._file, self._path = index, file, path
        self._settings, self._sparse = settings, sparse
        self._boundaries: ShotBoundaries | SparseBoundaries
        self._boundaries = SparseBoundaries() if sparse else ShotBoundaries()
        self._faces = FaceTracker(face_detector(settings.face_model), index)
        self._quality, self._motion = QualityMeter(index), MotionMeter(index)
        self._texture, self._shake = TextureMeter(), ShakeMeter()
        self._best = BestFrames(float(file.duration), memory)

    def run(self, report: Report) -> Seen:
        """Decode and look.

        Args:
            report: told the share done.

        Raises:
            MediaError: nothing could be decoded, or most of it is damaged.
        """
        rate = SPARSE_RATE if self._sparse else None
        decode = FramePass(
            self._file,
            self._path,
            height=GLANCE_HEIGHT,
            rate=rate,
            detail_height=self._settings.analysis_height,
            detail_rate=rate or self._sampling(),
            quick=True,
            key_frames=self._sparse,
            sparing=True,
            report=report,
        )
        first: SourceTime | None = None
        last = SourceTime(self._file.duration)
        with single_threaded_opencv(), Worker(self._see) as worker:
            for frame in decode.frames():
                worker.give(frame)
                first, last = (frame.time if first is None else first), frame.time
        if first is None or self._file.video is None:
            raise MediaError(f"{self._file.name}: no frame of its picture could be decoded.")
        end = max(
            SourceTime(self._file.video.start + self._file.video.duration),
            SourceTime(last + self._file.video.rate.frame_duration),
        )
        return self._seen(TimeRange(first, end), decode)

    def _sampling(self) -> float:
        """Samples a second: fewer in films of hours, where what is known of each fills memory."""
        lasting = MOST_SAMPLES / max(1.0, float(self._file.duration))
        return min(self._settings.analysis_rate, max(SLOWEST, lasting))

    def _see(self, frame: Frame) -> None:
        large = frame.detail is not None
        image = frame.image if frame.detail is None else frame.detail
        glance = frame.image if large else None
        picture = Picture(frame.time, image, glance, left_out=frame.left_out)
        self._boundaries.see(picture)
        self._shake.see(picture)
        if not large:
            return
        faces = self._faces.see(picture)
        measured = self._quality.see(picture)
        movement = self._motion.see(picture)
        self._texture.see(picture)
        if frame.original is not None:
            score = promise(measured, faces, movement)
            self._best.offer(frame.time, score, frame.original, people=bool(faces))

    def _at_its_frame(self, boundary: Boundary) -> Boundary:
        """A cut found where frames were left out, after looking at those too."""
        if boundary.since is None:
            return boundary
        between = frames_between(
            self._file, self._path, boundary.since, boundary.time, height=GLANCE_HEIGHT
        )
        pictures = [Picture(frame.time, frame.image) for frame in between]
        return first_of_the_new(boundary, pictures)

    def _seen(self, span: TimeRange[SourceTime], decode: FramePass) -> Seen:
        found = tuple(map(self._at_its_frame, self._boundaries.result()))
        measured = self._quality.measured
        evidence = Evidence(
            self._faces.result(), tuple(measured), self._texture.result(), self._motion.amounts
        )
        shots = shots_of(found, span, evidence, self._index)
        return Seen(
            shots,
            worth_keeping(evidence.faces),
            self._quality.result(None if self._sparse else self._shake.between),
            self._motion.summary(measured, found),
            moments(self._index, shots, evidence),
            {one.time: one.sharpness for one in measured},
            self._best.result(),
            decode.decoded,
            decode.damaged,
        )
