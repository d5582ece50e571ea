"""The frames that a film takes of its inputs, as filter chains, each on its place of the film.

Every input is first laid on the film's frame grid by its presentation times (the last frame held
where the picture ends before the sound, the first where it begins later), then the kept frames are
chosen by number and given the number they have in the film. The passes meet in time order, and one
last grid makes speed changes into dropped or repeated frames and leaves no hole. The number of
frames is exact by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.card import draw_card, wave_box, wave_color
from ai_video_editor.composition.conform import TAGS, frame_filters, source_filters
from ai_video_editor.composition.expression import Step, number, piecewise
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.filter_graph import Graph
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.seeking import seek_to
from ai_video_editor.composition.timeline import Pass, Section
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, input_arguments
from ai_video_editor.timebase import FrameRate

_FRAME = 10_000
"""Microseconds that stand for a film frame between the passes and the last grid. `interleave`
counts in microseconds; a ten-thousandth of a frame is fine enough for any speed."""


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


def lay_pass(
    graph: Graph,
    one: Pass,
    files: Sequence[tuple[VideoFile, Path]],
    shape: FilmShape,
    scratch: Path,
    label: str,
    excerpt: Excerpt | None,
    look: Look,
) -> None:
    """Add the frames of one reading of an input, each with its place in the film.

    Args:
        graph: the graph.
        one: the sections that are read.
        files: the inputs.
        shape: the film, or the canvas on which the inputs lie.
        scratch: folder for cards.
        label: of the stream.
        excerpt: what is read of the input, where that is not the input itself.
        look: grade of the recordings.
    """
    file, path = files[one.input]
    one = Pass(one.input, (*one.sections[:-1], closed(one.sections[-1], shape)))
    if file.video is None:
        chosen = [*_grid(one, shape.rate), *placed(one.sections, shape.rate)]
        target = scratch / f"card-{label}.png"
        draw_card(shape.canvas, Path(file.name).stem.replace("_", " "), target)
        _card(graph, file, path, target, chosen, shape, label)
        return
    opened, back, sought = _opened(graph, one, file, path, shape.rate, excerpt)
    grid = _grid(one, shape.rate, sought=sought)
    whole = [*back, *source_filters(file.video), *look.of_source]
    chosen = [*whole, *grid, *placed(one.sections, shape.rate)]
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


def closed(section: Section, shape: FilmShape) -> Section:
    """A section with one frame more where it ends the film.

    The last grid leaves out the frame on which its input ends; this one it may leave out.
    """
    if section.film_end < shape.frames:
        return section
    return replace(section, frames=section.frames + 1)


def _grid(one: Pass, rate: FrameRate, *, sought: bool = False) -> list[str]:
    # After a seek the grid begins with the key frame that was found, else at zero.
    start = "" if sought else ":start_time=0"
    return [f"fps={rate}{start}", *held(one.after_last)]


def held(frames: int) -> list[str]:
    """Exactly `frames` frames from zero on, the last one held.

    The hold is a count: an endless hold of a picture that never comes would never end.
    """
    return [f"tpad=stop={frames}:stop_mode=clone", f"trim=end_pts={frames}"]


def placed(sections: Sequence[Section], rate: FrameRate) -> list[str]:
    """Filters that choose the sections' frames by number and give them their place in the film."""
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


def lay_together(
    graph: Graph, streams: Sequence[str], shape: FilmShape, label: str = "film"
) -> None:
    """Add the stream that all streams are together, exactly as many frames as the film has."""
    labels = "".join(f"[{label}]" for label in streams)
    join = f"interleave=nb_inputs={len(streams)}," if len(streams) > 1 else ""
    rate = shape.rate
    graph.chains.append(
        f"{labels}{join}fps={1_000_000 // _FRAME}:round=up:start_time=0:eof_action=pass,"
        f"{','.join(held(shape.frames))},"
        f"settb={rate.denominator}/{rate.numerator},setpts=N,fps={rate}:start_time=0[{label}]"
    )
