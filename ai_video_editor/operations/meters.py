"""What this machine has and what we take of it, read at one moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

GB = 1_000_000_000
"""Bytes; decimal, as disks count, and as `--max-memory` does."""

_CONTAINER = Path("/sys/fs/cgroup")
"""Where Linux tells a container's limits (control groups, version 2)."""


@dataclass(frozen=True)
class ResourceUsage:
    """One reading.

    Attributes:
        process_memory: resident memory of this process and all its children, bytes. Pages that
            they share count once for each.
        cpu_seconds: processor time of this process and all its children, ended ones too.
        available_memory: what programs can still get, bytes.
        total_memory: what the machine, or the container around us, has, bytes.
        load_per_core: programs that want a core, of the last minute, over the cores; None where
            the system does not say.
        temperature: degrees Celsius of the hottest core; None where no sensor tells.
        hottest_allowed: degrees from which the processor slows down; None where unknown.
    """

    process_memory: int
    cpu_seconds: float
    available_memory: int
    total_memory: int
    load_per_core: float | None = None
    temperature: float | None = None
    hottest_allowed: float | None = None

    @property
    def memory_share(self) -> float:
        """Share of the memory that is taken, by whomever, 0 to 1."""
        return 1.0 - self.available_memory / max(1, self.total_memory)


class Meter(Protocol):
    """Reads the machine."""

    def usage(self) -> ResourceUsage:
        """A reading of memory, processor and sensors."""

    def free_disk(self, folder: Path) -> int:
        """Bytes that may still be written into a folder, which need not be there yet."""

    def cores(self) -> int:
        """Processor cores that we may use."""


class MachineMeter:
    """Reads this machine through psutil."""

    def usage(self) -> ResourceUsage:
        """See `Meter`."""
        memory, cpu = 0, 0.0
        for process in _family():
            with suppress(psutil.Error), process.oneshot():
                memory += process.memory_info().rss
                times = process.cpu_times()
                ended = getattr(times, "children_user", 0.0) + getattr(
                    times, "children_system", 0.0
                )
                cpu += times.user + times.system + ended
        system = psutil.virtual_memory()
        total, available = _within_container(system.total, system.available)
        temperature, allowed = _hottest()
        return ResourceUsage(
            process_memory=memory,
            cpu_seconds=cpu,
            available_memory=available,
            total_memory=total,
            load_per_core=_load(self.cores()),
            temperature=temperature,
            hottest_allowed=allowed,
        )

    def free_disk(self, folder: Path) -> int:
        """See `Meter`."""
        return shutil.disk_usage(existing(folder)).free

    def cores(self) -> int:
        """See `Meter`."""
        if hasattr(os, "sched_getaffinity"):
            return max(1, len(os.sched_getaffinity(0)))
        return max(1, os.cpu_count() or 1)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _family() -> Iterator[psutil.Process]:
    me = psutil.Process()
    yield me
    with suppress(psutil.Error):
        yield from me.children(recursive=True)


def _load(cores: int) -> float | None:
    with suppress(OSError):
        return float(psutil.getloadavg()[0]) / cores
    return None


def _within_container(total: int, available: int) -> tuple[int, int]:
    """Total and available memory, no more than a container's limit leaves."""
    with suppress(OSError, ValueError):
        limit = int((_CONTAINER / "memory.max").read_text())
        held = int((_CONTAINER / "memory.current").read_text())
        statistics = dict(
            line.split() for line in (_CONTAINER / "memory.stat").read_text().splitlines()
        )
        reclaimable = int(statistics.get("inactive_file", 0))
        total = min(total, limit)
        available = min(available, max(0, limit - held + reclaimable))
    return total, available


def _hottest() -> tuple[float | None, float | None]:
    """Temperature of the hottest core and the one from which it slows down."""
    if not hasattr(psutil, "sensors_temperatures"):
        return None, None
    readings = [
        (reading.current, reading.high or reading.critical)
        for name, group in psutil.sensors_temperatures().items()
        for reading in group
        if name in _CPU_SENSORS and reading.current
    ]
    return max(readings, key=lambda reading: reading[0], default=(None, None))


_CPU_SENSORS = frozenset({"coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal"})
"""Drivers of processor sensors: Intel, AMD (two), and boards with ARM."""
