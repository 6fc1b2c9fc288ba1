"""Jinja's environments, one for each language: so templates just say things, and macros that know no visitor too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from sidecar.words.catalogues import translations
from sidecar.words.formats import decimal, isolated

TEMPLATES = Path(__file__).parent.parent / "templates"


class _Compiled(BytecodeCache):
    """What templates were compiled to, in memory: each once, whatever its language."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment_for(language: str, known: Mapping[str, object]) -> Environment:
    """`known` to every template, beside `_` and `ngettext`, by whose names messages are found in them."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    environment.globals |= {"_": _saying(language), "ngettext": _counting(language), **known}
    return environment


def _saying(language: str) -> Callable[..., Markup]:
    """Values are escaped, unless they are markup."""

    @cache
    def translated(message: str) -> Markup:
        return escape(translations(language).gettext(message))

    def say(message: str, **values: object) -> Markup:
        said = translated(message)
        return said.format(**{name: isolated(value) for name, value in values.items()}) if values else said

    return say


def _counting(language: str) -> Callable[..., Markup]:
    """The number is written as the language does."""

    def say(one: str, many: str, count: int) -> Markup:
        return escape(translations(language).ngettext(one, many, count)).format(count=decimal(count, language))

    return say
