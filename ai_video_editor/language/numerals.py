"""Words that are a number or a part of one."""

from __future__ import annotations

import re

_NUMERAL = re.compile(
    r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)$"
)


def is_numeral(word: str) -> bool:
    """Whether a lower-case word without punctuation states a number: "7%", "fifteen", "hundred"."""
    return _NUMERAL.search(word) is not None
