"""The shorts as the report shows them: each with its player, its title and why it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.reporting.figures import clock, counted, length, one_line


@dataclass(frozen=True)
class ClipCard:
    """One short, ready to show.

    Attributes:
        name: of its files.
        title: what it is about.
        reasons: what speaks for it.
        film: path of the clip beside the page.
        captions: path of its captions.
        size: width and height, pixels.
        place: where it lies in the film, in words.
        start: the same for the player, seconds.
        length: in words.
        checks: what was measured on it, in words.
    """

    name: str
    title: str
    reasons: tuple[str, ...]
    film: str
    captions: str
    size: tuple[int, int]
    place: str
    start: str
    length: str
    checks: str


def clip_cards(context: ContentContext) -> list[ClipCard]:
    """The delivered shorts, best first; those that are only planned without their files."""
    delivery, chosen = context.delivery, context.planned_shorts
    delivered = {s.planned.short_id: s for s in delivery.shorts} if delivery is not None else {}
    cards = []
    for planned in chosen.shorts if chosen is not None else ():
        short = delivered.get(planned.short_id)
        if short is None and delivery is not None:
            continue  # it stands among what was left out
        passed = sum(c.state == "passed" for c in short.verification.checks) if short else 0
        cards.append(
            ClipCard(
                name=planned.short_id,
                title=one_line(planned.title),
                reasons=tuple(map(one_line, planned.reasons)),
                film=short.film if short else "",
                captions=short.captions if short else "",
                size=(short.width, short.height) if short else (0, 0),
                place=f"{clock(planned.start)} to {clock(planned.end)}",
                start=f"{float(planned.start):.3f}",
                length=length(planned.end - planned.start),
                checks=f"passed {counted(passed, 'check', 'checks')}" if short else "",
            )
        )
    return cards
