"""Encoding: the picture and AAC in an MP4 that begins at zero without an edit list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.composition.caption_track import EMPTY, CaptionTrack, switch_off_captions
from ai_video_editor.composition.encoders import Encoder
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.filter_graph import Graph
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import (
    PROTOCOLS,
    ffmpeg_version,
    file_url,
    measure,
    run,
)
from ai_video_editor.progress import Report, silent


@dataclass(frozen=True)
class Quality:
    """x264's two knobs."""

    crf: int
    preset: str


QUALITIES = {
    "low": Quality(26, "superfast"),
    "medium": Quality(23, "veryfast"),
    "high": Quality(20, "fast"),
    "ultra": Quality(17, "slow"),
}
"""By quality level. CRF 17 to 18 is taken for visually lossless (x264's own guidance, ffmpeg wiki
H.264); six steps are about half the bit rate."""

GOP_SECONDS = 2
"""Longest distance of two key frames: seeks land near, and platforms cut there."""

SHORT = 12
"""Frames of a film that is coded without reordering: players take the order of decoding from all
but the last frames (ffmpeg's mov demuxer), and here there are no others."""

AAC_PRIMING = 1024
"""Samples that ffmpeg's AAC encoder puts before the first. Without an edit list a player plays
them, so as many are dropped from the front and everything stays in its place (measured)."""

COLORS = [
    "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
    "-color_range", "tv",
]  # fmt: skip
"""What every film is."""

AUDIO_ENCODING = ["-c:a", "aac", "-b:a", "256k", "-ar", "48000", "-ac", "2"]


@dataclass(frozen=True)
class Encoded:
    """A film file.

    Attributes:
        path: the file.
        frames: frames in it, counted in the file.
        encoder: name of the video encoder.
    """

    path: Path
    frames: int
    encoder: str = "libx264"


def encode(
    graph: Graph,
    sound: list[str],
    shape: FilmShape,
    *,
    encoder: Encoder,
    quality: str,
    parallel: bool,
    scratch: Path,
    timeout: float,
    captions: CaptionTrack | None = None,
    report: Report = silent,
) -> Encoded:
    """Render the graph's `[picture]` and the sound into one file, by another encoder than x264.

    Args:
        graph: the picture.
        sound: arguments that open the sound.
        shape: the film.
        encoder: of the picture.
        quality: low, medium, high or ultra.
        parallel: whether filters and decoders may use several threads.
        scratch: folder for the file.
        timeout: seconds.
        captions: a track that viewers can switch on.
        report: told the share done.

    Raises:
        MediaError: ffmpeg failed, or the file has another number of frames than the plan.
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    opened = graph.open(sound)
    graph.chains.append(
        f"[{opened}:a:0]apad=whole_len={2 * AAC_PRIMING},atrim=start_sample={AAC_PRIMING}[sound]"
    )
    lines: list[str] = []
    if captions is not None:
        lines = ["-map", f"{graph.open(captions.opening)}:s:0", "-c:s", "copy"]
        # The muxer fills the gaps itself; two samples for one gap would make copies drift.
        lines += ["-bsf:s", f"noise=drop='lte(size,{EMPTY})'"]
        for key, value in captions.tags.items():
            lines += ["-metadata:s:s:0", f"{key}={value}"]
    shown = "picture"
    if encoder.upload:
        graph.chains.append(f"[picture]{encoder.upload}[uploaded]")
        shown = "uploaded"
    script = scratch / "graph.txt"
    script.write_text(graph.script, encoding="utf-8")
    target = scratch / "film.mp4"
    run(
        [
            *encoder.device,
            *([] if parallel else ["-filter_complex_threads", "1"]),
            *graph.inputs,
            *script_option(script),
            "-map", f"[{shown}]", "-map", "[sound]",
            *_picture_encoding(shape, quality, encoder),
            *AUDIO_ENCODING,
            "-map_metadata", "-1", "-map_chapters", "-1", *lines,
            "-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets",
            "-max_muxing_queue_size", "4096",
            "-f", "mp4", file_url(target),
        ],
        timeout=timeout,
        report=report,
        doing="rendering the film",
        what="the film",
        total_frames=shape.frames,
    )  # fmt: skip
    switch_off_captions(target)
    frames = counted_frames(target, timeout=timeout)
    if frames != shape.frames:
        raise MediaError(
            f"The film has {frames} frames where the plan has {shape.frames}; "
            "please report this with the log."
        )
    return Encoded(target, frames, encoder.name)


def _picture_encoding(shape: FilmShape, quality: str, encoder: Encoder) -> list[str]:
    gop = max(1, round(shape.rate.fraction * GOP_SECONDS))
    raw = [] if encoder.upload else ["-pix_fmt", "yuv420p"]
    return [
        "-fps_mode", "passthrough", *encoder.arguments(quality), *raw, "-g", str(gop),
        *COLORS, "-video_track_timescale", str(timescale(shape)),
    ]  # fmt: skip


def counted_frames(path: Path, *, timeout: float) -> int:
    """Video packets in a file, counted by reading it.

    Raises:
        MediaError: it cannot be read.
    """
    text = measure(
        ["-protocol_whitelist", PROTOCOLS, "-stats", "-f", "mov", "-i", file_url(path),
         "-map", "0:v:0", "-c", "copy"],
        timeout=timeout,
    )  # fmt: skip
    found = re.findall(r"frame=\s*(\d+)", text)
    if not found:
        raise MediaError(f"The frames of {path.name} cannot be counted.")
    return int(found[-1])


def script_option(script: Path) -> list[str]:
    """How this ffmpeg is told to read its filter graph from a file."""
    # ffmpeg 7 reads any option from a file; older ones have an option of its own for the graph.
    if ffmpeg_version() >= (7, 0):
        return ["-/filter_complex", str(script)]
    return ["-filter_complex_script", str(script)]


def video_encoding(shape: FilmShape, quality: Quality, *, delay: int = 2) -> list[str]:
    """Arguments of the picture's encoder.

    Args:
        shape: the film.
        quality: x264's knobs.
        delay: frames by which pictures may be decoded ahead of being shown.
    """
    reordering = ["-bf", "0"] if delay == 0 else ["-bf", "2"]
    pyramid = ":b-pyramid=none" if delay == 1 else ""
    gop = max(1, round(shape.rate.fraction * GOP_SECONDS))
    return [
        "-fps_mode", "passthrough",
        "-c:v", "libx264", "-preset", quality.preset, "-crf", str(quality.crf),
        "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-g", str(gop), *reordering, "-x264-params", f"open-gop=0{pyramid}",
        *COLORS,
        "-video_track_timescale", str(timescale(shape)),
    ]  # fmt: skip


def timescale(shape: FilmShape) -> int:
    """A clock in which a frame lasts a whole number of ticks, at least 10 000 a second."""
    rate = shape.rate
    return rate.numerator * max(1, -(-10_000 // rate.numerator))
