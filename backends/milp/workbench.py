"""What every part of grounding shares: the model, what names mean so far, and where errors go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.compiling import GroundError, Scope, compile_expression
from quod.backends.milp.model import Model, Reporter, nearest
from quod.backends.milp.nodes import Expr
from quod.backends.milp.reading import Path
from quod.backends.milp.values import Value
from quod.core.diagnostics import Code

__all__ = ["Workbench"]


@dataclass
class Workbench:
    """``most`` is how many columns, members or combinations the memory limit allows."""

    model: Model
    report: Reporter
    most: int
    scope: Scope = field(default_factory=Scope)

    def complain(self, path: Path) -> Any:
        def report(code: Code, message: str, node: Expr, hint: str | None) -> None:
            self.report.error(code, message, path, (node.start, node.end), hint)

        return report

    def trouble(self, error: GroundError, path: Path, extra: str = "") -> None:
        inside = (error.node.start, error.node.end) if error.node else None
        self.report.error(error.code, error.message + extra, path, inside, error.hint)

    def evaluate(self, expression: Expr, path: Path, env: list[Value] | None = None) -> Value:
        before = len(self.report.found)
        closure = compile_expression(expression, self.scope, {}, self.complain(path))
        if len(self.report.found) > before:
            return 0
        try:
            return closure(env or [])
        except GroundError as error:
            self.trouble(error, path)
            return 0

    def known_set(self, name: str, path: Path) -> list[Any]:
        self.scope.used.add(name)
        if name in self.scope.sets:
            return self.scope.sets[name]
        if name in self.scope.later:
            self.report.error(codes.USED_BEFORE_DEFINED, f"set '{name}' {self.scope.later[name]}", path)
        else:
            self.report.error(
                codes.UNKNOWN_NAME, f"there is no set '{name}'", path, hint=nearest(name, list(self.scope.sets))
            )
        return []
