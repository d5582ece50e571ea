"""The shape that is asked for, and the window through which a film of that shape shows the inputs.

Everything that draws for the film asks here how large it is; everything that reads the inputs keeps
to the wide canvas, onto which they are fitted before the window is cut out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.reframing import (
    ASPECTS,
    Framing,
    KeyPoint,
    has_shape,
    reframing_of,
    target_canvas,
)
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import ComposedVideo
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.timebase import FrameRate, TimeMap


@dataclass(frozen=True)
class FilmShape:
    """What every frame of the film is.

    Attributes:
        canvas: picture size.
        rate: frames a second.
        frames: how many.
    """

    canvas: Canvas
    rate: FrameRate
    frames: int


@dataclass(frozen=True)
class Reframed:
    """A film that shows a window of a wider canvas.

    Attributes:
        framings: the window over every film frame, in film order, without gap.
        wide: the canvas on which the inputs lie.
    """

    framings: tuple[Framing, ...]
    wide: Canvas

    def within(self, start: int, end: int) -> Reframed:
        """The same over film frames `start` to `end` (half-open), counted from 0."""
        inside = (f for f in self.framings if f.start < end and start < f.end)
        return Reframed(tuple(f.clipped(start, end).shifted(-start) for f in inside), self.wide)

    def still(self, frame: int, frames: int) -> Reframed:
        """The window as it stands at a film frame, held for `frames` frames counted from 0."""
        (one,) = self.within(frame, frame + 1).framings
        x, y = one.center(0)
        held = replace(one, end=frames, points=(KeyPoint(0, x, y),))
        return Reframed((held,), self.wide)


def film_canvas(wide: Canvas, aspect: str | None) -> Canvas:
    """The film's picture in the shape that is asked for; the wide one where it has it already."""
    if aspect is None or has_shape(wide, ASPECTS[aspect]):
        return wide
    return target_canvas(wide, ASPECTS[aspect])


def shaped(metadata: VideoMetadata, aspect: str | None) -> VideoMetadata:
    """What holds for the film in the shape that is asked for."""
    canvas = film_canvas(Canvas(metadata.width, metadata.height), aspect)
    return metadata.model_copy(update={"width": canvas.width, "height": canvas.height})


def reframed(
    time_map: TimeMap,
    files: Sequence[VideoFile],
    video: VideoAnalysis | None,
    wide: Canvas,
    aspect: str | None,
) -> Reframed | None:
    """The window that gives the film its shape; None where it has that shape already.

    Args:
        time_map: the cut.
        files: the inputs.
        video: shots and faces; without it the middle is shown.
        wide: the canvas on which the inputs are fitted.
        aspect: one of `ASPECTS`; None leaves the shape as it is.
    """
    if aspect is None or film_canvas(wide, aspect) == wide:
        return None
    pictures = [(f.video.width, f.video.height) if f.video else None for f in files]
    return Reframed(reframing_of(time_map, video, pictures, wide, ASPECTS[aspect]), wide)


def window_of(
    composed: ComposedVideo,
    time_map: TimeMap,
    files: Sequence[VideoFile],
    video: VideoAnalysis | None,
    metadata: VideoMetadata,
) -> Reframed | None:
    """The window through which a film that was rendered shows its inputs."""
    seen = None if composed.method == "reencode" else video
    wide = Canvas(metadata.width, metadata.height)
    return reframed(time_map, files, seen, wide, composed.aspect)
