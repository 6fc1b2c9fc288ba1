"""The documentation says what there is, all of it; its code runs or parses, its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer
import yaml
from pydantic import BaseModel

from sidecar.check.permissions import FOR_INSTALL, NEEDED
from sidecar.cli import app
from sidecar.config.sections import Settings
from sidecar.metrics import Metrics
from sidecar.web.routes import ADDRESSES, Who
from tests.places import PACKAGES, ROOT
from tests.project.written_blocks import BLOCK, DOCS, PAGES, Block, blocks, blocks_in, commands_in
from tests.sidecar.exposition import families

LINK = re.compile(r"\]\(([^)\s]+)\)")
ADMINS_ONLY = "For people with the permission `admin.integration` alone:"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group, as it has several
PROMETHEUS = ("scrape_configs", "rule_files")


def without_code(text: str) -> str:
    return BLOCK.sub("", text)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        target, _, anchor = link.partition("#")
        if link.startswith("http"):
            continue
        found = page.parent / target if target else page
        assert found.exists(), link
        assert not anchor or anchor in anchors(found), link


def test_every_picture_is_shown_somewhere() -> None:
    shown: set[Path] = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        links = [*re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", text), *re.findall(r'<img src="([^"]+)" alt="[^"]+"', text)]
        shown |= {(page.parent / link).resolve() for link in links}
    assert shown == {picture.resolve() for picture in (DOCS / "images").iterdir()}


def test_every_page_is_in_the_index() -> None:
    listed = {link.partition("#")[0] for link in LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))}
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    assert pages <= listed


def test_modules_that_are_named_exist() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for name in re.findall(r"[\w/]+\.py|(?:sidecar|zammad_client|sipgate_client|rest_transport)/[\w/]+/", text):
        places = (ROOT / name, ROOT / "sidecar" / name, ROOT / "sidecar" / "store" / name)
        assert any(place.exists() for place in places), name


def test_every_room_is_in_the_tree() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    packages = [file.parent for name in PACKAGES for file in (ROOT / name).rglob("__init__.py")]
    rooms = {str(package.relative_to(ROOT)) for package in packages if package.name != "versions"} - {"sidecar"}
    assert not {room for room in rooms if f"`{room}/`" not in text}


# code


def test_every_block_says_its_language() -> None:
    known = {"sh", "yaml", "nginx", "sql", "mermaid", ""}
    assert {block.language for block in blocks()} <= known
    assert all("│" in block.code for block in blocks() if not block.language), "only pictures need none"


@pytest.mark.parametrize("block", blocks_in("sh"))
def test_shell_parses(block: Block) -> None:
    subprocess.run(["bash", "-n"], input=block.code, text=True, check=True, capture_output=True)


@pytest.mark.parametrize("block", blocks_in("sh"))
def test_commands_and_options_exist(block: Block) -> None:
    for words in commands_in(block.code):
        command = COMMANDS[words.pop(0)]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


def written(values: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from written(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("block", blocks_in("yaml"))
def test_yaml_parses_and_its_settings_exist(block: Block) -> None:
    content = yaml.safe_load(block.code)
    assert isinstance(content, dict)
    if "services" in content:
        check_variables(content["services"]["sipgate-sidecar"]["environment"])
    elif not content.keys() & set(PROMETHEUS):
        assert set(written(content)) <= set(settings())


def test_from_a_container_hooks_are_heard_and_their_sender_is_seen() -> None:
    """By the rule for nginx on the host: the port it passes to is published, the network it comes from is trusted."""
    page = [block for block in blocks() if block.page == "install.md"]
    (passed_to,) = {to for block in page for to in re.findall(r"proxy_pass http://([\d.:]+);", block.code)}
    run = next(shlex.split(block.code.partition("docker run")[2]) for block in page if "docker run" in block.code)
    compose = next(yaml.safe_load(block.code) for block in page if block.code.startswith("services:"))
    service = compose["services"]["sipgate-sidecar"]
    assert service["ports"] == [run[run.index("--publish") + 1]] == [f"{passed_to}:8600"]
    trusted = service["environment"]["SIDECAR_SERVER__TRUSTED_PROXIES"]
    assert f"SIDECAR_SERVER__TRUSTED_PROXIES={trusted}" in run
    assert "172.16.0.0/12" in json.loads(trusted)


def test_whoever_follows_the_pages_can_make_the_token() -> None:
    """Zammad shows the page of tokens to those alone who have the permission for it."""
    needed = {*NEEDED, FOR_INSTALL, "user_preferences.access_token"}
    for page in (ROOT / "README.md", DOCS / "install.md"):
        assert needed <= set(re.findall(r"`([^`]+)`", without_code(page.read_text(encoding="utf-8")))), page


def test_what_a_package_installs_is_there() -> None:
    for file in re.findall(r"\bdeploy/[\w./-]+", (DOCS / "install.md").read_text(encoding="utf-8")):
        assert (ROOT / file).is_file(), file
    assert os.access(ROOT / "deploy" / "sipgate-sidecar", os.X_OK)


def check_variables(environment: Mapping[str, str]) -> None:
    keys = {name.removeprefix("SIDECAR_").lower().replace("__", ".") for name in environment}
    assert keys <= set(settings())


@pytest.mark.parametrize("block", blocks_in("nginx"))
def test_nginx_takes_the_locations(block: Block, tmp_path: Path) -> None:
    assert block.code.count("{") == block.code.count("}")
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        return
    server = f"events {{}} http {{ access_log off; server {{ listen 127.0.0.1:0; {block.code} }} }}"
    config = f"error_log stderr; pid {tmp_path}/pid; {server}"
    (tmp_path / "nginx.conf").write_text(config.replace("127.0.0.1:0;", "127.0.0.1:65535;"))
    tried = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("block", blocks_in("sql"))
def test_postgresql_takes_the_statements(block: Block, postgres_url: str) -> None:
    from sqlalchemy import create_engine, text  # noqa: PLC0415 - only here

    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in block.code.split(";"):
            if statement.strip():
                connection.execute(text(statement))
    engine.dispose()


# completeness


def settings(section: type[BaseModel] = Settings) -> Iterator[str]:
    for key, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{key}.{below}" for below in settings(field.annotation))
        else:
            yield key


def documented(page: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", (DOCS / page).read_text(encoding="utf-8")))


def test_every_setting_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \|", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(settings())


def test_settings_that_are_named_anywhere_exist() -> None:
    sections = "|".join(Settings.model_fields)
    for page in PAGES:
        named = re.findall(rf"`((?:{sections})\.[a-z_.]+)(?=[`:])", page.read_text(encoding="utf-8"))
        assert set(named) - {"sidecar.db"} <= set(settings()), page.name


def test_metrics_that_are_named_anywhere_exist() -> None:
    for page in PAGES:
        named = set(re.findall(r"`(sidecar_\w+?)(?:_bucket)?(?=[`{])", page.read_text(encoding="utf-8")))
        assert named <= set(families(Metrics())), page.name


def command_names() -> Iterator[str]:
    for name, command in COMMANDS.items():
        below = getattr(command, "commands", None)
        yield from [f"{name} {each}" for each in below] if below else [name]


def test_every_command_is_documented() -> None:
    assert set(command_names()) <= documented("commands.md")


def test_every_address_outside_the_pages_is_documented() -> None:
    text = (DOCS / "http.md").read_text(encoding="utf-8")
    for source in (ROOT / "sidecar").glob("*.py"):
        for path in re.findall(r'(?:Route|Mount)\(\s*"(/[^"]*)"', source.read_text(encoding="utf-8")):
            assert re.search(rf"`(?:GET|POST) {re.escape(path)}(?:`|/…`)", text), path


def test_exactly_the_addresses_of_the_pages_are_documented_and_who_may_go_there() -> None:
    text = (DOCS / "http.md").read_text(encoding="utf-8").replace("`GET /sidecar/static/{version}/…`", "")
    for_all, for_admins = (set(re.findall(r"`((?:GET|POST) /sidecar[^`]*)`", part)) for part in text.split(ADMINS_ONLY))
    pages = {f"{each.method} /sidecar{re.sub(r':[a-z]+}', '}', each.path)}": each.who for each in ADDRESSES}
    assert for_all == {page for page, who in pages.items() if who is not Who.ADMINS}
    assert for_admins == {page for page, who in pages.items() if who is Who.ADMINS}


# what is installed beside it


def metrics_in(text: str) -> set[str]:
    names = set(re.findall(r"\bsidecar_[a-z_]+", text))
    return {name.removesuffix("_bucket") for name in names}


def test_alert_rules_and_dashboard_use_metrics_that_exist() -> None:
    alerts = (ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8")
    dashboard = (ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8")
    assert metrics_in(alerts) <= set(families(Metrics()))
    assert metrics_in(dashboard) == set(families(Metrics())), "the dashboard shows all of them"


def test_every_alert_says_what_to_do() -> None:
    [group] = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]:
        assert rule["annotations"].keys() == {"summary", "what_to_do"}, rule["alert"]
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
        for page in re.findall(r"docs/[\w.]+\.md", rule["annotations"]["what_to_do"]):
            assert (ROOT / page).exists(), page


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    board = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    cells = [
        (x, y)
        for panel in board["panels"]
        for grid in [panel["gridPos"]]
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_the_unit_is_understood_by_systemd(tmp_path: Path) -> None:
    unit = (ROOT / "deploy" / "sipgate-sidecar.service").read_text(encoding="utf-8")
    for setting in ("User=sipgate-sidecar", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n"):
        assert setting in unit
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    file = tmp_path / "sipgate-sidecar.service"
    file.write_text(unit.replace("/opt/sidecar/bin/sipgate-sidecar", "/bin/true"))
    verified = subprocess.run([analyze, "verify", file], capture_output=True, text=True, check=False, timeout=60)
    assert "sipgate-sidecar.service" not in verified.stderr, verified.stderr
