"""Which reasons the code gives: every call of `because`, read from the source, with the codes it may have."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path

from tests import places

PACKAGE = places.ROOT / "sidecar"
MAKERS = {"because"}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A reason as one line of the code gives it."""

    code: str
    parameters: frozenset[str]
    where: str


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Class to its members with their codes: of every enumeration whose values are codes of reasons."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        if "StrEnum" not in file.read_text(encoding="utf-8"):
            continue
        module = import_module(".".join(file.relative_to(places.ROOT).with_suffix("").parts))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == module.__name__:
                members = {member.name: str(member.value) for member in kind}
                if members and all("." in code and code[0].isalpha() for code in members.values()):  # 7.3 is a version
                    assert name not in found, f"two enumerations are called {name}"
                    found[name] = members
    return found


def given_reasons() -> Iterator[Given]:
    for module in _modules():
        yield from module.given()


@cache
def _modules() -> tuple[_Module, ...]:
    return tuple(map(_Module, sorted(PACKAGE.rglob("*.py"))))


class _Module:
    def __init__(self, file: Path) -> None:
        self.name = str(file.relative_to(places.ROOT))
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self.functions = {each.name: each for each in ast.walk(self.tree) if isinstance(each, FunctionNode)}
        self.constants = {
            target.id: statement.value
            for statement in self.tree.body
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
            for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
            if isinstance(target, ast.Name)
        }

        within = {id(node): function for function in self.functions.values() for node in ast.walk(function)}
        self.calls = [(within.get(id(node)), node) for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    def given(self) -> Iterator[Given]:
        for function, call in self.calls:
            if isinstance(call.func, ast.Name) and call.func.id in MAKERS and call.args:
                names = frozenset(keyword.arg or "**" for keyword in call.keywords)
                for code in sorted(set(self.codes_in(call.args[0], function, set()))):
                    yield Given(code=code, parameters=names, where=f"{self.name}:{call.lineno}")

    def codes_in(self, expression: ast.AST, function: FunctionNode | None, seen: set[str]) -> Iterator[str]:
        """Those the expression may come to: through names, arguments and what functions of this module return."""
        match expression:
            case ast.Attribute(value=ast.Name(id=kind), attr=member) if member in codes().get(kind, {}):
                yield codes()[kind][member]
            case ast.Name(id=name):
                yield from self._behind(name, function, seen)
            case ast.Compare() | ast.Attribute() | ast.Call(func=ast.Name(id="because")):
                pass
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._codes_in_all((body, orelse), function, seen)
            case ast.Dict(values=values):
                yield from self._codes_in_all(values, function, seen)
            case ast.Subscript(value=table):
                yield from self.codes_in(table, function, seen)
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *others]):
                yield from self._codes_in_all((table, *others), function, seen)
            case _:
                yield from self._codes_in_all(ast.iter_child_nodes(expression), function, seen)

    def _codes_in_all(
        self, expressions: Iterable[ast.AST], function: FunctionNode | None, seen: set[str]
    ) -> Iterator[str]:
        for each in expressions:
            yield from self.codes_in(each, function, seen)

    def _behind(self, name: str, function: FunctionNode | None, seen: set[str]) -> Iterator[str]:
        place = f"{self.name}: {function.name if function else ''}: {name}"
        if place in seen:
            return
        seen.add(place)
        if name in self.functions:
            for node in ast.walk(self.functions[name]):
                if isinstance(node, ast.Return) and node.value:
                    yield from self.codes_in(node.value, self.functions[name], seen)
        elif name in self.constants:
            yield from self.codes_in(self.constants[name], None, seen)
        elif function is not None:
            yield from self._assigned(name, function, seen)
            yield from self._handed_in(name, function, seen)

    def _assigned(self, name: str, function: FunctionNode, seen: set[str]) -> Iterator[str]:
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    yield from self.codes_in(value, function, seen)
                case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                    yield from self.codes_in(value, function, seen)
                case _:
                    pass

    def _handed_in(self, name: str, function: FunctionNode, seen: set[str]) -> Iterator[str]:
        arguments = [each.arg for each in function.args.args]
        for module, caller, call in _calls_of(function.name):
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            own = arguments[1:] if isinstance(call.func, ast.Attribute) else arguments
            placed = dict(zip(own, call.args, strict=False))
            if value := named.get(name, placed.get(name)):
                yield from module.codes_in(value, caller, seen)


@cache
def _calls_of(name: str) -> list[tuple[_Module, FunctionNode | None, ast.Call]]:
    """Wherever something of this name is called."""
    return [
        (module, caller, call)
        for module in _modules()
        for caller, call in module.calls
        if (call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", None)) == name
    ]
