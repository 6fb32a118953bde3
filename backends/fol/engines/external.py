"""Runs in the sandbox: checkers of DRUP proofs that are not ours, on the propositional part of a refutation."""

from __future__ import annotations

from quod.core.model import JsonDict, JsonValue

__all__ = ["dratify_check", "drup_check"]


def _read(request: JsonDict) -> tuple[list[list[int]], list[list[int]]]:
    clauses, lemmas = request["clauses"], request["lemmas"]
    assert isinstance(clauses, list)
    assert isinstance(lemmas, list)
    return [list(map(int, c)) for c in clauses], [list(map(int, c)) for c in lemmas]  # type: ignore[arg-type]  # JSON


def drup_check(request: JsonDict) -> JsonValue:
    """``{clauses, lemmas}`` to ``{accepted}``, by drup: OCaml extracted from code verified with Why3."""
    import drup  # type: ignore[import-not-found]  # not in the lock: its wheel has to be built

    clauses, lemmas = _read(request)
    return {"accepted": drup.check_proof(clauses, lemmas).outcome is drup.Outcome.VALID}


def dratify_check(request: JsonDict) -> JsonValue:
    """The same by dratify, which is Python."""
    import dratify

    clauses, lemmas = _read(request)
    formula = dratify.parse_dimacs(_dimacs(clauses))
    result = dratify.check_proof(formula, "".join(f"{' '.join(map(str, [*c, 0]))}\n" for c in lemmas), check_rat=False)
    return {"accepted": bool(result.ok and result.reached_empty)}


def _dimacs(clauses: list[list[int]]) -> str:
    last = max((abs(lit) for c in clauses for lit in c), default=0)
    return "".join([f"p cnf {last} {len(clauses)}\n", *(f"{' '.join(map(str, [*c, 0]))}\n" for c in clauses)])
