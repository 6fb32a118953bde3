"""The HTML report: one file that opens from disk, asks nothing of any network, and trusts nothing it shows.

Figures and plots are written here, escaped; what runs had to say goes into JSON that the page's own script sets as
text. The content-security policy allows that one script and that one style sheet, by their hashes. The details of
problems are gzipped in chunks and read when a problem is opened, so that ten thousand rows stay a small file.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from quod.core.plain import plain
from quod.evals.report.collecting import Collected
from quod.evals.report.plots import Bar, Series, bars, curve, figure, scatter
from quod.evals.runs import RunFolder
from quod.evals.scores import Counts, Scores
from quod.evals.stats import wilson

__all__ = ["write_html"]

_HERE = Path(__file__).parent
_LEVELS = ["kernel", "certificate", "cross_checked", "engine", "none"]


def write_html(runs: list[RunFolder], out: TextIO, k: int = 1) -> None:
    """Write the page."""
    collected = Collected(runs)
    collected.read()
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    out.write(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>quod evaluation</title><style>{style}</style></head><body>"
        '<a class="skip" href="#overview">Skip to the figures</a>'
        "<header><h1>quod evaluation</h1></header><main>"
        '<div id="overview">'
    )
    out.writelines(_overview(collected, k))
    out.write(f'</div><article id="problem" hidden></article></main>{_footer(collected)}')
    out.write(f'<script type="application/json" id="index">{_json(collected.index())}</script>')
    for number, chunk in enumerate(collected.chunks):
        opening = f'<script type="text/plain" id="chunk-{number}">'
        out.write(f"{opening}{chunk}</script>")
    out.write(f"<script>{script}</script></body></html>\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _e(value: object) -> str:
    return html.escape(plain(str(value)), quote=True)


def _overview(collected: Collected, k: int) -> Iterator[str]:
    yield _summary(collected, k)
    wrong = sum(scores.all.wrong_verified for scores in collected.scores)
    if wrong:
        yield f'<p class="banner">{wrong} answers are wrong but verified: read these first.</p>'
    yield '<h2>Plots</h2><div class="figures">'
    yield from _plots(collected)
    yield "</div>"
    yield _LIST
    if collected.dropped:
        yield f'<p class="soft">Details of {collected.dropped} samples were left out to keep this file small.</p>'


def _summary(collected: Collected, k: int) -> str:
    heads = ["run", "n", "right", "wrong", "abstained", "errors", "verified", "wrong but verified",
             "accuracy", "coverage", "precision", "precision if verified"]  # fmt: skip
    lines = []
    for run, scores in zip(collected.runs, collected.scores, strict=True):
        lines.append(_summary_row(heads, run.path.name, scores.all))
        if scores.sound.n != scores.all.n:
            lines.append(_summary_row(heads, f"{run.path.name}, sound rows only", scores.sound))
    head = "".join(f'<th scope="col">{_e(name)}</th>' for name in heads)
    facts = "".join(_facts(run, scores, k) for run, scores in zip(collected.runs, collected.scores, strict=True))
    return (
        '<h2>Figures</h2><div class="scroll" tabindex="0" role="region" aria-label="figures of the runs">'
        f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
        '<p class="soft">Shares with their 95% intervals (Wilson). Infrastructure errors count for nothing; '
        f"accuracy and coverage are over the rest, precision over what was answered.</p>{facts}"
    )


def _summary_row(heads: list[str], name: str, c: Counts) -> str:
    numbers = (c.n, c.right, c.wrong, c.abstained, c.errors, c.verified, c.wrong_verified)
    shares = (c.accuracy, c.coverage, c.precision, c.precision_verified)
    values = zip(heads[1:], (*numbers, *shares), strict=True)
    cells = "".join(f'<td class="num" data-label="{_e(head)}">{_e(value)}</td>' for head, value in values)
    return f'<tr><th scope="row" data-label="{_e(heads[0])}">{_e(name)}</th>{cells}</tr>'


def _facts(run: RunFolder, scores: Scores, k: int) -> str:
    config = run.config
    pairs: list[tuple[str, object]] = [
        ("benchmark", config.benchmark),
        ("translator", config.translator if config.baseline is None else "the model alone (baseline)"),
        ("data", f"{config.data} (SHA-256 {config.data_sha256[:16]}…)"),
    ]
    pairs += [
        (name, value)
        for name, value in (("split", config.split), ("assistant", config.assistant), ("model", config.model))
        if value
    ]
    pairs.append(("budget of a row", f"{config.seconds:g} s, {config.attempts} attempts"))
    passed, rows = scores.pass_at(k)
    if not math.isnan(passed):
        pairs.append((f"pass@{k}", f"{100 * passed:.1f}% over {rows} rows"))
    pairs += [(name, f"{100 * mean:.1f}% over {count} rows") for name, (mean, count) in scores.named.items()]
    pairs.append(
        (
            "model",
            f"{scores.model_calls} calls, {scores.tokens:,} tokens"
            + ("" if scores.money is None else f", ${scores.money:.4f}"),
        )
    )
    pairs.append(("seconds", f"{scores.seconds:.1f}, of them engines {scores.engine_seconds:.1f}"))
    versions = run.facts.get("versions")
    named = {name: v for name, v in versions.items() if v} if isinstance(versions, dict) else {}
    pairs.append(
        (
            "environment",
            f"Python {run.facts.get('python')}, {run.facts.get('platform')}, {run.facts.get('cores')} cores",
        )
    )
    pairs.append(("versions", ", ".join(f"{name} {v}" for name, v in named.items())))
    items = "".join(f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>" for name, value in pairs)
    return f"<details><summary>{_e(run.path.name)}: how it was run</summary><dl>{items}</dl></details>"


def _plots(collected: Collected) -> Iterator[str]:
    names = [run.path.name for run in collected.runs]
    several = len(names) > 1
    for name, scores in zip(names, collected.scores, strict=True):
        of = f" ({name})" if several else ""
        categories = sorted(scores.categories.items(), key=lambda item: -item[1].n)[:20] or [("all", scores.all)]
        items = [
            Bar(
                category,
                0.0 if math.isnan(c.accuracy.share) else c.accuracy.share,
                f"{c.right}/{c.n - c.errors}",
                c.accuracy,
            )
            for category, c in categories
        ]
        title = f"Accuracy by category{of}"
        yield figure(title, bars(items, title, share=True), "with 95% intervals")
    series = [_coverage(name, scores) for name, scores in zip(names, collected.scores, strict=True)]
    yield figure(
        "Coverage against precision",
        scatter(series, "Coverage against precision", "coverage", "precision"),
        "counting only answers at this assurance or stronger",
    )
    paces = [
        _pace(name, pace, scores) for name, pace, scores in zip(names, collected.pace, collected.scores, strict=True)
    ]
    yield figure(
        "Cost against accuracy", curve(paces, "Cost against accuracy", "seconds for a sample", "right within that time")
    )
    for name, scores in zip(names, collected.scores, strict=True):
        of = f" ({name})" if several else ""
        if scores.attempts_to_verified:
            items = [
                Bar(f"{n} attempts" if n != 1 else "1 attempt", c, str(c))
                for n, c in sorted(scores.attempts_to_verified.items())[:12]
            ]
            yield figure(f"Attempts to verified{of}", bars(items, f"Attempts to verified{of}"))
        if scores.stages:
            stages = sorted(scores.stages.items(), key=lambda item: -item[1])
            items = [Bar(stage, spent, f"{spent:.1f} s") for stage, spent in stages]
            yield figure(f"Time by stage{of}", bars(items, f"Time by stage{of}"))
        if scores.strategies:
            made = sorted(scores.strategies.items(), key=lambda item: -item[1][0])[:16]
            items = [Bar(strategy, n, f"{paid} of {n} paid", inner=paid) for strategy, (n, paid) in made]
            title = f"Strategies that paid{of}"
            yield figure(title, bars(items, title), "attempts made, and of them accepted by a checker")


def _coverage(name: str, scores: Scores) -> Series:
    """Coverage and precision of what stands at each assurance or stronger."""
    total = scores.all.n - scores.all.errors
    points, words = [], []
    right = answered = 0
    for level in _LEVELS:
        counts = scores.assurance_counts.get(level)
        if counts is None:
            continue
        right, answered = right + counts.right, answered + counts.answered
        if answered and total:
            points.append((answered / total, wilson(right, answered).share))
            words.append(level)
    return Series(name, points, words)


def _pace(name: str, pace: list[float], scores: Scores) -> Series:
    total = scores.all.n - scores.all.errors
    return Series(name, [(max(seconds, 1e-3), (i + 1) / total) for i, seconds in enumerate(sorted(pace))])


_LIST = """
<h2 id="problems">Problems</h2>
<form id="filters" role="search" aria-label="problems">
<label>search <input id="search" type="search" autocomplete="off"></label>
<label>outcome <select id="outcome"><option value="">any</option></select></label>
<label>category <select id="category"><option value="">any</option></select></label>
<label>assurance <select id="assurance"><option value="">any</option></select></label>
<label>run <select id="run"><option value="">any</option></select></label>
<label class="check"><input id="verified" type="checkbox"> verified only</label>
</form>
<p id="count" role="status" class="soft"></p>
<table class="rows"><thead><tr><th scope="col">problem</th><th scope="col" id="run-head">run</th>
<th scope="col">category</th>
<th scope="col">outcome</th><th scope="col">expected</th><th scope="col">got</th><th scope="col">assurance</th>
<th scope="col">seconds</th></tr></thead><tbody id="list"></tbody></table>
<p><button id="previous" type="button">previous</button> <button id="next" type="button">next</button></p>
<noscript><p>The list of problems needs JavaScript; the figures above do not.</p></noscript>
"""


def _footer(collected: Collected) -> str:
    versions = ", ".join(dict.fromkeys(run.config.quod for run in collected.runs))
    return (
        f'<footer><p class="soft">Written by quod {_e(versions)}. This file asks nothing of any network.</p></footer>'
    )
