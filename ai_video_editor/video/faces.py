"""Faces in sampled frames: found, followed from sample to sample, and believed only if they stay.

Cascades mistake leaves and curtains for faces now and then, but not in the same place for half a
second: a face counts when it is found again near the same place, or is very sure. Finding is
dear, so a face that is believed is followed by its looks and found again only now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.face_detectors import FaceDetector, FacialFeatures, Found, focused
from ai_video_editor.video.following import Pattern
from ai_video_editor.video.picture import Picture, Plane, changed_blocks
from ai_video_editor.video.quality import HOURS

SEARCH_EVERY = 3.2
"""Seconds between searches of the whole picture; in between only known places are looked at."""
SEARCH_AGAIN = 0.4
"""Seconds to the second search of a scene; each further one waits twice as long."""
SCENE = 0.6
"""Seconds between searches while one picture after the other is new."""
SMALL_EVERY = 9.6
"""Seconds between searches for small faces too, where a large one is there already."""
CONFIRM_EVERY = 0.8
"""Seconds after which a face that is only followed is looked for again."""
DESCRIBE_EVERY = 1.0
"""Seconds between looks at the eyes and mouth of the largest face."""
LOST_AGAIN = 0.4
"""Seconds after which a face that is followed but was not found is looked for once more."""
FOLLOW_LONGEST = 1.6
"""Seconds for which a head that was turned away is followed without being found."""
ALIKE = 0.75
"""Likeness to what it looked like before, from which a face is there still."""
STANDS = 1.0
"""Grey levels that a block may change by in a picture that stands still: coding noise."""
FORGET_AFTER = 0.9
"""Seconds after which a face that was not seen again is gone."""
SIGHTINGS = 2
"""How often a frontal face must be found; a profile, which fools cascades more, twice as often."""
SURE = 0.97
"""Confidence at which finding it once is enough."""
DOUBTFUL = 0.55
"""Mean confidence below which a face must be found twice as often."""
LIKELY = 0.5
"""Confidence that a face must have reached once, if the mean is doubtful."""


@dataclass
class _Track:
    found: Found
    pattern: Pattern
    time: float = 0.0
    confirmed: float = 0.0
    next_look: float = 0.0
    trusts: list[float] = field(default_factory=list)
    frontal: int = 0
    entries: list[tuple[int, Found]] = field(default_factory=list)

    def add(self, sample: int, found: Found, time: float) -> None:
        self.found, self.time = found, time
        self.entries.append((sample, found))

    def confirm(self, found: Found, time: float) -> None:
        self.confirmed, self.next_look = time, time + CONFIRM_EVERY - 0.02
        self.trusts.append(found.confidence)
        self.frontal += found.frontal

    @property
    def trust(self) -> float:
        return max(self.trusts, default=0.0)

    @property
    def believed(self) -> bool:
        if self.trust >= SURE:
            return True
        times = len(self.trusts)
        weak = sum(self.trusts) < DOUBTFUL * times
        if weak and self.trust < LIKELY:
            return False
        doubted = weak or 2 * self.frontal < times
        return times >= (2 * SIGHTINGS if doubted else SIGHTINGS)


@dataclass(frozen=True)
class _Sighting:
    found: Found
    confirmed: bool = True


class FaceTracker:
    """Finds and follows faces over sampled frames.

    Args:
        detector: finds faces in one picture.
        input: index of the input.
    """

    def __init__(self, detector: FaceDetector, input: int) -> None:
        """Begin with nobody seen."""
        self._detector = detector
        self._features = FacialFeatures()
        self._input = input
        self._times: list[SourceTime] = []
        self._live: list[_Track] = []
        self._done: list[_Track] = []
        self._last: Plane | None = None
        self._looked_at: Plane | None = None
        self._next_search = self._next_small = self._next_description = float("-inf")
        self._searched = self._began = float("-inf")
        self._pause = SEARCH_AGAIN

    def see(self, picture: Picture) -> tuple[Face, ...]:
        """Look for faces in the next sampled frame.

        Those returned, largest first, may turn out to be none; `result` has what is believed.
        """
        sample = len(self._times)
        self._times.append(picture.time)
        now, last, self._last = picture.seconds, self._last, picture.tiny
        if last is None or changed_blocks(last, picture.tiny) > 0.5:
            self._begin_scene(now)
        self._retire(now - FORGET_AFTER)
        if picture.tiny.std() < 3:
            return ()
        sightings = _without_doubles(self._sightings(picture))
        seen = [replace(s, found=focused(picture, s.found)) for s in sightings]
        if seen and now >= self._next_description - 0.02:
            self._next_description = now + DESCRIBE_EVERY
            first = max(range(len(seen)), key=lambda index: _area(seen[index].found))
            described = self._features.of(picture, seen[first].found)
            seen[first] = replace(seen[first], found=described)
        for sighting in seen:
            self._assign(sample, sighting, picture)
        faces = [_face(sighting.found, sighting.found.confidence) for sighting in seen]
        return tuple(sorted(faces, key=_area, reverse=True))

    def result(self) -> tuple[FaceSample, ...]:
        """One entry for each sampled frame, faces largest first."""
        self._retire(float("inf"))
        faces: list[list[Face]] = [[] for _ in self._times]
        for track in self._done:
            if not track.believed:
                continue
            support = min(1.0, len(track.entries) / 6)
            for sample, found in track.entries:
                confidence = min(0.99, 0.55 * found.confidence + 0.25 * track.trust + 0.2 * support)
                faces[sample].append(_face(found, confidence))
        return tuple(
            FaceSample(
                input=self._input,
                time=time,
                faces=tuple(sorted(seen, key=_area, reverse=True)),
            )
            for time, seen in zip(self._times, faces, strict=True)
        )

    def _begin_scene(self, now: float) -> None:
        self._looked_at = None
        self._next_small = now
        if now - self._began > SCENE:
            self._retire(float("inf"))
            self._next_search = self._next_description = now
            self._pause = SEARCH_AGAIN
        else:  # a fast pan, or a head that fills the picture, looks like scene after scene
            self._next_search = min(self._next_search, self._searched + SCENE)
        self._began = now

    def _sightings(self, picture: Picture) -> list[_Sighting]:
        looked_at = self._looked_at
        if looked_at is not None and not changed_blocks(looked_at, picture.tiny, threshold=STANDS):
            return [_Sighting(track.found) for track in self._live]
        self._looked_at = picture.tiny
        if picture.seconds >= self._next_search - 0.02:
            return self._search(picture)
        return self._again(picture, self._live)

    def _search(self, picture: Picture) -> list[_Sighting]:
        self._searched = now = picture.seconds
        small = not self._live or now >= self._next_small - 0.02
        # Somebody who is there already and turns away is looked for where they were.
        aside = not any(track.believed for track in self._live)
        founds = self._detector.search(picture, small=small, aside=aside)
        if small:
            self._next_small = now + (SMALL_EVERY if self._pause > SEARCH_AGAIN else 0.0)
        self._next_search = now + self._pause
        self._pause = min(SEARCH_EVERY, SEARCH_EVERY if founds and self._live else 2 * self._pause)
        lost = [t for t in self._live if all(_overlap(t.found.box, f.box) < 0.2 for f in founds)]
        return [*(_Sighting(found) for found in founds), *self._again(picture, lost)]

    def _again(self, picture: Picture, tracks: list[_Track]) -> list[_Sighting]:
        looked = (self._look_for(picture, track) for track in tracks)
        return [sighting for sighting in looked if sighting is not None]

    def _look_for(self, picture: Picture, track: _Track) -> _Sighting | None:
        box, alike = track.pattern.found_in(picture, track.found.box) or (track.found.box, -1.0)
        now = picture.seconds
        if alike < ALIKE or not track.believed or now >= track.next_look:
            track.next_look = now + LOST_AGAIN - 0.02
            place = box if alike >= ALIKE else track.found.box
            found = self._detector.near(picture, place)
            if found is not None and _overlap(found.box, track.found.box) > 0.3:
                return _Sighting(found)
        if alike >= ALIKE and track.believed and now - track.confirmed < FOLLOW_LONGEST:
            moved = replace(track.found, box=box, eyes_open=None, smile=None)
            return _Sighting(moved, confirmed=False)
        return None

    def _assign(self, sample: int, sighting: _Sighting, picture: Picture) -> None:
        found = sighting.found
        fitting = [
            (_overlap(track.found.box, found.box), index)
            for index, track in enumerate(self._live)
            if not track.entries or track.entries[-1][0] != sample
        ]
        overlap, index = max(fitting, default=(0.0, -1))
        if overlap >= 0.25:
            track = self._live[index]
        else:
            track = _Track(found, Pattern(picture, found.box))
            self._live.append(track)
        track.add(sample, found, picture.seconds)
        if sighting.confirmed:
            track.confirm(found, picture.seconds)
            track.pattern = Pattern(picture, found.box)

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


def _area(face: Found | Face) -> float:
    return face.box.width * face.box.height


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)


def worth_keeping(samples: Sequence[FaceSample]) -> tuple[FaceSample, ...]:
    """Samples to remember: all; in films of hours one in two seconds while nobody comes or goes.

    What is remembered stays in memory for as long as the film is worked on.
    """
    if not samples or samples[-1].time - samples[0].time <= HOURS:
        return tuple(samples)
    kept = [samples[0]]
    for sample in samples[1:]:
        if sample.time - kept[-1].time >= 2 or len(sample.faces) != len(kept[-1].faces):
            kept.append(sample)
    return tuple(kept)


def _without_doubles(sightings: list[_Sighting]) -> list[_Sighting]:
    kept: list[_Sighting] = []
    for one in sorted(sightings, key=lambda s: (-int(s.found.frontal), -s.found.confidence)):
        if all(_overlap(one.found.box, other.found.box) < 0.3 for other in kept):
            kept.append(one)
    return kept
