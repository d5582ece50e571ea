"""Sensible answers for the loopback service: a plan made of what the request itself says.

It reads the packed transcript as a model would, and answers in the asked shape. Nothing in it knows
the product's classes: what counts is the request, as for the real service.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LINE = re.compile(r"^(~?)(\d+) (.+)$")
_CHAPTER = re.compile(r"^\d+\. s(\d+) \S+ (.+)$")
_FEELING = re.compile(
    r"\?|\b(?:never|mistake|amazing|secret|killer|biggest|important|powerful|wrong)\b", re.I
)
_NEEDLESS = re.compile(
    r"\b(?:subscribe|hit the (?:like|bell)|where was i|let me start (?:over|again)|is this on)\b",
    re.I,
)


@dataclass(frozen=True)
class _Seen:
    """What a request says.

    Attributes:
        sentences: number to text, without those that are cut.
        chapters: first sentence and title.
        concepts: most central first.
        best: sentences that an earlier answer chose.
    """

    sentences: Mapping[int, str]
    chapters: Sequence[tuple[int, str]]
    concepts: Sequence[str]
    best: Sequence[str]


def answer_for(body: Mapping[str, Any], *, invented: bool = False) -> str:
    """The text of an answer to a generateContent request.

    Args:
        body: the request.
        invented: whether the answer is to be full of things that nobody said.
    """
    told = "\n".join(_texts(body.get("contents")))
    shape = _shape(body)
    wanted = _properties(shape)
    if "promises" not in wanted and "cuts" not in wanted:
        return json.dumps(_least(shape)) if shape else "ok"
    seen = _read(told)
    whole = _invented() if invented else {**_edit(seen), **_copy(seen)}
    return json.dumps({name: value for name, value in whole.items() if name in wanted})


def picture(aspect: str = "16:9") -> str:
    """A plain PNG with a gradient, 160 pixels wide, in base64.

    Args:
        aspect: width to height, such as 16:9.
    """
    found = re.fullmatch(r"(\d{1,2}):(\d{1,2})", aspect)
    width = 160
    height = max(1, width * int(found[2]) // max(1, int(found[1]))) if found else 90
    rows = b"".join(
        b"\0" + b"".join(bytes((40 + x // 2, 60, 90 + y)) for x in range(width))
        for y in (min(150, row) for row in range(height))
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data))
        )  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    png += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode("ascii")


def _texts(contents: object) -> list[str]:
    found = []
    for content in contents if isinstance(contents, list) else [contents]:
        parts = content.get("parts") if isinstance(content, Mapping) else None
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, Mapping) and isinstance(part.get("text"), str):
                found.append(part["text"])
    return found


def _shape(body: Mapping[str, Any]) -> Mapping[str, Any]:
    config = body.get("generationConfig") or {}
    for name in ("responseSchema", "responseJsonSchema", "response_schema"):
        if isinstance(config.get(name), Mapping):
            return dict(config[name])
    return {}


def _properties(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    found = shape.get("properties")
    return found if isinstance(found, Mapping) else {}


def _least(shape: Mapping[str, Any]) -> Any:
    """The smallest value of a schema."""
    kind = str(shape.get("type") or "object").lower()
    if kind == "object":
        return {name: _least(part) for name, part in _properties(shape).items()}
    enum = shape.get("enum")
    if isinstance(enum, list) and enum:
        return enum[0]
    return {"array": [], "string": "ok", "integer": 1, "number": 1.0, "boolean": True}.get(kind)


def _read(told: str) -> _Seen:
    material = told.partition("BEGIN MATERIAL\n")[2].partition("\nEND MATERIAL")[0]
    head, _, transcript = material.partition("\nTranscript (sentence, text):\n")
    lines = [found for line in transcript.splitlines() if (found := _LINE.match(line))]
    concepts = re.search(r"^Concepts: (.+)$", head, re.M)
    best = head.partition("\nThe best sentences:\n")[2].splitlines()
    return _Seen(
        sentences={int(found[2]): found[3] for found in lines if not found[1]},
        chapters=[(int(f[1]), f[2]) for line in head.splitlines() if (f := _CHAPTER.match(line))],
        concepts=concepts[1].split("; ") if concepts else [],
        best=best,
    )


def _edit(seen: _Seen) -> dict[str, Any]:
    needless = [at for at, text in seen.sentences.items() if _NEEDLESS.search(text)]
    striking = [t for t in seen.sentences.values() if _FEELING.search(t) and 20 <= len(t) <= 100]
    inside = [(at, title) for at, title in seen.chapters if at in seen.sentences]
    return {
        "drop_decisions": [],
        "drop_graphics": [],
        "cuts": [
            {
                "first": str(at),
                "last": str(at),
                "reason": "Talk about the recording, not about the subject.",
                "confidence": 0.8,
            }
            for at in needless[:3]
        ],
        "hooks": striking[:5],
        "chapters": [{"sentence": at, "title": title} for at, title in inside],
        "gist": next(iter(striking), next(iter(seen.sentences.values()), "")),
    }


def _copy(seen: _Seen) -> dict[str, Any]:
    topic = (seen.concepts[0] if seen.concepts else "this film").title()
    second = seen.concepts[1] if len(seen.concepts) > 1 else topic.lower()
    said = list(seen.best) or list(seen.sentences.values())
    asked = next((t for t in said if t.endswith("?") and len(t) <= 120), "")
    felt = [t for t in said if t != asked and _FEELING.search(t)]
    strong = next((t for t in felt if 20 <= len(t) <= 120), "")
    opening = strong or next((t for t in said if t != asked), asked)
    known = {asked, opening}
    plain = next((t for t in said if t not in known and 20 <= len(t) <= 110), opening)
    texts = {
        "emotional": (f"{topic}: The Truth Behind It", "Watch This First", opening),
        "curiosity": (f"What {topic} Really Means", "Find Out Here", asked or opening),
        "authority": (f"{topic}, Clearly Explained", "Step by Step", plain),
    }
    return {
        "promises": [
            {
                "strategy": strategy,
                "title": title[:60],
                "hook_text": hook,
                "description": (f"{first} This is about {topic.lower()} and {second}.")[:400],
                "tags": [topic.lower(), second.lower()],
                "pinned_comment": f"What did you learn about {topic.lower()}?"[:200],
            }
            for strategy, (title, hook, first) in texts.items()
        ],
        "titles": [f"A Simple Guide to {topic}"[:60]],
        "primary_keywords": [c.lower() for c in seen.concepts[:4]],
        "target_audience": f"Everyone who wants to understand {topic.lower()}.",
        "description_approach": "Open with the strongest sentence, then say what is explained.",
    }


def _invented() -> dict[str, Any]:
    """Well-shaped and wrong in every entry."""
    promise = {
        "title": "Warren Buffett's $987,654 Trick",
        "hook_text": "Warren Buffett's $987,654 Trick",
        "description": "As Elon Musk told us in Zanzibar, 98765 cats cannot be wrong.",
        "tags": ["zanzibar", "elon musk"],
        "pinned_comment": "Go to http://example.com now!",
    }
    return {
        "drop_decisions": ["cut-999999"],
        "drop_graphics": ["broll-999999"],
        "cuts": [
            {"first": "0", "last": "999999", "reason": "All of it.", "confidence": 2.0},
            {"first": "somewhere", "last": "1", "reason": "", "confidence": 0.5},
        ],
        "hooks": ["Nobody ever said this sentence about Zanzibar."],
        "chapters": [{"sentence": 999999, "title": "Zanzibar"}],
        "gist": "Zanzibar.",
        "promises": [{"strategy": s, **promise} for s in ("emotional", "curiosity", "greed")],
        "titles": ["Elon Musk Explains Zanzibar"],
        "primary_keywords": ["zanzibar"],
        "target_audience": "98765 people",
        "description_approach": "See http://example.com.",
    }
