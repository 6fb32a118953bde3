"""Rocq's error messages: where they point and what kind they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quod.backends.rocq import codes
from quod.core.diagnostics import Code, Diagnostic, Severity, Span

__all__ = ["CoqMessage", "classify", "parse_coqc"]


@dataclass(frozen=True)
class CoqMessage:
    """One message of coqc: severity, 1-based line, 0-based columns as coqc counts them (bytes), text."""

    severity: Severity
    line: int
    start: int
    end: int
    text: str
    end_line: int = 0

    def span(self, source: str) -> Span | None:
        """The span in characters; None if the line is not in the source."""
        lines = source.split("\n")
        if not 1 <= self.line <= len(lines):
            return None
        raw = lines[self.line - 1].encode()
        start = len(raw[: self.start].decode(errors="ignore"))
        # the end column counts from the start of the first line, through later lines
        end = len(("\n".join(lines[self.line - 1 :])).encode()[: self.end].decode(errors="ignore"))
        offset = sum(len(line) + 1 for line in lines[: self.line - 1])
        return Span.at(source, offset + start, offset + max(end, start + 1))

    def diagnostic(self, source: str, file: str | None = None) -> Diagnostic:
        """The message as a diagnostic of its kind."""
        kind = classify(self.text)
        return kind.error(_first_lines(self.text), span=self.span(source), file=file, data={"text": self.text[:4000]})


_PLACE = re.compile(
    r'^File "(?P<file>[^"\n]*)", lines? (?P<line>\d+)(?:-(?P<last>\d+))?, characters (?P<a>\d+)-(?P<b>\d+):$',
    re.MULTILINE,
)


def parse_coqc(output: str) -> tuple[CoqMessage, ...]:
    """The messages of coqc's standard error, in order. Text without a place is taken as an error at line 1."""
    places = list(_PLACE.finditer(output))
    messages: list[CoqMessage] = []
    for place, following in zip(places, [*places[1:], None], strict=False):
        body = output[place.end() : following.start() if following else len(output)].strip()
        warning = body.startswith("Warning:")
        text = re.sub(r"^(Error|Warning):\s*", "", body)
        severity = Severity.WARNING if warning else Severity.ERROR
        line = int(place["line"])
        messages.append(CoqMessage(severity, line, int(place["a"]), int(place["b"]), text, int(place["last"] or line)))
    if not places and re.search(r"^(Error|Anomaly|Fatal error)", output, re.MULTILINE):
        messages.append(CoqMessage(Severity.ERROR, 1, 0, 1, output.strip()))
    return tuple(messages)


# The first pattern that is found decides; specific ones first. Messages are those of Coq 8.16 to Rocq 9.
_KINDS: tuple[tuple[Code, tuple[str, ...]], ...] = (
    (codes.INCOMPLETE, (
        "Attempt to save an incomplete proof", "Attempt to save a proof with (given up|shelved) goals",
        "There are pending proofs", "Some unresolved existential", "still unfocused", "unfinished",
        "has not been proved",
    )),
    (codes.TIMEOUT, ("[Tt]imeout",)),
    (codes.MEMORY, ("[Oo]ut of memory", "[Ss]tack overflow")),
    (codes.SYNTAX, (
        "Syntax error", "Illegal tactic application", "illegal begin of", "Unterminated", "Undefined token",
    )),
    (codes.UNKNOWN_LIBRARY, (
        "Cannot find a physical path", "Unable to locate library", "Cannot load", "Cannot find module",
    )),
    (codes.UNKNOWN_REFERENCE, (
        "was not found in the current environment", "Unknown (interpretation|scope|tactic)",
        "is not a defined object",
    )),
    (codes.NAME_CLASH, ("already (used|exists)", "is used twice")),
    (codes.NO_SUCH_GOAL, ("No such (unproven )?(goal|subgoal)", "No more (goals|subgoals)", "Focus next goal")),
    (codes.BULLET, ("[Bb]ullet", "This proof is focused", "curly brace", "closing brace", "subproof")),
    (codes.INTRO, (
        "No product even after head-reduction", "[Nn]othing to introduce", "Expects? an? (disjunctive|conjunctive)",
        "disjunctive/conjunctive",
    )),
    (codes.ARITHMETIC, ("Cannot find witness", "No applicable tactic")),
    (codes.RING, (
        "not a valid (ring|field) equation", "cannot find a declared (ring|field)", "not a (ring|field)",
    )),
    (codes.REWRITE, (
        "Found no subterm matching", "does not occur", "rewriting", "nothing to rewrite", "did not find an instance",
    )),
    (codes.UNIVERSE, ("[Uu]niverse inconsistency",)),
    (codes.TERMINATION, ("Cannot guess decreasing argument", "ill-formed recursive", "[Nn]on strictly positive")),
    (codes.TYPE_MISMATCH, (
        "while it is expected to have type", "has type", "Illegal application", "cannot be applied",
        "Found a constructor", "Cannot interpret this number", "Incorrect (elimination|number)",
    )),
    (codes.UNIFICATION, (
        "Unable to unify", "Cannot unify", "Not convertible", "Cannot infer", "Unable to find an instance",
        "Impossible to unify",
    )),
    (codes.TACTIC_FAILED, (
        "Tactic failure", "[Nn]o matching clauses", "Not an? ", "[Uu]nable to (apply|find|satisfy)",
        "No primitive equality", "proof is not complete", "Expression does not evaluate", "Failed to progress",
        "No such (hypothesis|assumption)", "not reducible", "The (reference|variable|tactic|relation|term)",
        "Cannot (find|change|solve|refine|coerce|turn)", "In nested Ltac",
    )),
)  # fmt: skip
_COMPILED = tuple((re.compile("|".join(patterns)), code) for code, patterns in _KINDS)


def classify(text: str) -> Code:
    """The kind of an error message of Rocq."""
    flat = re.sub(r"\s+", " ", text)
    for pattern, code in _COMPILED:
        if pattern.search(flat):
            return code
    return codes.OTHER


def _first_lines(text: str, limit: int = 300) -> str:
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
