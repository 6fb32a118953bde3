"""Answers for people: the answer in words first, then what stands behind it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic, Severity
from quod.core.faithfulness import FaithfulnessLevel
from quod.core.model import JsonDict
from quod.core.plain import plain

__all__ = ["answer_console", "show_answer", "show_diagnostics", "show_event"]

_STATUS_STYLE = {
    Status.VERIFIED: "bold green",
    Status.UNVERIFIED: "bold yellow",
    Status.NEEDS_CLARIFICATION: "bold cyan",
    Status.EXHAUSTED: "bold yellow",
    Status.FAILED: "bold red",
    Status.CANCELLED: "bold red",
}
_SEVERITY_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_FAITHFULNESS = {
    FaithfulnessLevel.GIVEN: "the formal text was given",
    FaithfulnessLevel.CONTROLLED: "a deterministic grammar accounts for every word",
    FaithfulnessLevel.AGREED: "independent translations agree on the meaning",
    FaithfulnessLevel.ROUND_TRIP: "read back into words and compared",
    FaithfulnessLevel.UNCHECKED: "not checked against your words",
}
_MAX_FORMAL_LINES = 40
_LABEL_WIDTH = 13


def answer_console() -> Console:
    """Standard output: as wide as the terminal; a file or a pipe is given lines of a readable width."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=110)


def show_event(console: Console, kind: str, data: JsonDict) -> None:
    """One line for a stage as it happens."""
    if kind in {"memo", "answered"}:
        return
    details = ", ".join(f"{key} {value}" for key, value in data.items() if key != "text" and value is not None)
    console.print(Text(plain(f"  {kind:<11} {details}"), style="dim"))


def show_answer(console: Console, answer: Answer, *, formal: bool = True) -> None:
    """The whole answer."""
    head = Text(answer.status.upper().replace("_", " "), style=_STATUS_STYLE[answer.status])
    if answer.conclusion:
        head.append(f"  {answer.conclusion}", style="bold")
    console.print(head)
    if answer.answer:
        console.print(Padding(Text(plain(answer.answer)), (0, 0, 0, 2), expand=False))
    if answer.question:
        console.print(Padding(Text("? " + plain(answer.question), style="cyan"), (0, 0, 0, 2), expand=False))
    console.print(Padding(Text(plain(answer.statement), style="italic"), (0, 0, 0, 2), expand=False))
    if answer.formalization:
        _line(console, "assurance", f"{answer.assurance}{_by(answer)}")
        note = f" ({answer.faithfulness.note})" if answer.faithfulness.note else ""
        level = answer.faithfulness.level
        _line(console, "faithfulness", f"{level}: {_FAITHFULNESS[level]}{note}")
    for claim in answer.claims:
        _line(console, "claim", f"{claim.words} [{claim.assurance}]")
    show_diagnostics(console, answer.diagnostics)
    if formal and answer.formalization:
        _line(console, "formal text", f"{answer.formalization.language}")
        lines = plain(answer.formalization.text).splitlines()
        shown = lines[:_MAX_FORMAL_LINES]
        if len(lines) > len(shown):
            shown.append(f"… {len(lines) - len(shown)} more lines (all of it with --json)")
        console.print(Padding(Text("\n".join(shown), style="dim"), (0, 0, 0, 4), expand=False))
    cost = answer.cost
    model = f", {cost.model_calls} model calls" if cost.model_calls else ""
    _line(console, "cost", f"{cost.seconds:.2f} s, of it engines {cost.engine_seconds:.2f} s{model}")


def _by(answer: Answer) -> str:
    certificate = answer.certificate
    if certificate is None:
        return f" (engine {answer.verdict.engine})" if answer.verdict and answer.verdict.engine else ""
    found = f" found by {certificate.engine}" if certificate.engine else ""
    verb = "accepted" if certificate.accepted else "NOT accepted"
    return f" ({certificate.kind}{found}, {verb} by {certificate.checker} in {certificate.seconds * 1000:.1f} ms)"


def _line(console: Console, label: str, words: str) -> None:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_LABEL_WIDTH)
    grid.add_column(overflow="fold")
    grid.add_row(Text(label, style="bold"), Text(plain(words)))
    console.print(Padding(grid, (0, 0, 0, 2), expand=False))


def show_diagnostics(console: Console, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Each diagnostic with its place, the words concerned and what to do."""
    for diagnostic in diagnostics:
        where = f"{diagnostic.file}: " if diagnostic.file else ""
        where += f"{diagnostic.span}: " if diagnostic.span else ""
        text = Text(f"{diagnostic.severity:<8}", style=_SEVERITY_STYLE[diagnostic.severity])
        text.append(plain(f"{where}{diagnostic.message} [{diagnostic.code}]"), style="default")
        console.print(Padding(text, (0, 0, 0, 2), expand=False))
        if diagnostic.source and diagnostic.source not in diagnostic.message:
            console.print(Padding(Text("words: " + plain(diagnostic.source), style="dim"), (0, 0, 0, 10), expand=False))
        if diagnostic.hint:
            console.print(Padding(Text("hint: " + plain(diagnostic.hint), style="dim"), (0, 0, 0, 10), expand=False))
