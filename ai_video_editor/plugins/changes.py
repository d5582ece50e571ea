"""What a plugin gave, held against the schema of the context before anything believes it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from ai_video_editor.context.content_context import section_adapter
from ai_video_editor.plugins.containment import PluginFaultError


def fitting_changes(given: Any, may_change: Collection[str]) -> dict[str, Any]:
    """The sections a plugin gave, each read anew from its JSON.

    Models are read anew as well: `model_copy(update=…)` validates nothing.

    Args:
        given: whatever it returned; None changes nothing.
        may_change: sections that it may give.

    Raises:
        PluginFaultError: not a mapping, a section that is not its, or a value that does not fit.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise PluginFaultError(f"it gave {_kind(given)} where sections by name were expected")
    changes: dict[str, Any] = {}
    for name, value in given.items():
        if name not in may_change:
            allowed = ", ".join(sorted(may_change)) or "none"
            raise PluginFaultError(f"it gave {name!r:.80}; it may change: {allowed}")
        changes[name] = _section(name, value)
    return changes


def _section(name: str, value: Any) -> Any:
    try:
        text = json.dumps(to_jsonable_python(value))
        return section_adapter(name).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in (name, *first["loc"]))
        raise PluginFaultError(f"what it gave does not fit: {place}: {first['msg']}") from error
    except (PydanticSerializationError, TypeError, ValueError, RecursionError) as error:
        raise PluginFaultError(f"the {name} it gave is no JSON: {error}") from error


def _kind(value: Any) -> str:
    return f"a {type(value).__name__}"
