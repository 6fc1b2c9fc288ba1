"""Rules of the house that no linter knows: who may import whom, how large things get, what no file may name."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.places import PACKAGES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN_TO = {"zammad_client": {"rest_transport"}, "sipgate_client": {"rest_transport"}, "rest_transport": set[str]()}
LONGEST_MODULE = 350
LONGEST_FUNCTION = 35
MOST_MODULES = 15  # in one folder

PURE = {  # what decisions about calls may be made of
    *(
        "__future__",
        "array",
        "base64",
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "hashlib",
    ),
    *(
        "html",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
        "typing",
        "unicodedata",
        "urllib.parse",
    ),
    *("xml.etree", "xml.sax.saxutils", "phonenumbers", "sidecar.calls"),
}
DOORS = {  # library -> the only packages that may import it
    "sqlalchemy": ("sidecar.store",),
    "alembic": ("sidecar.store",),
    "psycopg": ("sidecar.store",),
    "zammad_py": ("zammad_client",),
    "requests": (),
    "xlsxwriter": ("sidecar.web.calls.workbook",),
    "httpx": (
        "rest_transport",
        "zammad_client",
        "sipgate_client",
        "sidecar.demo",
        "sidecar.scripted_calls",
        "sidecar.cli.commands.simulate",
        "sidecar.check.way_in",
        "sidecar.check.proxy.passage",
    ),  # the last three: a
    # scripted phone posts hooks, and so does whoever looks whether they arrive
}
LONG_FUNCTIONS = {
    "sidecar/delivery/service.py: __init__": "wiring: one line for each part",
    "sidecar/sync/synchronisation.py: __init__": "wiring: one line for each part",
}  # "sidecar/module.py: function" -> why it may be longer
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc"}
UNNAMED = re.compile(
    r"/[w]ork/|/[r]oot/|/[h]ome/\w|/[U]sers/\w"  # machine paths
    r"|[p]ypi\.(org|io)|[p]ythonhosted|[d]ocker\.io|[d]ocker\.com|[g]hcr\.io|[q]uay\.io|[g]cr\.io|[n]pmjs"  # registries
)


def modules_of(*packages: str) -> list[Path]:
    return sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in packages))


MODULES = modules_of(*PACKAGES)


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(file) for file in MODULES}
ROOMS = sorted({dotted(file) for file in MODULES if file.name == "__init__.py"})


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(file: Path) -> list[str]:
    """Every imported name at any depth, `from a import b` as a.b."""
    return [name for node in ast.walk(parsed(file)) for name in _imported(node, file)]


def _imported(node: ast.AST, file: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = file.relative_to(ROOT).parts[: -node.level] if node.level else ()
        module = ".".join((*origin, *filter(None, [node.module])))
        yield from (f"{module}.{alias.name}" for alias in node.names)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_decisions_about_calls_import_nothing_that_does_anything() -> None:
    found = {
        f"{dotted(file)}: {name}"
        for file in modules_of("sidecar/calls")
        for name in imports(file)
        if not any(is_within(name, pure) for pure in PURE)
    }
    assert not found


@pytest.mark.parametrize("library", DOORS)
def test_only_its_door_imports_the_library(library: str) -> None:
    found = {
        dotted(file)
        for file in MODULES
        if any(is_within(name, library) for name in imports(file))
        and not any(is_within(dotted(file), door) for door in DOORS[library])
    }
    assert not found


@pytest.mark.parametrize("client", KNOWN_TO)
def test_a_client_knows_its_party_and_the_transport_alone(client: str) -> None:
    found = {
        f"{dotted(file)}: {name}"
        for file in modules_of(client)
        for name in imports(file)
        for ours in PACKAGES
        if is_within(name, ours) and ours not in {client, *KNOWN_TO[client]}
    }
    assert not found


def test_no_module_is_imported_in_a_circle() -> None:
    """Imports for types alone and imports inside functions count, too: whoever reads the module needs them."""
    graph = {dotted(file): {_module(name) for name in imports(file)} & NAMES - {dotted(file)} for file in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def _module(name: str) -> str:
    return name if name in NAMES else name.rpartition(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_no_rooms_know_each_other_in_a_circle(room: str) -> None:
    """What lies in a room, modules and rooms alike, has an order: whoever stands below knows nobody above."""
    graph: dict[str, set[str]] = {}
    for file in MODULES:
        if here := _part_of(dotted(file), room):
            known = {_part_of(_module(name), room) for name in imports(file)} - {None, here}
            graph.setdefault(here, set()).update(filter(None, known))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def _part_of(module: str, room: str) -> str | None:
    """The module or room directly in this room that it is or lies in."""
    return module.removeprefix(f"{room}.").partition(".")[0] if module.startswith(f"{room}.") else None


def test_no_room_holds_more_than_can_be_seen_at_once() -> None:
    sizes = Counter(str(file.parent.relative_to(ROOT)) for file in MODULES if file.name != "__init__.py")
    assert not {room: size for room, size in sizes.items() if size > MOST_MODULES}


def test_no_module_is_longer_than_one_sitting() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in modules_of(*PACKAGES, "bench")
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = {
        f"{file.relative_to(ROOT)}: {node.name}": length
        for file in MODULES
        if file.parent.name != "versions"  # a step of the schema is one list of tables
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long.keys() == LONG_FUNCTIONS.keys(), too_long


def test_modules_are_named_after_something() -> None:
    assert not {dotted(file) for file in MODULES if SAY_NOTHING & {*dotted(file).split(".")}}


def test_every_module_says_what_it_is_for() -> None:
    silent = {dotted(file) for file in MODULES if not ast.get_docstring(parsed(file))}
    assert not silent


TESTS = modules_of(*(f"tests/{package}" for package in PACKAGES))


def test_folders_of_tests_are_those_of_the_packages() -> None:
    assert not {str(file.parent.relative_to(ROOT)) for file in TESTS if not _tested_room(file).is_dir()}


def test_tests_bear_the_name_of_what_they_test() -> None:
    """That of a module or package beside which they would lie, or of the room itself; a subject may follow."""
    nameless = {
        str(file.relative_to(ROOT))
        for file in TESTS
        if file.stem.startswith("test_")
        and not any(f"{file.stem}_".startswith(f"test_{name}_") for name in _names_in(_tested_room(file)))
    }
    assert not nameless


def _tested_room(file: Path) -> Path:
    return ROOT / file.parent.relative_to(ROOT / "tests")


def _names_in(room: Path) -> set[str]:
    return {room.name, *(each.stem for each in room.glob("*") if each.suffix == ".py" or each.is_dir())}


def test_no_test_module_is_imported() -> None:
    """What tests share lies in modules of its own."""
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in modules_of("tests", "bench")
        for name in imports(file)
        if re.search(r"\.(test_\w+|conftest)\b", name.rpartition(".")[0])
    }
    assert not found


def test_nothing_of_ours_is_replaced_while_a_test_runs() -> None:
    """Parts get their clocks, periods and neighbours as parameters; of other libraries a name may be set."""
    found = {
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in modules_of("tests")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and _replaces_ours(node)
    }
    assert not found
    assert not [file for file in modules_of("tests") if any(is_within(name, "unittest.mock") for name in imports(file))]


def _replaces_ours(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in {"setattr", "setitem", "delattr"}):
        return False
    match call.args[0]:
        case ast.Constant(value=str(name)):
            return any(is_within(name, ours) for ours in (*PACKAGES, "tests"))
        case _:
            return True


def files_of_the_project() -> list[Path]:
    """What is or would be committed; without git, whatever lies in the packages and the documentation."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return [file for file in (*MODULES, *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.*")) if file.is_file()]
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = {
        f"{file.relative_to(ROOT)}:{number}: {match.group()}"
        for file in files_of_the_project()
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1)
        if (match := UNNAMED.search(line))
    }
    assert not found
