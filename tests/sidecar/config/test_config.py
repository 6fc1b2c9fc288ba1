"""The configuration: defaults, where values come from, and the one line when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from sidecar.config import Settings, load
from sidecar.errors import ConfigurationError
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from tests.places import ROOT

EXAMPLE = ROOT / "config.example.yaml"
DOCUMENTED = ROOT / "docs" / "settings.md"
ENOUGH = {"SIDECAR_ZAMMAD__URL": "https://zammad.example.com", "SIDECAR_ZAMMAD__TOKEN": "geheim"}

DEFAULTS: dict[str, object] = {
    "zammad.timeout": 10.0,
    "zammad.verify_tls": True,
    "zammad.token_file": None,
    "server.host": "127.0.0.1",
    "server.port": 8600,
    "server.trusted_proxies": ("127.0.0.1",),
    "database.url": "sqlite:///sidecar.db",
    "database.journal": None,
    "sipgate.token": None,
    "sipgate.token_overlap": 3600.0,
    "sipgate.signature": "report",
    "sipgate.public_key_files": (),
    "sipgate.api.url": "https://api.sipgate.com/v2",
    "sipgate.api.token_id": "",
    "sipgate.api.token_file": None,
    "phone.country": "DE",
    "missed.shortest_ring": 2.0,
    "missed.shortest_talk": 10.0,
    "tickets.grace": 180.0,
    "tickets.max_age": 86400.0,
    "tickets.language": "",
    "tickets.close_after_talk": True,
    "tickets.voicemail": False,
    "tickets.unknown_customer": "",
    "tickets.attributes": {},
    "missed.due": 3600.0,
    "calls.unnamed_answer": "machine",
    "calls.keep_hidden": True,
    "calls.open_for_withheld": "auto",
    "phone.area_code": "",
    "phone.attributes": ("fax",),
    "calls.exempt_known": True,
    "calls.popup_ttl": 20.0,
    "calls.missing_hangup_after": 14400.0,
    "calls.queue_names": (),
    "calls.recent_logs": "all",
    "calls.log_blocked_calls": False,
    "sync.settings_every": 10.0,
    "sync.changes_every": 30.0,
    "sync.full_every": 86400.0,
    "sync.page_size": 500,
    "sync.pause": 0.2,
    "sync.repair": True,
    "delivery.rate": 10.0,
    "delivery.parallel": 4,
    "web.root_path": "/sidecar",
    "web.oauth_client_id": None,
    "web.oauth_client_secret": None,
    "web.oauth_client_secret_file": None,
    "web.restrict_to_own": False,
    "web.notes": True,
    "web.presence": True,
    "web.unattended": 43200.0,
    "web.answer_within": 20.0,
    "web.answer_target": 0.8,
    "web.longest_wait": 60.0,
    "web.most_missed": 10,
    "logging.level": "info",
    "logging.format": "console",
    "retention.hooks_days": 7,
    "retention.calls_days": 180,
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def flat(settings: BaseModel, prefix: str = "") -> dict[str, object]:
    values: dict[str, object] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        values |= flat(value, f"{prefix}{name}.") if isinstance(value, BaseModel) else {f"{prefix}{name}": value}
    return values


def loaded(text: str = "", **environ: str) -> Settings:
    """Settings of a file on top of what is required, and of variables named without their prefix."""
    file = Path("settings.yaml")
    file.write_text(text, encoding="utf-8")
    return load(file, ENOUGH | {f"SIDECAR_{name}": value for name, value in environ.items()})


def complaint(text: str = "", **environ: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        loaded(text, **environ)
    [line] = str(caught.value).splitlines()
    return line


def test_the_environment_alone_is_enough_and_the_rest_has_defaults() -> None:
    settings = load(None, ENOUGH)
    assert settings.zammad.token.get_secret_value() == "geheim"
    assert settings.server.public_url == settings.zammad.url == "https://zammad.example.com"
    rest = flat(settings)
    del rest["sipgate.api.token"]
    del rest["zammad.url"], rest["zammad.token"], rest["server.public_url"], rest["web.zammad_url"]
    assert rest == DEFAULTS


def test_the_environment_wins_over_the_file_key_by_key() -> None:
    settings = loaded("server: {host: 0.0.0.0, port: 1}\nphone: {country: AT}", SERVER__PORT="2")
    assert (settings.server.host, settings.server.port, settings.phone.country) == ("0.0.0.0", 2, "AT")  # noqa: S104 - a value


def test_lists_and_sections_are_json_in_the_environment() -> None:
    settings = loaded(CALLS__QUEUE_NAMES='["Support", "Sales"]', DELIVERY='{"rate": 5, "parallel": 2}')
    assert settings.calls.queue_names == ("Support", "Sales")
    assert (settings.delivery.rate, settings.delivery.parallel) == (5.0, 2)


def test_the_file_may_be_named_by_a_variable_or_lie_in_the_directory() -> None:
    Path("config.yaml").write_text("phone: {country: CH}")
    Path("other.yaml").write_text("phone: {country: AT}")
    assert load(None, ENOUGH).phone.country == "CH"
    assert load(None, ENOUGH | {"SIDECAR_CONFIG": "other.yaml"}).phone.country == "AT"
    assert load(Path("config.yaml"), ENOUGH | {"SIDECAR_CONFIG": "other.yaml"}).phone.country == "CH"


def test_keys_left_empty_have_their_defaults() -> None:
    settings = loaded("sipgate:\n  token:\nphone:\n  country:\nweb:\n", SIPGATE__TOKEN="")
    assert flat(settings)["phone.country"] == "DE"
    assert settings.sipgate.token is None


def test_a_bare_off_of_yaml_is_the_word_off() -> None:
    settings = loaded("sipgate: {signature: off}\ncalls: {recent_logs: off}")
    assert (settings.sipgate.signature, settings.calls.recent_logs) == ("off", "off")


INSIDE, PUBLIC, ELSEWHERE = "http://zammad-nginx:8080", "https://zammad.example.com", "https://phone.example.com"
OAUTH = {"WEB__OAUTH_CLIENT_ID": "client", "WEB__OAUTH_CLIENT_SECRET": "secret"}


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, INSIDE),
        ({"SERVER__PUBLIC_URL": PUBLIC}, PUBLIC),
        ({"SERVER__PUBLIC_URL": ELSEWHERE, **OAUTH}, INSIDE),
        ({"SERVER__PUBLIC_URL": ELSEWHERE, "WEB__ZAMMAD_URL": f"{PUBLIC}/", **OAUTH}, PUBLIC),
        ({"SERVER__PUBLIC_URL": ELSEWHERE, "WEB__ZAMMAD_URL": PUBLIC}, PUBLIC),
    ],
)
def test_browsers_find_zammad_where_the_pages_are_unless_those_are_elsewhere(
    environ: dict[str, str], address: str
) -> None:
    settings = loaded(ZAMMAD__URL=INSIDE, **environ)
    assert (settings.web.zammad_url, settings.zammad.url) == (address, INSIDE)


def test_addresses_lose_their_last_slash() -> None:
    settings = loaded(ZAMMAD__URL="https://desk.example.com/zammad/", SERVER__PUBLIC_URL="https://phone.example.com/")
    assert settings.zammad.url == "https://desk.example.com/zammad"
    assert settings.server.public_url == "https://phone.example.com"


def test_secrets_may_stand_in_files() -> None:
    Path("token").write_text("from-file\n")
    Path("oauth").write_text("oauth-secret\n")
    settings = loaded(
        ZAMMAD__TOKEN="", ZAMMAD__TOKEN_FILE="token", WEB__OAUTH_CLIENT_ID="id", WEB__OAUTH_CLIENT_SECRET_FILE="oauth"
    )
    assert settings.zammad.token.get_secret_value() == "from-file"
    assert settings.web.oauth_client_secret is not None
    assert settings.web.oauth_client_secret.get_secret_value() == "oauth-secret"


def test_tls_is_verified_against_a_bundle_of_ones_own_or_not_at_all() -> None:
    Path("ca.pem").write_text("")
    assert loaded(ZAMMAD__VERIFY_TLS="ca.pem").zammad.verify_tls == Path("ca.pem")
    assert loaded(ZAMMAD__VERIFY_TLS="false").zammad.verify_tls is False
    assert loaded("zammad: {verify_tls: false}").zammad.verify_tls is False


def test_settings_show_no_secret() -> None:
    settings = loaded(DATABASE__URL="postgresql+psycopg://u:geheim@h/d", SIPGATE__TOKEN="geheim")
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings)


def test_variables_of_tests_and_the_name_of_the_file_are_no_settings() -> None:
    assert load(None, ENOUGH | {"SIDECAR_TEST_CRASHES": "100", "PATH": "/bin"}) == load(None, ENOUGH)


WRONG: list[tuple[str, dict[str, str], str]] = [
    # key, variables, words
    ("zammad.url", {"ZAMMAD__URL": "zammad.example.com"}, "must be an address such as https://"),
    ("zammad.url", {"ZAMMAD__URL": "ftp://zammad.example.com"}, "must be an address"),
    ("zammad.url", {"ZAMMAD__URL": "https://zammad.example.com:port"}, "must be an address"),
    ("zammad.url", {"ZAMMAD__URL": "https://"}, "must be an address"),
    ("zammad.url", {"ZAMMAD__URL": "https://u:geheim@zammad.example.com"}, "must not carry a user name or password"),
    ("server.public_url", {"SERVER__PUBLIC_URL": "https://zammad.example.com/?x=1"}, "must not carry ? or #"),
    ("zammad.token", {"ZAMMAD__TOKEN": ""}, "missing; set it here, in SIDECAR_ZAMMAD__TOKEN, or name a file"),
    ("zammad.token", {"ZAMMAD__TOKEN": "two words"}, "must be one word"),
    ("zammad.token_file", {"ZAMMAD__TOKEN": "", "ZAMMAD__TOKEN_FILE": "nowhere"}, "nowhere: no such file"),
    ("zammad.token_file", {"ZAMMAD__TOKEN_FILE": "nowhere"}, "zammad.token is set as well"),
    ("zammad.timeout", {"ZAMMAD__TIMEOUT": "0"}, "must be greater than 0"),
    ("zammad.timeout", {"ZAMMAD__TIMEOUT": "soon"}, "must be a number"),
    ("zammad.timeout", {"ZAMMAD__TIMEOUT": "inf"}, "must be a finite number"),
    ("zammad.verify_tls", {"ZAMMAD__VERIFY_TLS": "ca.pem"}, "ca.pem: no such file"),
    ("server.port", {"SERVER__PORT": "65536"}, "must be at most 65535"),
    ("server.port", {"SERVER__PORT": "http"}, "must be a whole number"),
    ("server.trusted_proxies", {"SERVER__TRUSTED_PROXIES": "127.0.0.1"}, "must be JSON such as"),
    ("server.trusted_proxies[1]", {"SERVER__TRUSTED_PROXIES": '["::1", "proxy"]'}, "must be an IP address"),
    ("database.url", {"DATABASE__URL": "mysql://u:geheim@host/x"}, "must be sqlite:///FILE or postgresql+psycopg://"),
    ("database.url", {"DATABASE__URL": "sqlite://"}, "must be sqlite:///FILE"),
    ("sipgate.token", {"SIPGATE__TOKEN": "a/geheim"}, "stands in a URL"),
    ("sipgate.signature", {"SIPGATE__SIGNATURE": "maybe"}, "must be 'off', 'report' or 'enforce'"),
    ("sipgate.public_key_files[0]", {"SIPGATE__PUBLIC_KEY_FILES": '["key.pem"]'}, "key.pem: no such file"),
    ("phone.country", {"PHONE__COUNTRY": "Germany"}, "must be a country's two letters"),
    ("phone.area_code", {"PHONE__AREA_CODE": "0999"}, "must be an area code of DE"),
    ("phone.area_code", {"PHONE__AREA_CODE": "0171"}, "must be an area code of DE"),
    ("phone.area_code", {"PHONE__AREA_CODE": "030", "PHONE__COUNTRY": "ES"}, "must be an area code of ES"),
    ("phone.attributes[1]", {"PHONE__ATTRIBUTES": '["fax", "login"]'}, "login cannot hold numbers of customers"),
    ("phone.attributes[0]", {"PHONE__ATTRIBUTES": '["email"]'}, "email cannot hold numbers of customers"),
    ("phone.attributes[0]", {"PHONE__ATTRIBUTES": '["cti_numbers"]'}, "cti_numbers cannot hold numbers of customers"),
    ("phone.attributes[0]", {"PHONE__ATTRIBUTES": '["sipgate_users"]'}, "sipgate_users cannot hold numbers"),
    ("phone.attributes[0]", {"PHONE__ATTRIBUTES": '["Direct line"]'}, "must be the name of a user attribute"),
    ("sync.page_size", {"SYNC__PAGE_SIZE": "501"}, "must be at most 500"),
    ("delivery", {"DELIVERY": "fast"}, "must be JSON such as"),
    ("web.root_path", {"WEB__ROOT_PATH": "sidecar"}, "must be a path such as /sidecar"),
    ("web.oauth_client_id", {"WEB__OAUTH_CLIENT_ID": "id"}, "set both or neither"),
    ("logging.level", {"LOGGING__LEVEL": "loud"}, "must be 'debug', 'info', 'warning' or 'error'"),
    ("retention.hooks_days", {"RETENTION__HOOKS_DAYS": "0"}, "must be at least 1"),
    ("zammad.tokn", {"ZAMMAD__TOKN": "x"}, "SIDECAR_ZAMMAD__TOKN is no setting"),
    ("colour", {"COLOUR": "blue"}, "SIDECAR_COLOUR is no setting"),
    ("zammad.url.x", {"ZAMMAD__URL__X": "x"}, "is no setting"),
]


@pytest.mark.parametrize(
    ("country", "written", "read"),
    [
        ("DE", '"030"', "30"),
        ("DE", '"30"', "30"),
        ("DE", "030", "30"),  # YAML makes 24 of it
        ("DE", "30", "30"),
        ("DE", "0221", "221"),
        ("DE", "089", "89"),
        ("DE", '"(0)30"', "30"),
        ("DE", "", ""),
        ("AT", '"01"', "1"),
        ("CH", "044", "44"),
        ("IT", '"6"', "06"),
        ("US", "212", "212"),
        ("GB", '"020"', "20"),
    ],
)
def test_an_area_code_is_read_with_or_without_its_zero(country: str, written: str, read: str) -> None:
    Path("settings.yaml").write_text(f"phone:\n  country: {country}\n  area_code: {written}\n", encoding="utf-8")
    assert load(Path("settings.yaml"), ENOUGH).phone.area_code == read


@pytest.mark.parametrize(("key", "variables", "words"), WRONG, ids=[f"{key} {words}" for key, _, words in WRONG])
def test_a_wrong_value_is_named_with_what_to_do(key: str, variables: dict[str, str], words: str) -> None:
    line = complaint(**variables)
    assert line.startswith(f"{key}: ")
    assert words in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server: {prot: 1}", "server.prot: no such key; did you mean server.port?"),
        ("zamad: {url: x}", "zamad: no such key; did you mean zammad?"),
        ("nonsense: 1", "nonsense: no such key; take it out"),
        ("server: 8600", "server: must be a section with keys below it"),
        ("calls: {queue_names: Support}", "calls.queue_names: must be a list"),
        ("sipgate: {token: 12345678}", "sipgate.token: must be text; put it in quotes"),
        ("phone: {country: NO}", "phone.country: must be text; put it in quotes"),  # YAML reads false
        ("sync: {repair: perhaps}", "sync.repair: must be true or false"),
        ("zammad:\n\turl: x", "settings.yaml, line 2: a tab; YAML wants blanks"),
        ("a: [1", "settings.yaml, line 1"),
        ("phone:\n  country: DE\nphone:\n  country: AT", "settings.yaml, line 3: phone is written twice"),
        ("? [a]\n: b", "settings.yaml, line 1: a key must be a single word"),
        ("since: 2026-13-45", "settings.yaml: cannot be read as YAML"),
        ("- a\n- b", "settings.yaml: must be sections with keys"),
        ("just words", "settings.yaml: must be sections with keys"),
    ],
)
def test_a_faulty_file_is_named_with_key_or_line(text: str, words: str) -> None:
    assert words in complaint(text)


def test_a_wrong_value_says_which_variable_it_came_from() -> None:
    assert complaint("server: {port: 1}", SERVER__PORT="x").endswith("(from SIDECAR_SERVER__PORT)")
    assert "from" not in complaint("server: {port: x}")


def test_every_fault_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded("server: {prot: 1}\nphone: {country: Germany}", SERVER__PORT="x")
    assert str(caught.value).splitlines() == [
        "server.prot: no such key; did you mean server.port?",
        'server.port: must be a whole number (found: "x") (from SIDECAR_SERVER__PORT)',
        'phone.country: must be a country\'s two letters such as DE or AT (found: "Germany")',
    ]


def test_every_variable_that_is_no_setting_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(ZAMMAD__TOKN="geheim", COLOUR="blue")
    misspelt, unknown = str(caught.value).splitlines()
    assert misspelt == ("zammad.tokn: SIDECAR_ZAMMAD__TOKN is no setting; did you mean SIDECAR_ZAMMAD__TOKEN?")
    assert unknown.startswith("colour: SIDECAR_COLOUR is no setting; remove it")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sync: {page_size: 501}", "must be at most 500 (found: 501)"),
        ("missed: {due: soon}", 'must be a number (found: "soon")'),
        ("sync: {repair: perhaps}", 'must be true or false (found: "perhaps")'),
        ("phone: [1, 2]", "phone: must be a section with keys"),
        ("tickets: {attributes: [a]}", "tickets.attributes: must be keys with values"),
        ("calls: {queue_names: {a: b}}", "calls.queue_names: must be a list"),
        ("server: {host: []}", "server.host: must be text"),
        ("web: {zammad_url: 'https://u:geheim@x'}", "web.zammad_url: must not carry a user name or password"),
        ("sipgate: {token: 'gehei m'}", "sipgate.token: stands in a URL"),
        ("delivery: {parallel: 99999999999999999999}", "delivery.parallel: must be "),
    ],
)
def test_the_value_is_shown_unless_it_may_be_a_secret(text: str, words: str) -> None:
    line = complaint(text)
    assert words in line
    assert "gehei" not in line
    for raw in ("Input should", "validation error", "pydantic", "yaml.", "expected <", "could not find"):
        assert raw not in line


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbfserver: {port: 8600}\n", b"server:\nphone:\n", b"# nothing\n", b"---\n"]
)
def test_an_empty_file_empty_sections_and_a_byte_order_mark_are_no_fault(content: bytes) -> None:
    Path("config.yaml").write_bytes(content)
    assert load(None, ENOUGH).server.port == 8600


@pytest.mark.parametrize(
    "text", ["a: 'x", "a: {b", "a: b: c", "server:\n port: 1\n  host: x", "%x", "a: *b", "a: !!python/x y", "&"]
)
def test_what_is_no_yaml_is_said_without_the_words_of_a_library(text: str) -> None:
    line = complaint(text)
    assert re.match(r"config file settings\.yaml(, line \d+)?: (this line|cannot be read as YAML)", line), line


def test_the_words_are_german_for_germans() -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded("server: {prot: 1, port: x}")
    assert sentence(caught.value.reason, Words(language="de")).splitlines() == [
        "server.prot: diesen Schlüssel gibt es nicht; gemeint ist vielleicht server.port",
        'server.port: muss eine ganze Zahl sein (angegeben: "x")',
    ]


@pytest.mark.parametrize(("name", "words"), [("nowhere.yaml", "no such file"), (".", "is a directory")])
def test_a_file_that_cannot_be_read_is_named(name: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=f"config file {re.escape(name)}: {words}"):
        load(Path(name), ENOUGH)


def test_a_file_that_is_no_text_is_named() -> None:
    Path("config.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not text in UTF-8"):
        load(None, ENOUGH)


def test_a_secret_file_must_hold_one_word() -> None:
    for content in (b"", b"two words", b"\xff\xfe"):
        Path("token").write_bytes(content)
        line = complaint(ZAMMAD__TOKEN="", ZAMMAD__TOKEN_FILE="token")
        assert line == "zammad.token_file: token must hold the secret alone, as one word; write it anew"


def test_nothing_at_all_asks_for_the_first_key() -> None:
    with pytest.raises(ConfigurationError, match=r"^zammad\.url: missing; set it in config.yaml or as SIDECAR_ZAMMAD"):
        load(None, {})


def known_keys() -> set[str]:
    return set(flat(load(None, ENOUGH)))


def written(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        is_section = isinstance(value, dict) and value
        found |= written(value, f"{prefix}{name}.") if is_section else {f"{prefix}{name}": value}
    return found


def test_the_example_has_every_key_with_its_default() -> None:
    example: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    shown = written(example)
    assert set(shown) == known_keys()
    for key, default in DEFAULTS.items():
        value = shown[key]
        assert default == (tuple(value) if isinstance(value, list) else value), key


def test_the_example_starts_once_a_token_is_there() -> None:
    settings = load(EXAMPLE, {"SIDECAR_ZAMMAD__TOKEN": "geheim"})
    assert settings.zammad.url == "https://zammad.example.com"


def test_the_example_explains_every_key() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    keys = [(place, line.split(":")[0].strip()) for place, line in enumerate(lines) if re.match(r"  +\w+:", line)]
    sections = {"api"}  # within a section
    assert len([key for _, key in keys if key not in sections]) == len(known_keys())
    for place, key in keys:
        assert lines[place - 1].lstrip().startswith("#") or " # " in lines[place], f"{key} has no explanation"


def test_the_documentation_has_every_key() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+\.[a-z_.]+)`", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == known_keys()


def test_the_token_for_sipgates_own_interface_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("secret-of-sipgate\n", encoding="utf-8")
    assert not loaded().sipgate.api.is_used
    api = loaded(f"sipgate: {{api: {{token_id: token-A1B2C3, token_file: {file}}}}}").sipgate.api
    assert api.is_used
    assert api.token.get_secret_value() == "secret-of-sipgate"
    assert "secret-of-sipgate" not in repr(api)


@pytest.mark.parametrize("api", [{"token": "secret"}, {"token_id": "token-A1B2C3"}])
def test_id_and_token_for_sipgate_go_together(api: dict[str, str]) -> None:
    line = complaint(yaml.safe_dump({"sipgate": {"api": api}}))
    assert line == "sipgate.api.token_id: goes together with sipgate.api.token; set both or neither"
