"""Punctuation after a filler has gone: the rest reads as if it had never been said."""

from __future__ import annotations

from ai_video_editor.language import lexicon


def without_filler_comma(before: str) -> str:
    """The word before a removed filler, without the comma that only set the filler off.

    >>> without_filler_comma("about,"), without_filler_comma("two,")
    ('about', 'two,')
    """
    bare = before.rstrip(",")  # a clause does not end with about, is, the, would
    if bare == before or bare.casefold() not in lexicon.words("leaning"):
        return before  # "number two," may stand before a comma of its own
    return bare


def as_first(word: str) -> str:
    """The word after a removed filler that began a sentence, with a capital.

    >>> as_first("what"), as_first("iPhone"), as_first("“so")
    ('What', 'iPhone', '“So')
    """
    for place, letter in enumerate(word):
        if letter.isalpha():
            if word[place + 1 :] != word[place + 1 :].lower():
                return word  # a name with a capital inside is spelt on purpose
            return word[:place] + letter.upper() + word[place + 1 :]
    return word
