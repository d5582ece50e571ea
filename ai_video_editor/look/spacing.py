"""Spacing and the type scale: everything drawn is measured in shares of the picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """A picture to lay things out in.

    One unit is a hundredth of the shorter side, so that the same layout holds for 16:9, 9:16 and
    every size. Below 4.5 units text cannot be read on a phone; only the source line is smaller.

    Attributes:
        width: pixels.
        height: pixels.
        aside: columns at the right that are left to something else.
    """

    width: int
    height: int
    aside: int = 0

    @property
    def unit(self) -> float:
        """A hundredth of the shorter side, pixels."""
        return min(self.width, self.height) / 100

    def units(self, count: float) -> int:
        """So many units in whole pixels, at least 1."""
        return max(1, round(count * self.unit))

    @property
    def portrait(self) -> bool:
        """Whether it is higher than wide."""
        return self.height > self.width

    @property
    def margin(self) -> int:
        """Room kept free at the left and right edge; title-safe (EBU R 95) is 5 %."""
        return max(self.units(8), round(self.width * 0.06))

    @property
    def top(self) -> int:
        """First usable row."""
        return max(self.units(8), round(self.height * 0.07))

    @property
    def tall(self) -> bool:
        """Whether it fills a phone, whose players lay title and buttons over the lowest quarter."""
        return self.height >= 1.5 * self.width

    @property
    def bottom(self) -> int:
        """First row that is no longer usable: players lay their bar over what is below."""
        if self.tall:
            return self.height - round(self.height * 0.24)
        return self.height - max(self.units(9), round(self.height * 0.08))

    @property
    def above_captions(self) -> int:
        """First row that graphics leave free: upright films are watched with burned captions.

        Two lines of the largest style take 20 units, the source line above them 4.
        """
        return self.bottom - self.units(24) if self.portrait else self.bottom

    @property
    def middle(self) -> int:
        """The row about which a graphic of a few words stands."""
        return (self.top + self.above_captions) // 2 if self.portrait else self.height // 2

    @property
    def left(self) -> int:
        """First usable column."""
        return self.margin

    @property
    def right(self) -> int:
        """First column that is no longer usable."""
        return self.width - self.margin - self.aside

    @property
    def inner_width(self) -> int:
        """Columns between the margins."""
        return self.right - self.left


DISPLAY = 26.0
"""Units: the one number of a card."""
TITLE = 13.0
"""Units: the text of a title card."""
HEADING = 7.2
"""Units: heading of a chart."""
BODY = 6.2
"""Units: items of a list, values on bars."""
LABEL = 4.6
"""Units: axes, legends."""
SOURCE = 3.2
"""Units: the source line."""
GAP = 3.0
"""Units between neighbours."""
