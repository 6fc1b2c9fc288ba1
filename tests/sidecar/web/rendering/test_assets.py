"""Static files: kept by browsers for ever, each version by itself; modules that find each other."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

import pytest

from sidecar.web.rendering.assets import MODULES, STATIC, asset_path, version
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.web.service import Service

EXPORT = re.compile(r"^export (?:(?:async )?function|const) (\w+)", re.MULTILINE)
IMPORT = re.compile(r'^import (?:{ (?P<names>[\w, ]+) } from )?"(?P<path>[^"]+)";$', re.MULTILINE)


def imports_of(module: str) -> dict[str, list[str]]:
    """Path below the static files -> what is imported from there."""
    text = (STATIC / module).read_text(encoding="utf-8")
    origin = (STATIC / module).parent
    return {
        str((origin / found["path"]).resolve().relative_to(STATIC)): re.findall(r"\w+", found["names"] or "")
        for found in IMPORT.finditer(text)
    }


def test_every_module_is_reached_from_the_first_one_without_a_circle() -> None:
    graph = {module: set(imports_of(module)) for module in MODULES}
    reached = {"js/main.js"}
    for module in reversed(tuple(TopologicalSorter(graph).static_order())):
        reached |= graph.get(module, set()) if module in reached else set()
    assert reached == {*MODULES, "vendor/htmx-sse.js"}


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_imports_is_exported_and_used(module: str) -> None:
    text = (STATIC / module).read_text(encoding="utf-8")
    assert text.count("import ") == len(imports_of(module)), "an import that this test cannot read"
    for path, names in imports_of(module).items():
        exported = EXPORT.findall((STATIC / path).read_text("utf-8"))
        assert set(names) <= set(exported), path
        assert all(len(re.findall(rf"\b{name}\b", text)) > 1 for name in names), path


def test_a_page_names_files_of_one_version_and_all_of_its_modules(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        page = browser.get("/").text
    assert set(re.findall(r"/static/(\w+)/", page)) == {version()}
    assert set(re.findall(r'"/sidecar(/static/[^"]+/js/\w+\.js)"', page)) == {asset_path(name) for name in MODULES}


def test_another_version_gets_styles_uncached_but_never_a_module(service: Service) -> None:
    with service.browser() as browser:
        for name in ("style.css", "icons.svg", "retry.js", "vendor/htmx.min.js"):
            answer = browser.get(f"/static/another/{name}")
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), name
        for name in MODULES:
            assert browser.get(asset_path(name)).status_code == 200
            answer = browser.get(f"/static/another/{name}")
            assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store"), name
