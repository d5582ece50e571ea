"""Speech with the exact time of every word, from Debian's flite through ctypes.

flite plans an utterance phone by phone before it makes a sound, so the times are not measured but
known. Needed where the bundled sample or the speech of a benchmark is made, never where the
product runs.
"""

from __future__ import annotations

import ctypes as c
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Of flite's cmu_us_* voices, Hz."""

_FIRST_PHONE = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
_LAST_PHONE = b"R:SylStructure.daughtern.daughtern.R:Segment.end"


class FliteMissing(RuntimeError):
    """flite or its voice is not installed."""


class _Wave(c.Structure):
    _fields_ = (
        ("type", c.c_char_p),
        ("sample_rate", c.c_int),
        ("num_samples", c.c_int),
        ("num_channels", c.c_int),
        ("samples", c.POINTER(c.c_short)),
    )


class _Voice(c.Structure):
    _fields_ = (("name", c.c_char_p), ("features", c.c_void_p))


@dataclass(frozen=True)
class Spoken:
    """One utterance, silence at its ends cut off.

    Attributes:
        samples: mono, -1 to 1, at `SAMPLE_RATE`.
        words: text as it was written, start and end in seconds.
    """

    samples: NDArray[np.float32]
    words: tuple[tuple[str, float, float], ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / SAMPLE_RATE


class Flite:
    """A voice of flite.

    Args:
        voice: name of a cmu_us voice.

    Raises:
        FliteMissing: the library or the voice is not installed.
    """

    def __init__(self, voice: str = "slt") -> None:
        """Load the library and the voice."""
        try:
            self._library = library = c.CDLL("libflite.so.1", mode=c.RTLD_GLOBAL)
            c.CDLL("libflite_cmulex.so.1", mode=c.RTLD_GLOBAL)
            c.CDLL("libflite_usenglish.so.1", mode=c.RTLD_GLOBAL)
            voices = c.CDLL(f"libflite_cmu_us_{voice}.so.1", mode=c.RTLD_GLOBAL)
        except OSError as error:
            raise FliteMissing(
                f"flite or its voice {voice} is not installed: on Debian and Ubuntu, "
                "apt install flite."
            ) from error
        library.flite_init()
        for name, result, arguments in (
            ("flite_synth_text", c.c_void_p, (c.c_char_p, c.c_void_p)),
            ("utt_wave", c.POINTER(_Wave), (c.c_void_p,)),
            ("utt_relation", c.c_void_p, (c.c_void_p, c.c_char_p)),
            ("relation_head", c.c_void_p, (c.c_void_p,)),
            ("item_next", c.c_void_p, (c.c_void_p,)),
            ("item_feat_string", c.c_char_p, (c.c_void_p, c.c_char_p)),
            ("ffeature_float", c.c_float, (c.c_void_p, c.c_char_p)),
            ("feat_set_float", None, (c.c_void_p, c.c_char_p, c.c_float)),
            ("delete_utterance", None, (c.c_void_p,)),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        register = getattr(voices, f"register_cmu_us_{voice}")
        register.restype = c.c_void_p
        self._voice = register(None)

    def say(self, text: str, *, stretch: float = 1.0) -> Spoken:
        """Speak one sentence; `stretch` above 1 is slower.

        Raises:
            ValueError: flite made other words of it (numerals, abbreviations).
        """
        voice = c.cast(self._voice, c.POINTER(_Voice)).contents
        self._library.feat_set_float(voice.features, b"duration_stretch", stretch)
        utterance = self._library.flite_synth_text(text.encode("ascii"), self._voice)
        try:
            wave = self._library.utt_wave(utterance).contents
            samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)) / np.float32(32768)
            parts = [
                (
                    self._library.item_feat_string(item, b"name").decode().lower(),
                    float(self._library.ffeature_float(item, _FIRST_PHONE)),
                    float(self._library.ffeature_float(item, _LAST_PHONE)),
                )
                for item in self._words(utterance)
            ]
        finally:
            self._library.delete_utterance(utterance)
        return _trimmed(samples.astype(np.float32), _joined(text, parts))

    def _words(self, utterance: int) -> Iterator[int]:
        item = self._library.relation_head(self._library.utt_relation(utterance, b"Word"))
        while item:
            yield item
            item = self._library.item_next(item)


def _joined(text: str, parts: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """What flite split ("let", "'s") put together to the words as written."""
    words, position = [], 0
    for written in text.split():
        bare = re.sub(r"[^a-z]", "", written.lower())
        heard, start, end = "", 0.0, 0.0
        while heard != bare:
            if position >= len(parts) or not bare.startswith(heard):
                raise ValueError(f"flite reads {written!r} in {text!r} as other words")
            name, first, last = parts[position]
            start, end = (first if not heard else start), max(end, last)
            heard += name.replace("'", "")
            position += 1
        words.append((written, start, end))
    return words


def _trimmed(samples: NDArray[np.float32], words: list[tuple[str, float, float]]) -> Spoken:
    """From the first word's start to the last one's end."""
    first, last = round(words[0][1] * SAMPLE_RATE), round(words[-1][2] * SAMPLE_RATE)
    offset = first / SAMPLE_RATE
    return Spoken(
        samples[first:last].copy(),
        tuple((text, start - offset, end - offset) for text, start, end in words),
    )
