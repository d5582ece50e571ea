"""JSON with the line of every value, so that what is wrong in a file can be pointed at."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str | int, ...]
"""Way to a value: keys and indices from the outermost container inwards."""

_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True)
class LocatedJSON:
    """A JSON document and where its values stand.

    Attributes:
        value: the document.
        lines: line, counted from 1, on which the value at each place begins.
    """

    value: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Line of a place, or of the nearest container around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def located(text: str) -> LocatedJSON:
    """A JSON text with the line of every value.

    Raises:
        json.JSONDecodeError: it is no JSON; the error has the line.
        RecursionError: it is nested too deep.
    """
    value = json.loads(text)
    walk = _Walk(text)
    walk.value((), 0)
    return LocatedJSON(value, walk.lines)


@dataclass
class _Walk:
    """A second pass over a text that is known to be JSON."""

    text: str
    lines: dict[Place, int] = field(default_factory=dict)
    _line: int = 1
    _counted: int = 0

    def value(self, place: Place, at: int) -> int:
        """Walk over one value; the position after it."""
        at = self._skip(at)
        self.lines[place] = self._line_at(at)
        first = self.text[at]
        if first == "{":
            return self._object(place, at)
        if first == "[":
            return self._array(place, at)
        return _DECODER.raw_decode(self.text, at)[1]

    def _object(self, place: Place, at: int) -> int:
        at = self._skip(at + 1)
        while self.text[at] != "}":
            key, at = _DECODER.raw_decode(self.text, at)
            at = self.value((*place, key), self._skip(at) + 1)  # past the colon
            at = self._next(at)
        return at + 1

    def _array(self, place: Place, at: int) -> int:
        at = self._skip(at + 1)
        index = 0
        while self.text[at] != "]":
            at = self._next(self.value((*place, index), at))
            index += 1
        return at + 1

    def _next(self, at: int) -> int:
        at = self._skip(at)
        return self._skip(at + 1) if self.text[at] == "," else at

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _line_at(self, at: int) -> int:
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line


_DECODER = json.JSONDecoder()
