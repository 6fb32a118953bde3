"""Ten thousand rows: memory does not grow with them, and the report stays small and opens fast."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from quod.core.assurance import Assurance
from quod.evals.report import write_report
from quod.evals.runs import RunFolder

sys.path.insert(0, str(Path(__file__).parent))
from evals_chromium import Browser, find_chromium
from evals_runs import make_run, plan_answer, proof_answer, record

ROWS = 10_000
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of ten thousand rows with about 300 distinct words each, written as a run writes it but for the sync."""
    run = make_run(tmp_path_factory.mktemp("many") / "run")
    rng = random.Random(0)
    words = [f"{a}{b}" for a in "bdfgklmnprstv" for b in ("amo", "est", "ilu", "ora", "unt", "ekk", "oss", "arp")]
    answers = [plan_answer(), proof_answer().model_copy(update={"assurance": Assurance.KERNEL})]
    with (run.path / "results.jsonl").open("w") as out:
        for i in range(ROWS):
            text = " ".join(rng.choices(words, k=300))
            outcome = rng.choices(["right", "wrong", "abstained"], [6, 1, 3])[0]
            stages = {"solve": rng.random()}
            made = record(f"row-{i}", outcome, answers[i % 2], text=text, category=f"kind {i % 12}", stages=stages,
                          seconds=rng.random() * 9, verified=outcome != "abstained", attempts=1 + i % 3)  # fmt: skip
            out.write(made.model_dump_json() + "\n")
    return run


MEASURE = """
import resource, sys
from pathlib import Path
from quod.evals.report import page, write_report
from quod.evals.running import scores_of
from quod.evals.runs import RunFolder
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
run = RunFolder.open(Path(sys.argv[1]))
before = peak()
n = scores_of(run).all.n
figures = peak()
print(n, figures - before, write_report([run], run.path / "report.html"), peak() - before)
"""


@pytest.mark.slow
def test_figures_and_report_in_bounded_memory(many: RunFolder) -> None:
    size = (many.path / "results.jsonl").stat().st_size
    assert size > 25 * MEBIBYTE
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(many.path)], capture_output=True, text=True, timeout=280, check=True
    )
    n, figures, written, report = map(int, done.stdout.split())
    assert n == ROWS
    assert figures < 24 * 1024, "KiB above what the process had before"
    assert report < 150 * 1024
    assert written < 20 * MEBIBYTE


@pytest.mark.slow
def test_it_opens_within_three_seconds_and_filters(many: RunFolder) -> None:
    program = find_chromium()
    if program is None:
        pytest.skip("needs chromium (make system)")
    report = many.path / "report.html"
    if not report.exists():
        write_report([many], report)
    browser = Browser(program)
    try:
        browser.open("about:blank")
        seconds = min(browser.open(report.as_uri()) for _ in range(3))
        browser.until("document.documentElement.dataset.ready === 'yes'")
        assert seconds < 3.0
        assert browser.run("document.getElementById('count').textContent") == "10000 of 10000 shown, page 1 of 200"
        browser.run(
            "const s = document.getElementById('search'); s.value = 'row-9999'; s.dispatchEvent(new Event('input'))"
        )
        browser.until("document.querySelectorAll('#list tr').length === 1")
        browser.run("document.querySelector('#list a').click()")
        browser.until("!document.getElementById('problem').hidden")
        assert "theorem t" in browser.run("document.getElementById('problem').innerText")
        assert browser.complaints == []
    finally:
        browser.close()
