"""A recording drawn as an editor sees it: sound, words, and what was heard and done, row by row.

The strip under the sound tells what was heard (pauses, fillers, retakes), the tinted parts of the
sound itself what was taken out. Colours are the report's own variables, so that the picture
follows its light and dark grounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import escape

from ai_video_editor.context.audio import AudioAnalysis, Pause, Word
from ai_video_editor.reporting.edit import KINDS, Removed
from ai_video_editor.reporting.envelope import Envelope
from ai_video_editor.reporting.figures import clock, counted, length, one_line

WAVEFORM_STYLE = """
.wf{display:block;width:100%;min-width:900px;height:auto;font-family:var(--text)}
.wf text{fill:var(--ink);font-size:12px}
.wf .q{fill:var(--quiet);font-size:11px}.wf .n{font-variant-numeric:tabular-nums}
.wf .h{font-size:16px;font-weight:700;letter-spacing:-.01em}
.wf .t{stroke:var(--line)}.wf .a{stroke:var(--quiet);stroke-opacity:.35}
.wf .s{stroke:var(--ink);stroke-opacity:.78;stroke-width:1.7;stroke-linecap:round;fill:none}
.wf .g{stroke:var(--quiet);stroke-opacity:.5;stroke-width:1.7;stroke-linecap:round;fill:none}
.wf .b{fill:var(--line)}.wf .x{text-decoration:line-through;fill:var(--quiet)}
.wf .d{fill:var(--quiet);font-style:italic}
.wf .c{fill-opacity:.15}.wf .e{fill-opacity:.95}
.wf .filler{fill:var(--filler)}.wf .pause{fill:var(--pause)}.wf .retake{fill:var(--retake)}
.wf .false_start{fill:var(--false_start)}.wf .repeat{fill:var(--repeat)}
.wf .trim{fill:var(--trim)}.wf .other{fill:var(--other)}.wf .held{fill:var(--repeat)}
.wf .breath{fill:var(--pause);fill-opacity:.28}.wf .beat{fill:var(--pause);fill-opacity:.55}
.wf .dead_air{fill:var(--pause)}
"""
"""What a page that embeds the picture adds to its style; the variables are the report's."""

_ALONE = """
svg{--ground:#fff;--ink:#171a20;--quiet:#59616f;--line:#e2e5eb;--filler:#e08a00;--pause:#3478f6;
--retake:#d6397f;--false_start:#9a45d8;--repeat:#0e9f8e;--trim:#6b7688;--other:#8b7d6b;
--text:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;
background:var(--ground)}
"""

_WIDTH, _SIDE = 1160, 24
_HEAD = 74
_ROW, _GAP = 134, 10
_RULER, _LABEL, _TOP, _BOTTOM = 11, 26, 31, 87
_STRIP, _STRIP_HEIGHT = 92, 4
_LANES = (110, 125)
"""Places in a row, pixels down from its top: ruler text, names of cuts, sound, strip, words."""

_BARS = 440
"""Bars of sound in a row: one every 2.5 pixels."""

_LETTER = 7.1
_SMALL = 6.2
"""Mean width of a letter of the words and of the small text, pixels, in the wider of the usual
fonts (DejaVu Sans)."""

_SOURCES = {
    "whisper": "words by Whisper",
    "sphinx": "words by PocketSphinx",
    "imported": "words of the transcript",
}
_UNSURE = 0.5
"""What the words are from, for people; confidence under which a word is drawn as a guess."""

ROW_SECONDS = 10
"""Seconds a row shows: words of calm speech then stand under their sound without crowding."""


@dataclass(frozen=True)
class _Row:
    """One row: what it covers and where it stands; `x` turns seconds into pixels."""

    number: int
    start: float
    end: float

    @property
    def top(self) -> float:
        return _HEAD + self.number * (_ROW + _GAP)

    def x(self, seconds: float) -> float:
        share = (seconds - self.start) / (self.end - self.start)
        return _SIDE + min(max(share, 0.0), 1.0) * (_WIDTH - 2 * _SIDE)

    def shows(self, start: float, end: float) -> bool:
        return start < self.end and end > self.start


def waveform_svg(
    audio: AudioAnalysis,
    envelope: Envelope,
    *,
    source_input: int = 0,
    name: str = "",
    removed: Sequence[Removed] = (),
    most_rows: int | None = None,
    alone: bool = False,
) -> str:
    """The picture of one input as SVG text.

    Args:
        audio: what was heard.
        envelope: outline of the input's analysis WAV.
        source_input: which input of the analysis it is.
        name: of the recording, for people.
        removed: what is not in the film, of any input (`Edit.removed`); none before a plan.
        most_rows: how many rows of `ROW_SECONDS` at most; the head says what is not drawn.
        alone: the picture brings its own colours, to be a file; inside a page `WAVEFORM_STYLE`
            is added to the page's style.
    """
    view = _View(audio, envelope, source_input, tuple(removed))
    count = max(1, -(-round(envelope.seconds * 100) // (100 * ROW_SECONDS)))
    shown = min(count, most_rows) if most_rows else count
    rows = [_Row(n, n * ROW_SECONDS, (n + 1.0) * ROW_SECONDS) for n in range(shown)]
    height = round(rows[-1].top + _ROW + _GAP)
    left_out = envelope.seconds - shown * ROW_SECONDS if shown < count else 0.0
    title = one_line(name) or "Recording"
    style = f"<style>{_ALONE}{WAVEFORM_STYLE}</style>" if alone else ""
    body = "\n".join(chain(view.head(title, left_out), *(view.row(row) for row in rows)))
    return (
        f'<svg class="wf" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" aria-label="{escape(title)}: sound, words and cuts">{style}\n{body}\n</svg>\n'
    )


class _View:
    """What there is to draw of one input, as seconds."""

    def __init__(
        self,
        audio: AudioAnalysis,
        envelope: Envelope,
        source_input: int,
        removed: tuple[Removed, ...],
    ) -> None:
        self.audio, self.envelope = audio, envelope
        self.words = [w for w in audio.words if w.input == source_input]
        self.pauses = [p for p in audio.pauses if p.input == source_input]
        self.fillers = [f for f in audio.fillers if f.input == source_input]
        self.retakes = [r for r in audio.retakes if r.input == source_input]
        self.cuts = [
            (float(part.range.start), float(part.range.end), part.kind)
            for part in removed
            if part.input == source_input
        ]

    # --- head ----------------------------------------------------------------------------------

    def head(self, title: str, left_out: float) -> Iterator[str]:
        """Name, counts and legend."""
        yield f'<text class="h" x="{_SIDE}" y="27">{escape(title)}</text>'
        told = [clock(self.envelope.seconds)]
        if self.words:
            source = _SOURCES.get(self.audio.engine, f"words by {self.audio.engine}")
            told += [source, f"quality {self.audio.quality:.2f}"]
        told += [
            counted(len(found), one, many)
            for found, one, many in (
                (self.fillers, "filler", "fillers"),
                (self.pauses, "pause", "pauses"),
                (self.retakes, "retake", "retakes"),
                (self.cuts, "cut", "cuts"),
            )
            if found
        ]
        if self.cuts:
            told.append(f"{length(sum(end - start for start, end, _ in self.cuts))} removed")
        if left_out:
            told.append(f"the last {length(left_out)} not drawn")
        facts = escape(" · ".join(told))
        yield f'<text class="q n" x="{_WIDTH - _SIDE}" y="27" text-anchor="end">{facts}</text>'
        x = float(_SIDE)
        for kind, label in self._legend():
            shape = (
                f'<rect class="{kind} c" x="{x:.1f}" y="43" width="14" height="12"/>'
                f'<rect class="{kind}" x="{x:.1f}" y="43" width="14" height="2.5"/>'
                if label.startswith("cut: ")
                else f'<rect class="{kind}" x="{x:.1f}" y="47" width="14" height="4" rx="2"/>'
            )
            yield f'{shape}<text class="q" x="{x + 19:.1f}" y="53">{label}</text>'
            x += 19 + len(label) * _SMALL + 16

    def _legend(self) -> Iterator[tuple[str, str]]:
        kinds = {pause.kind for pause in self.pauses if not pause.deliberate}
        for kind, label in (("breath", "breath"), ("beat", "beat"), ("dead_air", "dead air")):
            if kind in kinds:
                yield kind, label
        if any(pause.deliberate for pause in self.pauses):
            yield "held", "deliberate pause"
        if self.fillers:
            yield "filler", "filler"
        if self.retakes:
            yield "retake", "retake"
        for kind in KINDS:
            if any(cut[2] == kind for cut in self.cuts):
                yield kind, f"cut: {kind.replace('_', ' ')}"

    # --- rows ----------------------------------------------------------------------------------

    def row(self, row: _Row) -> Iterator[str]:
        """One row, from its ruler down to its words."""
        yield f'<g transform="translate(0 {row.top:.0f})">'
        yield from self._ruler(row)
        yield from self._cuts(row)
        yield from self._sound(row)
        yield from self._strip(row)
        yield from self._words(row)
        yield "</g>"

    def _ruler(self, row: _Row) -> Iterator[str]:
        last = min(row.end, self.envelope.seconds)
        ticks = []
        for second in range(int(row.start), int(row.end) + 1):
            if second > last:
                break
            x = row.x(second)
            ticks.append(f"M{x:.1f} {_RULER + 4}V{_BOTTOM}")
            anchor = "start" if second == row.start else "middle"
            if second % 2 == 0 and second < row.end:
                yield (
                    f'<text class="q n" x="{x:.1f}" y="{_RULER}" text-anchor="{anchor}">'
                    f"{clock(second)}</text>"
                )
        middle = (_TOP + _BOTTOM) / 2
        yield f'<path class="t" d="{"".join(ticks)}"/>'
        yield f'<path class="a" d="M{_SIDE} {middle}H{row.x(last):.1f}"/>'

    def _cuts(self, row: _Row) -> Iterator[str]:
        free = 0.0
        for start, end, kind in self.cuts:
            if not row.shows(start, end):
                continue
            left, right = row.x(start), row.x(end)
            width = max(right - left, 1.5)
            place = f'x="{left:.1f}" width="{width:.1f}"'
            yield f'<rect class="{kind} c" {place} y="{_TOP}" height="{_BOTTOM - _TOP}"/>'
            yield f'<rect class="{kind} e" {place} y="{_TOP - 2}" height="2.5"/>'
            label = f"\u2212{end - start:.1f} s"
            x = max(left, free)
            if start >= row.start and x < left + width:
                yield f'<text class="q n" x="{x:.1f}" y="{_LABEL}">{label}</text>'
                free = x + len(label) * _SMALL + 4

    def _sound(self, row: _Row) -> Iterator[str]:
        step = (row.end - row.start) / _BARS
        heights = self.envelope.heights(row.start, row.end, _BARS)
        middle, most = (_TOP + _BOTTOM) / 2, (_BOTTOM - _TOP) / 2 - 1
        paths: dict[str, list[str]] = {"s": [], "g": []}
        for number, height in enumerate(heights):
            time = row.start + (number + 0.5) * step
            if time > self.envelope.seconds:
                break
            gone = any(start <= time < end for start, end, _ in self.cuts)
            tall = max(float(height) * most, 0.4)
            paths["g" if gone else "s"].append(
                f"M{row.x(time):.1f} {middle - tall:.1f}v{2 * tall:.1f}"
            )
        for name, parts in paths.items():
            if parts:
                yield f'<path class="{name}" d="{"".join(parts)}"/>'

    def _strip(self, row: _Row) -> Iterator[str]:
        pauses = ((p, "held" if p.deliberate else p.kind) for p in self.pauses)
        retakes = ((r, "retake") for r in self.retakes)
        fillers = ((f, "filler") for f in self.fillers)
        for span, kind in chain(pauses, retakes, fillers):
            start, end = float(span.start), float(span.end)
            if row.shows(start, end):
                left, right = row.x(start), row.x(end)
                yield (
                    f'<rect class="{kind}" x="{left + 0.5:.1f}" y="{_STRIP}" '
                    f'width="{max(right - left - 1, 1):.1f}" height="{_STRIP_HEIGHT}" rx="2"/>'
                )
            if isinstance(span, Pause) and row.start <= (start + end) / 2 < row.end:
                yield from self._length(row, span)

    def _length(self, row: _Row, pause: Pause) -> Iterator[str]:
        """How long a pause is, and why it was made, where there is room for it."""
        start, end = float(pause.start), float(pause.end)
        room = row.x(end) - row.x(start)
        texts = [f"{end - start:.1f} s"]
        if pause.deliberate and pause.reason:
            texts.insert(0, f"{end - start:.1f} s {pause.reason}")
        for text in texts:
            if len(text) * _SMALL + 10 <= room:
                middle = (row.x(start) + row.x(end)) / 2
                yield (
                    f'<text class="q n" x="{middle:.1f}" y="{_LANES[1]}" text-anchor="middle">'
                    f"{escape(text)}</text>"
                )
                return

    def _words(self, row: _Row) -> Iterator[str]:
        ends = [0.0, 0.0]
        for start, text, marks in self._labels(row):
            x = row.x(start)
            width = len(text) * _LETTER
            # a word stands under its sound in the upper line where there is room, else below
            lane = 0 if ends[0] <= x else 1 if ends[1] <= x else min((0, 1), key=lambda n: ends[n])
            x = max(min(max(x, ends[lane]), _WIDTH - 4 - width), 4.0)
            ends[lane] = x + width + 6
            y = _LANES[lane]
            if "filler" in marks:
                yield (
                    f'<rect class="filler c" x="{x - 2:.1f}" y="{y - 10.5}" '
                    f'width="{width + 3:.1f}" height="14" rx="3"/>'
                )
            name = "x" if "gone" in marks else "d" if "unsure" in marks else ""
            named = f' class="{name}"' if name else ""
            yield f'<text{named} x="{x:.1f}" y="{y}">{escape(text)}</text>'

    def _labels(self, row: _Row) -> list[tuple[float, str, set[str]]]:
        """Words, and fillers that only the sound tells of, that begin in a row."""
        found = [
            (float(word.start), one_line(word.text), self._marks(word))
            for word in self.words
            if row.start <= float(word.start) < row.end
        ]
        found += [
            (float(filler.start), one_line(filler.text), {"filler"})
            for filler in self.fillers
            if filler.first_word is None and row.start <= float(filler.start) < row.end
        ]
        return sorted(found, key=lambda label: label[0])

    def _marks(self, word: Word) -> set[str]:
        middle = float(word.start + word.end) / 2
        marks = {"filler"} if word.filler else set()
        if word.confidence < _UNSURE:
            marks.add("unsure")
        if any(start <= middle < end for start, end, _ in self.cuts):
            marks.add("gone")
        return marks
