"""The catalogues: `locale/<language>/LC_MESSAGES/sidecar.po`, read when their language is first spoken."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sidecar.words.languages import SOURCE

LOCALE = Path(__file__).parent / "locale"


def catalogue_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "sidecar.po"


def read_catalogue(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def translations(language: str) -> NullTranslations:
    """Compiled in memory, so that nothing compiled has to be built and shipped; messages are written in English."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
