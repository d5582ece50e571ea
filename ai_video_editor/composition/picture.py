"""The film's picture as one filter graph: the cut, and what is drawn over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.blends import lay_blends
from ai_video_editor.composition.burning import burn_filter
from ai_video_editor.composition.conform import TAGS
from ai_video_editor.composition.film_shape import FilmShape, Reframed
from ai_video_editor.composition.filter_graph import Graph
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics, Insert, Zoom
from ai_video_editor.composition.passes import (
    Excerpt,
    closed,
    held,
    lay_pass,
    lay_together,
    placed,
)
from ai_video_editor.composition.reframe_graph import reframe_chains, reframed_zooms
from ai_video_editor.composition.timeline import Pass, Section, passes_over, without
from ai_video_editor.composition.transitions import Fade, Handle
from ai_video_editor.composition.zooming import zoom_filters
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url
from ai_video_editor.timebase import FrameRate


@dataclass(frozen=True)
class BurnedCaptions:
    """An ASS document and the folder with its fonts.

    Attributes:
        document: timed in the film.
        fonts: folder with its fonts alone.
        begins: film frame that the picture's first frame is.
    """

    document: Path
    fonts: Path
    begins: int = 0

    @property
    def filters(self) -> list[str]:
        """What draws them on a picture whose time is counted in frames."""
        drawn = burn_filter(self.document, self.fonts)
        if not self.begins:
            return [drawn]
        return [f"setpts=PTS+{self.begins}", drawn, f"setpts=PTS-{self.begins}"]


def picture_graph(
    shape: FilmShape,
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    graphics: Graphics,
    path_of: Callable[[MediaRef], Path],
    scratch: Path,
    excerpts: Mapping[int, Excerpt] | None = None,
    burned: BurnedCaptions | None = None,
    reframed: Reframed | None = None,
    look: Look | None = None,
) -> Graph:
    """The graph whose output `[picture]` is the film's picture.

    Args:
        shape: the film.
        sections: the cut.
        files: the inputs.
        graphics: what is laid on it.
        path_of: where a file of the store lies.
        scratch: folder for cards.
        excerpts: input to what is read of it, where that is not the input itself.
        burned: captions drawn into the picture, above everything else.
        reframed: the window on the recording that the film shows; all of it when None.
        look: grade of the recordings; what is drawn stays as it is.
    """
    graph, look = Graph(), look or Look()
    streams: list[str] = []
    # Graphics are drawn in the film's shape: in a window they lie over it, else in its place.
    aside = graphics.full_screen if reframed is None else ()
    over = graphics.overlays if reframed is None else (*graphics.full_screen, *graphics.overlays)
    ground = shape if reframed is None else replace(shape, canvas=reframed.wide)
    passes = passes_over(without(sections, [(insert.start, insert.end) for insert in aside]))
    for index, one in enumerate(passes):
        label = f"pass{index}"
        lay_pass(graph, one, files, ground, scratch, label, (excerpts or {}).get(one.input), look)
        streams.append(label)
    for index, insert in enumerate(aside):
        label = f"full{index}"
        _full_screen(graph, insert, shape, path_of, label)
        streams.append(label)
    lay_together(graph, streams, ground)
    shown, zooms = "film", graphics.zooms
    if reframed is not None:
        shown, zooms = "reframed", reframed_zooms(zooms, reframed.framings)
        graph.chains += reframe_chains(reframed.framings, reframed.wide, shape.canvas)
    steps = zoom_filters(zooms, shape.canvas, shape.rate)
    graph.chains.append(f"[{shown}]{','.join(steps) or 'null'}[zoomed]")

    def handle(side: Handle, at: int, label: str) -> None:
        """Frames beside a cut as the film frame `at` shows them, counted from zero."""
        section = side.section
        alone = replace(ground, frames=section.frames)
        excerpt = (excerpts or {}).get(section.input)
        one = Pass(section.input, (section,))
        lay_pass(graph, one, files, alone, scratch, f"pass-{label}", excerpt, look)
        lay_together(graph, [f"pass-{label}"], alone, f"on-{label}")
        near: Sequence[Zoom] = ()
        if side.scale > 1:
            near = (Zoom(at, at + 1, side.scale, side.center_x, side.center_y),)
        source = f"on-{label}"
        if reframed is not None:
            near, source = reframed_zooms(near, reframed.framings), f"in-{label}"
            window = reframed.still(at, section.frames)
            graph.chains += reframe_chains(
                window.framings, window.wide, shape.canvas, f"on-{label}", source
            )
        held = [replace(zoom, start=0, end=section.frames) for zoom in near]
        framing = zoom_filters(held, shape.canvas, shape.rate)
        graph.chains.append(f"[{source}]{','.join(framing) or 'null'}[{label}]")

    last = lay_blends(graph.chains, graphics.blends, "zoomed", shape.canvas, shape.rate, handle)
    last = _overlays(graph, over, shape, path_of, last)
    burn = burned.filters if burned is not None else []
    ends = [*_fade_filters(graphics.fades), *burn, TAGS, "format=yuv420p"]
    graph.chains.append(f"[{last}]{','.join(ends)}[picture]")
    return graph


def _clip(graph: Graph, insert: Insert, path_of: Callable[[MediaRef], Path]) -> int:
    path = path_of(insert.asset.clip)
    # Only libvpx sees the alpha of a WebM; ffmpeg's own decoder drops it.
    decoder = ["-c:v", "libvpx-vp9"] if insert.asset.clip.suffix == ".webm" else []
    return graph.open([*decoder, "-protocol_whitelist", PROTOCOLS, "-i", file_url(path)])


def _clip_frames(frames: int, rate: FrameRate) -> list[str]:
    return [f"fps={rate}:start_time=0", *held(frames)]


def _full_screen(
    graph: Graph,
    insert: Insert,
    shape: FilmShape,
    path_of: Callable[[MediaRef], Path],
    label: str,
) -> None:
    opened = _clip(graph, insert, path_of)
    section = closed(Section(0, Fraction(0), insert.start, insert.end - insert.start), shape)
    canvas = shape.canvas
    filters = [
        *_clip_frames(section.frames, shape.rate),
        *placed([section], shape.rate),
        f"scale={canvas.width}:{canvas.height}:out_color_matrix=bt709:out_range=tv",
        "format=yuv420p",
        "setsar=1",
        TAGS,
    ]
    graph.chains.append(f"[{opened}:v:0]{','.join(filters)}[{label}]")


def _fade_filters(fades: Sequence[Fade]) -> list[str]:
    return [
        f"fade=t={'out' if fade.out else 'in'}:s={fade.start}:n={fade.end - fade.start}"
        f":enable='between(n,{fade.start},{fade.end - 1})'"
        for fade in fades
    ]


def _overlays(
    graph: Graph,
    overlays: Sequence[Insert],
    shape: FilmShape,
    path_of: Callable[[MediaRef], Path],
    below: str,
) -> str:
    for index, insert in enumerate(overlays):
        opened = _clip(graph, insert, path_of)
        placed = [
            *_clip_frames(insert.end - insert.start, shape.rate),
            f"setpts=PTS+{insert.start}",
            "scale=out_color_matrix=bt709:out_range=tv",
            "format=yuva420p",
        ]
        graph.chains.append(f"[{opened}:v:0]{','.join(placed)}[over{index}]")
        graph.chains.append(
            f"[{below}][over{index}]overlay=0:0:eof_action=pass"
            f":enable='between(n,{insert.start},{insert.end - 1})'[laid{index}]"
        )
        below = f"laid{index}"
    return below
