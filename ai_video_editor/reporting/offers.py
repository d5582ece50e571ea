"""Thumbnails beside the titles they were made for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.outputs import Thumbnail
from ai_video_editor.context.plan import STRATEGIES
from ai_video_editor.reporting.figures import one_line
from ai_video_editor.reporting.pictures import PagePictures, data_uri

_WIDTH = 640
"""Pixels of an embedded thumbnail: three stand side by side on a wide page."""

_VARIANT_WIDTH = 320


@dataclass(frozen=True)
class Image:
    """An embedded picture and its file in the project folder."""

    uri: str
    file: str
    hook: str


@dataclass(frozen=True)
class Offer:
    """One promise to the viewer: a thumbnail and its title.

    Attributes:
        strategy: name of the strategy, or of the pair.
        title: the title; empty where none was made.
        hypothesis: why it may win.
        image: its thumbnail, None where it was not made.
        variants: further thumbnails of the strategy.
    """

    strategy: str
    title: str
    hypothesis: str
    image: Image | None
    variants: tuple[Image, ...]


def offers_of(
    context: ContentContext, path_of: Callable[[MediaRef], Path], pictures: PagePictures
) -> list[Offer]:
    """The A/B pairs; before they are joined, what there is of each strategy."""

    def image_of(file: str, thumbnail: Thumbnail | None, width: int) -> Image | None:
        if thumbnail is None:
            return None
        uri = pictures.get(
            f"{file} {width}", lambda: data_uri(path_of(thumbnail.image), width=width)
        )
        return Image(uri, file, one_line(thumbnail.hook_text)) if uri else None

    package = context.thumbnail_package
    thumbnails = {f"thumbnails/{t.file_name}": t for t in (package.thumbnails if package else ())}
    pairs = context.delivery.ab_pairs if context.delivery is not None else ()
    firsts: list[tuple[str, str, str, str]] = []
    for pair in pairs:
        known = thumbnails.get(pair.thumbnail)
        strategy = known.strategy if known else one_line(pair.id)
        firsts.append((strategy, pair.title, pair.hypothesis, pair.thumbnail))
    if not firsts:
        firsts = _by_strategy(context, thumbnails)
    named = {thumbnail for *_, thumbnail in firsts}
    offers = []
    for strategy, title, hypothesis, file in firsts:
        rest = {f: t for f, t in thumbnails.items() if t.strategy == strategy and f not in named}
        offers.append(
            Offer(
                strategy=strategy.capitalize(),
                title=one_line(title),
                hypothesis=one_line(hypothesis),
                image=image_of(file, thumbnails.get(file), _WIDTH),
                variants=tuple(
                    image
                    for f, t in rest.items()
                    if (image := image_of(f, t, _VARIANT_WIDTH)) is not None
                ),
            )
        )
        named |= rest.keys()
    return offers


def _by_strategy(
    context: ContentContext, thumbnails: dict[str, Thumbnail]
) -> list[tuple[str, str, str, str]]:
    package = context.metadata_variations
    plan = context.ai_director_plan
    titles = {c.strategy: c.title_idea for c in (plan.thumbnail_concepts if plan else ())}
    titles |= {v.strategy: v.title for v in (package.variations if package else ())}
    found = []
    for strategy in STRATEGIES:
        file = next((f for f, t in thumbnails.items() if t.strategy == strategy), "")
        if file or strategy in titles:
            found.append((str(strategy), titles.get(strategy, ""), "", file))
    return found
