"""How a flow's parameters look in the dashboard's form."""

from __future__ import annotations

import inspect
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from prefect import Flow
from pydantic.experimental.missing_sentinel import MISSING

AnyFlow = TypeVar("AnyFlow", bound=Flow[..., Any])


def plain_form(flow: AnyFlow) -> AnyFlow:
    """The flow itself, whose form offers fields to fill in or to leave alone.

    A parameter that may be None is otherwise shown as a switch between its type and None; here it
    is the field of its type, without a value, and what is left alone is not given to the run.
    """
    signature = inspect.signature(flow.fn, eval_str=True)
    shown = [
        parameter.replace(annotation=_without_none(parameter.annotation), default=MISSING)
        if parameter.default is None
        else parameter
        for parameter in signature.parameters.values()
    ]
    vars(flow)["__signature__"] = signature.replace(parameters=shown)
    return flow


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    rest = tuple(part for part in get_args(annotation) if part is not NoneType)
    return reduce(or_, rest)
