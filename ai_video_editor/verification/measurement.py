"""What the delivered film is, measured once: its packets, and one decoding of all of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.smart.playing import faults_in
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, measure, stream
from ai_video_editor.verification.container import boxes

BLACK_SECONDS = 0.5
"""Shortest black span that counts; a dip through black is shorter."""
FROZEN_SECONDS = 0.75
"""Shortest span without any change that counts."""
SILENT_SECONDS = 2.0
BLACK_PIXEL = 0.10
"""Share of the luma range below which a pixel is black (blackdetect's default)."""
FROZEN_NOISE = "-60dB"
SMALL = "scale=w=320:h=-2:flags=area"
"""Pictures are looked at small for stillness: what coding takes away of a camera's noise is gone
there on both sides."""
SILENT_NOISE = "-60dB"


@dataclass(frozen=True)
class Packets:
    """Packets of one stream as the container times them.

    Attributes:
        times: presentation times in seconds, ascending.
        end: end of the last, seconds.
        lengths: duration in seconds and size in bytes of each.
    """

    times: tuple[Fraction, ...]
    end: Fraction
    lengths: tuple[tuple[Fraction, int], ...] = ()


@dataclass(frozen=True)
class Cue:
    """A caption of the film's own track: seconds of the film, and its text."""

    start: Fraction
    end: Fraction
    text: str


@dataclass(frozen=True)
class Span:
    """Seconds of the film, half-open."""

    start: float
    end: float


@dataclass(frozen=True)
class Measured:
    """Everything that was measured on the film file.

    Attributes:
        video: packets of the picture, None where there is none.
        audio: packets of the sound, None where there is none.
        cues: captions of the first captions' track, None where there is no such track.
        boxes: of the container, in file order.
        decoded_frames: frames that decoding gave.
        faults: what the decoder complained about.
        description: ffmpeg's lines on the streams.
        black: spans that are black.
        frozen: spans whose picture does not change.
        silent: spans without sound.
        loudness: LUFS; None for silence.
        true_peak: dBTP; None for digital silence.
    """

    video: Packets | None
    audio: Packets | None
    cues: tuple[Cue, ...] | None
    boxes: tuple[str, ...]
    decoded_frames: int
    faults: tuple[str, ...]
    description: str
    black: tuple[Span, ...]
    frozen: tuple[Span, ...]
    silent: tuple[Span, ...]
    loudness: float | None
    true_peak: float | None


def film_input(film: Path) -> list[str]:
    """Arguments that open the delivered file and nothing else."""
    return ["-protocol_whitelist", PROTOCOLS, "-f", "mov", "-i", file_url(film)]


def measured(film: Path, *, timeout: float) -> Measured:
    """Measure a film file.

    Raises:
        MediaError: it cannot be opened at all.
        ProcessingTimeoutError: it took too long.
        OSError: it cannot be read.
    """
    packets = _packets(film, timeout=timeout)
    video, audio = packets.get("video"), packets.get("audio")
    picture = (
        f"blackdetect=d={BLACK_SECONDS}:pix_th={BLACK_PIXEL},{SMALL},freezedetect=n={FROZEN_NOISE}"
    )
    arguments = [*film_input(film), "-stats"]
    if video is not None:
        arguments += ["-map", "0:v:0", "-vf", f"{picture}:d={FROZEN_SECONDS}"]
        arguments += ["-fps_mode", "passthrough"]
    if audio is not None:
        quiet = f"silencedetect=n={SILENT_NOISE}:d={SILENT_SECONDS}"
        arguments += ["-map", "0:a:0", "-af", f"{quiet},ebur128=peak=true:framelog=verbose"]
    text = measure(arguments, timeout=timeout, what=film.name) if video or audio else ""
    end = float(max((p.end for p in (video, audio) if p), default=Fraction(0)))
    peak = _number(r"True peak:\s+Peak:\s+(\S+) dBFS", text)
    loudness = _number(r"Integrated loudness:\s+I:\s+(\S+) LUFS", text)
    frames = re.findall(r"frame=\s*(\d+)", text)
    return Measured(
        video=video,
        audio=audio,
        cues=_cues(film, packets["subtitle"], timeout=timeout) if "subtitle" in packets else None,
        boxes=tuple(boxes(film)),
        decoded_frames=int(frames[-1]) if frames else 0,
        faults=faults_in(text),
        description="\n".join(re.findall(r"Stream #0:\d.*", text.partition("Output #0")[0])),
        black=_spans(r"black_start:(\S+) black_end:(\S+)", text),
        frozen=_pairs("freeze_start: ?", "freeze_end: ?", text, end),
        silent=_pairs("silence_start: ?", "silence_end: ?", text, end),
        loudness=None if loudness is None or loudness <= -69.0 else loudness,
        true_peak=peak,
    )


def _packets(film: Path, *, timeout: float) -> dict[str, Packets]:
    bases: dict[str, Fraction] = {}
    kinds: dict[str, str] = {}
    rows: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    command = [*film_input(film), "-map", "0", "-c", "copy", "-f", "framecrc", "pipe:1"]
    with stream(command, timeout=timeout, what=film.name) as pipe:
        for line in pipe:
            text = line.decode("ascii", "replace")
            header = re.match(r"#(tb|media_type) (\d+): (\S+)", text)
            if header is not None:
                kind, index, value = header.groups()
                if kind == "tb":
                    bases[index] = Fraction(value)
                else:
                    kinds.setdefault(value, index)
            elif text[:1].isdigit():
                index, _, pts, duration, size, *_ = (part.strip() for part in text.split(","))
                rows[index].append((int(pts), int(duration), int(size)))
    found: dict[str, Packets] = {}
    for name, index in kinds.items():
        if rows[index]:
            ordered = sorted(rows[index])
            base = bases[index]
            found[name] = Packets(
                tuple(pts * base for pts, _, _ in ordered),
                max(pts + duration for pts, duration, _ in ordered) * base,
                # Only captions need theirs; a film has hundreds of thousands of other packets.
                tuple((duration * base, size) for _, duration, size in ordered)
                if name == "subtitle" else (),
            )  # fmt: skip
    if not found.keys() & {"video", "audio"}:
        raise MediaError(f"{film.name} holds neither picture nor sound.")
    return found


def _cues(film: Path, packets: Packets, *, timeout: float) -> tuple[Cue, ...]:
    """Samples of timed text: two bytes of length, then the text (ETSI TS 126 245, 5.17)."""
    command = [*film_input(film), "-map", "0:s:0", "-c", "copy", "-f", "data", "pipe:1"]
    cues: list[Cue] = []
    with stream(command, timeout=timeout, what=film.name) as pipe:
        for start, (duration, size) in zip(packets.times, packets.lengths, strict=True):
            sample = pipe.read(size)
            text = sample[2 : 2 + int.from_bytes(sample[:2], "big")]
            if text:
                cues.append(Cue(start, start + duration, text.decode("utf-8", "replace")))
    return tuple(cues)


def _number(pattern: str, text: str) -> float | None:
    found = re.findall(pattern, text)
    if not found or found[-1] in ("nan", "-inf", "inf"):
        return None
    return float(found[-1])


def _spans(pattern: str, text: str) -> tuple[Span, ...]:
    return tuple(Span(float(a), float(b)) for a, b in re.findall(pattern, text))


def _pairs(opening: str, closing: str, text: str, end: float) -> tuple[Span, ...]:
    starts = [float(value) for value in re.findall(rf"{opening}(-?[\d.]+)", text)]
    ends = [float(value) for value in re.findall(rf"{closing}(-?[\d.]+)", text)]
    ends += [end] * (len(starts) - len(ends))
    return tuple(Span(max(a, 0.0), b) for a, b in zip(starts, ends, strict=False))
