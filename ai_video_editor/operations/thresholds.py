"""When the use of the machine is worth a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ai_video_editor.operations.meters import GB, ResourceUsage

Level = Literal["warning", "alert"]


@dataclass(frozen=True)
class Thresholds:
    """Figures above which something is told.

    Attributes:
        memory_share: of the machine's memory, or of what may be used, 0 to 1.
        stage_seconds: of one stage.
        api_error_share: of the calls to services.
        api_calls: below which a share of failed ones says nothing.
        growth_gb: memory that one stage adds.
        long_seconds: of one stage, worth a warning.
        load_per_core: programs that want a core; our own encoders keep it at 1 to 2.
        heat_margin: degrees below the temperature at which the processor slows down.
        hottest: degrees where the sensor does not name that temperature.
    """

    memory_share: float = 0.85
    stage_seconds: float = 1800.0
    api_error_share: float = 0.10
    api_calls: int = 3
    growth_gb: float = 8.0
    long_seconds: float = 300.0
    load_per_core: float = 4.0
    heat_margin: float = 3.0
    hottest: float = 95.0


@dataclass(frozen=True)
class Alert:
    """Something above its threshold.

    Attributes:
        kind: what it is about, so that it is told once.
        level: an alert needs somebody, a warning is good to know.
        message: in the user's words, with both figures.
    """

    kind: str
    level: Level
    message: str


def of_usage(
    usage: ResourceUsage, limit_gb: float | None, thresholds: Thresholds
) -> Iterator[Alert]:
    """What one reading is worth telling."""
    share = usage.memory_share
    if share > thresholds.memory_share:
        yield Alert(
            "memory", "alert",
            f"{share:.0%} of this machine's memory is taken (alert at "
            f"{thresholds.memory_share:.0%}); {usage.available_memory / GB:.1f} GB are free.",
        )  # fmt: skip
    held = usage.process_memory / GB
    if limit_gb is not None and held > limit_gb:
        yield Alert(
            "limit", "alert",
            f"The run holds {held:.1f} GB of memory, over the limit of {limit_gb:g} GB: what one "
            "stage needs cannot be split further.",
        )  # fmt: skip
    elif limit_gb is not None and held > thresholds.memory_share * limit_gb:
        yield Alert(
            "near limit", "warning",
            f"The run holds {held:.1f} GB of the {limit_gb:g} GB of memory that it may use.",
        )  # fmt: skip
    load = usage.load_per_core
    if load is not None and load > thresholds.load_per_core:
        yield Alert(
            "load", "warning",
            f"The processor is overloaded: {load:.1f} programs want each core; other programs "
            "slow this run down.",
        )  # fmt: skip
    heat, allowed = usage.temperature, usage.hottest_allowed
    most = allowed - thresholds.heat_margin if allowed is not None else thresholds.hottest
    if heat is not None and heat >= most:
        yield Alert(
            "heat", "warning",
            f"The processor is at {heat:.0f} °C and slows down: let it cool, or run with "
            "--no-parallel.",
        )  # fmt: skip


def of_stage(
    stage: str, seconds: float, growth_gb: float, thresholds: Thresholds
) -> Iterator[Alert]:
    """What a stage's time and memory are worth telling."""
    if seconds > thresholds.stage_seconds:
        yield Alert(
            f"time of {stage}", "alert",
            f"{stage} takes {seconds / 60:.0f} min (alert at "
            f"{thresholds.stage_seconds / 60:.0f} min).",
        )  # fmt: skip
    elif seconds > thresholds.long_seconds:
        yield Alert(
            f"time of {stage}", "warning",
            f"{stage} takes more than {thresholds.long_seconds / 60:.0f} min.",
        )  # fmt: skip
    if growth_gb > thresholds.growth_gb:
        yield Alert(
            f"memory of {stage}", "warning",
            f"{stage} took {growth_gb:.1f} GB more memory than before it.",
        )  # fmt: skip


def of_calls(calls: int, failed: int, thresholds: Thresholds) -> Iterator[Alert]:
    """What the failed calls to services are worth telling."""
    if calls >= thresholds.api_calls and failed > thresholds.api_error_share * calls:
        yield Alert(
            "api", "alert",
            f"{failed} of {calls} calls to services failed (alert at "
            f"{thresholds.api_error_share:.0%}); --offline does without them.",
        )  # fmt: skip
