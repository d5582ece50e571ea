"""Another shape for the film: a window on the picture that follows who speaks.

A window is as large as the picture allows. It stands still while the face is near its middle, moves
gently when it leaves, and jumps only where the picture does: at cuts and shot borders. Slides and
title cards are shown whole, over a blurred extension of themselves, so that no text is cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from statistics import median

from ai_video_editor.composition.camera_path import CameraPath, Limits, Sight, follow
from ai_video_editor.composition.conform import Canvas, fitted
from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample, Shot, VideoAnalysis
from ai_video_editor.timebase import FrameRate, Piece, TimeMap

ASPECTS = {
    "9:16": Fraction(9, 16), "1:1": Fraction(1), "4:5": Fraction(4, 5), "16:9": Fraction(16, 9)
}  # fmt: skip
"""What `--aspect` takes, width over height."""

_SPEED = 0.6
"""Window widths a second that a pan may reach; faster is felt as a jolt."""

_ACCELERATION = 1.4
"""Window widths a second, a second."""

_DEAD = 0.13
"""Window widths that a face may be off the middle before the window moves."""

_CALM = 0.05
"""Window widths that even a face which fills the window may be off: to follow its every nod would
be seen as trembling."""

_EYES = 0.40
"""Where the middle of a face stands in the window's height: a little above the middle, so that
there is head-room but no empty ceiling."""

_BESIDE = 0.25
"""Room kept beside a face, in its own widths: ears and hair."""

_SECOND = 0.4
"""Area of another face against the first from which both are meant to be seen."""

_SMALL = 0.16
"""Height of a talking head's face, share of the window, below which the window is made tighter."""

_TINY = 0.1
"""Height of a face, share of the picture, below which it is not followed where nobody is known to
speak: it is one of many, and there is more to see than it."""

_TIGHTEST = 1.25
"""Most that a window is tightened; more would show the recording's pixels."""

_BORDER = 0.4
"""Seconds of a shot without a face sample of its own that borrow the nearest one's."""

_SAME = Fraction(1, 200)
"""Difference of two shapes that nobody sees."""

_FLAT = 0.0003
"""Share of the picture that a straight line may be off a smooth move: half a pixel at 1080p."""


@dataclass(frozen=True)
class KeyPoint:
    """Middle of the window at a film frame, as shares of the canvas."""

    frame: int
    x: float
    y: float


@dataclass(frozen=True)
class Framing:
    """The window over film frames `start` to `end` (half-open).

    Attributes:
        start: first film frame.
        end: film frame after the last.
        width: of the window, share of the canvas.
        height: the same.
        points: its path; straight from one to the next, still before the first and after the last.
        whole: the picture is not cropped but fitted whole.
        closest: how much it may be enlarged before who is seen loses an ear, at least 1.
    """

    start: int
    end: int
    width: float
    height: float
    points: tuple[KeyPoint, ...]
    whole: bool = False
    closest: float = 2.0

    def center(self, frame: int) -> tuple[float, float]:
        """Middle of the window at a film frame."""
        index = bisect_right(self.points, frame, key=lambda point: point.frame)
        if index == 0 or index == len(self.points):
            point = self.points[min(index, len(self.points) - 1)]
            return point.x, point.y
        one, two = self.points[index - 1], self.points[index]
        share = (frame - one.frame) / (two.frame - one.frame)
        return one.x + share * (two.x - one.x), one.y + share * (two.y - one.y)

    def clipped(self, start: int, end: int) -> Framing:
        """The part of it over film frames `start` to `end`; its path is the same there."""
        first, last = max(self.start, start), min(self.end, end)
        inner = tuple(p for p in self.points if first < p.frame < last - 1)
        frames = dict.fromkeys((first, *(p.frame for p in inner), last - 1))
        points = tuple(KeyPoint(frame, *self.center(frame)) for frame in frames)
        if len({(p.x, p.y) for p in points}) == 1:
            points = points[:1]
        return replace(self, start=first, end=last, points=points)

    def shifted(self, frames: int) -> Framing:
        """The same, so many film frames later."""
        points = tuple(replace(point, frame=point.frame + frames) for point in self.points)
        return replace(self, start=self.start + frames, end=self.end + frames, points=points)


def target_canvas(canvas: Canvas, aspect: Fraction) -> Canvas:
    """The film's size in another shape: its shorter side stays as long; even."""
    shorter = min(canvas.width, canvas.height)
    width, height = (
        max(Fraction(shorter), shorter * aspect),
        max(Fraction(shorter), shorter / aspect),
    )
    return Canvas(2 * round(width / 2), 2 * round(height / 2))


def has_shape(canvas: Canvas, aspect: Fraction) -> bool:
    """Whether a canvas is of that shape already, as far as the eye can tell."""
    wanted = target_canvas(canvas, aspect)
    ratio = Fraction(wanted.width, wanted.height) * canvas.height / canvas.width
    return abs(ratio - 1) < _SAME


def reframing_of(
    time_map: TimeMap,
    video: VideoAnalysis | None,
    pictures: Sequence[tuple[int, int] | None],
    canvas: Canvas,
    aspect: Fraction,
) -> tuple[Framing, ...]:
    """The window over every frame of the film.

    Args:
        time_map: the cut.
        video: shots and faces; without it the middle is shown.
        pictures: displayed width and height of each input; None for one that has no picture.
        canvas: size of the film before it is reframed, onto which the inputs were fitted.
        aspect: width over height that is wanted.

    Returns:
        Framings without gap or overlap, in film order; none where the film has that shape already.
    """
    if has_shape(canvas, aspect):
        return ()
    wanted = target_canvas(canvas, aspect)
    framings: list[Framing] = []
    before: tuple[Shot, tuple[float, float]] | None = None
    shots_of = [_by_input(video, index) for index in range(len(pictures))]
    faces_of = [_faces(video, index) for index in range(len(pictures))]
    for piece in time_map.pieces:
        area = _area(pictures[piece.input], canvas)
        for start, end, shot in _shots(piece, shots_of[piece.input]):
            whole = shot is None or shot.kind in ("slide", "title_card")
            whole = whole and (shot is not None or pictures[piece.input] is None)
            samples = _samples(piece, start, end, faces_of[piece.input])
            if whole:
                framings.append(_whole(start, end))
                before = None
                continue
            stood = before[1] if before is not None and before[0] is shot else None
            scene = _Scene(piece.rate, start, end, shot, samples, area)
            framing = scene.framing(Fraction(wanted.width, wanted.height), canvas, stood)
            framings.append(framing)
            before = (shot, framing.center(end - 1)) if shot is not None else None
    return tuple(_joined(framings))


def _whole(start: int, end: int) -> Framing:
    return Framing(start, end, 1.0, 1.0, (KeyPoint(start, 0.5, 0.5),), whole=True)


def _by_input(video: VideoAnalysis | None, index: int) -> list[Shot]:
    shots = [shot for shot in video.shots if shot.input == index] if video is not None else []
    return sorted(shots, key=lambda shot: shot.start)


def _faces(video: VideoAnalysis | None, index: int) -> list[FaceSample]:
    faces = [s for s in video.faces if s.input == index] if video is not None else []
    return sorted(faces, key=lambda sample: sample.time)


def _area(picture: tuple[int, int] | None, canvas: Canvas) -> Box:
    """Where an input's picture lies on the canvas, between its black bars."""
    if picture is None:
        return Box(x=0, y=0, width=1, height=1)
    width, height = fitted(*picture, canvas)
    left = (canvas.width - width) // 4 * 2 / canvas.width
    top = (canvas.height - height) // 4 * 2 / canvas.height
    return Box(x=left, y=top, width=width / canvas.width, height=height / canvas.height)


def _shots(piece: Piece, shots: Sequence[Shot]) -> list[tuple[int, int, Shot | None]]:
    """The film frames of a piece by the shot they show."""
    found: list[tuple[int, int, Shot | None]] = []
    position, end = piece.film_frame, piece.film_frame + piece.frames
    for shot in shots:
        if shot.end <= piece.source.start or shot.start >= piece.source.end:
            continue
        last = min(_film_frame(piece, shot.end), end)
        # The first shot begins with the first picture, a frame or two after the sound.
        if last > position:
            found.append((position, last, shot))
        position = max(position, last)
    if position < end:
        # The last shot ends a frame or two before the file: it goes on.
        shot_at_end = found[-1][2] if found else None
        found.append((position, end, shot_at_end))
    return found


def _film_frame(piece: Piece, time: Fraction) -> int:
    return piece.film_frame + piece.rate.frame_from((time - piece.source.start) / piece.speed)


def _samples(
    piece: Piece, start: int, end: int, faces: Sequence[FaceSample]
) -> list[tuple[float, tuple[Face, ...]]]:
    """(film seconds, faces) of the samples over a range; the nearest one where there is none."""

    def source(frame: int) -> Fraction:
        return piece.source.start + piece.rate.time_of(frame - piece.film_frame) * piece.speed

    first, last = source(start), source(end)
    inside = [s for s in faces if first <= s.time < last]
    if not inside:
        middle = (first + last) / 2
        near = min(faces, key=lambda s: abs(s.time - middle), default=None)
        if near is not None and abs(near.time - middle) - (last - first) / 2 < _BORDER:
            inside = [near]
    begins = piece.rate.time_of(start)
    return [(float(begins + (s.time - first) / piece.speed), s.faces) for s in inside if s.faces]


@dataclass(frozen=True)
class _Scene:
    """A run of film frames in one shot."""

    rate: FrameRate
    start: int
    end: int
    shot: Shot | None
    samples: Sequence[tuple[float, tuple[Face, ...]]]
    area: Box

    def framing(
        self, aspect: Fraction, canvas: Canvas, before: tuple[float, float] | None
    ) -> Framing:
        """The window that follows its faces."""
        shape = float(aspect) * canvas.height / canvas.width
        height = min(self.area.height, self.area.width / shape)
        people = self._people(height * shape)
        height /= self._tightening(people, height)
        width = height * shape
        rows = self._followed(
            [(t, box.y + box.height / 2 + (0.5 - _EYES) * height,
              height / 2 - box.height / 2 - abs(0.5 - _EYES) * height) for t, box in people],
            (self.area.y, self.area.height), height, before[1] if before else None,
        )  # fmt: skip
        columns = self._followed(
            [(t, box.x + box.width / 2, width / 2 - box.width / 2) for t, box in people],
            (self.area.x, self.area.width), width, before[0] if before else None,
        )  # fmt: skip
        points = self._points(columns, rows)
        widest = max((box.width for _, box in people), default=width / 2)
        return Framing(
            self.start, self.end, width, height, points, closest=max(1.0, width / widest)
        )

    @staticmethod
    def _followed(
        seen: Sequence[tuple[float, float, float]],
        area: tuple[float, float],
        size: float,
        before: float | None,
    ) -> CameraPath:
        """The path along one axis, of what is seen at (seconds, aim, how far from it)."""
        low, high = area[0] + size / 2, area[0] + area[1] - size / 2
        low, high = min(low, high), max(low, high)
        limits = Limits(low, high, _DEAD * size, _SPEED * size, _ACCELERATION * size)
        held = [
            Sight(time, at, max(reach - abs(at - aim), _CALM * size))
            for time, aim, reach in seen
            for at in [limits.held(aim)]
        ]
        return follow(held, limits, before)

    def _people(self, window: float) -> list[tuple[float, Box]]:
        """(seconds, box) of who is to be seen, on the canvas, with room beside the face."""
        known = self.shot is not None and self.shot.kind == "talking_head"
        seen = [
            (time, tuple(f for f in faces if known or f.box.height >= _TINY))
            for time, faces in self.samples
        ]
        chosen = [(time, self._main(faces), faces) for time, faces in seen if faces]
        groups = [self._group(main, faces) for _, main, faces in chosen]
        wide = [b.width <= window for b, (_, m, _) in zip(groups, chosen, strict=True)
                if b.width > self._on_canvas(m.box).width * 1.01]  # fmt: skip
        together = len(wide) * 2 >= len(chosen) and all(wide) and bool(wide)
        return [
            (time, group if together else self._on_canvas(main.box))
            for (time, main, _), group in zip(chosen, groups, strict=True)
        ]

    def _main(self, faces: Sequence[Face]) -> Face:
        speaker = self.shot.speaker if self.shot is not None else None
        if speaker is None:
            return max(faces, key=lambda face: face.box.width * face.box.height)
        x, y = speaker.x + speaker.width / 2, speaker.y + speaker.height / 2

        def far(face: Face) -> float:
            box = face.box
            return abs(box.x + box.width / 2 - x) + abs(box.y + box.height / 2 - y)

        return min(faces, key=far)

    def _group(self, main: Face, faces: Sequence[Face]) -> Box:
        """The box around the main face and all that are nearly as large."""
        least = _SECOND * main.box.width * main.box.height
        boxes = [
            self._on_canvas(f.box)
            for f in faces
            if f is main or f.box.width * f.box.height >= least
        ]
        left, top = min(b.x for b in boxes), min(b.y for b in boxes)
        right = max(b.x + b.width for b in boxes)
        bottom = max(b.y + b.height for b in boxes)
        return Box(x=left, y=top, width=right - left, height=bottom - top)

    def _on_canvas(self, box: Box) -> Box:
        beside = _BESIDE * box.width
        return Box(
            x=self.area.x + (box.x - beside) * self.area.width,
            y=self.area.y + box.y * self.area.height,
            width=(box.width + 2 * beside) * self.area.width,
            height=box.height * self.area.height,
        )

    def _tightening(self, people: Sequence[tuple[float, Box]], height: float) -> float:
        if self.shot is None or self.shot.kind != "talking_head" or not people:
            return 1.0
        face = median(box.height for _, box in people) / height
        return min(max(_SMALL / face, 1.0), _TIGHTEST) if face > 0 else 1.0

    def _points(self, columns: CameraPath, rows: CameraPath) -> tuple[KeyPoint, ...]:
        rate = float(self.rate.fraction)

        def at(frame: int) -> KeyPoint:
            time = frame / rate
            return KeyPoint(frame, columns.at(time), rows.at(time))

        points = [at(self.start)]
        for begins, ends in _meeting([*columns.moving, *rows.moving]):
            first = max(self.start, floor(begins * rate))
            last = min(self.end - 1, ceil(ends * rate))
            # A still is exactly still: its ends are points of their own.
            if first < last:
                points += _thinned([at(frame) for frame in range(first, last + 1)])
        return tuple({point.frame: point for point in points}.values())


def _meeting(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order, joined where they meet."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _thinned(points: Sequence[KeyPoint]) -> tuple[KeyPoint, ...]:
    """The points that are needed for straight lines to be near enough to all."""
    kept = [points[0]]
    index = 0
    while index < len(points) - 1:
        reach = index + 1
        while reach + 1 < len(points) and _straight(points[index : reach + 2]):
            reach += 1
        kept.append(points[reach])
        index = reach
    return tuple(kept)


def _straight(points: Sequence[KeyPoint]) -> bool:
    line = Framing(0, 0, 0, 0, (points[0], points[-1]))
    return all(
        max(abs(a - b) for a, b in zip(line.center(p.frame), (p.x, p.y), strict=True)) <= _FLAT
        for p in points
    )


def _joined(framings: Sequence[Framing]) -> list[Framing]:
    """Framings with those that go on as the last one ended made one."""
    joined: list[Framing] = []
    for framing in framings:
        last = joined[-1] if joined else None
        if last is not None and (last.whole, last.width, last.height) == (
            framing.whole, framing.width, framing.height,
        ) and last.center(last.end - 1) == framing.center(framing.start):  # fmt: skip
            stays = (
                () if len(framing.points) == 1
                else (KeyPoint(framing.start, *framing.center(framing.start)), *framing.points)
            )  # fmt: skip
            points = {point.frame: point for point in (*last.points, *stays)}
            joined[-1] = replace(
                last, end=framing.end, points=tuple(points.values()),
                closest=min(last.closest, framing.closest),
            )  # fmt: skip
        else:
            joined.append(framing)
    return joined
