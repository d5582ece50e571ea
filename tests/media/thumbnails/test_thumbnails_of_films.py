"""Thumbnails of real films: read by a machine, clear of face and badge, and no two alike."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.context.base import Box, MediaRef
from ai_video_editor.context.outputs import Thumbnail, ThumbnailPackage
from ai_video_editor.context.plan import AIDirectorPlan, ChartData, ThumbnailConcept
from ai_video_editor.context.video import Face, VisualHighlight
from ai_video_editor.media.frames import frame_at
from ai_video_editor.media.probe import probe
from ai_video_editor.thumbnails.generator import ThumbnailGenerator
from ai_video_editor.thumbnails.layout import BADGE
from ai_video_editor.thumbnails.preparation import prepare
from ai_video_editor.timebase import source_time
from ai_video_editor.video.face_detectors import CascadeFaces
from ai_video_editor.video.picture import Picture
from tests.thumbnail_reader import TESSERACT, unread, words

SAMPLE = Path(__file__).parents[3] / "samples" / "sample.mp4"

MEDIA = (
    "speech_outdoor_20s.mp4", "head_512_8s.mp4", "head_vfr_6s.mp4", "promo_cuts_faces_35s.mp4",
    "stage_faces_10s.mp4", "broll_island_35s.mp4", "broll_cliff_4s.mp4", "fades_real_24s.mp4",
    "street_cuts_10s.mp4", "vfr_10s.mp4", "rotated_10s.mp4", "manifesto_88s.mp4",
    "bilingual_tts_10s.mp4", "silence_demo_42s.mp4", "fades_synth_10s.mp4",
    "fillers_black_13s.mp4", "odd_failing_audio.mp4", "odd_no_duration.webm",
    "odd_attached_png.mp4", "odd_subtitle_track.mp4", "odd_10bit_hevc.mp4",
)  # fmt: skip

GROWTH = ChartData(kind="growth", contribution=500, principal=0, annual_rate=6, years=30)

CONCEPTS = (
    ThumbnailConcept(
        strategy="emotional", hook_text="That's Really Amazing!", title_idea="x",
        alternatives=("Invest Your Money",),
    ),
    ThumbnailConcept(
        strategy="curiosity", hook_text="The Real Number", title_idea="x",
        alternatives=("Do the Math",), chart=GROWTH,
    ),
    ThumbnailConcept(
        strategy="authority", hook_text="In Plain English", title_idea="x",
        alternatives=("Becomes $502,258",), chart=GROWTH,
    ),
)  # fmt: skip


class Film:
    """A film's frames as the analysis would hand them on, and its thumbnails."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.folder = folder
        (folder / "scratch").mkdir()
        file = probe(path, "0" * 64)
        highlights = []
        for share in (0.25, 0.5, 0.8):
            time = source_time(float(file.duration) * share)
            image = frame_at(file, path, time)
            highlights.append(self._highlight(image, float(time)))
        self.highlights = tuple(highlights)

    def _highlight(self, image: NDArray[np.uint8], time: float) -> VisualHighlight:
        bgr = np.ascontiguousarray(image[:, :, ::-1])
        large = min(image.shape[:2]) >= 64
        found = CascadeFaces().search(Picture(source_time(time), bgr)) if large else []
        faces = tuple(
            Face(box=face.box, confidence=0.9, sharpness=200, eyes_open=0.9) for face in found[:1]
        )
        target = self.folder / "scratch" / f"{time:.3f}.png"
        cv2.imwrite(str(target), bgr)
        return VisualHighlight(
            time=source_time(time), score=0.7, kind="portrait" if faces else "scene", reason="x",
            frame=self.keep(target), width=image.shape[1], height=image.shape[0], faces=faces,
        )  # fmt: skip

    def keep(self, path: Path) -> MediaRef:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        shutil.move(path, self.folder / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=len(data))

    def path_of(self, ref: MediaRef) -> Path:
        return self.folder / f"{ref.sha256}{ref.suffix}"

    def image(self, thumbnail: Thumbnail) -> NDArray[np.uint8]:
        image = cv2.imread(str(self.path_of(thumbnail.image)))
        assert image is not None
        return np.asarray(image, np.uint8)

    def package(self) -> ThumbnailPackage:
        scratch = self.folder / "scratch"
        ready = prepare(self.highlights, (), path_of=self.path_of, keep=self.keep, scratch=scratch)
        plan = AIDirectorPlan(
            director="rules", film_frame_rate="25/1", inputs=(), kept=(),
            thumbnail_concepts=CONCEPTS,
        )  # fmt: skip
        return ThumbnailGenerator("1280x720").generate_thumbnail_package(
            plan, self.highlights, ready, content_type="financial", path_of=self.path_of,
            keep=self.keep, scratch=scratch,
        )  # fmt: skip


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def check(package: ThumbnailPackage) -> None:
    badge = Box(x=1 - BADGE[0], y=1 - BADGE[1], width=BADGE[0], height=BADGE[1])
    assert len(package.thumbnails) == 6
    for made in package.thumbnails:
        name = f"{made.file_name} {made.design}"
        assert made.contrast >= 4.5, name
        assert made.image.size <= 2_000_000, name
        assert made.text is not None and not overlap(made.text, badge), name
        assert made.text.x >= 0 and made.text.y >= 0, name
        assert made.text.x + made.text.width <= 1 and made.text.y + made.text.height <= 1, name
        if made.face is not None:
            assert not overlap(made.text, made.face), name
            assert not overlap(made.face, badge), name


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Film, ThumbnailPackage]:
    film = Film(SAMPLE, tmp_path_factory.mktemp("sample"))
    return film, film.package()


def test_the_sample_gets_six_that_keep_the_rules(sample: tuple[Film, ThumbnailPackage]) -> None:
    check(sample[1])


def test_three_strategies_look_like_three_ideas(sample: tuple[Film, ThumbnailPackage]) -> None:
    made = {(t.strategy, t.variant): t for t in sample[1].thumbnails}
    assert len({t.design for t in made.values()}) >= 5
    assert len({t.hook_text for t in made.values()}) == 6
    assert made["curiosity", "a"].design == "rising", "the numbers that were said are drawn"
    assert made["authority", "b"].design == "columns"
    for strategy in ("emotional", "curiosity", "authority"):
        assert made[strategy, "a"].design != made[strategy, "b"].design


@pytest.mark.skipif(TESSERACT is None, reason="tesseract is not installed")
@pytest.mark.parametrize("size", [None, (336, 188)], ids=["1280x720", "336x188"])
def test_a_machine_reads_every_hook_of_the_sample(
    sample: tuple[Film, ThumbnailPackage], size: tuple[int, int] | None
) -> None:
    film, package = sample
    for made in package.thumbnails:
        missing = unread(film.image(made), made.hook_text, made.text, size)
        assert not missing, f"{made.file_name} ({made.design}): {missing} of {made.hook_text}"
        assert words(made.hook_text)


@pytest.mark.shared_media
@pytest.mark.parametrize("name", MEDIA)
def test_films_of_all_kinds_get_six_that_keep_the_rules(
    name: str, shared_media: Path, tmp_path: Path
) -> None:
    film = Film(shared_media / name, tmp_path)
    package = film.package()
    check(package)
    for made in package.thumbnails:
        assert made.background != "", made.file_name
    designs = [made.design for made in package.thumbnails]
    assert len(set(designs)) >= 2 or set(designs) == {"type"}


@pytest.mark.shared_media
@pytest.mark.skipif(TESSERACT is None, reason="tesseract is not installed")
@pytest.mark.parametrize("name", MEDIA[:6])
def test_a_machine_reads_the_hooks_on_films_of_all_kinds(
    name: str, shared_media: Path, tmp_path: Path
) -> None:
    film = Film(shared_media / name, tmp_path)
    for made in film.package().thumbnails:
        for size in (None, (336, 188)):
            missing = unread(film.image(made), made.hook_text, made.text, size)
            assert not missing, f"{made.file_name} ({made.design}) at {size}: {missing}"
