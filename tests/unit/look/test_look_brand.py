"""A brand kit: worn by what is drawn, refused in one sentence, mended where it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.errors import InputError
from ai_video_editor.look.brand import Brand, load_brand, readable, worn, worn_brand
from ai_video_editor.look.palette import PALETTES, Color, contrast, palette_for
from ai_video_editor.look.typography import family, font, font_path, text_width
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import TABLE
from ai_video_editor.store import ContextRef
from tasks.broll_generation import broll_generation
from tasks.metadata_generation import metadata_generation
from tasks.stage import StageTask, record_key

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "brand" / "brand.toml"
COLORS = st.builds(Color, *[st.integers(0, 255)] * 3)


def kit(folder: Path, text: str) -> Path:
    path = folder / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_sample_kit_is_worn_and_put_off() -> None:
    before = palette_for("financial"), font_path("headline"), family("caption")
    brand = load_brand(SAMPLE)
    assert brand.notes == ()
    with worn(brand):
        assert palette_for("financial").accent == Color.parse("#ffb703")
        assert palette_for("music").ground == Color.parse("#0d1b2a")
        assert font_path("headline").name.startswith("SourceSansPro")
        assert family("caption").startswith("Manrope")
        assert text_width("Wide", font("headline", 40)) > 0
        assert worn_brand().strap == "bar"
    assert (palette_for("financial"), font_path("headline"), family("caption")) == before
    assert worn_brand() == Brand()


def test_an_empty_kit_changes_nothing(tmp_path: Path) -> None:
    plain = palette_for("general")
    with worn(load_brand(kit(tmp_path, ""))):
        assert palette_for("general") == plain


@given(ground=COLORS, accent=COLORS, ink=COLORS)
def test_whatever_the_colours_are_text_can_be_read(
    ground: Color, accent: Color, ink: Color
) -> None:
    brand = Brand(colors={"ground": ground, "accent": accent, "ink": ink})
    for plain in PALETTES.values():
        palette = brand.palette(plain)
        # No colour has more than 4.58:1 on the ground that is as far from white as from black.
        most = max(contrast(ground, Color(0, 0, 0)), contrast(ground, Color(255, 255, 255)))
        assert contrast(palette.ink, ground) >= min(7.0, most) - 0.01
        assert contrast(palette.quiet, ground) >= 4.5
        assert contrast(palette.accent, ground) >= 4.5
        assert contrast(palette.second, ground) >= 3.0


@given(color=COLORS, ground=COLORS)
def test_a_colour_that_can_be_read_stays_as_it_is(color: Color, ground: Color) -> None:
    if contrast(color, ground) >= 4.5:
        assert readable(color, ground, 4.5) == color


def test_a_colour_that_cannot_be_read_is_mended_and_named(tmp_path: Path) -> None:
    brand = load_brand(kit(tmp_path, '[colors]\nground = "#101010"\n\naccent = "#202020"\n'))
    (note,) = brand.notes
    assert note.startswith("brand.toml line 4: accent #202020 has a contrast of 1.2 on the ground")
    assert contrast(brand.colors["accent"], brand.colors["ground"]) >= 4.5


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[colors]\naccent = 'red'", 2, "is no colour"),
        ("[colors]\n\nacent = '#ffffff'", 3, "there is no 'acent'"),
        ("[fonts]\nheadline = 'no.ttf'", 2, "there is no file"),
        ("[fonts]\nheadline = 'brand.toml.ttf'", 2, "is no font"),
        ("[fonts]\nbody = 'Nobody Ever Drew This'", 2, "is installed"),
        ("[fonts]\nbody = 3", 2, "is no font"),
        ("[logo]\nfile = 'brand.toml'", 2, "is no picture"),
        ("[logo]\nfile = 7", 2, "is no picture"),
        ("[lower_third]\nstyle = 'round'", 2, "there is no style 'round'"),
        ("name = 'x'\ncolors = 3", 2, "is no table"),
        ("[colour]\naccent = '#ffffff'", 1, "there is no 'colour'"),
    ],
)
def test_a_wrong_kit_is_refused_with_its_line(
    text: str, line: int, words: str, tmp_path: Path
) -> None:
    (tmp_path / "brand.toml.ttf").write_bytes(b"no font at all")
    path = kit(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_brand(path)
    message = str(caught.value)
    assert f"{path}, line {line}: " in message
    assert words in message
    assert "\n" not in message


def test_what_is_no_toml_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1"):
        load_brand(kit(tmp_path, 'name = "x\n'))
    with pytest.raises(InputError, match="cannot be read"):
        load_brand(tmp_path / "none.toml")


def key(task: StageTask, brand: Path | None) -> str:
    tree = load_settings({"brand": brand}, environment={}).settings
    ref = ContextRef(project_id="talk-1", inputs=("0" * 64,))
    return record_key(task.stage, task.processors[0], ref, tree)


def test_a_kit_and_the_files_it_names_redo_what_is_drawn_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes((SAMPLE.parent / "logo.png").read_bytes())
    path = kit(tmp_path, '[logo]\nfile = "logo.png"\n')
    first = key(broll_generation, path)
    assert first != key(broll_generation, None)
    assert first == key(broll_generation, path)
    from PIL import Image

    Image.new("RGB", (8, 8), "red").save(tmp_path / "logo.png")
    assert key(broll_generation, path) != first
    assert key(metadata_generation, path) == key(metadata_generation, None)


def test_all_that_draws_is_branded() -> None:
    drawing = {"broll_generation", "thumbnail_generation", "video_composition"}
    assert {str(row.name) for row in TABLE if row.branded} == drawing
