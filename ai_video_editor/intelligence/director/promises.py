"""One promise told in two halves: for each strategy a title and the words that complete it.

The title says what the film is about, the thumbnail makes one want to know; they share a concept
and hardly a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import Hook, Strategy, ThumbnailConcept
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.intelligence.director.figures import Figures, figures
from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.unworded import readable_name, unworded
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.headlines import headline
from ai_video_editor.language.names import film_name
from ai_video_editor.language.transcript import is_housekeeping

MAX_TITLE = 60
"""Characters of a title that search shows."""

MAX_OVERLAP = 0.34
"""Share of its words that a thumbnail text may have in common with its title."""

_OWN_WORDS = re.compile(r"^[A-Za-z0-9$%'\u2019, -]+[.!?]?$")


@dataclass(frozen=True)
class _Voice:
    """Texts for a strategy where the speaker gave none: titles by topic, hooks by fit."""

    titles: tuple[str, ...]
    plural_titles: tuple[str, ...]
    hooks: tuple[str, ...]


_VOICES: dict[Strategy, _Voice] = {
    "emotional": _Voice(
        ("{topic}: Why It Matters", "{topic}: Why You Should Care"),
        ("{topic}: Why They Matter", "{topic}: Why You Should Care"),
        ("See the Difference", "Worth Your Time", "Have a Look"),
    ),
    "curiosity": _Voice(
        ("{topic}: How Much Do You Know?", "{topic}: What to Know", "{topic}: A Closer Look"),
        ("{topic}: How Much Do You Know?", "{topic}: What to Know", "{topic}: A Closer Look"),
        ("The Short Answer", "Do You Know?", "Find Out Here"),
    ),
    "authority": _Voice(
        ("{topic} Explained", "Understanding {topic}", "{topic} in Plain English"),
        ("{topic} Explained", "Understanding {topic}", "{topic} in Plain English"),
        ("In Plain English", "The Clear Facts", "Step by Step"),
    ),
}
"""Topic first, so that the grammar holds for any noun: with or without an article, counted or
not."""


_POINTS = "{topic}: The Main Points"
"""The authority's title where nobody set out to explain anything."""


def promises(material: Material, hooks: Sequence[Hook]) -> list[ThumbnailConcept]:
    """The three concepts, from the talk's own words where they may be printed."""
    topic = topic_of(material)
    if topic is None:
        return _from_the_name(material)
    said = figures(material)
    used: list[str] = []
    concepts = []
    for strategy in _VOICES:
        title = _title(strategy, topic, material, hooks, said, used)
        texts = _hook_texts(strategy, title, material, said, used)
        used.extend([title, *texts[:2]])
        concept = _concept(strategy, title, texts, material, said)
        concepts.append(concept.model_copy(update={"keywords": _keywords(topic, material)}))
    return concepts


def _keywords(topic: str, material: Material) -> tuple[str, ...]:
    """The three most central concepts, the one that the film is named after first."""
    central = [c.phrase for c in material.concepts[:_CENTRAL]]
    named = [p for p in central if topic.lower().startswith(p.lower())]
    return tuple(dict.fromkeys([*named[:1], *central]))[:3]


def topic_of(material: Material) -> str | None:
    """Name of what the film is about, in title case; None where no word may be printed."""
    if not material.printable or material.audio is None:
        return None
    name = _named_topic(material)
    if name is not None:
        return name
    limit = material.audio.print_threshold
    short = [c for c in material.concepts if len(c.phrase) <= _LONGEST_TOPIC]
    sure = [c for c in short if c.confidence >= limit]
    if not sure:
        return None
    called = {wording.stem(w) for w in wording.tokens(film_name(material.metadata.name))}
    central = [c for c in sure if c.score >= _NEAR * sure[0].score]
    # What the file is called after comes before what was only said more often.
    best = next((c for c in central if _stems(c.phrase) <= called), sure[0])
    topic = wording.title_case(best.phrase)
    fuller = (t.title for t in material.themes if t.title.startswith(f"{topic} of "))
    return next((title for title in fuller if len(title) <= _LONGEST_TOPIC), topic)


_CENTRAL = 5
_NEAR = 0.6
"""Share of the best concept's score from which another may be what the film is about."""

_LONGEST_TOPIC = 36
"""Characters that leave room for the longest of the titles made around a topic."""


def _stems(phrase: str) -> set[str]:
    return {wording.stem(w) for w in wording.tokens(phrase)}


def _named_topic(material: Material) -> str | None:
    """The file's name where a person gave it one that the talk itself bears out."""
    words = [w for w in wording.tokens(film_name(material.metadata.name)) if not w.isdigit()]
    name = " ".join(words)
    fits = 2 <= len(words) <= 4 and len(name) <= _LONGEST_TOPIC
    if not fits or material.audio is None or not _reads_as_name(name):
        return None
    return wording.title_case(name) if _was_said(words, material.audio) else None


def given_title(material: Material) -> str | None:
    """The file's name where it is a title of three words or more that the talk bears out."""
    name = film_name(material.metadata.name)
    words = [w for w in wording.tokens(name) if w.lower() not in lexicon.words("stop_words")]
    if material.audio is None or not material.printable or not words:
        return None
    long = len(wording.tokens(name)) >= 3 and len(name) <= MAX_TITLE
    return name if long and _was_said(words, material.audio) else None


def _was_said(words: Sequence[str], audio: AudioAnalysis) -> bool:
    said = {wording.stem(w.text) for w in audio.words}
    return all(wording.stem(w) in said for w in words)


def _reads_as_name(name: str) -> bool:
    blocked = lexicon.words("verbs") | lexicon.words("vague")
    parts = [p.lower() for p in wording.tokens(name)]
    ends = (parts[0], parts[-1])
    return not any(p in blocked for p in parts) and not any(
        e in lexicon.words("stop_words") for e in ends
    )


def _title(
    strategy: Strategy,
    topic: str,
    material: Material,
    hooks: Sequence[Hook],
    said: Figures,
    used: Sequence[str],
) -> str:
    plural = wording.is_plural(topic)
    voice = _VOICES[strategy]
    shapes = voice.plural_titles if plural else voice.titles
    if strategy == "authority" and material.content_type is ContentType.GENERAL:
        shapes = (_POINTS, *shapes)
    templates = [t.format(topic=topic) for t in shapes]
    candidates = [*_spoken_titles(strategy, topic, material, hooks, said), *templates]
    for title in candidates:
        if len(title) <= MAX_TITLE and title not in used:
            return title
    return templates[0]


def _spoken_titles(
    strategy: Strategy, topic: str, material: Material, hooks: Sequence[Hook], said: Figures
) -> Iterable[str]:
    about = set(wording.content_words(topic))
    if strategy == "emotional":
        yield from _felt_titles(about, hooks, material)
    if strategy == "curiosity":
        if said.monthly and said.years:
            yield f"What {said.monthly} a Month Becomes in {said.years} Years"
        asked = [q for text in material.summary.questions if (q := headline(text, MAX_TITLE))]
        yield from (q for q in asked if about & set(wording.content_words(q)))
        yield from (q for q in asked if len(wording.content_words(q)) >= 2)
    if strategy == "authority":
        if (named := given_title(material)) is not None:
            yield named
        if said.monthly and said.years:
            yield f"{topic} Explained: {said.monthly} a Month for {said.years} Years"
        if len(material.themes) >= 3 and len(material.concepts) >= 3:
            second = wording.title_case(material.concepts[1].phrase)
            noun = " " in second or wording.is_plural(second)
            taught = material.content_type is not ContentType.GENERAL
            if noun and taught and wording.overlap(topic, second) == 0:
                yield f"{topic} and {second} Explained"


def _felt_titles(about: set[str], hooks: Sequence[Hook], material: Material) -> Iterable[str]:
    """Sentences with feeling that are about the topic, or warn."""
    for hook in hooks:
        feeling = hook.kind in {"concern", "excitement", "surprise", "confidence"}
        on_topic = hook.kind == "concern" or bool(about & set(wording.content_words(hook.text)))
        title = headline(hook.text, MAX_TITLE, said_in(hook, material.summary.numbers))
        if feeling and on_topic and title is not None:
            yield title


def said_in(hook: Hook, numbers: Sequence[NumberMention]) -> list[NumberMention]:
    """The numbers that were said in a hook's sentence."""
    return [n for n in numbers if n.input == hook.input and hook.start <= n.start < hook.end]


def _hook_texts(
    strategy: Strategy, title: str, material: Material, said: Figures, used: Sequence[str]
) -> list[str]:
    """Texts of two to four words that complete a title, best first; at least one."""
    own = list(_short_sentences(material)) if strategy != "curiosity" else []
    felt = list(_felt(material)) if strategy == "emotional" else []
    numbers = [t for t in said.short_texts() if strategy != "emotional"]
    asked = ["The Real Number", "Do the Math"] if said.monthly and strategy == "curiosity" else []
    found: list[str] = []
    for text in [*asked, *felt, *own, *numbers, *_VOICES[strategy].hooks]:
        count = len(text.split())
        others = [o for o in (*used, *found) if o != title]
        fresh = all(wording.overlap(text, other) < 1 for other in others)
        short = 2 <= count <= 4 and wording.overlap(text, title) < MAX_OVERLAP
        if short and fresh and text not in others:
            found.append(text)
    becomes = said.becomes
    if strategy == "authority" and found and becomes and wording.overlap(becomes, title) == 0:
        found.insert(1, becomes)
    return found[:_MOST_TEXTS] or [_VOICES[strategy].hooks[0]]


_MOST_TEXTS = 4


def _felt(material: Material) -> Iterable[str]:
    """Two to four words said with feeling: "That's really amazing!"."""
    sentences = {(p.sentence.input, p.sentence.start) for p in printable_sentences(material)}
    for peak in sorted(material.emotions, key=lambda p: -p.intensity):
        feeling = peak.kind in {"excitement", "surprise", "concern", "confidence"}
        words = wording.tokens(peak.text)
        if (
            feeling
            and (peak.input, peak.start) in sentences
            and 2 <= len(words) <= 4
            and _OWN_WORDS.match(peak.text)
            and wording.content_words(peak.text)
        ):
            yield wording.title_case(peak.text.rstrip(".,"))


def _short_sentences(material: Material) -> Iterable[str]:
    """Two to four words that the speaker said in one breath: "Start today", "Fees matter"."""
    for printed in printable_sentences(material):
        text = wording.without_opener(printed.text)
        for part in (text, text.split(",")[0]):
            words = wording.tokens(part)
            clean = part.rstrip(".!,")
            if 2 <= len(words) <= 4 and _OWN_WORDS.match(part) and _says_something(clean):
                yield wording.title_case(clean)
                break


_NO_ENDING = frozenset(["the", "a", "an", "and", "or", "to", "of", "in", "for", "this", "that"])
_IMPERATIVES = {"start", "stop", "invest", "save", "avoid", "learn", "think", "try", "keep", "buy",
                "sell", "begin", "never", "always", "don't", "do", "act", "wait", "pay", "build",
                "trust", "check", "remember"}  # fmt: skip


def _says_something(text: str) -> bool:
    words = [w.lower() for w in wording.tokens(text)]
    return bool(
        not is_housekeeping(text)
        and words[0] in _IMPERATIVES
        and len(wording.content_words(text)) >= 1
        and words[-1]
        not in {"the", "a", "an", "and", "or", "to", "of", "in", "for", "this", "that"}
    )


def _concept(
    strategy: Strategy, title: str, texts: Sequence[str], material: Material, said: Figures
) -> ThumbnailConcept:
    highlight = _highlight(strategy, material)
    visuals = [highlight.reason] if highlight else []
    if said.monthly and strategy != "emotional":
        visuals.append(f"growth curve of {said.monthly} a month")
    keywords = tuple(c.phrase for c in material.concepts[:3])
    face = bool(highlight and highlight.faces)
    return ThumbnailConcept(
        strategy=strategy,
        hook_text=texts[0],
        alternatives=tuple(texts[1:]),
        chart=said.chart if strategy != "emotional" else None,
        title_idea=title,
        visual_concepts=tuple(visuals),
        composition=_composition(strategy, highlight) if face else "text_only",
        frame_input=highlight.input if highlight else 0,
        frame_time=highlight.time if highlight else None,
        keywords=keywords,
    )


_BEHIND = 0.2
"""How far behind the best a frame of the wanted kind may be."""


def _highlight(strategy: Strategy, material: Material) -> VisualHighlight | None:
    wanted = {
        "emotional": ("expression", "gesture", "portrait", "action", "scene", "slide"),
        "curiosity": ("gesture", "slide", "scene", "action", "expression", "portrait"),
        "authority": ("portrait", "slide", "expression", "scene", "gesture", "action"),
    }[strategy]
    best = max((h.score for h in material.highlights), default=0.0)
    return max(
        (h for h in material.highlights if h.score >= best - _BEHIND),
        key=lambda h: h.score - 0.12 * wanted.index(h.kind) + (0.1 if h.faces else 0.0),
        default=None,
    )


def _composition(strategy: Strategy, highlight: VisualHighlight | None) -> str:
    if highlight is None or not highlight.faces:
        return "text_only"
    box = highlight.faces[0].box
    middle = box.x + box.width / 2
    if 0.42 <= middle <= 0.58:
        return "face_left" if strategy == "curiosity" else "face_right"
    return "face_left" if middle < 0.5 else "face_right"


def _from_the_name(material: Material) -> list[ThumbnailConcept]:
    """Honest texts where no word may be printed: the file's readable name and what it is."""
    empty = Figures((), None, None, None, None)
    return [
        _concept(strategy, title, hooks, material, empty).model_copy(
            update={"keywords": tuple(t.lower() for t in wording.tokens(readable_name(material)))}
        )
        for strategy, (title, hooks) in unworded(material).items()
    ]


def number_text(number: NumberMention) -> str:
    """A number as it is printed: $500 a Month, 7 Percent, 30 Years."""
    value = f"{number.value:g}"
    if number.unit in {"usd", "eur", "gbp"}:
        amount = wording.money(number.value, number.unit)
        return f"{amount} a {number.period.capitalize()}" if number.period else amount
    if number.unit == "percent":
        return f"{value} Percent"
    return f"{value} {number.unit.capitalize()}"
