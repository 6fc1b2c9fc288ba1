"""Where settings come from: the YAML file, the environment, and the files that hold secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, get_origin

import yaml
from pydantic import BaseModel, SecretStr
from pydantic_settings import EnvSettingsSource

from sidecar.config.sections import Settings
from sidecar.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "SIDECAR_"
_DEFAULT_FILE = Path("config.yaml")


class Environment(EnvSettingsSource):
    """The `SIDECAR_…` variables of a given environment; an empty one counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = settings_variables(environ)
        for name, value in self._environ.items():
            _check_variable(name, value)
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


def _check_variable(name: str, value: str) -> None:
    path = name.upper().removeprefix(PREFIX).lower().split("__")
    annotation = _annotation(path)
    if annotation is None:
        hint = "remove it, or write it as SIDECAR_SECTION__KEY with a key of config.example.yaml"
        raise ConfigurationError(f"{'.'.join(path)}: {name} is no setting; {hint}")
    if value.strip() and _written_as_json(annotation):
        try:
            json.loads(value)
        except ValueError:
            example = '["one", "two"]' if len(path) > 1 else '{"key": "value"}'
            raise ConfigurationError(f"{'.'.join(path)}: {name} must be JSON such as {example}") from None


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
        values = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise ConfigurationError(f"config file {file}: {_reason(error)}; name another one with --config") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"config file {file}: not text in UTF-8; save it so") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: dates such as 2026-13-45
        raise ConfigurationError(f"config file {file}{_where(error)}; correct the line") from None
    if not isinstance(values, dict | None):
        raise ConfigurationError(f"config file {file}: must be sections with keys, as in config.example.yaml")
    return _without_blanks(values or {})


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice: the second one would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a single word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} is written twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _where(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f", line {error.problem_mark.line + 1}: {error.problem}"
    return ": cannot be read as YAML"


def _without_blanks(values: dict[Any, Any]) -> dict[str, Any]:
    filled = {str(key): value for key, value in values.items() if value is not None}
    return {key: _without_blanks(value) if isinstance(value, dict) else value for key, value in filled.items()}


def secret_in_file(key: str, file: Path) -> SecretStr:
    """What a secret file holds (editors and Docker end it with a newline)."""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{key}: {file}: {_reason(error)}; correct the path or its permissions") from None
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError(f"{key}: {file} must hold the secret alone, as one word; write it anew")
    return SecretStr(text)


def _reason(error: OSError) -> str:
    return (error.strerror or "cannot be read").lower()
