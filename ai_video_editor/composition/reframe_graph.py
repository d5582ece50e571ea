"""The filters that draw a reframed film: a gliding window, and slides whole over themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ai_video_editor.composition.conform import Canvas, fitted
from ai_video_editor.composition.expression import Step, piecewise
from ai_video_editor.composition.graphics import Zoom
from ai_video_editor.composition.reframing import Framing

_BLUR = 24
"""The blurred ground is drawn at one part in so many of the size."""

_SOFT = 5
"""Standard deviation of its blur, pixels of that size: letters become a mere shade."""

_SEEN = 1.04
"""Enlargement below which a punch-in is taken for a fault."""


def reframed_zooms(zooms: Sequence[Zoom], framings: Sequence[Framing]) -> tuple[Zoom, ...]:
    """Punch-ins as they lie in the window; none where the picture is shown whole.

    They come as near as leaves the head whole; where that is next to nothing there is none.
    """
    found: list[Zoom] = []
    for zoom in zooms:
        framing = next((f for f in framings if f.start <= zoom.start < f.end), None)
        if framing is None:
            found.append(zoom)
        elif not framing.whole and min(zoom.scale, framing.closest) >= _SEEN:
            x, y = framing.center(zoom.start)
            found.append(
                replace(
                    zoom,
                    scale=min(zoom.scale, framing.closest),
                    center_x=_inside((zoom.center_x - x) / framing.width + 0.5),
                    center_y=_inside((zoom.center_y - y) / framing.height + 0.5),
                )
            )
    return tuple(found)


def _inside(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def reframe_chains(
    framings: Sequence[Framing],
    canvas: Canvas,
    target: Canvas,
    source: str = "film",
    result: str = "reframed",
) -> list[str]:
    """Filter chains from the film of one size to that of another.

    The window is cut out by whole pixels with a margin, and the rest of the way, less than two
    pixels, is interpolated: so a slow move does not tremble. Frames must be counted from the film's
    first one.

    Args:
        framings: of the film; at least one.
        canvas: size of the film as it comes.
        target: size that is wanted.
        source: label of the film.
        result: label of what comes out.
    """
    whole = [Step(f.start, f.end, "1") for f in framings if f.whole]
    windows = [f for f in framings if not f.whole]
    follows = ",".join(_window(windows, canvas, target))
    if not whole:
        return [f"[{source}]{follows}[{result}]"]
    if not windows:
        return [f"[{source}]split[{result}-a][{result}-b]", *_fit(canvas, target, result, result)]
    shown = piecewise(whole, "n", "0")
    return [
        f"[{source}]split=3[{result}-w][{result}-a][{result}-b]",
        f"[{result}-w]{follows}[{result}-window]",
        *_fit(canvas, target, result, f"{result}-whole"),
        f"[{result}-window][{result}-whole]overlay=0:0:eof_action=pass:enable='{shown}'[{result}]",
    ]


def _fit(canvas: Canvas, target: Canvas, name: str, result: str) -> list[str]:
    """The picture, as `name`-a and `name`-b, whole over itself, enlarged, blurred and darkened."""
    width, height = fitted(canvas.width, canvas.height, target)
    # Above the middle where there is much room, so that captions stand below the picture.
    top = (target.height - height) * 2 // 5 // 2 * 2
    small = Canvas(*(max(2, 2 * round(v / _BLUR / 2)) for v in (target.width, target.height)))
    return [
        f"[{name}-a]scale={small.width}:{small.height}:force_original_aspect_ratio=increase"
        f":flags=area,crop={small.width}:{small.height},gblur=sigma={_SOFT},"
        f"scale={target.width}:{target.height}:flags=bicubic,"
        f"lutyuv=y='16+(val-16)*0.55',setsar=1[{name}-ground]",
        f"[{name}-b]scale={width}:{height}:flags=bicubic[{name}-fitted]",
        f"[{name}-ground][{name}-fitted]overlay={(target.width - width) // 4 * 2}"
        f":{top}:eof_action=pass,setsar=1[{result}]",
    ]


def _window(framings: Sequence[Framing], canvas: Canvas, target: Canvas) -> list[str]:
    if not framings:
        return ["null"]
    if len({(f.width, f.height) for f in framings}) == 1 and all(
        len(f.points) == 1 for f in framings
    ):
        return _stills(framings, canvas, target)
    box = Canvas(
        _even_up(max(f.width for f in framings) * canvas.width + 4, canvas.width),
        _even_up(max(f.height for f in framings) * canvas.height + 4, canvas.height),
    )
    left = _edges([(f, f.width, [p.x for p in f.points]) for f in framings], canvas.width)
    top = _edges([(f, f.height, [p.y for p in f.points]) for f in framings], canvas.height)
    across = _sizes([(f, f.width) for f in framings], canvas.width)
    down = _sizes([(f, f.height) for f in framings], canvas.height)

    def cut(edge: str, room: int) -> str:
        # Even, or the colour planes would move by half a sample.
        return f"min(2*floor(max({edge},0)/2),{room})"

    x, y = cut("ld(1)", canvas.width - box.width), cut("ld(1)", canvas.height - box.height)
    count = "st(0,in-1)"  # `perspective` counts from one
    near = f"{count};st(1,{left});ld(1)-{x}"
    far = f"{near}+{across}"
    high = f"{count};st(1,{top});ld(1)-{y}"
    low = f"{high}+{down}"
    corners = (near, high, far, high, near, low, far, low)
    named = (f"{'xy'[n % 2]}{n // 2}='{corner}'" for n, corner in enumerate(corners))
    return [
        f"crop={box.width}:{box.height}:x='st(0,n);st(1,{left});{x}':y='st(0,n);st(1,{top});{y}'",
        f"perspective={':'.join(named)}:interpolation=linear:eval=frame",
        f"scale={target.width}:{target.height}:flags=bicubic",
        "setsar=1",
    ]


def _stills(framings: Sequence[Framing], canvas: Canvas, target: Canvas) -> list[str]:
    """Windows of one size that never move: whole pixels do, which is cheaper."""
    size = Canvas(
        2 * round(framings[0].width * canvas.width / 2),
        2 * round(framings[0].height * canvas.height / 2),
    )

    def edge(centers: Sequence[float], room: int, length: int) -> str:
        steps: list[Step] = []
        for framing, center in zip(framings, centers, strict=True):
            place = 2 * round((center * room - length / 2) / 2)
            _add(steps, framing.start, framing.end, str(min(max(place, 0), room - length)))
        return f"st(0,n);{piecewise(steps, 'ld(0)', steps[0].value)}"

    left = edge([f.points[0].x for f in framings], canvas.width, size.width)
    top = edge([f.points[0].y for f in framings], canvas.height, size.height)
    return [
        f"crop={size.width}:{size.height}:x='{left}':y='{top}'",
        f"scale={target.width}:{target.height}:flags=bicubic",
        "setsar=1",
    ]


def _even_up(value: float, limit: int) -> int:
    return min(limit, 2 * -(-int(value + 0.999) // 2))


def _sizes(sizes: Sequence[tuple[Framing, float]], length: int) -> str:
    if len({size for _, size in sizes}) == 1:
        return f"{sizes[0][1] * length:.4f}"
    steps = [Step(f.start, f.end, f"{size * length:.4f}") for f, size in sizes]
    return f"({piecewise(steps, 'ld(0)', f'{sizes[0][1] * length:.4f}')})"


def _edges(paths: Sequence[tuple[Framing, float, Sequence[float]]], length: int) -> str:
    """The window's left or upper edge at film frame `ld(0)`, pixels of the canvas."""
    steps: list[Step] = []
    for framing, size, centers in paths:
        places = [(c - size / 2) * length for c in centers]
        frames = [p.frame for p in framing.points]
        _add(steps, framing.start, frames[0], f"{places[0]:.4f}")
        for (a, one), (b, two) in pairwise(zip(frames, places, strict=True)):
            slope = (two - one) / (b - a)
            _add(steps, a, b, f"{one:.4f}" + (f"+{slope:.6f}*(ld(0)-{a})" if slope else ""))
        _add(steps, max(framing.start, frames[-1]), framing.end, f"{places[-1]:.4f}")
    return piecewise(steps, "ld(0)", steps[0].value)


def _add(steps: list[Step], start: int, end: int, value: str) -> None:
    if start < end:
        steps.append(Step(start, end, value))
