"""A rectangle of pixels: what is drawn stands in one, and keeps clear of others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """Pixels: left and upper edge, and the edges after the last column and row."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    def x(self, share: float) -> int:
        """Column at a share of the width."""
        return round(self.left + self.width * share)

    def y(self, share: float) -> int:
        """Row at a share of the height."""
        return round(self.top + self.height * share)

    def within(self, other: Area) -> Area | None:
        """What both have; None where they have nothing in common."""
        area = Area(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        return area if area.left < area.right and area.top < area.bottom else None

    def overlaps(self, other: Area) -> bool:
        """Whether any pixel belongs to both."""
        return self.within(other) is not None

    def around(self, other: Area) -> Area:
        """The smallest that holds both."""
        return Area(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def holds(self, other: Area) -> bool:
        """Whether the other lies wholly inside."""
        return self.within(other) == other
