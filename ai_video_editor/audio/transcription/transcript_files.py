"""Reads the words of transcript files: SubRip, WebVTT and the JSON that recognisers write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

from ai_video_editor.errors import FileCorruptionError, FilePermissionError, InputError

SUFFIXES = (".srt", ".vtt", ".json")
LARGEST = 50_000_000
"""Bytes: a hundred times the transcript of a long day."""

LONGEST_WORD = 500
"""Letters: where no spaces are written, as in Chinese, a whole line counts as one word."""

_JOINERS = "\u200c\u200d"
"""Unseen, but Persian, Hindi and families of emoji are written with them."""


@dataclass(frozen=True)
class Heard:
    """One word of a file.

    Attributes:
        text: the word, punctuation attached.
        start: seconds, or None where the file gives no time for it.
        end: seconds, or None.
        confidence: 0 to 1, or None where the file does not say.
        input: index of the input it was said in.
    """

    text: str
    start: float | None
    end: float | None
    confidence: float | None = None
    input: int = 0


@dataclass(frozen=True)
class Line:
    """Words shown together: one cue or one segment.

    Attributes:
        words: in order.
        start: seconds.
        end: seconds.
    """

    words: tuple[Heard, ...]
    start: float
    end: float


@dataclass(frozen=True)
class Script:
    """What a file holds: lines in its own order, the language it names, what was doubtful."""

    lines: tuple[Line, ...]
    language: str | None = None
    notes: tuple[str, ...] = ()


def read_script(path: Path) -> Script:
    """Read a transcript file.

    Raises:
        InputError: not there, not of a known kind, or nothing in it can be read.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"The transcript {path.name} is of no known kind: give one of {', '.join(SUFFIXES)}."
        )
    text, notes = _text_of(path)
    try:
        script = _from_json(text) if suffix == ".json" else _from_subtitles(text, suffix)
        lines = tuple(_shown(line) for line in script.lines)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"The transcript {path.name} cannot be read as {suffix}: {error}."
        ) from error
    if not any(line.words for line in lines):
        raise InputError(f"The transcript {path.name} holds no words.")
    return Script(lines, script.language, (*notes, *script.notes))


def _shown(line: Line) -> Line:
    """A line whose words hold letters only: nothing that ends a line, steers or hides.

    Raises:
        ValueError: a word is longer than any is.
    """
    words = (replace(word, text=_visible(word.text)) for word in line.words)
    return replace(line, words=tuple(word for word in words if word.text))


def _visible(text: str) -> str:
    if len(text) > LONGEST_WORD:
        raise ValueError(f"a word of {len(text)} letters begins with {text[:20]!r}")
    if text.isprintable():
        return text
    spaced = (" " if letter.isspace() else letter for letter in text)
    kept = (letter for letter in spaced if letter.isprintable() or letter in _JOINERS)
    return " ".join("".join(kept).split())


def _text_of(path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"The transcript {path.name} is larger than {LARGEST // 10**6} MB.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"The transcript {path} is not there.") from error
    except PermissionError as error:
        raise FilePermissionError(f"The transcript {path} may not be read.") from error
    except OSError as error:
        raise InputError(f"The transcript {path} cannot be read: {error}.") from error
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError:
                break
    if b"\x00" in data[:4096]:
        raise FileCorruptionError(f"The transcript {path.name} is no text file.")
    note = f"The transcript {path.name} is not UTF-8; it was read as Windows-1252."
    return data.decode("cp1252", errors="replace"), (note,)


# --- subtitles -------------------------------------------------------------------------------

_INNER_TIME = re.compile(r"<((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})>")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_SPEAKER = re.compile(r"^\s*(?:-\s+|>>+\s*|[A-Z][A-Z .']{1,24}:\s+)")
_NOT_SAID = re.compile(r"\[(?!\s*(?:uh|um|er|erm|hmm|ah)\s*\])[^\[\]]*\]|\([^()]*\)|[♪♫#]+", re.I)
"""Sounds in brackets are descriptions, except fillers that verbatim recognisers write so."""


def _from_subtitles(text: str, suffix: str) -> Script:
    import pysubs2

    try:
        subtitles = pysubs2.SSAFile.from_string(
            text, format_=suffix[1:], keep_unknown_html_tags=True, keep_html_tags=True
        )
    except pysubs2.exceptions.Pysubs2Error as error:
        raise ValueError(f"{type(error).__name__} {error}") from error
    cues = [(event.start / 1000, event.end / 1000, event.text) for event in subtitles]
    timed = any(_INNER_TIME.search(body) for _, _, body in cues)
    lines = []
    before = ""
    for start, end, body in cues:
        rows = [row for row in re.split(r"\\N|\n", body) if row.strip()]
        if timed:
            # rolling captions show each line again without times: only the timed row is new
            rows = [row for row in rows if _INNER_TIME.search(row)] or [
                row for row in rows if _said(row) not in before
            ]
        before = f"{before[-400:]} {' '.join(_said(row) for row in rows)}"
        words = _cue_words(" ".join(rows), start)
        if words:
            lines.append(Line(tuple(words), start, end))
    return Script(tuple(lines))


def _said(markup: str) -> str:
    """What a row says, without tags, speaker names and descriptions of sounds."""
    plain = unescape(_TAG.sub("", markup))
    return " ".join(_NOT_SAID.sub(" ", _SPEAKER.sub("", plain)).split())


def _cue_words(markup: str, start: float) -> list[Heard]:
    parts = _INNER_TIME.split(markup)
    if len(parts) == 1:
        return [Heard(_bare(word), None, None) for word in _said(markup).split()]
    words: list[Heard] = []
    moment = start
    for index in range(0, len(parts), 2):
        if index:
            moment = _seconds(parts[index - 1])
        after = _seconds(parts[index + 1]) if index + 1 < len(parts) else None
        said = _said(parts[index]).split()
        if len(said) == 1:
            words.append(Heard(_bare(said[0]), moment, after))
        else:
            words.extend(
                Heard(_bare(word), moment if place == 0 else None, None)
                for place, word in enumerate(said)
            )
    return words


def _bare(word: str) -> str:
    return word.strip("[]") if word.startswith("[") else word


def _seconds(stamp: str) -> float:
    total = 0.0
    for part in stamp.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


# --- JSON ------------------------------------------------------------------------------------


def _from_json(text: str) -> Script:
    data = json.loads(text)
    language = None
    if isinstance(data, dict):
        inner = data.get("audio_analysis")
        data = inner if isinstance(inner, dict) else data
        language = data.get("language") if isinstance(data.get("language"), str) else None
        entries = _first_list(data, ("words", "word_segments", "segments", "result", "results"))
    else:
        entries = data
    if not isinstance(entries, list):
        raise ValueError("it holds no list of words or segments")
    if len(entries) > 2_000_000:
        raise ValueError("it holds more than two million words")
    lines: list[Line] = []
    loose: list[Heard] = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError("an entry of its list is no object")
        if _first(entry, ("words", "result")) or _first(entry, ("content", "segment")):
            lines.append(_segment(entry))
        elif "word" in entry or " " not in str(_first(entry, ("text", "w")) or "").strip():
            loose.extend(_word(entry))
        else:
            lines.append(_segment(entry))
    lines.extend(_line_of(word) for word in loose)
    return Script(tuple(sorted(lines, key=lambda line: (_input(line), line.start))), language)


def _input(line: Line) -> int:
    return line.words[0].input if line.words else 0


def _first_list(data: dict[str, Any], names: Iterable[str]) -> Any:
    return next((data[name] for name in names if isinstance(data.get(name), list)), None)


def _first(entry: dict[str, Any], names: Sequence[str]) -> Any:
    return next((entry[name] for name in names if entry.get(name) not in (None, "", [])), None)


def _number(entry: dict[str, Any], names: Sequence[str]) -> float | None:
    value = _first(entry, names)
    if value is None:
        return None
    number = float(value)
    if number != number or abs(number) > 10_000_000:
        raise ValueError(f"{value!r} is no time in seconds")
    return number


def _word(entry: dict[str, Any]) -> list[Heard]:
    text = str(_first(entry, ("text", "word", "w", "punctuated_word")) or "").strip()
    if not text:
        return []
    sure = _number(entry, ("confidence", "probability", "score", "conf"))
    place = entry.get("input", 0)
    return [
        Heard(
            _bare(text),
            _number(entry, ("start", "t0", "start_time")),
            _number(entry, ("end", "t1", "end_time")),
            None if sure is None else min(1.0, max(0.0, sure)),
            place if isinstance(place, int) and 0 <= place < 10_000 else 0,
        )
    ]


def _segment(entry: dict[str, Any]) -> Line:
    inner = _first(entry, ("words", "result"))
    text = str(_first(entry, ("text", "content", "segment")) or "")
    words = [word for item in inner or () for word in _word(item)]
    if not words:
        place = entry.get("input", 0)
        place = place if isinstance(place, int) and place >= 0 else 0
        words = [Heard(_bare(w), None, None, None, place) for w in _said(text).split()]
    elif text:
        words = _punctuated(words, text.split())
    known = [word for word in words if word.start is not None]
    start = _number(entry, ("start", "t0", "start_time"))
    end = _number(entry, ("end", "t1", "end_time"))
    first = start if start is not None else (known[0].start if known else None)
    last = end if end is not None else (known[-1].end if known else None)
    if first is None or last is None:
        raise ValueError(f"no time for {text[:40]!r}")
    return Line(tuple(words), first, last)


def _punctuated(words: list[Heard], tokens: list[str]) -> list[Heard]:
    """Words with the punctuation of the segment's text, where the two say the same."""
    if len(words) != len(tokens):
        return words
    return [
        Heard(token, w.start, w.end, w.confidence, w.input)
        if _letters(token) == _letters(w.text)
        else w
        for w, token in zip(words, tokens, strict=True)
    ]


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _line_of(word: Heard) -> Line:
    if word.start is None and word.end is None:
        raise ValueError(f"no time for the word {word.text!r}")
    start = word.start if word.start is not None else word.end
    end = word.end if word.end is not None else start
    assert start is not None and end is not None
    return Line((word,), start, end)
