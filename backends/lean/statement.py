"""Read Lean statements: name, binders, hypotheses, goal, header; print them back to the character.

The last theorem of a text is its statement. Its text runs to ``:= by``, ``:=`` or the end; what follows is the proof.
"""

from __future__ import annotations

import re
from dataclasses import replace

from quod.backends.itp.scan import matching, top_level
from quod.backends.itp.types import Binder, Statement
from quod.backends.lean import codes
from quod.backends.lean.corrections import PORTFOLIO
from quod.backends.lean.scan import blank_comments
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["automated", "holed", "negated", "pinned", "read_statement"]

_START = re.compile(
    r"^(?:(?:@\[[^\]]*\]|private|protected|noncomputable|nonrec)\s+)*(?P<keyword>theorem|lemma)\s+(?P<name>[^\s({\[⦃:]+)",
    re.MULTILINE,
)
_LOGICAL = re.compile(
    r"[=<>≤≥≠∧∨¬↔∣∈≡]|→.*False|\bProp\b.*:|\b(?:Prime|Even|Odd|Nonempty|Coprime|IsLeast|IsGreatest)\b"
)


def read_statement(text: str, name: str | None = None) -> tuple[Statement | None, tuple[Diagnostic, ...]]:
    """The statement of a text (the last, or the last called ``name``), and what was wrong with it."""
    clean = blank_comments(text, strings=True)
    matches = [m for m in _START.finditer(clean) if name is None or m["name"] == name]
    if not matches:
        what = f"called '{name}'" if name else "to prove"
        hint = "state it as: theorem name … : … := by"
        return None, (codes.NO_STATEMENT.error(f"there is no theorem {what} in the text", hint=hint),)
    match = matches[-1]
    start = match.start()
    body = clean[match.end() :]
    binders, after = _binders(body, 0)
    if not body.startswith(":", after) or body.startswith(":=", after):
        span = Span.at(text, match.end() + after)
        return None, (codes.NO_STATEMENT.error("a colon should stand before what is stated", span=span),)
    cut = top_level(body, (":=",), after + 1)
    end = cut[0] if cut else len(body.rstrip())
    stated = body[after + 1 : end].strip()
    stop = match.end() + end
    if cut:
        by = re.compile(r":=\s*by\b").match(clean, stop)
        stop = by.end() if by else stop + 2
    goal, quantified, premises = _take_apart(stated)
    typed = tuple(b.type for b in binders if _LOGICAL.search(b.type))
    return (
        Statement(
            header=text[:start],
            text=text[start:stop],
            keyword=match["keyword"],
            name=match["name"],
            binders=binders,
            type=stated,
            quantified=quantified,
            hypotheses=(*typed, *premises),
            goal=goal,
            proof=text[stop:],
        ),
        (),
    )


def _skip(text: str, i: int) -> int:
    while i < len(text) and text[i].isspace():
        i += 1
    return i


def _binders(text: str, i: int) -> tuple[tuple[Binder, ...], int]:
    groups: list[Binder] = []
    while True:
        i = _skip(text, i)
        if i < len(text) and text[i] in "({[⦃":
            end = matching(text, i)
            if end is None:
                return tuple(groups), i
            inner = text[i + 1 : end]
            colon = top_level(inner, (":=", ":"))
            whole = text[i : end + 1]
            if colon is None or colon[1] == ":=":
                instance = text[i] == "["
                names = () if instance else tuple(inner.split())
                groups.append(Binder(names, inner.strip() if instance else "", whole))
            else:
                groups.append(Binder(tuple(inner[: colon[0]].split()), inner[colon[0] + 1 :].strip(), whole))
            i = end + 1
            continue
        return tuple(groups), i


def _take_apart(stated: str) -> tuple[str, tuple[Binder, ...], tuple[str, ...]]:
    quantified: list[Binder] = []
    rest = stated
    while match := re.match(r"∀\s*", rest):
        comma = top_level(rest, (",",), match.end())
        if comma is None:
            break
        inside = rest[match.end() : comma[0]]
        groups, end = _binders(inside, 0)
        if not groups:
            colon = top_level(inside, (":",))
            names = inside[: colon[0]] if colon else inside
            kind = inside[colon[0] + 1 :].strip() if colon else ""
            if re.search(r"[><≥≤∈]", names):
                break
            groups = (Binder(tuple(names.split()), kind, inside),)
        elif _skip(inside, end) != len(inside):
            break
        quantified += groups
        rest = rest[comma[0] + 1 :].strip()
    premises: list[str] = []
    while not re.match(r"[∀∃λ]|fun\b|let\b|if\b", rest):
        arrow = top_level(rest, ("→", "->", "↔", "∀", "∃", "∑", "∏", "fun "))
        if arrow is None or arrow[1] not in {"→", "->"}:
            break
        premises.append(rest[: arrow[0]].strip())
        rest = rest[arrow[0] + len(arrow[1]) :].strip()
    return rest, tuple(quantified), tuple(premises)


def holed(statement: Statement) -> str:
    """The whole file with the proof left open."""
    text = statement.text
    return f"{statement.header}{text}{_by(text)} sorry\n"


def automated(statement: Statement) -> str:
    """The whole file with a proof that tries the portfolio's tactics in turn."""
    tries = "\n    ".join(f"| (intros; {tactic}; done)" for tactic in PORTFOLIO)
    return f"{statement.header}{statement.text}{_by(statement.text)}\n  first\n    {tries}\n"


def _by(text: str) -> str:
    clean = blank_comments(text).rstrip()
    if clean.endswith("by"):
        return ""
    return " by" if clean.endswith(":=") else " := by"


def negated(statement: Statement) -> Statement:
    """The statement that says the contrary of the closed statement."""
    binders = " ".join(b.text for b in statement.binders)
    inner = f"∀ {binders}, {statement.type}" if binders else statement.type
    name = f"{statement.name}_is_false"
    closed = f"¬ ({inner})"
    text = f"theorem {name} : {closed} := by"
    return replace(statement, text=text, name=name, binders=(), type=closed, quantified=(), hypotheses=(), goal=closed,
                   proof="")  # fmt: skip


def pinned(statement: Statement) -> tuple[str, str, str]:
    """What frames a candidate: the text before it, the text after it, and the pin's name.

    Before: the trusted words as a definition, elaborated in the trusted header's environment, so that nothing the
    candidate declares, opens or redefines can change what they mean. After: a theorem of that definition whose proof is
    the candidate's theorem, and the list of its axioms. The kernel takes it only if the two types are the same up to
    computation. Names are absolute, in case the candidate leaves a namespace open.
    """
    plain = re.sub(r"\W", "_", statement.name)
    stated, pin = f"quod_statement_{plain}", f"quod_pin_{plain}"
    binders = " ".join(b.text for b in statement.binders)
    closed = f"∀ {binders}, {statement.type}" if binders else statement.type
    before = f"def {stated} : Prop :=\n  {closed}\n"
    after = f"theorem _root_.{pin} : _root_.{stated} :=\n  @{statement.name}\n#print axioms _root_.{pin}\n"
    return before, after, pin
