"""The SMT route: values that refute an arithmetic statement, or satisfy a goal. Runs in the sandbox's ``z3`` family.

What it finds is a hint for a proof assistant, which checks it; nothing here is believed.
"""

from __future__ import annotations

from typing import Any

from quod.core.model import JsonDict, JsonValue

__all__ = ["solve"]

_MAX_POWER = 64


class _UnsupportedError(Exception):
    pass


def solve(payload: JsonDict) -> JsonValue:
    """Look for values of the variables under which all premises hold and the goal fails.

    Payload: ``variables`` ([name, sort] pairs), ``premises`` and ``goal`` (trees), ``seconds``. Gives ``{"status":
    "sat" | "unsat" | "unknown" | "unsupported", "values": {name: [numerator, denominator]}}`` as decimal strings,
    ``vacuous: true`` if the premises alone cannot hold, and for "unsat" the ``core``: the premises (by index) that the
    goal needs.
    """
    import z3

    try:
        encoder = _Encoder(z3, dict(payload["variables"]))  # type: ignore[arg-type]  # pairs, by the payload's schema
        premises = [encoder.proposition(p) for p in payload["premises"]]  # type: ignore[union-attr]  # a list
        goal = encoder.proposition(payload["goal"])
    except _UnsupportedError as error:
        return {"status": "unsupported", "detail": str(error)}
    solver = z3.Solver()
    solver.set("timeout", int(1000 * float(payload["seconds"])))  # type: ignore[arg-type]  # a number
    solver.add(*premises, *encoder.ranges)
    vacuous = str(solver.check()) == "unsat"
    if vacuous:
        return {"status": "unsat", "vacuous": True, "values": {}}
    solver.add(z3.Not(goal), *encoder.defined)
    status = str(solver.check())
    values: JsonDict = {}
    if status == "sat":
        model = solver.model()
        for name, variable in encoder.variables.items():
            value = model.eval(variable, model_completion=True)
            if z3.is_int_value(value):
                values[name] = [str(value.as_long()), "1"]
            elif z3.is_rational_value(value):
                values[name] = [str(value.numerator_as_long()), str(value.denominator_as_long())]
            else:
                return {"status": "unknown", "detail": f"{name} has an irrational value", "values": {}}
    core: list[JsonValue] = [*range(len(premises))]
    if status == "unsat":
        # one at a time: asking the solver to track premises costs it its procedure for polynomials
        for index in range(len(premises)):
            without = z3.Solver()
            without.set("timeout", 200)
            without.add(*(premises[i] for i in core if i != index), *encoder.ranges)  # type: ignore[index]  # indices
            without.add(z3.Not(goal), *encoder.defined)
            if str(without.check()) == "unsat":
                core.remove(index)
    return {"status": status, "vacuous": False, "values": values, "core": core}


class _Encoder:
    def __init__(self, z3: Any, sorts: dict[str, str]) -> None:
        self._z3 = z3
        self._sorts = sorts
        self.variables = {n: z3.Real(n) if s == "R" else z3.Int(n) for n, s in sorts.items()}
        self.ranges = [v >= 0 for n, v in self.variables.items() if sorts[n] == "nat"]
        self.defined: list[Any] = []
        kinds = set(sorts.values())
        # natural numbers and reals in one statement come with casts this route does not follow
        self._real = kinds == {"R"}
        self._natural = kinds == {"nat"}
        if len(kinds) != 1:
            raise _UnsupportedError("mixed sorts")

    def proposition(self, tree: Any) -> Any:
        z3 = self._z3
        match tree:
            case ["and", a, b]:
                return z3.And(self.proposition(a), self.proposition(b))
            case ["or", a, b]:
                return z3.Or(self.proposition(a), self.proposition(b))
            case ["implies", a, b]:
                return z3.Implies(self.proposition(a), self.proposition(b))
            case ["iff", a, b]:
                return self.proposition(a) == self.proposition(b)
            case ["not", a]:
                return z3.Not(self.proposition(a))
            case [("=" | "!=" | "<" | ">" | "<=" | ">=") as sign, a, b]:
                x, y = self.term(a), self.term(b)
                return {"=": x == y, "!=": x != y, "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y}[sign]
        raise _UnsupportedError(str(tree)[:80])

    def term(self, tree: Any) -> Any:
        z3 = self._z3
        match tree:
            case ["var", name]:
                return self.variables[name]
            case ["num", text]:
                if not self._real and "." in text:
                    raise _UnsupportedError("a decimal among integers")
                return z3.RealVal(text) if self._real else z3.IntVal(text)
            case ["neg", a]:
                return -self.term(a)
            case ["abs", a]:
                x = self.term(a)
                return z3.If(x >= 0, x, -x)
            case ["+", a, b]:
                return self.term(a) + self.term(b)
            case ["-", a, b]:
                x, y = self.term(a), self.term(b)
                return z3.If(x >= y, x - y, 0) if self._natural else x - y
            case ["*", a, b]:
                return self.term(a) * self.term(b)
            case ["/", a, b]:
                x, y = self.term(a), self.term(b)
                self.defined.append(y != 0 if self._real else y > 0)
                return x / y
            case ["mod", a, b]:
                x, y = self.term(a), self.term(b)
                self.defined.append(y > 0)
                return x % y
            case ["^", a, ["num", n]] if n.isdigit() and int(n) <= _MAX_POWER:
                base = self.term(a)
                result = z3.RealVal(1) if self._real else z3.IntVal(1)
                for _ in range(int(n)):
                    result = result * base
                return result
        raise _UnsupportedError(str(tree)[:80])
