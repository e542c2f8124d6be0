"""Frozen dataclasses in JSON columns: written whole, read back equal, whatever their annotations hold.

What a row of an older release lacks takes the field's default; what the class no longer has is left out.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

D = TypeVar("D")
Convert = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """Return a dataclass, or a value in one, as JSON has it.

    Raises
    ------
    ValueError
        For an instant without a zone.
    """
    if isinstance(value, datetime):
        return instant_text(value)
    if dataclasses.is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return sorted(map(to_json, value)) if isinstance(value, frozenset) else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def from_json(kind: type[D], stored: Mapping[str, Any]) -> D:
    """Return the dataclass that was stored."""
    converters = _converters(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: converters[name](value) for name, value in stored.items() if name in converters})


def instant_text(value: datetime) -> str:
    """Return an instant in UTC as JSON columns keep it."""
    if value.tzinfo is None:
        msg = "a naive datetime reached the database"
        raise ValueError(msg)
    return value.astimezone(UTC).isoformat()


@cache
def _converters(kind: type[Any]) -> dict[str, Convert]:
    hints = get_type_hints(kind)
    return {field.name: _converter(hints[field.name]) for field in dataclasses.fields(kind)}


def _converter(hint: Any) -> Convert:
    arguments = get_args(hint)
    if isinstance(hint, UnionType) and NoneType in arguments:
        (only,) = (a for a in arguments if a is not NoneType)
        inner = _converter(only)
        return lambda value: None if value is None else inner(value)
    if (kind := get_origin(hint)) in (tuple, frozenset):
        item = _converter(arguments[0])
        return lambda value: kind(map(item, value))
    return _of_class(hint)


def _of_class(hint: Any) -> Convert:
    if hint in (datetime, date):
        read: Convert = hint.fromisoformat
        return read
    if dataclasses.is_dataclass(hint):
        return lambda value: from_json(hint, value)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _same


def _same(value: Any) -> Any:
    return value
