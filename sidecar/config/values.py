"""What a single value of the configuration may be; every refusal says what to write instead."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from sidecar.calls.numbers.numbering_plans import area_code_in, area_codes_begin_with_zero

_DATABASES = re.compile(r"sqlite(\+pysqlite)?:///.|postgres(ql)?(\+psycopg)?://")
_NO_NUMBERS = {"login", "email", "cti_numbers"}
_WORDS_FOR = {True: "on", False: "off"}


def _address(url: str) -> str:
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\\]", url):
        raise ValueError("must be an address such as https://zammad.example.com")
    if "@" in parts.netloc:
        raise ValueError("must not carry a user name or password; take them out of the address")
    if "?" in url or "#" in url:
        raise ValueError("must not carry ? or #; end the address before them")
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
        raise ValueError("must be sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE")
    return url


def _root_path(path: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path.rstrip("/")) or path.startswith("/api/"):
        raise ValueError("must be a path such as /sidecar, outside /api")
    return path.rstrip("/")


def _country(code: str) -> str:
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("must be a country's two letters such as DE or AT")
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
        raise ValueError(f'must be an area code of {country} such as "030", in quotes')
    return found.pop()


def _attribute(name: str) -> str:
    if name in _NO_NUMBERS or name.startswith("sipgate_"):
        raise ValueError(f"{name} cannot hold numbers of customers; leave it out")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name):
        raise ValueError("must be the name of a user attribute in Zammad, such as fax")
    return name


def _proxy(address: str) -> str:
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError:
        raise ValueError("must be an IP address or a network such as 10.0.0.0/8") from None
    return address


def _token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]*", text):
        raise ValueError("must be one word of plain characters; copy the token again")
    return SecretStr(text)


def _path_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", token.get_secret_value().strip()):
        raise ValueError("stands in a URL: use letters, digits, - . _ ~ only, or leave it empty to take Zammad's")
    return SecretStr(token.get_secret_value().strip())


def _true_false_or_file(value: object) -> bool | Path:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str | Path) or not str(value).strip():
        raise ValueError("must be true, false or the path of a CA bundle")
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    return _readable_file(Path(value))


def _readable_file(path: Path) -> Path:
    try:
        path.open("rb").close()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ValueError(f"{path}: {reason}; correct the path or its permissions") from None
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
