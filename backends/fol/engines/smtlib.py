"""Runs in the sandbox: a whole SMT-LIB script through Z3 or cvc5, and its parse through pySMT."""

from __future__ import annotations

import io
from typing import Any

from quod.core.model import JsonDict, JsonValue

__all__ = ["cvc5_solve", "pysmt_parse", "z3_solve"]


def _request(request: JsonDict) -> tuple[str, float, list[str]]:
    script, seconds, constants = request["script"], request["seconds"], request.get("constants", [])
    assert isinstance(script, str)
    assert isinstance(seconds, int | float)
    assert isinstance(constants, list)
    return script, float(seconds), [str(c) for c in constants]


def z3_solve(request: JsonDict) -> JsonValue:
    """``{script, seconds, constants}`` to ``{result, values, core}``; values are SMT-LIB literals."""
    import z3

    script, seconds, constants = _request(request)
    solver: Any = z3.Solver()
    solver.set("timeout", max(1, int(seconds * 1000)))
    solver.set("core.minimize", True)
    solver.from_string("(set-option :produce-unsat-cores true)\n" + script)
    result = str(solver.check())
    values: dict[str, JsonValue] = {}
    if result == "sat":
        model = solver.model()
        for declaration in model.decls():
            if declaration.arity() == 0 and declaration.name() in constants:
                values[declaration.name()] = _literal(model.eval(declaration(), model_completion=True).sexpr())
    core = [str(c) for c in solver.unsat_core()] if result == "unsat" else []
    return {"result": result, "values": values, "core": list(core)}


def cvc5_solve(request: JsonDict) -> JsonValue:
    """The same with cvc5, without values."""
    import cvc5

    script, seconds, _ = _request(request)
    manager: Any = cvc5.TermManager()
    solver: Any = cvc5.Solver(manager)
    solver.setOption("tlimit-per", str(max(1, int(seconds * 1000))))
    parser: Any = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "(set-logic ALL)\n" + script, "script")
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        command.invoke(solver, parser.getSymbolManager())
    result: Any = solver.checkSat()
    return {"result": "sat" if result.isSat() else "unsat" if result.isUnsat() else "unknown", "values": {}, "core": []}


def pysmt_parse(request: JsonDict) -> JsonValue:
    """Whether pySMT reads the script: ``{ok, message}``."""
    from pysmt.environment import Environment
    from pysmt.exceptions import PysmtException
    from pysmt.smtlib.parser import SmtLibParser

    script, _, _ = _request(request)
    try:
        SmtLibParser(environment=Environment()).get_script(io.StringIO(script))
    except (PysmtException, ValueError, AssertionError, TypeError, NotImplementedError, KeyError) as error:
        return {"ok": False, "message": f"{type(error).__name__}: {error}"[:300]}
    return {"ok": True, "message": ""}


def _literal(text: str) -> str:
    """``(- 3)`` and ``(/ 1.0 2.0)`` as plain fractions where they are numbers, else as they stand."""
    from fractions import Fraction

    words = text.replace("(", " ").replace(")", " ").split()
    sign = 1
    while words and words[0] == "-":
        sign, words = -sign, words[1:]
    try:
        if words and words[0] == "/":
            inner = [w for w in words[1:] if w != "-"]
            sign *= -1 if "-" in words[1:] else 1
            return str(sign * Fraction(inner[0]) / Fraction(inner[1]))
        return str(sign * Fraction(words[0])) if len(words) == 1 else text
    except (ValueError, IndexError, ZeroDivisionError):
        return text
