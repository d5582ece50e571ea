"""Encoding one piece: values in, a file out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ai_video_editor.composition.burning import lay_out_fonts
from ai_video_editor.composition.encoder import QUALITIES, script_option, video_encoding
from ai_video_editor.composition.picture import BurnedCaptions, picture_graph
from ai_video_editor.composition.smart.excerpt import write_excerpt
from ai_video_editor.composition.smart.index import PacketIndex, index_packets
from ai_video_editor.composition.smart.piece import Piece
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import file_url, run
from ai_video_editor.progress import Report, silent


def encode_piece(
    piece: Piece,
    files: Sequence[tuple[VideoFile, Path]],
    path_of: Callable[[MediaRef], Path],
    *,
    parallel: bool,
    scratch: Path,
    timeout: float,
    report: Report = silent,
) -> Path:
    """Encode a piece.

    Args:
        piece: what to encode.
        files: the inputs, those whose hashes the piece names.
        path_of: where a file of the store lies.
        parallel: whether filters may use several threads.
        scratch: folder of this piece alone; the file is left in it, the rest is removed.
        timeout: seconds.
        report: told the share done.

    Returns:
        An MP4 file without sound, as many frames as the piece has, with a key frame where each of
        its runs begins.

    Raises:
        MediaError: an input is another than the piece names, or ffmpeg failed.
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    if tuple(file.sha256 for file, _ in files) != piece.inputs:
        raise MediaError("The inputs are not those for which the piece was planned.")
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / "piece.mp4"
    try:
        excerpts = {
            one.input: write_excerpt(one, *files[one.input], scratch / f"input{one.input}.nut")
            for one in piece.excerpts
        }
        shape = piece.shape
        burned = None
        if piece.captions is not None:
            fonts = lay_out_fonts(scratch / "fonts")
            burned = BurnedCaptions(path_of(piece.captions), fonts, piece.film)
        graph = picture_graph(
            shape, piece.sections, files, piece.graphics, path_of, scratch, excerpts, burned,
            piece.reframed, piece.look,
        )  # fmt: skip
        script = scratch / "graph.txt"
        script.write_text(graph.script, encoding="utf-8")
        run(
            [
                *([] if parallel else ["-filter_complex_threads", "1"]),
                *graph.inputs, *script_option(script), "-map", "[picture]",
                *video_encoding(shape, QUALITIES[piece.quality], delay=piece.delay),
                "-forced-idr", "1", "-force_key_frames", _key_frames(piece),
                "-map_metadata", "-1", "-use_editlist", "0", "-f", "mp4", file_url(target),
            ],
            timeout=timeout, report=report, doing="rendering the film", what="the film",
            total_frames=piece.frames,
        )  # fmt: skip
    finally:
        shutil.rmtree(scratch / "fonts", ignore_errors=True)
        for path in scratch.iterdir():
            if path != target:
                path.unlink(missing_ok=True)
    return target


def checked_piece(piece: Piece, path: Path) -> PacketIndex:
    """The packets of an encoded piece, each run apart from the others.

    Raises:
        MediaError: frames are missing, or a run does not stand on its own.
    """
    index = index_packets(path, "mov", 0, piece.shape.rate)
    if not isinstance(index, PacketIndex):
        raise MediaError(f"A rendered piece cannot be joined: {index.reason}.")
    if sorted(index.numbers) != list(range(piece.frames)):
        raise MediaError(
            f"A piece of the film has {index.frames} frames where the plan has {piece.frames}."
        )
    entries = set(index.entries)
    if not all(start in entries and index.numbers[start] == start for start in piece.starts):
        raise MediaError("A piece of the film has no key frame where it begins.")
    return index


def _key_frames(piece: Piece) -> str:
    """Times at which runs begin, in microseconds rounded down: a key frame comes not before."""
    rate = piece.shape.rate
    whole = (int(rate.time_of(start) * 1_000_000) for start in piece.starts)
    return ",".join(f"{time // 1_000_000}.{time % 1_000_000:06d}" for time in whole)
