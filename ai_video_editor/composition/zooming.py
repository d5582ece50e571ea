"""Framings of the film's picture: jumps to a closer one, and slow moves towards a face.

A jump is a scale and a crop, whole pixels and cheap. A move by whole pixels would tremble (chroma
allows steps of two), so moves are drawn by `perspective`, which interpolates between pixels; it
costs 34 ms a frame at 1080p (measured, two cores) and works only while a move lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.expression import Step, piecewise
from ai_video_editor.composition.graphics import Zoom
from ai_video_editor.timebase import FrameRate


def zoom_filters(zooms: Sequence[Zoom], canvas: Canvas, rate: FrameRate) -> list[str]:
    """Filters that draw all framings.

    Args:
        zooms: in film order, without overlap.
        canvas: the film's picture size.
        rate: the film's frame rate.
    """
    still = [zoom for zoom in zooms if not zoom.moves]
    moving = [zoom for zoom in zooms if zoom.moves]
    return [*_jumps(still, canvas, rate), *_moves(moving)]


def _jumps(zooms: Sequence[Zoom], canvas: Canvas, rate: FrameRate) -> list[str]:
    if not zooms:
        return []
    # The frame's number from its time: `scale` counts from one, `crop` from zero (measured).
    frame = f"st(0,round(t*{rate.numerator}/{rate.denominator}))"

    def over(value: Callable[[Zoom], int], otherwise: int) -> str:
        steps = [Step(zoom.start, zoom.end, str(value(zoom))) for zoom in zooms]
        return f"{frame};{piecewise(steps, 'ld(0)', str(otherwise))}"

    def size(length: int) -> Callable[[Zoom], int]:
        return lambda zoom: 2 * round(length * zoom.scale / 2)

    def offset(length: int, center: Callable[[Zoom], float]) -> Callable[[Zoom], int]:
        def of(zoom: Zoom) -> int:
            larger = size(length)(zoom)
            wanted = larger * center(zoom) - length / 2
            return round(min(max(wanted, 0), larger - length)) // 2 * 2

        return of

    return [
        f"scale=w='{over(size(canvas.width), canvas.width)}'"
        f":h='{over(size(canvas.height), canvas.height)}':eval=frame:flags=bicubic",
        f"crop={canvas.width}:{canvas.height}"
        f":x='{over(offset(canvas.width, lambda z: z.center_x), 0)}'"
        f":y='{over(offset(canvas.height, lambda z: z.center_y), 0)}'",
    ]


def _moves(zooms: Sequence[Zoom]) -> list[str]:
    if not zooms:
        return []
    frame = "st(0,in-1)"  # `perspective` counts from one (measured)

    def over(value: Callable[[Zoom], str]) -> str:
        steps = [Step(zoom.start, zoom.end, value(zoom)) for zoom in zooms]
        return f"{frame};{piecewise(steps, 'ld(0)', '0')}"

    # Register 2 holds the share of the picture that the framing shows, 1 for all of it.
    left = over(lambda z: f"{_shown(z)};{_edge('W', z.center_x)}")
    top = over(lambda z: f"{_shown(z)};{_edge('H', z.center_y)}")
    right = over(lambda z: f"{_shown(z)};{_edge('W', z.center_x)}+W*ld(2)")
    bottom = over(lambda z: f"{_shown(z)};{_edge('H', z.center_y)}+H*ld(2)")
    corners = (left, top, right, top, left, bottom, right, bottom)
    named = (f"{'xy'[n % 2]}{n // 2}='{corner}'" for n, corner in enumerate(corners))
    active = piecewise([Step(zoom.start, zoom.end, "1") for zoom in zooms], "n", "0")
    return [f"perspective={':'.join(named)}:interpolation=linear:eval=frame:enable='{active}'"]


def _shown(zoom: Zoom) -> str:
    """The share shown at frame `ld(0)` into register 2: smooth at both ends of a move."""
    rise = f"(ld(0)-{zoom.start})/{zoom.ease_in}" if zoom.ease_in else "1"
    fall = f"({zoom.end}-ld(0))/{zoom.ease_out}" if zoom.ease_out else "1"
    return (
        f"st(1,clip(min({rise},{fall}),0,1));"
        f"st(2,1/(1+{zoom.scale - 1:.6f}*ld(1)*ld(1)*(3-2*ld(1))))"
    )


def _edge(length: str, center: float) -> str:
    """Where the framing begins: around the centre, inside the picture."""
    return f"{length}*clip({center:.6f}-ld(2)/2,0,1-ld(2))"
