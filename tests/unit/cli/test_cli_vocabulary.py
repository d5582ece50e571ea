"""`--vocabulary` takes words, or a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.cli.vocabulary import MOST_TERMS, terms
from ai_video_editor.errors import InputError


def test_words_are_separated_by_commas() -> None:
    assert terms("VTSAX, Bogle,, VTSAX ,S&P 500") == ["VTSAX", "Bogle", "S&P 500"]


def test_a_file_holds_one_term_a_line(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("VTSAX  # a fund\n\n# people\nJack Bogle\n", encoding="utf-8")
    assert terms(str(path)) == ["VTSAX", "Jack Bogle"]


@pytest.mark.parametrize("given", [" , ", "gone.txt", ",".join(map(str, range(MOST_TERMS + 1)))])
def test_what_is_no_vocabulary_is_refused(given: str) -> None:
    with pytest.raises(InputError, match="vocabulary"):
        terms(given)
