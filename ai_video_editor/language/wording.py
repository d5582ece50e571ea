"""Words made fit for print: case, clauses, plurals, and how much two texts share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.language import lexicon

_TOKEN = re.compile(r"[^\W_]+(?:[&'\u2019./-][^\W_]+)*(?:\([^\W_]+\))?", re.UNICODE)
_COUNTED = re.compile(
    r"^(?:(?:rule |step |tip |reason )?(?:number )?(?:one|two|three|four|five|six|seven)|"
    r"first(?:ly| of all)?|second(?:ly)?|third(?:ly)?|finally|next)\s*[,:]\s*",
    re.I,
)
"""The count at the head of a list's item, which means nothing outside the list."""
_EDGE = " \t\n,;:.!?…-\u2013—\"'“”\u2018\u2019()[]"
_BRITISH = re.compile(r"([bcdgpt])re$")
"""Spectre and specter, theatre and theater are one word."""
_IRREGULAR_PLURALS = {"people", "men", "women", "children", "taxes", "savings", "data", "media"}
_SINGULAR_IN_S = {"business", "process", "access", "loss", "news", "economics", "physics", "basis",
                  "analysis", "crisis", "bonus", "status", "focus", "virus", "mathematics", "class",
                  "politics", "series", "success", "stress", "progress", "thesis"}  # fmt: skip


def tokens(text: str) -> list[str]:
    """The words of a text without the punctuation around them."""
    return _TOKEN.findall(text.replace("\u2019", "'"))


def bare(word: str) -> str:
    """A word in lower case without the punctuation around it."""
    return word.replace("\u2019", "'").strip(_EDGE).lower()


def stem(word: str) -> str:
    """A noun in lower case without plural and possessive: funds → fund, fees → fee."""
    word = bare(word)
    if word.endswith("'s"):
        word = word[:-2]
    if word in _SINGULAR_IN_S or len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word if len(word) < 5 else _BRITISH.sub(r"\1er", word)


def root(word: str) -> str:
    """A rougher stem that joins verb and noun, for comparing passages: investing → invest."""
    word = stem(word)
    for ending in ("ing", "ed", "ment", "er", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def content_words(text: str) -> list[str]:
    """Roots of the words that carry meaning, in order."""
    stop = lexicon.words("stop_words")
    return [root(w) for w in tokens(text) if w.lower() not in stop and len(w) > 1]


def overlap(one: str, other: str) -> float:
    """Share of the shorter text's meaning words that the other has too, 0 to 1."""
    first, second = set(content_words(one)), set(content_words(other))
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def is_plural(phrase: str) -> bool:
    """Whether the head of a noun phrase is plural; the head stands before the first *of*."""
    head = re.split(r"\s(?:of|for|in|from|on)\s", phrase.lower())[0]
    if " and " in head:
        return True
    found = tokens(head)
    if not found:
        return False
    last = found[-1]
    if last in _IRREGULAR_PLURALS:
        return last not in {"data", "media"}
    return last.endswith("s") and stem(last) != last


def best_form(forms: Sequence[str]) -> str:
    """Of the forms in which a name was said, in lower case, the one to print.

    A plural shows that the noun is counted, and a counted noun without an article is no heading in
    the singular, so the plural wins where a quarter of the forms are plural; else the most
    frequent.
    """
    counts = Counter(form.lower() for form in forms)
    plurals = {form: n for form, n in counts.items() if is_plural(form)}
    if plurals and 4 * sum(plurals.values()) >= len(forms):
        return max(plurals, key=lambda form: plurals[form])
    return max(counts, key=lambda form: counts[form])


def spell(word: str) -> str:
    """One word with the capitals it always has: etf → ETF, i'm → I'm, europe → Europe."""
    core = word.replace("\u2019", "'")
    low = bare(core)
    if low in {"i", "i'm", "i've", "i'd", "i'll"}:
        return core.replace("i", "I", 1)
    known = lexicon.spellings().get(low)
    if known is None and low.endswith("'s"):
        known = lexicon.spellings().get(low[:-2])
        return re.sub(re.escape(low[:-2]), known, core, flags=re.I) if known else word
    return re.sub(re.escape(low), lambda _: known, core, flags=re.I) if known else word


def _capital(word: str) -> str:
    for at, character in enumerate(word):
        if character.isalpha():
            return word[:at] + character.upper() + word[at + 1 :]
        if character.isdigit():
            return word
    return word


def title_case(text: str) -> str:
    """A text as a title is written (Associated Press style); words with own capitals stay."""
    parts = [spell(part) for part in text.split()]
    small = lexicon.words("title_small")
    result = []
    for at, part in enumerate(parts):
        starts = at == 0 or parts[at - 1].endswith((":", "?", "!", ".", "—", "\u2013"))
        ends = at == len(parts) - 1
        if any(c.isupper() for c in part[1:]) and not part.isupper():
            result.append(part)
        elif bare(part) in small and not starts and not ends:
            result.append(part.lower())
        elif part.isupper() and len(bare(part)) > 1 and bare(part) not in lexicon.spellings():
            # shouting stays only where it is an abbreviation
            result.append(part if len(part) <= 4 else _capital(part.lower()))
        else:
            result.append("-".join(_capital(piece) for piece in part.split("-")))
    return " ".join(result)


def sentence_case(text: str) -> str:
    """A text with a capital at its beginning and names spelt as they are."""
    return _capital(" ".join(spell(part) for part in text.split()))


def trimmed(text: str) -> str:
    """A text without spaces and loose punctuation at its ends; a final ? or ! stays."""
    text = " ".join(text.split()).strip(" ,;:-\u2013—…")
    return text


def without_opener(text: str) -> str:
    """A spoken sentence without its "So," or "And, you know,"; capital restored."""
    text = _COUNTED.sub("", text)
    changed = True
    while changed:
        changed = False
        for opener in lexicon.openers():
            # "So much money" and "Now is the time" keep theirs: only before a comma, or for
            # the joining words that never carry meaning at the head.
            joint = r"[,\s]+" if opener in {"and", "but", "because", "so"} else r",\s*"
            found = re.match(rf"{re.escape(opener)}{joint}(?=\S)", text, re.I)
            keeps = opener == "so" and re.match(r"so (much|many|far|long|that)\b", text, re.I)
            if found and not keeps:
                text = text[found.end() :]
                changed = True
                break
    return sentence_case(text)


def shorten(text: str, limit: int) -> str | None:
    """The text if it fits, else its first clause that fits and stands alone, else None.

    Never ends in the middle of a clause.
    """
    text = trimmed(text)
    if len(text) <= limit:
        return text
    for mark in (r"[.?!]\s", r"[;:\u2013—]\s", r",\s(?:and|but|so|because|which|while)\s"):
        found = re.search(mark, text)
        if found and 20 <= found.start() <= limit:
            head = (
                text[: found.start() + 1] if text[found.start()] in ".?!" else text[: found.start()]
            )
            if len(head) <= limit and not re.match(
                r"(if|when|although|while|because)\b", head, re.I
            ):
                return trimmed(head)
    return None


def clipped(text: str, limit: int) -> str:
    """A name held to a length, ended at a word where it has one."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    at = text.rfind(" ", 0, limit + 1)
    return text[: at if at > 0 else limit].rstrip(" ,;:-")


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names without those that say nearly the same: communists beside communism."""
    kept: list[str] = []
    for name in names:
        heads = {t[:6].lower() for t in tokens(name)}
        if all(not heads <= {t[:6].lower() for t in tokens(k)} for k in kept):
            kept.append(name)
    return kept


def clock(seconds: Fraction | float) -> str:
    """A time as YouTube writes it: 0:07, 12:30, 1:02:03; fractions are dropped."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def money(value: float, unit: str = "usd") -> str:
    """An amount as it is printed: $500, $1.2 Million, €50."""
    sign = {"usd": "$", "eur": "€", "gbp": "£"}.get(unit, "")
    if value >= 1e9:
        return f"{sign}{value / 1e9:.3g} Billion"
    if value >= 1e6:
        return f"{sign}{value / 1e6:.3g} Million"
    return f"{sign}{value:,.0f}" if value == int(value) else f"{sign}{value:,.2f}"
