"""What a single value of the configuration may be; every refusal says what to write instead."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from sidecar.calls.numbers.numbering_plans import area_code_in, area_codes_begin_with_zero
from sidecar.calls.reasons import Reason, because
from sidecar.codes.configuration import FileFault, Misconfigured

_DATABASES = re.compile(r"sqlite(\+pysqlite)?:///.|postgres(ql)?(\+psycopg)?://")
_NO_NUMBERS = {"login", "email", "cti_numbers"}
_WORDS_FOR = {True: "on", False: "off"}


class WrongValueError(ValueError):
    """What pydantic is told; it keeps the reason for whoever puts it into words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def file_fault(error: OSError) -> Reason:
    """Why the system does not give us a file."""
    match error:
        case FileNotFoundError():
            return because(FileFault.MISSING)
        case PermissionError():
            return because(FileFault.FORBIDDEN)
        case IsADirectoryError():
            return because(FileFault.DIRECTORY)
        case _:
            return because(FileFault.OTHER, said=(error.strerror or "cannot be read").lower())


def _address(url: str) -> str:
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\\]", url):
        raise WrongValueError(because(Misconfigured.ADDRESS))
    if "@" in parts.netloc:
        raise WrongValueError(because(Misconfigured.ADDRESS_LOGIN))
    if "?" in url or "#" in url:
        raise WrongValueError(because(Misconfigured.ADDRESS_QUERY))
    return url.rstrip("/")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it is the check
    except ValueError:
        return None
    return parts


def _database_url(url: str) -> str:
    if not _DATABASES.match(url):
        raise WrongValueError(because(Misconfigured.DATABASE_URL))
    return url


def _root_path(path: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path.rstrip("/")) or path.startswith("/api/"):
        raise WrongValueError(because(Misconfigured.ROOT_PATH))
    return path.rstrip("/")


def _country(code: str) -> str:
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise WrongValueError(because(Misconfigured.COUNTRY))
    return code.upper()


def area_code(written: object, country: str) -> object:
    """As it stands behind the country code. YAML reads a bare 030 as the octal number 24: one of the two is an area."""
    if country not in phonenumbers.SUPPORTED_REGIONS or written in ("", None):
        return written
    texts = [written]
    if isinstance(written, int) and written > 0:
        texts = [str(written), *([f"0{written:o}"] if area_codes_begin_with_zero(country) else [])]
    found = {code for text in texts if isinstance(text, str) and (code := area_code_in(text, country))}
    if len(found) != 1:
        raise WrongValueError(because(Misconfigured.AREA_CODE, country=country))
    return found.pop()


def _attribute(name: str) -> str:
    if name in _NO_NUMBERS or name.startswith("sipgate_"):
        raise WrongValueError(because(Misconfigured.NO_NUMBERS, name=name))
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name):
        raise WrongValueError(because(Misconfigured.ATTRIBUTE))
    return name


def _proxy(address: str) -> str:
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError:
        raise WrongValueError(because(Misconfigured.PROXY)) from None
    return address


def _token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]*", text):
        raise WrongValueError(because(Misconfigured.TOKEN))
    return SecretStr(text)


def _path_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", token.get_secret_value().strip()):
        raise WrongValueError(because(Misconfigured.PATH_TOKEN))
    return SecretStr(token.get_secret_value().strip())


def _true_false_or_file(value: object) -> bool | Path:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str | Path) or not str(value).strip():
        raise WrongValueError(because(Misconfigured.VERIFICATION))
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    return _readable_file(Path(value))


def _readable_file(path: Path) -> Path:
    try:
        path.open("rb").close()
    except OSError as error:
        said = file_fault(error)
        raise WrongValueError(because(Misconfigured.UNREADABLE_PATH, path=str(path), said=said)) from None
    return path


def _switch_word(value: object) -> object:
    return _WORDS_FOR[value] if isinstance(value, bool) else value  # YAML reads a bare `off` as false


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_address)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RootPath = Annotated[str, AfterValidator(_root_path)]
Attribute = Annotated[str, AfterValidator(_attribute)]
Country = Annotated[str, AfterValidator(_country)]
Proxy = Annotated[str, AfterValidator(_proxy)]
Token = Annotated[SecretStr, AfterValidator(_token)]
PathToken = Annotated[SecretStr, AfterValidator(_path_token)]
Verification = Annotated[bool | Path, BeforeValidator(_true_false_or_file)]
ReadableFile = Annotated[Path, AfterValidator(_readable_file)]

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PauseSeconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=36_500)]

SignatureMode = Annotated[Literal["off", "report", "enforce"], BeforeValidator(_switch_word)]
UnnamedAnswer = Literal["machine", "person"]
OpenForWithheld = bool | Literal["auto"]
RecentLogs = Annotated[Literal["all", "newcall", "off"], BeforeValidator(_switch_word)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
Format = Annotated[Literal["console", "json"], BeforeValidator(_lower)]
