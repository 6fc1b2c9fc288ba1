"""Where settings come from: the YAML file, the environment, and the files that hold secrets."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, get_origin

import yaml
from pydantic import BaseModel, SecretStr
from pydantic_settings import EnvSettingsSource

from sidecar.calls.reasons import Reason, because
from sidecar.codes.configuration import Misconfigured
from sidecar.config.sections import Settings
from sidecar.config.values import file_fault
from sidecar.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PREFIX = "SIDECAR_"
_DEFAULT_FILE = Path("config.yaml")


class Environment(EnvSettingsSource):
    """The `SIDECAR_…` variables of a given environment; an empty one counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = settings_variables(environ)
        wrong = [fault for name, value in self._environ.items() if (fault := _fault_of_variable(name, value))]
        if wrong:
            raise ConfigurationError(together(wrong))
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value.strip()}


def settings_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """What of `environ` is meant to be a setting."""
    return {
        name: value
        for name, value in environ.items()
        if name.upper().startswith(PREFIX)
        and name.upper() != f"{PREFIX}CONFIG"
        and not name.upper().startswith(f"{PREFIX}TEST_")
    }


def together(faults: Sequence[Reason]) -> Reason:
    """One a line."""
    return faults[0] if len(faults) == 1 else because(Misconfigured.SEVERAL, faults=faults)


def at_key(key: str, what: Reason) -> Reason:
    return because(Misconfigured.AT_KEY, key=key, what=what)


def _fault_of_variable(name: str, value: str) -> Reason | None:
    path = name.upper().removeprefix(PREFIX).lower().split("__")
    annotation = _annotation(path)
    if annotation is None:
        return _no_setting(name, path)
    if value.strip() and _written_as_json(annotation):
        try:
            json.loads(value)
        except ValueError:
            example = '["one", "two"]' if len(path) > 1 else '{"key": "value"}'
            return at_key(".".join(path), because(Misconfigured.NO_JSON, variable=name, example=example))
    return None


def _no_setting(name: str, path: list[str]) -> Reason:
    known = [f"{PREFIX}{'__'.join(key).upper()}" for key in _paths(Settings)]
    if close := get_close_matches(name.upper(), known, n=1, cutoff=0.85):
        return at_key(".".join(path), because(Misconfigured.NO_SETTING_BUT, variable=name, meant=close[0]))
    return at_key(".".join(path), because(Misconfigured.NO_SETTING, variable=name))


def _paths(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, each in model.model_fields.items():
        if _is_section(each.annotation):
            yield from ((name, *below) for below in _paths(each.annotation))
        else:
            yield (name,)


def _annotation(path: list[str]) -> Any | None:
    model: type[BaseModel] = Settings
    for depth, key in enumerate(path, start=1):
        field = model.model_fields.get(key)
        if field is None:
            return None
        if depth == len(path):
            return field.annotation
        if not _is_section(field.annotation):
            return None
        model = field.annotation
    return None


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _written_as_json(annotation: Any) -> bool:
    return _is_section(annotation) or get_origin(annotation) is tuple


def config_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The file to read: the given one, SIDECAR_CONFIG, or ./config.yaml where there is one."""
    if path is not None:
        return path
    if named := environ.get(f"{PREFIX}CONFIG", "").strip():
        return Path(named)
    return _DEFAULT_FILE if _DEFAULT_FILE.exists() else None


def file_values(file: Path) -> dict[str, Any]:
    """The YAML file as written, without the keys that were left empty."""
    try:
        values = yaml.load(file.read_text(encoding="utf-8-sig"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        what = because(Misconfigured.ANOTHER_FILE, said=file_fault(error))
        raise ConfigurationError(because(Misconfigured.FILE, path=str(file), what=what)) from None
    except UnicodeDecodeError:
        raise _in_file(file, Misconfigured.NOT_UTF8) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: dates such as 2026-13-45
        raise _where(file, error) from None
    if not isinstance(values, dict | None):
        raise _in_file(file, Misconfigured.NO_SECTIONS)
    return _without_blanks(values or {})


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice: the second one would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, Misconfigured.KEY_NO_WORD, key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, Misconfigured.KEY_TWICE, key.start_mark, note=key.value
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _in_file(file: Path, code: Misconfigured) -> ConfigurationError:
    return ConfigurationError(because(Misconfigured.FILE, path=str(file), what=because(code)))


def _where(file: Path, error: Exception) -> ConfigurationError:
    if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
        return _in_file(file, Misconfigured.NOT_YAML)
    line = error.problem_mark.line + 1
    return ConfigurationError(because(Misconfigured.FILE_LINE, path=str(file), line=line, what=_syntax_fault(error)))


def _syntax_fault(error: yaml.MarkedYAMLError) -> Reason:
    match error.problem:
        case Misconfigured.KEY_TWICE:
            return because(Misconfigured.KEY_TWICE, key=str(error.note))
        case Misconfigured.KEY_NO_WORD:
            return because(Misconfigured.KEY_NO_WORD)
        case str(said) if r"'\t'" in said:
            return because(Misconfigured.TAB)
        case _:
            return because(Misconfigured.SYNTAX)


def _without_blanks(values: dict[Any, Any]) -> dict[str, Any]:
    filled = {str(key): value for key, value in values.items() if value is not None}
    return {key: _without_blanks(value) if isinstance(value, dict) else value for key, value in filled.items()}


def secret_in_file(key: str, file: Path) -> SecretStr:
    """What a secret file holds (editors and Docker end it with a newline)."""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        fault = at_key(key, because(Misconfigured.UNREADABLE_PATH, path=str(file), said=file_fault(error)))
        raise ConfigurationError(fault) from None
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError(at_key(key, because(Misconfigured.NO_SECRET, path=str(file))))
    return SecretStr(text)
