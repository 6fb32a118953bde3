"""Lean's error messages by kind. The table holds for Lean 4.9 to 4.33; wording drifts, so patterns are loose."""

from __future__ import annotations

import re

from quod.backends.lean import codes
from quod.backends.lean.wire import Message
from quod.core.diagnostics import Code, Diagnostic, Severity, Span

__all__ = ["classify", "diagnostic"]

# The first kind with a pattern that is found decides; specific ones first.
_KINDS: tuple[tuple[Code, tuple[str, ...]], ...] = (
    (codes.TIMEOUT, (
        r"deterministic\) timeout", "maximum number of heartbeats", "Tactic took more than", "elaboration time limit",
    )),
    (codes.META_TEST, (
        "did not produce any messages", "did not begin with 'Try this", "but was expecting it to produce",
        "but got different error message", "produced different tactic states", "Tactics produced", "expected error",
        "Docstring on", "#guard_msgs",
    )),
    (codes.LINTER, ("linter reports", r"Found \d+ errors? in", r"linter\.", "should be (a def|a theorem)",)),
    (codes.FALSE_GOAL, (
        "Found a counter-?example", r"proved that the proposition[\s\S]*is false", "did not evaluate to `?true",
    )),
    (codes.KERNEL, (r"^\(kernel\)",)),
    (codes.UNSOLVED_GOALS, ("^unsolved goals", "^error: unsolved goals")),
    (codes.NO_GOALS, ("[Nn]o goals", "no goals to be (solved|proved)")),
    (codes.SEARCH_LIMIT, (
        "maximum recursion depth", "maximum number of", "maximum rule application depth", "maximum class-instance",
    )),
    (codes.NO_PROGRESS, ("made no progress", "no progress made", "[Nn]o suggestions available")),
    (codes.AUTOMATION, (
        "failed to prove the goal", r"`?fun_prop`? was unable",
        "tactic '(tauto|decide|grind|bv_decide|subsingleton)",
        r"`?(grind|aesop|tauto|decide|exact\?|apply\?)`? failed", "could not (prove|close) the goal", "could not prove",
        "^positivity", r"^failed to prove", "^aesop: error",
    )),
    (codes.RULE, (
        "^aesop:", "duplicate rule", "unfold rule", "cannot be unfolded", "not a valid (simp|aesop)", "rule builder",
        "is not registered", "no such rule set",
    )),
    (codes.ARITHMETIC, (
        "^linarith failed", "^nlinarith failed", "omega could not", "^ring failed",
        "ring_nf failed", "comparison failed",
        "linear_combination", "could not establish the nonnegativity", "(non)?linarith", "norm_num failed", "polyrith",
        "is not an equality", "has metavariables",
    )),
    (codes.REWRITE, (
        "tactic 'rewrite' failed", "[Dd]id not find an? (instance|occurrence)", "motive is not type correct",
        "rewrite failed", "pattern is a metavariable",
    )),
    (codes.UNKNOWN_NAME, (
        "[Uu]nknown (identifier|constant|namespace|tactic|attribute|option|universe|goal|parser)",
        "[Uu]nknown .*declaration",
        "unknown '", "is not a syntax category", "no syntax categories", "no [a-z ]+ start with",
        "no such",
        "is not a field of", "[Ii]nvalid field", "Note not found", "has no defined value", "[Cc]ould not find",
        "object file .* does not",
        "environment does not contain", "no declaration", "Failed to find LCNF", "not declared",
    )),
    (codes.SYNTHESIS, ("failed to synthesize", "could not synthesize", "type class instance",
                       "Not an instance")),
    (codes.PLACEHOLDER, ("don't know how to synthesize", "placeholder", "cannot infer")),
    (codes.TYPE_MISMATCH, (
        "[Tt]ype mismatch", "but is expected to have type", "type expected", "function expected", "[Aa]pplication type",
        "but '.*' has type", "its statement is not a proposition", "expected to be a proposition",
    )),
    (codes.DEFEQ, (
        "[Nn]ot (definitionally equal|defeq)", "value mismatch", "is not defeq", "definitionally equal",
        "not a reducible",
        "does not reduce", "The rfl tactic failed",
    )),
    (codes.DERIVING, ("default handlers have not been implemented", "failed to derive", "deriving")),
    (codes.TERMINATION, (
        "fail(ed)? to show termination", "structural recursion", "well-founded recursion", "decreasing_by",
    )),
    (codes.SYNTAX, (
        "expected (token|command|term|identifier|stacks|'|\")", "unexpected (token|identifier|end)", "expected end",
        r"^<input>:\d+:\d+:", "unterminated", "is not supported by default",
        "missing end", "invalid 'end'", "expected .*; got",
    )),
    (codes.DECLARATION, (
        "[Aa]ttribute", "to_additive", "should not be an instance", "is not a `theorem_wanted`", "_wanted`",
        "already (been )?declared", "must be (marked|public|global)", "permutation", "generated additivised",
        "not a class", "invalid declaration", "❰", "ProofWanted",
    )),
    (codes.TACTIC_MISUSE, (
        "^'?tactic '", "^Tactic '", "inapplicable", "too many arguments", "could not match quantifiers",
        "'[a-z_!?]+' tactic failed", "[Tt]he given degree", "Failed: ", "Failed to find .* as the type",
        "unnecessary '",
        "can only be used on", "cannot be generalized", "goal .* is not", "not applicable", "supports only",
        "Cannot generate congruence", "is not the type of", "unused",
        "invalid (constructor|argument|pattern|alternative)",
        "[Aa]lternative", "nothing to", "failed to (unify|apply|rewrite)", "must be an? ", "^failed$", "^apply\\?",
    )),
    (codes.ELABORATION, (
        "invalid (occurrence|binder|use|dotted|projection|field)", "must be surrounded", "ambiguous", "overloaded",
        "Not a (sub|super)script", "Invalid", "may (not|only) appear", "elaboration function", "motive",
        "expected type",
        "reassoc", "cannot ",
    )),
)  # fmt: skip
_COMPILED = tuple((re.compile("|".join(patterns), re.MULTILINE), code) for code, patterns in _KINDS)


def classify(text: str) -> Code:
    """The kind of an error message of Lean."""
    # goals and hints below the first paragraph quote the user's own words
    head = text.split("\n\n")[0][:2000]
    for pattern, code in _COMPILED:
        if pattern.search(head):
            return code
    return codes.OTHER


_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}


def diagnostic(message: Message, *, line_offset: int = 0) -> Diagnostic:
    """A message of the compiler as a diagnostic; ``line_offset`` lines stood before the text the reader sees."""
    code = codes.INCOMPLETE if message.is_sorry else classify(message.data) if message.is_error else codes.OTHER
    span = None
    if message.pos is not None and message.pos.line > line_offset:
        end = message.end_pos
        span = Span(
            line=message.pos.line - line_offset,
            column=message.pos.column + 1,
            end_line=end.line - line_offset if end and end.line > line_offset else None,
            end_column=end.column + 1 if end and end.line > line_offset else None,
        )
    text = message.data if len(message.data) <= 300 else message.data[:300].rsplit(" ", 1)[0] + " …"
    suggestions = message.suggestions
    hint = f"try: {suggestions[0]}"[:300] if suggestions else None
    made = code.error(text, span=span, hint=hint, data={"text": message.data[:4000]})
    return made.model_copy(update={"severity": _SEVERITIES.get(message.severity, Severity.INFO)})
