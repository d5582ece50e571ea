"""Video encoders beside x264: HEVC and AV1 on the processor, and hardware that was tried first.

A machine's ffmpeg lists hardware encoders whether there is such hardware or not, so each is asked
to encode one frame of the film's size before it gets the film.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.errors import EditorError
from ai_video_editor.media.ffmpeg import run, stream

Codec = Literal["h264", "hevc", "av1"]

Where = Literal["auto", "cpu", "hardware"]

_TRIAL = 30.0
"""Seconds after which a trial of one frame is given up; drivers take one to wake."""

_DEVICE = Path("/dev/dri/renderD128")
"""The first device of VAAPI; machines with several number them on from here."""


@dataclass(frozen=True)
class Encoder:
    """A video encoder of ffmpeg.

    Attributes:
        name: as ffmpeg calls it.
        codec: what it writes.
        qualities: quality level to its arguments.
        always: arguments at every quality.
        device: arguments that open hardware, before the inputs.
        upload: filters that hand it a frame.
    """

    name: str
    codec: Codec
    qualities: Mapping[str, tuple[str, ...]]
    always: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    upload: str = ""

    @property
    def hardware(self) -> bool:
        """Whether it is a part of the machine."""
        return not self.name.startswith("lib")

    def arguments(self, quality: str) -> list[str]:
        """Its own arguments; what every film has in common comes beside them.

        Args:
            quality: low, medium, high or ultra.
        """
        tag = ["-tag:v", "hvc1"] if self.codec == "hevc" else []
        profile = ["-profile:v", "high"] if self.codec == "h264" else []
        return ["-c:v", self.name, *self.qualities[quality], *self.always, *profile, *tag]


@dataclass(frozen=True)
class Choice:
    """An encoder, and what is to be told about it.

    Attributes:
        encoder: None for x264, which is the usual one.
        note: why it is not what was asked for; "" where it is.
    """

    encoder: Encoder | None
    note: str = ""


def _levels(
    template: str, low: int, medium: int, high: int, ultra: int
) -> dict[str, tuple[str, ...]]:
    values = {"low": low, "medium": medium, "high": high, "ultra": ultra}
    return {name: tuple(template.format(value).split()) for name, value in values.items()}


X265 = Encoder(
    "libx265",
    "hevc",
    {
        "low": ("-preset", "superfast", "-crf", "29"),
        "medium": ("-preset", "veryfast", "-crf", "26"),
        "high": ("-preset", "fast", "-crf", "23"),
        "ultra": ("-preset", "slow", "-crf", "20"),
    },
    always=("-x265-params", "open-gop=0:bframes=2:log-level=error"),
)
"""CRF three above x264's (the ffmpeg wiki counts five). Measured on a talking head of 720 lines at
high: SSIM 0.9927 at 0.72 Mbit/s, where x264 has 0.9957 at 1.34."""

SVT_AV1 = Encoder(
    "libsvtav1",
    "av1",
    {
        "low": ("-preset", "11", "-crf", "42"),
        "medium": ("-preset", "10", "-crf", "36"),
        "high": ("-preset", "8", "-crf", "30"),
        "ultra": ("-preset", "5", "-crf", "23"),
    },
)
"""Measured as above: SSIM 0.9923 at 0.62 Mbit/s, in a quarter of x264's time."""

AOM_AV1 = Encoder(
    "libaom-av1",
    "av1",
    _levels("-crf {} -b:v 0", 40, 34, 28, 22),
    always=("-cpu-used", "6", "-row-mt", "1", "-lag-in-frames", "25"),
)

CPU: Mapping[Codec, tuple[Encoder, ...]] = {"h264": (), "hevc": (X265,), "av1": (SVT_AV1, AOM_AV1)}
"""Encoders on the processor, best first; H.264 is x264's."""


def _hardware(codec: Codec) -> tuple[Encoder, ...]:
    """Hardware encoders of a codec, best first."""
    frames = () if codec == "av1" else ("-bf", "2")
    return (
        Encoder(
            f"{codec}_nvenc",
            codec,
            _levels("-cq {} -b:v 0", 30, 27, 24, 20),
            ("-preset", "p5", "-rc", "vbr", *frames),
        ),
        Encoder(f"{codec}_qsv", codec, _levels("-global_quality {}", 30, 27, 24, 20), frames),
        Encoder(
            f"{codec}_vaapi",
            codec,
            _levels("-rc_mode CQP -qp {}", 30, 27, 24, 20),
            device=("-init_hw_device", f"vaapi=card:{_DEVICE}", "-filter_hw_device", "card"),
            upload="format=nv12,hwupload",
        ),
        Encoder(f"{codec}_videotoolbox", codec, _levels("-q:v {}", 45, 55, 65, 75), frames),
        Encoder(
            f"{codec}_amf", codec, _levels("-rc cqp -qp_i {0} -qp_p {0}", 30, 27, 24, 20), frames
        ),
    )


def choose(codec: Codec, where: Where, shape: FilmShape) -> Choice:
    """The encoder of a film.

    `auto` takes the processor for H.264, which x264 writes quickly and best, and hardware that
    works for HEVC and AV1, which take a processor many times as long.

    Args:
        codec: what is asked for.
        where: who is to encode.
        shape: of the film; the trial has its size.
    """
    if where == "cpu" or (where == "auto" and codec == "h264"):
        return _on_the_processor(codec)
    told = []
    for encoder in _hardware(codec):
        if encoder.name not in listed():
            continue
        reason = obstacle(encoder, shape)
        if not reason:
            return Choice(encoder)
        told.append(f"{encoder.name}: {reason}")
    choice = _on_the_processor(codec)
    if where == "auto":
        return choice
    why = told[0] if told else f"this ffmpeg has no hardware encoder for {codec}"
    note = f"Encoded on the processor, not by hardware: {why}. {choice.note}"
    return Choice(choice.encoder, note.strip())


def _on_the_processor(codec: Codec) -> Choice:
    if codec == "h264":
        return Choice(None)
    found = next((encoder for encoder in CPU[codec] if encoder.name in listed()), None)
    if found is None:
        return Choice(None, f"Encoded as h264: this ffmpeg has no encoder for {codec}.")
    return Choice(found)


def obstacle(encoder: Encoder, shape: FilmShape) -> str:
    """Why an encoder cannot encode a frame of the film's size here; "" if it can."""
    canvas = shape.canvas
    frame = f"color=gray:size={canvas.width}x{canvas.height}:rate={shape.rate}"
    upload = ["-vf", encoder.upload] if encoder.upload else ["-pix_fmt", "yuv420p"]
    try:
        run(
            [
                *encoder.device, "-f", "lavfi", "-i", frame, *upload,
                *encoder.arguments("medium"), "-frames:v", "1", "-f", "null", "-",
            ],
            timeout=_TRIAL,
            what="a trial frame",
        )  # fmt: skip
    except EditorError as error:
        return str(error).rstrip(".")
    return ""


@cache
def listed() -> frozenset[str]:
    """Names of the encoders that this ffmpeg was built with.

    Raises:
        UnavailableError: there is no ffmpeg.
    """
    with stream(["-encoders"], timeout=_TRIAL, what="the list of encoders") as answer:
        rows = [line.decode("utf-8", "replace").split() for line in answer]
    return frozenset(row[1] for row in rows if len(row) > 1 and row[0].startswith("V"))
