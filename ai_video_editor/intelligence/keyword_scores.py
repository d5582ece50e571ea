"""How a phrase stands on the web: volume, difficulty and trend, each with its evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ai_video_editor.clients.search import SearchResult
from ai_video_editor.context.content import Keyword
from ai_video_editor.language import lexicon, wording

FRESH = timedelta(days=30)
"""News younger than this speak for a trend."""

RECENT = timedelta(days=365)
"""So do videos younger than this."""

_UNKNOWN = 0.5


@dataclass(frozen=True)
class Findings:
    """What the searches on one topic gave.

    Attributes:
        videos: competitors.
        pages: web pages.
        news: articles.
        now: when it was searched, in UTC.
    """

    videos: Sequence[SearchResult]
    pages: Sequence[SearchResult]
    news: Sequence[SearchResult]
    now: datetime

    @property
    def titles(self) -> list[str]:
        """Competitors' titles: of videos, where there are some."""
        found = [r.title for r in self.videos if r.title]
        return list(dict.fromkeys(found or [r.title for r in self.pages if r.title]))

    @property
    def texts(self) -> list[str]:
        """All titles and snippets."""
        return [f"{r.title}. {r.snippet}" for r in (*self.videos, *self.pages, *self.news)]


def scored(phrase: str, found: Findings, counts: Counter[str]) -> Keyword:
    """A phrase with its scores, each 0 to 1.

    Volume is the share of results that use the phrase, from 0.2 for one that none uses. Difficulty
    is the share of competitors' titles that have it, weighted by their views where these are known.
    Trend is the mean of what is known of: its share of all views, the share of its videos that are
    younger than a year, and the share of news with it that are younger than 30 days.

    Args:
        phrase: in lower case.
        found: what was searched.
        counts: from `phrases`, of `found.texts`.
    """
    texts = max(1, len(found.texts))
    told = counts.get(phrase) or sum(phrase in text.lower() for text in found.texts)
    inside = [t for t in found.titles if phrase in t.lower()]
    trend, reasons = _trend(phrase, found)
    evidence = [
        f"in {told} of {len(found.texts)} results",
        f"in {len(inside)} of {len(found.titles)} competitors' titles",
        *reasons,
    ]
    return Keyword(
        phrase=phrase,
        volume=round(min(1.0, 0.2 + told / texts), 3),
        difficulty=round(_difficulty(phrase, inside, found), 3),
        trend=round(trend, 3),
        evidence="; ".join(evidence),
    )


def _difficulty(phrase: str, inside: Sequence[str], found: Findings) -> float:
    share = len(inside) / max(1, len(found.titles))
    views = _view_share(phrase, found)
    return min(1.0, share if views is None else (share + views) / 2)


def _view_share(phrase: str, found: Findings) -> float | None:
    total = sum(v.views or 0 for v in found.videos)
    if not total:
        return None
    return sum(v.views or 0 for v in found.videos if phrase in v.title.lower()) / total


def _trend(phrase: str, found: Findings) -> tuple[float, list[str]]:
    parts: list[float] = []
    reasons: list[str] = []
    views = _view_share(phrase, found)
    if views is not None:
        parts.append(views)
        reasons.append(f"{views:.0%} of the competitors' views")
    own = [v for v in found.videos if v.published and phrase in v.title.lower()]
    if own:
        young = sum(found.now - v.published <= RECENT for v in own if v.published)
        parts.append(young / len(own))
        reasons.append(f"{young} of {len(own)} videos from the last year")
    dated = [n for n in found.news if n.published]
    if dated:
        fresh = sum(
            found.now - n.published <= FRESH
            for n in dated
            if n.published and phrase in f"{n.title} {n.snippet}".lower()
        )
        parts.append(min(1.0, fresh / 10))
        reasons.append(f"{fresh} news in 30 days")
    return (sum(parts) / len(parts), reasons) if parts else (_UNKNOWN, reasons)


def phrases(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each phrase of two or three words stands; letters and digits only."""
    stop = lexicon.words("stop_words")
    counts: Counter[str] = Counter()
    for text in texts:
        words = [w.lower() for w in wording.tokens(text)]
        seen = set()
        for width in (2, 3):
            for at in range(len(words) - width + 1):
                part = words[at : at + width]
                clean = all(re.fullmatch(r"[a-z0-9'&-]+", w) for w in part)
                if clean and part[0] not in stop and part[-1] not in stop:
                    seen.add(" ".join(part))
        counts.update(seen)
    return counts
