"""Runs in the sandbox: Z3 and cvc5 on an SMT-LIB script."""

from __future__ import annotations

from typing import Any

from quod.core.model import JsonDict, JsonValue

__all__ = ["MAX_PROOF", "cvc5_solve", "z3_solve"]

MAX_PROOF = 200_000
"""Characters of a proof object that are kept; a longer one is left out whole."""


def z3_solve(request: JsonDict) -> JsonValue:
    """``{script, seconds}`` to ``{result, core}``; ``core`` names assertions."""
    import z3

    script, seconds = request["script"], request["seconds"]
    assert isinstance(script, str)
    assert isinstance(seconds, int | float)
    solver: Any = z3.Solver()
    solver.set("timeout", max(1, int(seconds * 1000)))
    solver.set("random_seed", 0)
    solver.from_string("(set-option :produce-unsat-cores true)\n" + script)
    result = str(solver.check())
    core = [str(name) for name in solver.unsat_core()] if result == "unsat" else []
    return {"result": result, "core": list(core), "engine": "z3"}


def cvc5_solve(request: JsonDict) -> JsonValue:
    """The same with cvc5, looking for finite models where ``finite`` says so."""
    import cvc5

    script, seconds = request["script"], request["seconds"]
    assert isinstance(script, str)
    assert isinstance(seconds, int | float)
    manager: Any = cvc5.TermManager()
    solver: Any = cvc5.Solver(manager)
    solver.setOption("produce-unsat-cores", "true")
    solver.setOption("tlimit-per", str(max(1, int(seconds * 1000))))
    if request.get("finite"):
        solver.setOption("finite-model-find", "true")
    else:
        solver.setOption("full-saturate-quant", "true")
        solver.setOption("produce-proofs", "true")
    solver.setLogic("ALL" if request.get("arithmetic") else "UF")
    parser: Any = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "theory")
    symbols = parser.getSymbolManager()
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        command.invoke(solver, symbols)
    result: Any = solver.checkSat()
    word = "sat" if result.isSat() else "unsat" if result.isUnsat() else "unknown"
    core: list[str] = []
    if word == "unsat":
        named = symbols.getNamedTerms()
        by_term = dict(named.items()) if hasattr(named, "items") else {}
        core = [str(by_term[t]) for t in solver.getUnsatCore() if t in by_term]
    answer: JsonDict = {"result": word, "core": list(core), "engine": "cvc5"}
    if word == "unsat" and not request.get("finite"):
        proof = "".join(str(solver.proofToString(p)) for p in solver.getProof())
        answer["proof"] = proof if len(proof) <= MAX_PROOF else ""
    return answer
