"""What every model of the context is made of: frozen, strict, exact in time."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from ai_video_editor.timebase import FilmTime, SourceTime, TimeRange, exact


def _to_exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Fraction):
        raise ValueError("not a number of seconds")
    return exact(value)


def _to_number(value: Fraction) -> float:
    return round(float(value), 6)


_EXACT = (
    BeforeValidator(_to_exact),
    PlainSerializer(_to_number, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "description": "Seconds, with six decimals."}),
)

Seconds = Annotated[Fraction, *_EXACT]
"""A length in seconds, to the microsecond; a JSON number with six decimals."""

SourceSeconds = Annotated[SourceTime, *_EXACT]
"""A moment of an input, stored as `Seconds` are."""

FilmSeconds = Annotated[FilmTime, *_EXACT]
"""A moment of the film, stored as `Seconds` are."""

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
"""0 (a guess) to 1 (certain)."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest in lower-case hex."""


class Model(BaseModel):
    """A frozen value: unknown fields are refused, sequences are tuples."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_inf_nan="null", arbitrary_types_allowed=True
    )


class SourceSpan(Model):
    """A half-open range of one input."""

    start: SourceSeconds
    end: SourceSeconds
    input: int = Field(default=0, ge=0)
    """Index of the input file."""

    @property
    def range(self) -> TimeRange[SourceTime]:
        """The range as a value of `timebase`."""
        return TimeRange(self.start, self.end)


class FilmSpan(Model):
    """A half-open range of the film."""

    start: FilmSeconds
    end: FilmSeconds

    @property
    def range(self) -> TimeRange[FilmTime]:
        """The range as a value of `timebase`."""
        return TimeRange(self.start, self.end)


class MediaRef(Model):
    """A file in the store, named by its content."""

    sha256: Sha256
    suffix: Annotated[str, Field(pattern=r"^\.[a-z0-9]{1,8}$")]
    """File name ending with its dot, such as ".wav"."""
    size: int = Field(ge=0)
    """Bytes."""


class Box(Model):
    """A rectangle in a picture, as shares of its width and height (0 to 1), origin top left."""

    x: float
    y: float
    width: float
    height: float
