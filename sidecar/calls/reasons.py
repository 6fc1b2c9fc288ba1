"""Why something is so: a code with parameters, which whoever shows it to people puts into words.

What is stored, compared or handed on between parts is one of these, never a sentence. The codes stand with the
decisions they belong to, as members of a `StrEnum`; the words are in `sidecar/words/`, a template for each code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Any  # whatever JSON can say
AS_WRITTEN = "as_written"  # the code of a sentence that is there already: of an older release, or somebody else's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`parameters`: what the words need to know, by name. Spans are seconds, instants UTC epoch seconds."""

    code: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


Parameter = str | int | float | bool | None | Reason | Sequence["Parameter"]  # several: as in "a, b and c"


def because(code: str, **parameters: Parameter) -> Reason:
    return Reason(code=str(code), parameters=parameters)


def as_written(text: str) -> Reason:
    return because(AS_WRITTEN, text=text)


def as_json(reason: Reason) -> dict[str, Json]:
    """As it is kept within other JSON."""
    if not reason.parameters:
        return {"code": reason.code}
    return {"code": reason.code, "parameters": {name: _kept(each) for name, each in reason.parameters.items()}}


def as_text(reason: Reason) -> str:
    """As it is kept in a text column. What was there before codes were stays as it was."""
    if not reason.parameters:
        return f'{{"code":"{reason.code}"}}'
    text = reason.parameters.get("text")
    if reason.code == AS_WRITTEN and isinstance(text, str) and not text.startswith("{"):
        return text
    return json.dumps(as_json(reason), ensure_ascii=False, separators=(",", ":"))


def reason_in(kept: Json) -> Reason:
    """What `as_json` or `as_text` have made; any other text is taken as the words it is."""
    if isinstance(kept, dict):
        return _read(kept)
    text = str(kept)
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return as_written(text)
        if _is_reason(found):
            return _read(found)
    return as_written(text)


def texts_in(reason: Reason) -> Iterator[str]:
    """Every text that is a parameter, as deep as it goes."""
    for each in reason.parameters.values():
        yield from _texts(each)


def with_texts(reason: Reason, changed: Callable[[str], str]) -> Reason:
    """The same with every text in it changed, as deep as it goes."""
    parameters = {name: _with_texts(each, changed) for name, each in reason.parameters.items()}
    return Reason(code=reason.code, parameters=parameters)


def _with_texts(value: Parameter, changed: Callable[[str], str]) -> Parameter:
    if isinstance(value, str):
        return changed(value)
    if isinstance(value, Reason):
        return with_texts(value, changed)
    return tuple(_with_texts(each, changed) for each in value) if isinstance(value, Sequence) else value


def _texts(value: Parameter) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Reason):
        yield from texts_in(value)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def _kept(value: Parameter) -> Json:
    if isinstance(value, Reason):
        return as_json(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_kept(each) for each in value]
    return value


def _is_reason(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("code"), str)


def _read(kept: Mapping[str, Json]) -> Reason:
    parameters = kept.get("parameters")
    named = parameters if isinstance(parameters, dict) else {}
    return Reason(code=str(kept.get("code")), parameters={name: _parameter(each) for name, each in named.items()})


def _parameter(value: Json) -> Parameter:
    """Of another release's, too: what has no place here is kept as text."""
    if isinstance(value, list):
        return tuple(_parameter(each) for each in value)
    if _is_reason(value):
        return _read(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
