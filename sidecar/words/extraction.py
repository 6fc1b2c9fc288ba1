"""Every message that the code and the templates say, and the catalogues brought up to it. For developers and tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from sidecar.words.catalogues import catalogue_file
from sidecar.words.languages import LANGUAGES, SOURCE
from sidecar.words.marks import said_paragraphs

PACKAGE = Path(__file__).parent.parent
ROOT = PACKAGE.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "N_plural": (1, 2)}
COMMANDS = PACKAGE / "cli"
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE)
WIDTH = 120


def messages_in_use() -> Catalog:
    """As a template for catalogues, in the order of the messages: so changes to different ones merge."""
    catalogue = Catalog(charset="utf-8")
    for file, message in sorted([*_extracted(), *_help_of_commands()]):
        catalogue.add(message if len(message) > 1 else message[0], locations=[(file, 0)])
    return catalogue


def _extracted() -> Iterator[tuple[str, tuple[str, ...]]]:
    for method, pattern in (("python", "**/*.py"), ("jinja2", "**/*.html")):
        for file in PACKAGE.glob(pattern):
            with file.open("rb") as source:
                for _line, message, _comments, _context in extract(method, source, KEYWORDS):
                    several = message if isinstance(message, tuple) else (message,)
                    yield file.relative_to(ROOT).as_posix(), several


def _help_of_commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What typer shows: the docstring of each command, and `help` of each option."""
    for file in COMMANDS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for text in _help_in(node):
                for paragraph in said_paragraphs(text):
                    yield file.relative_to(ROOT).as_posix(), (paragraph,)


def _help_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(decorator_list=[*_, ast.Call(func=ast.Name(id="done_by"))]):
            yield ast.get_docstring(node) or ""
        case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Attribute(attr="callback"))]):
            yield ast.get_docstring(node) or ""
        case ast.keyword(arg="help", value=ast.Constant(value=str(text))):
            yield text
        case _:
            pass


def untranslated(catalogue: Catalog) -> list[str]:
    """Fuzzy ones are as good as none: readers leave them out."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _is_said(message))]


def _is_said(message: Message) -> bool:
    string = message.string
    return all(string) if isinstance(string, list | tuple) else bool(string)


def renewed(language: str) -> bytes:
    """The catalogue of this language with every message in use and none besides; what is new has no translation yet."""
    file = catalogue_file(language)
    old = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
    old.update(messages_in_use(), no_fuzzy_matching=True, update_creation_date=False)
    old.obsolete.clear()
    written = BytesIO()
    write_po(written, old, width=WIDTH, sort_output=True, include_lineno=False, omit_header=True)
    return _header(old) + written.getvalue()


def _header(catalogue: Catalog) -> bytes:
    """What readers need to know, without dates and versions that would change with every run."""
    return (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    ).encode()
