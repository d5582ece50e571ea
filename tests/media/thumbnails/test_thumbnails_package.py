"""Thumbnails as a viewer meets them: legible, clear in the corner, and not all the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.context.base import Box as Share
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.outputs import ThumbnailPackage, ThumbnailPreparation
from ai_video_editor.context.plan import (
    STRATEGIES,
    AIDirectorPlan,
    ChartData,
    Strategy,
    ThumbnailConcept,
)
from ai_video_editor.context.video import Face, VisualHighlight
from ai_video_editor.thumbnails.backgrounds import TEMPLATES
from ai_video_editor.thumbnails.designs import banner, bleed, framed
from ai_video_editor.thumbnails.drawing import Design
from ai_video_editor.thumbnails.figure import hero
from ai_video_editor.thumbnails.generator import ThumbnailGenerator, hook_of
from ai_video_editor.thumbnails.growth import curve
from ai_video_editor.thumbnails.layout import Canvas, Side, beside
from ai_video_editor.thumbnails.lettering import CONDENSED, LEGIBLE, KeyStyle, draw_text, setting
from ai_video_editor.thumbnails.mood import mood_of
from ai_video_editor.thumbnails.preparation import prepare
from ai_video_editor.thumbnails.saliency import best_crop
from ai_video_editor.thumbnails.scenes import loupe, panel, ribbon, scenic
from ai_video_editor.thumbnails.stills import Still, picture_area, plain
from ai_video_editor.thumbnails.subject import cut_out
from ai_video_editor.timebase import source_time

Pixels = NDArray[np.uint8]
CANVAS = Canvas(1280, 720)


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "store"
        self.folder.mkdir()
        self.scratch = folder / "scratch"
        self.scratch.mkdir()

    def keep(self, path: Path) -> MediaRef:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        shutil.move(path, self.folder / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=len(data))

    def path_of(self, ref: MediaRef) -> Path:
        return self.folder / f"{ref.sha256}{ref.suffix}"

    def image(self, ref: MediaRef) -> Pixels:
        image = cv2.imread(str(self.path_of(ref)))
        assert image is not None
        return np.asarray(image, dtype=np.uint8)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def landscape(width: int, height: int, seed: int) -> Pixels:
    coarse = np.random.default_rng(seed).integers(20, 240, (6, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def person(width: int = 1280, height: int = 720) -> tuple[Pixels, Share]:
    """A plain figure before a plain wall, and where its face is."""
    image = np.full((height, width, 3), (70, 120, 90), np.uint8)
    image[::7] = (74, 124, 94)
    x, y, radius = width // 2, round(0.38 * height), round(0.19 * height)
    cv2.ellipse(
        image, (x, height), (2 * radius, round(0.45 * height)), 0, 0, 360, (150, 40, 30), -1
    )
    cv2.ellipse(image, (x, y), (round(0.85 * radius), round(1.15 * radius)), 0, 0, 360,
                (224, 172, 140), -1)  # fmt: skip
    box = Share(
        x=(x - radius * 0.85) / width,
        y=(y - radius) / height,
        width=1.7 * radius / width,
        height=2 * radius / height,
    )
    return image, box


def highlight(store: Store, image: Pixels, time: float, face: Share | None) -> VisualHighlight:
    path = store.scratch / f"{time}.png"
    cv2.imwrite(str(path), image[:, :, ::-1])
    return VisualHighlight(
        time=source_time(time),
        score=0.8,
        kind="portrait" if face else "scene",
        reason="test",
        frame=store.keep(path),
        width=image.shape[1],
        height=image.shape[0],
        faces=(Face(box=face, confidence=0.9),) if face else (),
    )


def plan(hooks: tuple[str, str, str]) -> AIDirectorPlan:
    return AIDirectorPlan(
        director="rules",
        film_frame_rate="25/1",
        inputs=(),
        kept=(),
        thumbnail_concepts=tuple(
            ThumbnailConcept(strategy=s, hook_text=hook, title_idea=hook)
            for s, hook in zip(STRATEGIES, hooks, strict=True)
        ),
    )


def package(
    store: Store,
    highlights: tuple[VisualHighlight, ...],
    hooks: tuple[str, str, str] = ("STOP LOSING MONEY", "WHERE IS IT?", "3 SIMPLE RULES"),
    resolution: str = "1280x720",
    preparation: ThumbnailPreparation | None = None,
) -> ThumbnailPackage:
    path_of: Callable[[MediaRef], Path] = store.path_of
    ready = preparation or prepare(
        highlights, (), path_of=path_of, keep=store.keep, scratch=store.scratch
    )
    return ThumbnailGenerator(resolution).generate_thumbnail_package(
        plan(hooks),
        highlights,
        ready,
        content_type="financial",
        path_of=path_of,
        keep=store.keep,
        scratch=store.scratch,
    )


@pytest.mark.parametrize(
    "size", [(1280, 720), (320, 180), (404, 720), (512, 512)], ids=lambda size: f"{size[0]}"
)
def test_any_film_gives_six_legible_thumbnails(store: Store, size: tuple[int, int]) -> None:
    shots = tuple(highlight(store, landscape(*size, seed), seed, None) for seed in range(3))
    made = package(store, shots)
    assert [(t.strategy, t.variant) for t in made.thumbnails] == [
        (strategy, variant) for strategy in STRATEGIES for variant in ("a", "b")
    ]
    for thumbnail in made.thumbnails:
        assert store.image(thumbnail.image).shape == (720, 1280, 3)
        assert thumbnail.image.size <= 2_000_000
        assert thumbnail.contrast >= 4.5


def test_variants_are_told_apart_at_a_glance(store: Store) -> None:
    shots = tuple(highlight(store, landscape(1280, 720, seed), seed, None) for seed in range(3))
    made = {(t.strategy, t.variant): t for t in package(store, shots).thumbnails}
    for strategy in STRATEGIES:
        one, two = (
            cv2.resize(store.image(made[strategy, variant].image), (168, 94)).astype(float)
            for variant in ("a", "b")
        )
        assert np.abs(one - two).mean() > 15


def test_without_any_frame_the_letters_carry_it(store: Store) -> None:
    made = package(store, (), resolution="1920x1080")
    assert {t.background for t in made.thumbnails} <= set(TEMPLATES)
    assert all(store.image(t.image).shape == (1080, 1920, 3) for t in made.thumbnails)
    assert all(t.contrast >= 4.5 for t in made.thumbnails)


def test_without_words_the_picture_stands_alone(store: Store) -> None:
    shot = highlight(store, landscape(1280, 720, 1), 1.0, None)
    made = package(store, (shot,), hooks=("", "", ""))
    assert len(made.thumbnails) == 6


def test_a_frame_that_is_lost_from_the_store_is_named(store: Store) -> None:
    shot = highlight(store, landscape(640, 360, 1), 1.0, None)
    store.path_of(shot.frame).unlink()
    made = package(store, (shot,))
    assert len(made.thumbnails) == 6
    assert any("cannot be read" in note for note in made.notes)


def test_the_frame_that_a_concept_names_is_taken(store: Store) -> None:
    from ai_video_editor.thumbnails.choice import assign

    shots = [highlight(store, landscape(320, 180, seed), seed, None) for seed in range(3)]
    stills = [Still(i, "scene", landscape(320, 180, i), None, None) for i in range(3)]
    concepts = {
        s: ThumbnailConcept(strategy=s, hook_text="x", title_idea="", frame_time=source_time(2))
        for s in STRATEGIES
    }
    order = assign(concepts, shots, stills)
    assert order["authority", "a"][0].index == 2


@pytest.mark.parametrize("design", [hero, bleed, framed, banner, panel, loupe])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_hook_keeps_off_the_face_and_the_corner(design: Design, side: Side) -> None:
    image, share = person()
    subject = cut_out(image, share)
    assert subject is not None
    face = (share.x * 1280, share.y * 720, share.width * 1280, share.height * 720)
    still = Still(0, "portrait", image, face, subject)
    mood = mood_of("emotional", "general", variant="a")
    drawing = design(CANVAS, mood, still, side, "rays")
    assert drawing is not None and drawing.face is not None
    _, covered, capital, _ = draw_text(
        drawing.picture, "SAY WHAT?", drawing.text, mood, style="plate"
    )
    assert capital >= LEGIBLE * 720
    assert not covered.overlaps(drawing.face)
    assert not covered.overlaps(CANVAS.badge)
    assert not drawing.face.overlaps(CANVAS.badge)
    assert covered.left >= 0 and covered.top >= 0
    assert covered.right <= 1280 and covered.bottom <= 720


@pytest.mark.parametrize("hook", ["Congressional accountability", "This changes everything"])
def test_long_words_get_the_whole_width_and_keep_the_face(hook: str) -> None:
    image, share = person()
    face = (share.x * 1280, share.y * 720, share.width * 1280, share.height * 720)
    still = Still(0, "portrait", image, face, None)
    drawing = banner(CANVAS, mood_of("authority", "general", variant="a"), still, "right", "frame")
    assert drawing is not None and drawing.face is not None
    room = drawing.text
    assert setting(hook, room.width, room.height, 720).capital >= LEGIBLE * 720
    assert not room.overlaps(drawing.face)
    assert drawing.face.height >= 0.16 * 720


def test_a_face_too_small_to_recognise_does_not_fill_a_picture() -> None:
    still = Still(0, "portrait", landscape(1280, 720, 3), (600.0, 200.0, 25.0, 25.0), None)
    mood = mood_of("authority", "general", variant="a")
    assert bleed(CANVAS, mood, still, "right", "frame") is None
    assert banner(CANVAS, mood, still, "right", "frame") is None


def test_a_subject_is_cut_out_and_the_wall_is_not() -> None:
    image, share = person()
    subject = cut_out(image, share)
    assert subject is not None
    alpha = subject[..., 3]
    assert alpha[round(0.38 * 720), 640] == 255
    assert alpha[:, :200].max() == 0
    assert alpha[:30].max() == 0


def test_a_picture_of_one_colour_has_no_subject() -> None:
    grey = np.full((720, 1280, 3), 120, np.uint8)
    assert cut_out(grey, Share(x=0.4, y=0.3, width=0.15, height=0.3)) is None


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("content", ["financial", "educational", "music", "general"])
def test_letters_read_on_every_background(name: str, strategy: Strategy, content: str) -> None:
    mood = mood_of(strategy, content, variant="b")
    picture = TEMPLATES[name]((640, 360), mood, (0.7, 0.4))
    small = Canvas(640, 360)
    styles: tuple[KeyStyle, ...] = ("plate", "colour")
    for style in styles:
        _, _, _, contrast = draw_text(
            picture,
            "READ THIS NOW",
            beside(small, "right", 0.6),
            mood,
            style=style,
        )
        assert contrast >= 4.5


def test_contrast_is_measured_and_not_assumed() -> None:
    mood = mood_of("emotional", "general", variant="a")
    from ai_video_editor.thumbnails.lettering import measured_contrast

    mask = np.zeros((100, 100), np.float32)
    mask[40:60, 20:80] = 1
    white = np.full((100, 100, 3), 255, np.uint8)
    assert measured_contrast(white, mask, 5) == pytest.approx(1.0)
    white[mask == 0] = mood.outline
    assert measured_contrast(white, mask, 5) > 15


def test_a_long_word_is_squeezed_before_it_is_shrunk() -> None:
    found = setting("DIVERSIFICATION", 600, 600, 720)
    assert found.condensed == pytest.approx(CONDENSED)
    assert found.lines == ("DIVERSIFICATION",)


def test_black_bars_are_cut_off_and_dark_rooms_are_not() -> None:
    frame = np.zeros((180, 320, 3), np.uint8)
    frame[:, 70:250] = 200
    # beside bars, a line of the border goes on each side
    assert picture_area(frame) == (70, 2, 250, 178)
    assert picture_area(np.zeros((180, 320, 3), np.uint8)) == (0, 0, 320, 180)


def test_a_plain_card_is_no_picture_and_a_scene_is() -> None:
    card = np.full((360, 640, 3), (30, 200, 120), np.uint8)
    card[320:335, 560:620] = 255
    assert plain(card)
    assert not plain(landscape(640, 360, 2))


def test_the_crop_leaves_the_calm_half_to_the_hook() -> None:
    frame = np.full((720, 1280, 3), (60, 110, 150), np.uint8)
    frame[250:470, 820:1080] = landscape(260, 220, 4)
    crop = best_crop(frame, CANVAS, None, 4.0)
    assert crop is not None and crop.side == "right" and crop.spot[0] > 0.5
    assert crop.calm > 0.9
    mirrored = best_crop(np.ascontiguousarray(frame[:, ::-1]), CANVAS, None, 4.0)
    assert mirrored is not None and mirrored.side == "left"
    assert best_crop(frame[:90, :160], CANVAS, None, 4.0) is None, "too small to be enlarged so far"


@pytest.mark.parametrize("design", [scenic, panel, ribbon, loupe])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_frame_without_faces_carries_the_hook(design: Design, side: Side) -> None:
    still = Still(0, "scene", landscape(1280, 720, 5), None, None)
    mood = mood_of("authority", "general", variant="a")
    drawing = design(CANVAS, mood, still, side, "lattice")
    assert drawing is not None and drawing.face is None
    _, covered, _, contrast = draw_text(
        drawing.picture, "SEE THIS", drawing.text, mood, style="plate", align=drawing.align
    )
    assert contrast >= 4.5
    assert not covered.overlaps(CANVAS.badge)
    assert covered.left >= 0 and covered.right <= 1280 and covered.bottom <= 720


def test_the_curve_is_that_of_the_numbers_said() -> None:
    from ai_video_editor.broll.charts import growth as exact

    chart = ChartData(kind="growth", contribution=500, principal=0, annual_rate=6, years=30)
    shares = curve(chart)
    assert shares is not None
    points = exact(500, 0, 6, 30)
    for point in points:
        total, paid = (values[point.month] for values in shares)
        assert total == pytest.approx(float(point.total / points[-1].total), abs=1e-6)
        assert paid == pytest.approx(float(point.contributed / points[-1].total), abs=1e-6)
    flat = ChartData(kind="growth", contribution=500, principal=0, annual_rate=0, years=30)
    assert curve(flat) is None, "a curve that shows nothing is not drawn"


def test_without_a_frame_a_sign_is_drawn(store: Store) -> None:
    made = package(store, ())
    assert {t.design for t in made.thumbnails} == {"type"}
    assert all(t.text is not None for t in made.thumbnails)


def test_the_second_variant_speaks_in_other_words() -> None:
    concept = ThumbnailConcept(
        strategy="emotional",
        hook_text="Start Today",
        title_idea="x",
        alternatives=("start today", "One", "See the Difference"),
    )
    assert hook_of(concept, "a") == "Start Today"
    assert hook_of(concept, "b") == "See the Difference"
