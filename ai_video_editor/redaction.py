"""Taking secrets out of text before it is written, shown in a dashboard or sent anywhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

REMOVED = "[removed]"
"""Stands where a secret stood."""

_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$", re.I)
"""Environment variables whose value is never repeated."""

_SHORTEST = 6
"""Characters of a value below which replacing it would spoil ordinary words."""

_WORD = (
    r"[\w.-]*(?:api[-_]?key|access[-_]?key|token|secret|passwo?r?d|passphrase|signature"
    r"|credential)s?"
)
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.S),
        REMOVED,
    ),
    (re.compile(r"\bAIza[\w-]{10,}"), REMOVED),  # Google
    (re.compile(r"\bya29\.[\w.-]{10,}"), REMOVED),  # Google OAuth
    (re.compile(r"\b(?:sk|pk|rk)-[\w-]{16,}"), REMOVED),
    (re.compile(r"\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}"), REMOVED),
    (re.compile(r"\bxox[abeprs]-[\w-]{10,}"), REMOVED),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), REMOVED),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), REMOVED),  # JSON web token
    # user:password@ of an address
    (re.compile(r"(?<=://)[^\s/@'\"]+@"), f"{REMOVED}@"),
    # headers, written as a header, as JSON or as Python
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|x-goog-api-key|x-api-key|cookie|set-cookie)"
            r"(['\"]?\s*[:=]\s*['\"]?)(?!\[removed\])[^'\"\r\n]+"
        ),
        rf"\1\2{REMOVED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.+/=~-]{8,}"), rf"\1 {REMOVED}"),
    # parameters of an address, and settings
    (re.compile(r"(?i)([?&](?:key|sig|auth|code|pw)=)[^\s&#'\"]+"), rf"\1{REMOVED}"),
    (
        re.compile(
            rf"(?i)\b({_WORD})(['\"]?\s*[:=]\s*['\"]?)(?!\[removed\]|\d+\b)[^\s&,;'\"}}\])]{{4,}}"
        ),
        rf"\1\2{REMOVED}",
    ),
)


class Redactor:
    """Takes secrets out of text and data, and may write home folders as `~`.

    Known secrets (the values of variables named like one, and those given) go wherever they
    stand, also as part of an address; unknown ones go by their shape or by the name before them.

    Args:
        secrets: values that must stand nowhere, such as a key that was read from a file.
        environment: the process's when None.
        homes: whether home folders become `~`, as in what leaves this machine.
    """

    def __init__(
        self,
        secrets: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        *,
        homes: bool = True,
    ) -> None:
        """Collect what must stand nowhere."""
        variables = os.environ if environment is None else environment
        known = [*secrets, *(v for name, v in variables.items() if _SECRET_NAME.search(name))]
        spelled = {form for value in known for form in _spellings(value)}
        self._known = tuple(sorted(spelled, key=lambda form: -len(form)))
        self._homes = _homes(variables) if homes else None

    def text(self, text: str) -> str:
        """Text without secrets; the same again where it is redacted already."""
        for value in self._known:
            text = text.replace(value, REMOVED)
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return self._homes.sub("~", text) if self._homes else text

    def data(self, value: Any) -> Any:
        """JSON values without secrets; what is named like a secret goes whatever it is."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(str(name)): REMOVED
                if isinstance(inner, str) and inner and _SECRET_NAME.search(str(name))
                else self.data(inner)
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.data(inner) for inner in value]
        return value


def _spellings(value: str) -> Iterator[str]:
    """A secret as it stands in text, in addresses and in JSON."""
    plain = value.strip()
    if len(plain) < _SHORTEST:
        return
    yield plain
    for form in (quote(plain, safe=""), quote_plus(plain), plain.replace("\\", "\\\\")):
        if form != plain:
            yield form


def _homes(variables: Mapping[str, str]) -> re.Pattern[str]:
    own = {variables.get("HOME", ""), str(Path.home())} - {"", "/"}
    named = [re.escape(path.rstrip("/")) for path in sorted(own, key=len, reverse=True)]
    some = "|".join([*named, r"/(?:home|Users)/[^/\s:'\"]+"])
    return re.compile(rf"(?<![\w.~/-])(?:{some})(?![\w.-])")
