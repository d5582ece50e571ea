"""Dissolves and wipes: handles laid over the film with an alpha that moves.

The alpha of a blend is drawn small, one value for a dissolve and a row of them for a wipe, and
stretched to the picture: an expression for every pixel would cost more than the film.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.transitions import Blend, Handle
from ai_video_editor.timebase import FrameRate

_COLUMNS = 256
"""Values in a row of a wipe's alpha; stretched, no step between two is seen."""

_EDGE = 0.2
"""Width of a wipe's soft edge, share of the picture's."""


def lay_blends(
    chains: list[str],
    blends: Sequence[Blend],
    below: str,
    canvas: Canvas,
    rate: FrameRate,
    handle: Callable[[Handle, int, str], None],
) -> str:
    """Add the chains that draw blends; the label of the picture with them.

    Args:
        chains: of the graph.
        blends: in film order, apart from each other.
        below: label of the film with its framings.
        canvas: the film's picture size.
        rate: the film's frame rate.
        handle: adds the stream of a handle under a label, its frames counted from zero and
            framed as those of a film frame that is named.
    """
    for number, blend in enumerate(blends):
        sides = (
            (blend.incoming, blend.start, blend.cut, "in"),
            (blend.outgoing, blend.cut, blend.cut - 1, "out"),
        )
        for side, start, at, name in sides:
            if not side.frames:
                continue
            label = f"{name}{number}"
            handle(side, at, f"framed-{label}")
            chains.append(f"{_alpha(blend, start, side.frames, canvas, rate)}[alpha-{label}]")
            chains.append(
                f"[framed-{label}][alpha-{label}]alphamerge,setpts=PTS+{start}[over-{label}]"
            )
            chains.append(
                f"[{below}][over-{label}]overlay=0:0:eof_action=pass"
                f":enable='between(n,{start},{start + side.frames - 1})'[blended-{label}]"
            )
            below = f"blended-{label}"
    return below


def _alpha(blend: Blend, start: int, frames: int, canvas: Canvas, rate: FrameRate) -> str:
    """A source of so many alpha pictures, from film frame `start` on."""
    done = f"(N+{start - blend.start}+0.5)/{blend.end - blend.start}"
    if blend.style == "dissolve":
        columns, incoming = 2, done
    else:
        # From rest to rest; the edge begins outside the picture and ends outside it.
        columns = _COLUMNS
        moved = f"st(0,{done});ld(0)*ld(0)*(3-2*ld(0))*{1 + _EDGE}"
        incoming = f"st(1,{moved});clip((ld(1)-(X+0.5)/{columns})/{_EDGE},0,1)"
    share = incoming if start < blend.cut else f"1-({incoming})"
    return (
        f"color=black:size={columns}x2:rate={rate},trim=end_frame={frames},format=gray,"
        f"geq=lum='round(255*({share}))',"
        f"scale={canvas.width}:{canvas.height}:flags=bilinear,format=gray"
    )
