"""Colour, type, spacing and motion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.look.motion import (
    Curve,
    ease_in,
    ease_in_out,
    ease_out,
    linear,
    overshoot,
    stagger,
)
from ai_video_editor.look.palette import BLACK, PALETTES, WHITE, Color, contrast, palette_for
from ai_video_editor.look.spacing import Frame
from ai_video_editor.look.typography import (
    ELLIPSIS,
    Role,
    fitted,
    font,
    font_path,
    shortened,
    text_width,
    wrap,
)


@pytest.mark.parametrize("content_type", list(ContentType))
def test_text_can_be_read_on_every_ground(content_type: ContentType) -> None:
    colors = PALETTES[content_type]
    assert contrast(colors.ink, colors.ground) >= 12
    assert contrast(colors.quiet, colors.surface) >= 4.5
    assert min(contrast(c, colors.ground) for c in (colors.accent, colors.second)) >= 4.5
    assert contrast(colors.on(colors.accent), colors.accent) >= 4.5


def test_contrast_runs_from_one_to_twenty_one() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1


def test_a_colour_is_read_and_written_alike() -> None:
    assert Color.parse("#0a1B2c").hex == "#0a1b2c"
    assert Color.parse("0a1b2c").bgr == (0x2C, 0x1B, 0x0A)
    with pytest.raises(ValueError, match="not a colour"):
        Color.parse("#abc")


def test_an_unknown_content_type_has_the_general_palette() -> None:
    assert palette_for(None) is palette_for("knitting") is PALETTES[ContentType.GENERAL]


@pytest.mark.parametrize("role", ["headline", "body", "caption"])
def test_every_role_has_its_font(role: Role) -> None:
    assert font_path(role).is_file()
    assert text_width("Wide", font(role, 40)) > text_width("Wide", font(role, 20)) > 0


@given(st.text(st.characters(codec="latin-1"), max_size=80), st.integers(30, 400))
def test_wrapped_lines_are_never_too_wide(text: str, width: int) -> None:
    face = font("body", 20)
    lines = wrap(text, face, width)
    assert all(text_width(line, face) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_text_that_does_not_fit_ends_with_an_ellipsis() -> None:
    face, lines = fitted("word " * 40, "body", width=200, largest=40, smallest=20, lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith(ELLIPSIS)
    assert all(text_width(line, face) <= 200 for line in lines)
    assert shortened("short", face, 200) == "short"


def test_text_that_fits_keeps_its_size() -> None:
    face, lines = fitted("Hello", "headline", width=1000, largest=40, smallest=20)
    assert (face.size, lines) == (40, ["Hello"])


@pytest.mark.parametrize("curve", [linear, ease_in, ease_out, ease_in_out, overshoot])
def test_a_curve_begins_at_rest_and_arrives(curve: Curve) -> None:
    assert (curve(-1), curve(0)) == pytest.approx((0, 0))
    assert (curve(1), curve(2)) == pytest.approx((1, 1))
    assert max(curve(step / 50) for step in range(51)) < 1.05


@given(st.integers(1, 9), st.floats(0, 1))
def test_things_enter_one_after_the_other_and_all_arrive(count: int, overlap: float) -> None:
    assert [stagger(1.0, k, count, overlap=overlap) for k in range(count)] == pytest.approx(
        [1.0] * count
    )
    middle = [stagger(0.5, k, count, overlap=overlap) for k in range(count)]
    assert middle == sorted(middle, reverse=True)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (320, 180)])
def test_margins_leave_most_of_the_picture(size: tuple[int, int]) -> None:
    frame = Frame(*size)
    assert 0 < frame.left < frame.right < frame.width
    assert 0 < frame.top < frame.bottom < frame.height
    assert frame.inner_width > 0.75 * frame.width
    assert frame.portrait == (size[1] > size[0])


def test_an_upright_picture_leaves_room_for_captions_and_for_the_player() -> None:
    phone, feed, wide = Frame(1080, 1920), Frame(1080, 1350), Frame(1920, 1080)
    assert phone.bottom <= 0.77 * phone.height
    assert feed.bottom > 0.9 * feed.height
    for frame in (phone, feed):
        assert frame.top + frame.units(50) < frame.above_captions < frame.bottom - frame.units(20)
    assert wide.above_captions == wide.bottom
