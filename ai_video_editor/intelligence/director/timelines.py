"""Graphics of years in order, each with what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_video_editor.context.audio import Word
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, plain, proposal
from ai_video_editor.language import wording

_Event = tuple[int, int, str, Word]
"""Where it is said (sentence), the year, what happened, and the word that names the year."""

_LEAST_EVENTS = 3

_YEAR = re.compile(r"^(?:1[0-9]{3}|20[0-9]{2})$")

_LONGEST_EVENT = 56
"""Characters below a year that can be read at phone size."""


def timelines(talk: Talk) -> Iterator[Proposal]:
    """Years in order, each with what happened, within a minute."""
    events: list[_Event] = []
    for at, _ in enumerate(talk.sentences):
        found = _event(talk, at)
        if found is not None:
            events.append((at, *found))
    run: list[_Event] = []
    for event in events:
        if run and not _goes_on(run, event):
            if len(run) >= _LEAST_EVENTS:
                yield _timeline(talk, run)
            run = []
        run.append(event)
    if len(run) >= _LEAST_EVENTS:
        yield _timeline(talk, run)


def _goes_on(run: Sequence[_Event], event: _Event) -> bool:
    """Whether an event is later than those before it, said soon after them, and still fits."""
    (before, year, _, word), (at, later, _, spoken) = run[-1], event
    return later > year and at - before <= 4 and word.input == spoken.input and len(run) < 4


def _event(talk: Talk, at: int) -> tuple[int, str, Word] | None:
    """A sentence that says what happened in one year: the year, the words, the year's word."""
    words = talk.words(at)
    years = [i for i, word in enumerate(words) if _YEAR.match(plain(word))]
    audio = talk.material.audio
    if len(years) != 1 or audio is None or words[years[0]].confidence < audio.print_threshold:
        return None
    i = years[0]
    if i == 0 or plain(words[i - 1]) not in {"in", "by", "since"}:
        return None
    rest = " ".join(word.text for word in [*words[: i - 1], *words[i + 1 :]])
    text = wording.trimmed(wording.without_opener(wording.trimmed(rest).rstrip(".,")))
    begins = next(iter(wording.tokens(text)), "").lower()
    if len(wording.tokens(text)) < 2 or len(text) > _LONGEST_EVENT:
        return None
    return None if begins in {"this", "that", "it"} else (int(plain(words[i])), text, words[i])


def _timeline(talk: Talk, run: Sequence[_Event]) -> Proposal:
    last = run[-1][0]
    first = run[0][0]
    data = ChartData(
        kind="timeline",
        labels=tuple(wording.sentence_case(text) for _, _, text, _ in run),
        values=tuple(float(year) for _, year, _, _ in run),
        said=run[0][3].start,
    )
    # All of it is known once the last year was said; before, it would run ahead of the talk.
    spans = [talk.span(last), *talk.spans(last, last)]
    return proposal(
        talk,
        last,
        data,
        "Timeline",
        f"{len(run)} years are said one after the other; a line keeps their order in view.",
        spans=tuple(dict.fromkeys(spans)),
        priority=0.8,
        confidence=min(
            *(word.confidence for *_, word in run),
            *(talk.sentences[at].confidence for at in range(first, last + 1)),
        ),
        elements=[str(year) for _, year, _, _ in run],
    )
