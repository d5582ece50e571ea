"""What copying saves: the frames to encode, and what finding and joining them costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.smart.runs import CopyRun, EncodeRun

DECODING = 0.1
"""Decoding a frame, in encoded frames (1080p, x264 fast: 0.09 measured)."""

COPYING = 0.01
"""Reading and writing a copied frame, in encoded frames (measured)."""

BEGINNING = 2.0
"""Beginning anew with a key frame, in encoded frames: what its bits take to write."""

_PAYS = 0.9
"""Share of a full render's cost above which copying is not worth its seams."""


@dataclass(frozen=True)
class Cost:
    """The numbers on which smart or full render is decided.

    Attributes:
        frames: of the film.
        encoded: frames to encode.
        reached: frames to decode only because others refer to them.
        runs: runs to encode.
        gop: mean length of the inputs' GOPs, frames.
    """

    frames: int
    encoded: int
    reached: int
    runs: int
    gop: float

    @property
    def share(self) -> float:
        """Share of the film's frames that are encoded."""
        return self.encoded / max(1, self.frames)

    @property
    def relative(self) -> float:
        """Estimated cost, a full render being 1."""
        work = (
            self.encoded
            + DECODING * self.reached
            + COPYING * (self.frames - self.encoded)
            + DECODING * self.frames  # the finished film is played once, to be sure
            + BEGINNING * self.runs
        )
        return work / max(1, self.frames)

    @property
    def pays(self) -> bool:
        """Whether copying is worth it."""
        return self.encoded < self.frames and self.relative < _PAYS

    @property
    def sentence(self) -> str:
        """The numbers and what follows from them, for people."""
        numbers = (
            f"{self.frames - self.encoded} of {self.frames} frames {{}} (key frames are "
            f"{self.gop:.0f} frames apart), which is about {100 * self.relative:.0f} % of the work "
            "of encoding all"
        )
        if self.pays:
            return f"Smart render: {numbers.format('are copied as they were')}."
        return f"Rendered in full: only {numbers.format('could be copied')}."


def cost_of(
    copies: Sequence[CopyRun],
    encodes: Sequence[EncodeRun],
    indexes: Mapping[int, PacketIndex],
    reached: int,
) -> Cost:
    """Count what a smart render does.

    Args:
        copies: runs that are copied.
        encodes: runs that are encoded.
        indexes: of the inputs that may be copied.
        reached: frames decoded for the encoded runs, theirs included.
    """
    encoded = sum(run.count for run in encodes)
    frames = encoded + sum(run.count for run in copies)
    gops = sum(len(index.entries) for index in indexes.values())
    return Cost(
        frames=frames,
        encoded=encoded,
        reached=max(0, reached - encoded),
        runs=len(encodes),
        gop=sum(index.frames for index in indexes.values()) / max(1, gops),
    )
