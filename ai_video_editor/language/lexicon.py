"""The word lists of `data/english.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, str]:
    text = files("ai_video_editor.language").joinpath("data/english.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


@cache
def words(name: str) -> frozenset[str]:
    """One list of the file as lower-case words.

    Raises:
        KeyError: there is no such list.
    """
    return frozenset(_lists()[name].replace("*", "").lower().split())


@cache
def openers() -> tuple[str, ...]:
    """What a spoken sentence may begin with and a printed one need not, longest first."""
    found = (part.strip() for part in _lists()["openers"].split("|"))
    return tuple(sorted(found, key=len, reverse=True))


@cache
def spellings() -> dict[str, str]:
    """Lower-case word to how it is written: ETF, S&P, 401(k), Europe."""
    table = {word.lower(): word for word in _lists()["acronyms"].split()}
    for word in words("proper"):
        table[word] = word.capitalize()
    del table["us"]  # the pronoun is far more frequent in speech than the country
    del table["cd"]
    del table["tips"]
    del table["fire"]
    del table["communism"]
    return table
