"""The HTML report in a real browser: it opens from a file, filters, shows a plan and a proof, and obeys nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quod.evals.report import write_report

sys.path.insert(0, str(Path(__file__).parent))
from evals_chromium import Browser, find_chromium
from evals_runs import HOSTILE, hostile_answer, make_run, plan_answer, proof_answer, record

PLANNED = {"category": "planning", "verified": True, "attempts": 2}
AXE = "axe-core@4.14.1"


def absent(what: str) -> None:
    """In CI what is missing fails; elsewhere the test is skipped, saying so."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        absent("needs chromium (make system)")
    assert program is not None
    found = Browser(program)
    yield found
    found.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, fetched once into a cache with npm."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "quod-tests" / AXE
    source = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        if shutil.which("npm") is None:
            absent("needs npm to fetch axe-core")
        cache.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            str(cache),
            AXE,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            absent(f"npm cannot fetch axe-core: {done.stderr[-200:]}")
    return source.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    run = make_run(folder / "first")
    paid = {"draft": [1, 0], "mend": [1, 1]}
    stages = {"solve": 0.2, "translate": 0.1}
    tower = record("tower", "right", plan_answer(), text="Put a on b.", strategies=paid, stages=stages, **PLANNED)
    run.append(tower)
    run.append(
        record("sum", "right", proof_answer(), category="proving", verified=True, assurance="kernel", attempts=1)
    )
    run.append(record(HOSTILE, "wrong", hostile_answer(), text=HOSTILE, category=HOSTILE, expected=HOSTILE, got=HOSTILE,
                      note=HOSTILE, verified=True))  # fmt: skip
    for i in range(120):
        run.append(record(f"row-{i:03}", "abstained" if i % 3 else "right", text=f"problem {i}", category="bulk"))
    second = make_run(folder / "second <b>", seed=1)
    second.append(record("tower", "error", note="infrastructure.unavailable"))
    out = folder / "report.html"
    write_report([run, second], out)
    return out


@pytest.fixture
def page(browser: Browser, report: Path) -> Browser:
    browser.resize(1200, 900)
    browser.dark(False)
    browser.complaints.clear()
    browser.requests.clear()
    browser.open("about:blank")
    browser.open(report.as_uri())
    browser.until("document.documentElement.dataset.ready === 'yes'")
    return browser


def links(page: Browser) -> list[str]:
    found: list[str] = page.run("[...document.querySelectorAll('#list a')].map(a => a.textContent)")
    return found


def open_problem(page: Browser, name: str) -> str:
    page.run(f"[...document.querySelectorAll('#list a')].find(a => a.textContent === {name!r}).click()")
    page.until("!document.getElementById('problem').hidden")
    text: str = page.run("document.getElementById('problem').innerText")
    return text


def test_it_opens_from_a_file_asks_nothing_and_complains_of_nothing(page: Browser, report: Path) -> None:
    assert len(links(page)) == 50
    assert page.run("document.querySelectorAll('figure svg').length") >= 7
    assert page.complaints == []
    assert [url for url in page.requests if url not in {report.as_uri(), "about:blank"}] == []


def test_it_filters_searches_and_turns_pages(page: Browser) -> None:
    page.run("document.getElementById('next').click()")
    assert "page 2 of 3" in page.run("document.getElementById('count').textContent")
    page.run("const s = document.getElementById('search'); s.value = 'row-01'; s.dispatchEvent(new Event('input'))")
    page.until("document.querySelectorAll('#list tr').length === 10")
    page.run("const o = document.getElementById('outcome'); o.value = '0'; o.dispatchEvent(new Event('change'))")
    assert links(page) == ["row-012", "row-015", "row-018"]
    page.run("document.getElementById('search').value = ''; document.getElementById('verified').click()")
    assert links(page) == ["tower", "sum"]


def test_it_shows_a_plan_with_its_attempts(page: Browser) -> None:
    text = open_problem(page, "tower")
    steps = page.run("[...document.querySelectorAll('ol.plan li')].map(li => li.textContent)")
    assert steps == ["(pickup a)", "(stack a b)"]
    assert "no plan is shorter" in text
    assert page.run("document.querySelectorAll('ul.tree ul.tree li').length") == 1, (
        "the mended attempt hangs below the draft"
    )
    assert page.run("document.querySelector('#problem .c').textContent") == "; two blocks"
    assert page.complaints == []


def test_it_shows_a_proof_and_goes_back(page: Browser) -> None:
    text = open_problem(page, "sum")
    assert "exact Nat.add_comm a b" in text
    assert page.run("[...document.querySelectorAll('#problem .k')].map(k => k.textContent)")[:2] == ["theorem", "by"]
    page.run("history.back()")
    page.until("document.getElementById('problem').hidden")
    assert links(page)


def test_nothing_a_run_says_is_obeyed(page: Browser) -> None:
    text = open_problem(page, HOSTILE)
    assert text.count("</script>") >= 5
    assert page.run("window.pwned") is None
    assert page.run("document.querySelectorAll('img').length") == 0
    assert "wrong but verified" in text.lower()
    # and markup that got in all the same would be refused by the policy
    page.run("const s = document.createElement('script'); s.textContent = 'window.pwned = 2'; document.body.append(s)")
    page.run("const i = document.createElement('img'); i.src = 'https://example.org/x.png'; document.body.append(i)")
    assert page.run("window.pwned") is None
    assert any("Content Security Policy" in complaint for complaint in page.complaints)


@pytest.mark.parametrize("name", [None, "tower"])
def test_it_fits_a_phone(page: Browser, name: str | None) -> None:
    page.resize(390, 844)
    if name:
        open_problem(page, name)
    assert page.run("document.documentElement.scrollWidth") <= 390
    small: list[str] = page.run(
        "[...document.querySelectorAll('main *')].filter(e => e.childElementCount === 0 && e.getClientRects().length"
        " && parseFloat(getComputedStyle(e).fontSize) < 12).map(e => e.outerHTML.slice(0, 200))"
    )
    assert small == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 390])
def test_it_is_accessible(page: Browser, axe: str, dark: bool, width: int) -> None:
    page.resize(width, 900)
    page.dark(dark)
    page.run(axe + "; null")
    assert violations(page) == []
    open_problem(page, "tower")
    page.run("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []


def violations(page: Browser) -> list[Any]:
    found: list[Any] = page.run(
        "axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html, v.nodes[0].failureSummary]))"
    )
    return found
