"""The judge of Lean proofs: static rules, the whole file in command mode, the pin, the axioms.

Tactic mode is never believed. The trusted words are elaborated first, as a definition in the trusted header's
environment; then the candidate runs; then a theorem of that definition is closed by the candidate's, and its axioms are
listed.
"""

from __future__ import annotations

import time

from quod.backends.itp.types import CheatKind, FileCheck, Outcome, Statement
from quod.backends.lean import codes
from quod.backends.lean.commands import ALLOWED_AXIOMS, check_commands, parse_axioms
from quod.backends.lean.messages import diagnostic
from quod.backends.lean.repl import HeaderRepl, ReplFailedError
from quod.backends.lean.statement import pinned, read_statement
from quod.backends.lean.wire import CommandResult, ErrorResult, Message
from quod.core.diagnostics import Diagnostic

__all__ = ["judge_axioms", "judge_messages", "static_check", "strip_header", "verify", "without_imports"]


def strip_header(candidate: str, header: str) -> tuple[str, int]:
    """The candidate after the trusted header, if it begins with it (white space aside), and where that starts."""
    if candidate.startswith(header):
        return candidate[len(header) :], len(header)
    i = j = 0
    while j < len(header):
        if header[j].isspace():
            j += 1
        elif i < len(candidate) and candidate[i].isspace():
            i += 1
        elif i < len(candidate) and candidate[i] == header[j]:
            i, j = i + 1, j + 1
        else:
            return candidate, 0
    return candidate[i:], i


def static_check(statement: Statement, candidate: str) -> FileCheck | None:
    """What can be said without Lean: a cheat, a missing statement, a hole; None if nothing is wrong so far."""
    body, offset = strip_header(candidate, statement.header)
    found = check_commands(body, offset=offset, whole=candidate)
    diagnostics = tuple(d for _, d in found)
    read, problems = read_statement(candidate, statement.name)
    kinds = {kind for kind, _ in found}
    if kinds and kinds <= {CheatKind.HOLE} and read is not None and not _hidden_hole(read.header, statement.header):
        span = diagnostics[0].span
        return FileCheck(Outcome.INCOMPLETE, (codes.INCOMPLETE.error("the proof has a hole (sorry)", span=span),))
    if found:
        return FileCheck(Outcome.CHEAT, diagnostics, cheat=found[0][0])
    if read is None:
        missing = codes.CHEAT_STATEMENT.error(
            f"the candidate does not state '{statement.name}'", hint=problems[0].message
        )
        return FileCheck(Outcome.CHEAT, (missing,), cheat=CheatKind.STATEMENT)
    return None


def _hidden_hole(before: str, header: str) -> bool:
    """Whether a hole stands before the theorem itself."""
    return any(kind is CheatKind.HOLE for kind, _ in check_commands(strip_header(before, header)[0]))


def verify(statement: Statement, candidate: str, repl: HeaderRepl, seconds: float) -> FileCheck:
    """Judge a whole candidate file. ``repl`` has the statement's header loaded.

    A candidate with a header of its own is run without it: its imports were checked against the allow-list, and what it
    opens beyond the trusted header belongs below that.
    """
    started = time.monotonic()
    early = static_check(statement, candidate)
    if early is not None:
        return early
    body, offset = strip_header(candidate, statement.header)
    if not offset and statement.header.strip():
        body = without_imports(candidate)
    line_offset = 0 if not offset else -candidate[:offset].count("\n")
    before, after, name = pinned(statement)
    try:
        results = repl.commands((before, body, after), seconds)
    except ReplFailedError as error:
        code, outcome = (codes.TIMEOUT, Outcome.TIMEOUT) if error.how == "hung" else (codes.REPL_DIED, Outcome.CRASHED)
        return FileCheck(outcome, (code.error(error.message),), seconds=time.monotonic() - started)
    taken = time.monotonic() - started
    refused = judge_messages(results[0])
    if refused is not None:
        return FileCheck(Outcome.ERROR, refused.diagnostics, seconds=taken)
    first = judge_messages(results[1], line_offset)
    if first is not None:
        return FileCheck(first.outcome, first.diagnostics, cheat=first.cheat, seconds=taken)
    pinned_result = results[2]
    if isinstance(pinned_result, ErrorResult) or pinned_result.errors:
        told = pinned_result.message if isinstance(pinned_result, ErrorResult) else pinned_result.errors[0].data
        found = codes.CHEAT_STATEMENT.error(f"'{statement.name}' does not prove the pinned statement", hint=told[:600])
        return FileCheck(Outcome.CHEAT, (found,), cheat=CheatKind.STATEMENT, seconds=taken)
    judged = judge_axioms(pinned_result.messages, name)
    return FileCheck(judged.outcome, judged.diagnostics, judged.cheat, judged.axioms, judged.audited, taken)


def without_imports(candidate: str) -> str:
    """The candidate with its import lines blanked."""
    lines = candidate.split("\n")
    return "\n".join("" if line.startswith("import ") else line for line in lines)


def judge_messages(result: CommandResult | ErrorResult, line_offset: int = 0) -> FileCheck | None:
    """What the messages of the candidate say against it; None if nothing."""
    if isinstance(result, ErrorResult):
        return FileCheck(Outcome.ERROR, (codes.REPL_ERROR.error(result.message[:600]),))
    errors = tuple(diagnostic(m, line_offset=line_offset) for m in result.errors)
    if errors:
        late = any(d.code == codes.TIMEOUT.name for d in errors)
        open_end = all(d.code in {codes.UNSOLVED_GOALS.name, codes.INCOMPLETE.name} for d in errors)
        outcome = Outcome.TIMEOUT if late else Outcome.INCOMPLETE if open_end else Outcome.ERROR
        return FileCheck(outcome, errors)
    if result.has_hole:
        holes: list[Diagnostic] = [diagnostic(m, line_offset=line_offset) for m in result.messages if m.is_sorry]
        first = codes.INCOMPLETE.error("the proof has a hole (sorry)", span=holes[0].span if holes else None)
        return FileCheck(Outcome.INCOMPLETE, (first,))
    return None


def judge_axioms(messages: tuple[Message, ...], name: str) -> FileCheck:
    """Judge what ``#print axioms`` printed for the pin. Anything but exactly one such list is not believed."""
    lists = [listed for m in messages if m.severity == "info" and (listed := parse_axioms(m.data))]
    ours = [axioms for printed, axioms in lists if printed == name]
    if len(ours) != 1 or len(lists) != 1:
        found = codes.REPL_DIED.error("the list of axioms was not printed as expected")
        return FileCheck(Outcome.CRASHED, (found,))
    axioms = ours[0]
    strange = [a for a in axioms if a not in ALLOWED_AXIOMS]
    if strange:
        hole = "sorryAx" in strange
        compiled = any("ofReduce" in a or "trustCompiler" in a for a in strange)
        kind = CheatKind.HOLE if hole else CheatKind.UNSOUND if compiled else CheatKind.AXIOM
        code = {CheatKind.HOLE: codes.CHEAT_HOLE, CheatKind.UNSOUND: codes.CHEAT_UNSOUND}.get(kind, codes.CHEAT_AXIOM)
        return FileCheck(Outcome.CHEAT, (code.error(f"the proof rests on {', '.join(strange)}"),), kind, axioms)
    note = (codes.AXIOMS.info("the proof rests on: " + ", ".join(axioms)),) if axioms else ()
    return FileCheck(Outcome.PROVED, note, axioms=axioms, audited=True)
