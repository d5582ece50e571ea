"""The film's picture as one filter graph, frame-exact however the inputs' frames come.

Every input is first laid on the film's frame grid by its presentation times (the last frame held
where the picture ends before the sound, the first where it begins later), then the kept frames are
chosen by number and given the number they have in the film. The passes meet in time order, and one
last grid makes speed changes into dropped or repeated frames and leaves no hole. The number of
frames is exact by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.blends import lay_blends
from ai_video_editor.composition.burning import burn_filter
from ai_video_editor.composition.card import draw_card, wave_box, wave_color
from ai_video_editor.composition.conform import TAGS, Canvas, frame_filters, source_filters
from ai_video_editor.composition.expression import Step, number, piecewise
from ai_video_editor.composition.film_shape import Reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics, Insert, Zoom
from ai_video_editor.composition.reframe_graph import reframe_chains, reframed_zooms
from ai_video_editor.composition.seeking import seek_to
from ai_video_editor.composition.timeline import Pass, Section, passes_over, without
from ai_video_editor.composition.transitions import Fade, Handle
from ai_video_editor.composition.zooming import zoom_filters
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, input_arguments
from ai_video_editor.timebase import FrameRate

_FRAME = 10_000
"""Microseconds that stand for a film frame between the passes and the last grid. `interleave`
counts in microseconds; a ten-thousandth of a frame is fine enough for any speed."""


@dataclass
class Graph:
    """An ffmpeg command's inputs and filter graph, while it is being put together.

    Attributes:
        inputs: arguments that open the inputs.
        chains: filter chains.
        count: how many inputs there are.
    """

    inputs: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    count: int = 0

    def open(self, arguments: Sequence[str]) -> int:
        """Add an input; its index."""
        self.inputs.extend(arguments)
        self.count += 1
        return self.count - 1

    @property
    def script(self) -> str:
        """The graph as ffmpeg reads it from a file."""
        return ";\n".join(self.chains) + "\n"


@dataclass(frozen=True)
class Excerpt:
    """Some GOPs of an input in a file of their own, with the input's distances in time.

    Attributes:
        path: the file, NUT.
        start: time on the input's timeline of its first frame, seconds.
        whole: whether it begins where the input begins.
    """

    path: Path
    start: Fraction
    whole: bool


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
        _pass(graph, one, files, ground, scratch, label, (excerpts or {}).get(one.input), look)
        streams.append(label)
    for index, insert in enumerate(aside):
        label = f"full{index}"
        _full_screen(graph, insert, shape, path_of, label)
        streams.append(label)
    _together(graph, streams, ground)
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
        _pass(graph, one, files, alone, scratch, f"pass-{label}", excerpt, look)
        _together(graph, [f"pass-{label}"], alone, f"on-{label}")
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


def _pass(
    graph: Graph,
    one: Pass,
    files: Sequence[tuple[VideoFile, Path]],
    shape: FilmShape,
    scratch: Path,
    label: str,
    excerpt: Excerpt | None,
    look: Look,
) -> None:
    file, path = files[one.input]
    one = Pass(one.input, (*one.sections[:-1], _closed(one.sections[-1], shape)))
    if file.video is None:
        chosen = [*_grid(one, shape.rate), *_placed(one.sections, shape.rate)]
        target = scratch / f"card-{label}.png"
        draw_card(shape.canvas, Path(file.name).stem.replace("_", " "), target)
        _card(graph, file, path, target, chosen, shape, label)
        return
    opened, back, sought = _opened(graph, one, file, path, shape.rate, excerpt)
    grid = _grid(one, shape.rate, sought=sought)
    whole = [*back, *source_filters(file.video), *look.of_source]
    chosen = [*whole, *grid, *_placed(one.sections, shape.rate)]
    filters = [*chosen, *frame_filters(file.video, shape.canvas), *look.of_film]
    graph.chains.append(f"[{opened}]{','.join(filters)}[{label}]")


def _opened(
    graph: Graph,
    one: Pass,
    file: VideoFile,
    path: Path,
    rate: FrameRate,
    excerpt: Excerpt | None,
) -> tuple[str, list[str], bool]:
    """The picture's stream, filters that bring back its time, and whether it begins later."""
    # A stream that changes size must not start the graph anew: its frame numbers would.
    same = ["-reinit_filter", "0"]
    if excerpt is not None:
        arguments = ["-protocol_whitelist", PROTOCOLS, "-f", "nut", "-i", file_url(excerpt.path)]
        index = graph.open([*same, *arguments])
        later = [f"setpts=PTS+round({number(excerpt.start)}/TB)"] if excerpt.start else []
        return f"{index}:v:0", later, not excerpt.whole
    seconds = seek_to(file, int(rate.time_of(one.first)))
    seek = ["-ss", str(seconds), "-noaccurate_seek"] if seconds else []
    index = graph.open([*seek, *same, *input_arguments(file, path)])
    stream = file.video.stream_index if file.video is not None else 0
    back = [f"setpts=PTS+{seconds}/TB"] if seconds else []
    return f"{index}:{stream}", back, seconds > 0


def _closed(section: Section, shape: FilmShape) -> Section:
    """A section with one frame more where it ends the film.

    The last grid leaves out the frame on which its input ends; this one it may leave out.
    """
    if section.film_end < shape.frames:
        return section
    return replace(section, frames=section.frames + 1)


def _grid(one: Pass, rate: FrameRate, *, sought: bool = False) -> list[str]:
    # After a seek the grid begins with the key frame that was found, else at zero.
    start = "" if sought else ":start_time=0"
    return [f"fps={rate}{start}", *_held(one.after_last)]


def _held(frames: int) -> list[str]:
    """Exactly `frames` frames from zero on, the last one held.

    The hold is a count: an endless hold of a picture that never comes would never end.
    """
    return [f"tpad=stop={frames}:stop_mode=clone", f"trim=end_pts={frames}"]


def _placed(sections: Sequence[Section], rate: FrameRate) -> list[str]:
    chosen: list[Step] = []
    numbers: list[Step] = []
    for section in sections:
        first = max(section.first, chosen[-1].end if chosen else 0)
        if chosen and chosen[-1].end == first:
            chosen[-1] = Step(chosen[-1].start, section.after_last, "1")
        else:
            chosen.append(Step(first, section.after_last, "1"))
        numbers.append(Step(first, section.after_last, _film_number(section)))
    rated = f"round(PTS*{rate.numerator}/{rate.denominator * 1_000_000})"
    return [
        f"select='{piecewise(chosen, 'pts', '0')}'",
        "settb=1/1000000",
        f"setpts='st(0,{rated});round({_FRAME}*({piecewise(numbers, 'ld(0)', '0')}))'",
    ]


def _film_number(section: Section) -> str:
    if section.speed == 1 and section.source.denominator == 1:
        return f"ld(0)+({section.film - section.source.numerator})"
    return f"(ld(0)-{number(section.source)})/{number(section.speed)}+{section.film}"


def _card(
    graph: Graph,
    file: VideoFile,
    path: Path,
    card: Path,
    chosen: Sequence[str],
    shape: FilmShape,
    label: str,
) -> None:
    still = graph.open(
        ["-protocol_whitelist", PROTOCOLS, "-f", "image2", "-pattern_type", "none",
         "-i", file_url(card)]
    )  # fmt: skip
    # Decoded once and repeated: the grid holds a last frame as long as it is needed.
    ground = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{','.join(chosen)}"
    finish = f"format=yuv420p,setsar=1,{TAGS}"
    if not file.audio:
        graph.chains.append(f"[{still}:v]{ground},{finish}[{label}]")
        return
    opened = graph.open(input_arguments(file, path))
    box = wave_box(shape.canvas)
    graph.chains.append(f"[{still}:v]{ground}[ground-{label}]")
    graph.chains.append(
        f"[{opened}:{file.audio[0].stream_index}]aresample=48000:async=1:first_pts=0,"
        f"aformat=channel_layouts=mono,showwaves=s={box.width}x{box.height}:mode=cline"
        f":rate={shape.rate}:draw=full:scale=sqrt:colors={wave_color()},"
        f"{','.join(chosen)}[wave-{label}]"
    )
    graph.chains.append(
        f"[ground-{label}][wave-{label}]overlay={box.left}:{box.top}:eof_action=pass,{finish}"
        f"[{label}]"
    )


def _clip(graph: Graph, insert: Insert, path_of: Callable[[MediaRef], Path]) -> int:
    path = path_of(insert.asset.clip)
    # Only libvpx sees the alpha of a WebM; ffmpeg's own decoder drops it.
    decoder = ["-c:v", "libvpx-vp9"] if insert.asset.clip.suffix == ".webm" else []
    return graph.open([*decoder, "-protocol_whitelist", PROTOCOLS, "-i", file_url(path)])


def _clip_frames(frames: int, rate: FrameRate) -> list[str]:
    return [f"fps={rate}:start_time=0", *_held(frames)]


def _full_screen(
    graph: Graph,
    insert: Insert,
    shape: FilmShape,
    path_of: Callable[[MediaRef], Path],
    label: str,
) -> None:
    opened = _clip(graph, insert, path_of)
    section = _closed(Section(0, Fraction(0), insert.start, insert.end - insert.start), shape)
    canvas = shape.canvas
    filters = [
        *_clip_frames(section.frames, shape.rate),
        *_placed([section], shape.rate),
        f"scale={canvas.width}:{canvas.height}:out_color_matrix=bt709:out_range=tv",
        "format=yuv420p",
        "setsar=1",
        TAGS,
    ]
    graph.chains.append(f"[{opened}:v:0]{','.join(filters)}[{label}]")


def _together(graph: Graph, streams: Sequence[str], shape: FilmShape, label: str = "film") -> None:
    labels = "".join(f"[{label}]" for label in streams)
    join = f"interleave=nb_inputs={len(streams)}," if len(streams) > 1 else ""
    rate = shape.rate
    graph.chains.append(
        f"{labels}{join}fps={1_000_000 // _FRAME}:round=up:start_time=0:eof_action=pass,"
        f"{','.join(_held(shape.frames))},"
        f"settb={rate.denominator}/{rate.numerator},setpts=N,fps={rate}:start_time=0[{label}]"
    )


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
