"""Repair of Lean proofs with a REPL: failing steps become holes, and the portfolio is tried on each hole.

Every answer here is for search; the judge takes the whole file from scratch.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace

from quod.backends.itp.types import Healed, Hole, Statement
from quod.backends.lean import codes
from quod.backends.lean.checker import strip_header, without_imports
from quod.backends.lean.corrections import PORTFOLIO, corrected, product_hints
from quod.backends.lean.holes import extract, fill, sorrify
from quod.backends.lean.repl import HeaderRepl
from quod.backends.lean.wire import CommandResult, StepResult
from quod.core.diagnostics import Diagnostic

__all__ = ["heal"]

_ROUNDS = 6


def heal(statement: Statement, candidate: str, repl: HeaderRepl, seconds: float) -> Healed:
    """Make holes until Lean reports nothing but holes, then try the portfolio on each.

    Raises InfrastructureError when the REPL is lost for good.
    """
    deadline = time.monotonic() + seconds
    body, offset = strip_header(candidate, statement.header)
    body = body if offset else without_imports(candidate)
    notes: list[Diagnostic] = []
    swapped = "\n".join(corrected(line) or line for line in body.split("\n"))
    if swapped != body:
        notes.append(codes.MENDED.info("swapped tactics that Lean does not have"))
        body = swapped
    result: CommandResult | None = None
    for _ in range(_ROUNDS):
        answer = repl.commands((body,), max(1.0, deadline - time.monotonic()))[0]
        if not isinstance(answer, CommandResult):
            break
        result = answer
        if not answer.errors:
            break
        holed = sorrify(body, answer.errors)
        if holed == body:
            break
        body = holed
    if result is None or result.errors:
        whole = Hole(1, None, statement.text, "", "Lean refuses it even with holes")
        return Healed(f"{statement.header}{statement.text} sorry\n", (whole,), tuple(notes))
    holes = list(extract(statement.name, result.sorries))
    proofs: dict[int, str] = {}
    for index, (hole, sorry) in enumerate(zip(holes, result.sorries, strict=True)):
        if sorry.proof_state is None:
            continue
        first = "intros; " if re.search(r"⊢[^⊢]*[∀→]", sorry.goal) else ""
        for tactic in (f"{first}{t}" for t in (*PORTFOLIO, *product_hints(sorry.goal))):
            if time.monotonic() > deadline - 1:
                break
            step = repl.tactic(tactic, sorry.proof_state, min(20.0, deadline - time.monotonic()))
            if isinstance(step, StepResult) and step.completed and not any(m.is_error for m in step.messages):
                proofs[hole.number] = tactic
                holes[index] = replace(hole, strategy=tactic)
                break
    return Healed(statement.header + fill(body, proofs), tuple(holes), tuple(notes), tuple(proofs.values()))
