"""Faces in sampled frames: found, followed from sample to sample, and believed only if they stay.

Cascades mistake leaves and curtains for faces now and then, but not in the same place for half a
second: a face counts when it is seen again near the same place, or is very sure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.face_detectors import FaceDetector, Found
from ai_video_editor.video.picture import Picture, Plane, changed_blocks

SEARCH_EVERY = 1.0
"""Seconds between searches of the whole picture; in between only known places are looked at."""
FORGET_AFTER = 0.9
"""Seconds after which a face that was not seen again is gone."""
SIGHTINGS = 2
"""How often a frontal face must be seen; a profile, which fools cascades more, twice as often."""
SURE = 0.97
"""Confidence at which one sighting is enough."""
DOUBTFUL = 0.55
"""Mean confidence below which a face needs twice as many sightings."""


@dataclass
class _Track:
    found: Found
    time: float
    sightings: int = 0
    trust: float = 0.0
    frontal: int = 0
    entries: list[tuple[int, Found]] = field(default_factory=list)

    def add(self, sample: int, found: Found, time: float) -> None:
        self.found, self.time = found, time
        self.sightings += 1
        self.trust = max(self.trust, found.confidence)
        self.frontal += found.frontal
        self.entries.append((sample, found))

    @property
    def believed(self) -> bool:
        if self.trust >= SURE:
            return True
        mean = sum(found.confidence for _, found in self.entries) / self.sightings
        doubted = mean < DOUBTFUL or 2 * self.frontal < self.sightings
        return self.sightings >= (2 * SIGHTINGS if doubted else SIGHTINGS)


class FaceTracker:
    """Finds and follows faces over sampled frames.

    Args:
        detector: finds faces in one picture.
        input: index of the input.
    """

    def __init__(self, detector: FaceDetector, input: int) -> None:
        """Begin with nobody seen."""
        self._detector = detector
        self._input = input
        self._times: list[SourceTime] = []
        self._live: list[_Track] = []
        self._done: list[_Track] = []
        self._searched = float("-inf")
        self._tiny: Plane | None = None

    def see(self, picture: Picture) -> None:
        """Look for faces in the next sampled frame."""
        sample = len(self._times)
        self._times.append(picture.time)
        now = picture.seconds
        new_scene = self._tiny is None or changed_blocks(self._tiny, picture.tiny) > 0.5
        self._tiny = picture.tiny
        if new_scene:
            self._retire(float("inf"))
        self._retire(now - FORGET_AFTER)
        if picture.tiny.std() < 3:
            return
        founds: list[Found] = []
        if not new_scene and now - self._searched < SEARCH_EVERY - 0.02:
            founds = self._again(picture, self._live)
        else:
            self._searched = now
            founds = self._detector.search(picture)
            lost = [
                t for t in self._live if all(_overlap(t.found.box, f.box) < 0.2 for f in founds)
            ]
            founds += self._again(picture, lost)
        for found in _without_doubles(founds):
            self._assign(sample, found, now)

    def result(self) -> tuple[FaceSample, ...]:
        """One entry for each sampled frame, faces largest first."""
        self._retire(float("inf"))
        faces: list[list[Face]] = [[] for _ in self._times]
        for track in self._done:
            if not track.believed:
                continue
            support = min(1.0, track.sightings / 6)
            for sample, found in track.entries:
                confidence = min(0.99, 0.55 * found.confidence + 0.25 * track.trust + 0.2 * support)
                faces[sample].append(_face(found, confidence))
        return tuple(
            FaceSample(
                input=self._input,
                time=time,
                faces=tuple(sorted(seen, key=lambda f: -f.box.width * f.box.height)),
            )
            for time, seen in zip(self._times, faces, strict=True)
        )

    def _again(self, picture: Picture, tracks: list[_Track]) -> list[Found]:
        near = ((track, self._detector.near(picture, track.found.box)) for track in tracks)
        return [
            found for track, found in near
            if found is not None and _overlap(found.box, track.found.box) > 0.3
        ]  # fmt: skip

    def _assign(self, sample: int, found: Found, now: float) -> None:
        fitting = [
            (_overlap(track.found.box, found.box), index)
            for index, track in enumerate(self._live)
            if not track.entries or track.entries[-1][0] != sample
        ]
        best = max(fitting, default=(0.0, -1))
        if best[0] >= 0.25:
            self._live[best[1]].add(sample, found, now)
        else:
            track = _Track(found, now)
            track.add(sample, found, now)
            self._live.append(track)

    def _retire(self, before: float) -> None:
        self._done.extend(t for t in self._live if t.time < before)
        self._live = [t for t in self._live if t.time >= before]


def _face(found: Found, confidence: float) -> Face:
    return Face(
        box=found.box,
        confidence=round(confidence, 3),
        sharpness=round(found.sharpness, 2),
        frontal=found.frontal,
        eyes_open=found.eyes_open,
        smile=found.smile,
    )


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)


def _without_doubles(founds: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for found in sorted(founds, key=lambda f: (-int(f.frontal), -f.confidence)):
        if all(_overlap(found.box, other.box) < 0.3 for other in kept):
            kept.append(found)
    return [replace(found) for found in kept]
