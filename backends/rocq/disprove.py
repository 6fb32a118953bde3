"""What SMT knows of a statement: a counterexample, for the kernel to prove the contrary; or the premises it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quod.backends.itp.types import Statement
from quod.backends.rocq.arith import SORTS, Arithmetic
from quod.backends.rocq.portfolio import preamble_of, tier_of
from quod.backends.rocq.statement import negated, read_statement
from quod.backends.sandbox import Limits, call
from quod.core.model import JsonDict
from quod.core.run import Cancel

__all__ = ["Refutation", "SmtAnswer", "ask_smt", "hints", "refutation", "vacuity"]

_FINISH = "first [ lra | nra | lia | nia | (vm_compute in H; tauto) | (vm_compute in H; discriminate H) ]"
_FINISH_INTEGERS = "first [ lia | nia | (vm_compute in H; tauto) | (vm_compute in H; lia) ]"


@dataclass(frozen=True)
class SmtAnswer:
    """What the SMT solver said of a statement."""

    status: str
    values: dict[str, tuple[int, int]]
    """Numerator and denominator by variable, where it found a counterexample."""
    vacuous: bool
    core: tuple[int, ...] | None = None
    """Where it found the goal to follow: the premises it needs, by index."""


@dataclass(frozen=True)
class Refutation:
    """A candidate disproof: the negated statement and the file that should prove it."""

    statement: Statement
    text: str
    values: dict[str, tuple[int, int]]


def ask_smt(arithmetic: Arithmetic, seconds: float, cancel: Cancel | None = None) -> SmtAnswer | None:
    """Ask Z3; None if it gave no usable answer."""
    payload: JsonDict = {
        "variables": [list(pair) for pair in arithmetic.variables],
        "premises": list(arithmetic.premises),
        "goal": arithmetic.goal,
        "seconds": seconds,
    }
    limits = Limits(wall=2 * seconds + 2, memory_mb=1024)
    result = call("z3", "quod.backends.itp.smt:solve", payload, limits, cancel=cancel)
    if not result.ok or not isinstance(result.value, dict):
        return None
    values = result.value.get("values")
    read: dict[str, tuple[int, int]] = {}
    for name, pair in values.items() if isinstance(values, dict) else ():
        if isinstance(pair, list) and len(pair) == 2:
            read[name] = (int(str(pair[0])), int(str(pair[1])))
    core = result.value.get("core")
    needed = tuple(int(str(i)) for i in core) if isinstance(core, list) else None
    status = str(result.value.get("status"))
    return SmtAnswer(status, read, bool(result.value.get("vacuous")), needed if status == "unsat" else None)


def refutation(statement: Statement, arithmetic: Arithmetic, answer: SmtAnswer) -> Refutation | None:
    """A counterexample to an arithmetic statement, with the file that proves the negation. Still to be checked."""
    if answer.status != "sat":
        return None
    against = negated(statement)
    arguments = " ".join(_literal(sort, *answer.values[name]) for name, sort in arithmetic.variables)
    tier = tier_of(statement)
    finish = _FINISH if tier == "reals" else _FINISH_INTEGERS
    tactic = f"Ltac q_counterexample H := {finish}."
    module = preamble_of(statement, "p_lra" if tier == "reals" else "p_nia").replace("\nEnd ", f"\n{tactic}\nEnd ", 1)
    proof = f"Proof.\n  intro H. specialize (H {arguments}). q_counterexample H.\nQed.\n"
    return Refutation(against, f"{statement.header}{module}{against.text}\n{proof}", answer.values)


def hints(statement: Statement, arithmetic: Arithmetic, answer: SmtAnswer) -> tuple[str, ...]:
    """Strategies that forget the premises the SMT solver found needless; none where it needed all, or found no proof.

    What nonlinear arithmetic multiplies with one another grows with the square of the premises in sight.
    """
    if answer.core is None or answer.vacuous or len(answer.core) >= len(arithmetic.premises):
        return ()
    named = [n for b in (*statement.binders, *statement.quantified) if b.type.strip() not in SORTS for n in b.names]
    fresh = [f"Q_{i}" for i in range(len(statement.hypotheses))]
    premises = named + fresh
    if len(premises) != len(arithmetic.premises):
        return ()
    introduced = [n for b in statement.quantified for n in b.names] + fresh
    needless = [name for i, name in enumerate(premises) if i not in answer.core]
    first = f"intros {' '.join(introduced)}; " if introduced else ""
    names = ("p_lra", "p_nra", "p_psatz2", "p_psatz3") if tier_of(statement) == "reals" else ("p_lia", "p_nia")
    return tuple(f"{first}clear {' '.join(needless)}; {name}" for name in names)


def _literal(sort: str, numerator: int, denominator: int) -> str:
    if sort == "R":
        top = f"IZR ({numerator})"
        return f"({top} / IZR {denominator})%R" if denominator != 1 else f"({top})"
    return f"({numerator})%{sort}"


def vacuity(statement: Statement) -> Iterator[Statement]:
    """The statement with its goal replaced by ``False``: if that is provable, the statement says nothing.

    Nothing is yielded when there are no premises that could contradict each other.
    """
    if not statement.hypotheses and not any(b.type and " " in b.type.strip() for b in statement.binders):
        return
    name = f"{statement.name}_vacuous"
    binders = " ".join(b.text for b in statement.binders)
    quantified = "".join(
        f"forall {b.text if b.text.startswith('(') else f'({b.text})'}, " for b in statement.quantified
    )
    premises = "".join(f"({p}) -> " for p in statement.hypotheses)
    text = f"Theorem {name} {binders} : {quantified}{premises}False."
    read, _ = read_statement(statement.header + text)
    if read is not None:
        yield replace(read, header=statement.header)
