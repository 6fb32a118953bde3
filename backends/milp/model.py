"""The model language: sets, parameters, variables, objective, constraints, as JSON (docs/milp.md).

:func:`parse_model` reads one and reports every error of shape and syntax at once; what needs the data (index
values, missing cells) is found by :mod:`quod.backends.milp.ground`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.milp import codes
from quod.backends.milp.collecting import no_collection
from quod.backends.milp.nodes import Binder, Expr, Num
from quod.backends.milp.reading import Json, Path, locate, read_json
from quod.backends.milp.syntax import ExprError, parse_binders, parse_expression
from quod.core.diagnostics import Code, Diagnostic

__all__ = ["Constraint", "Model", "Objective", "Parameter", "Reporter", "SetDecl", "Variable", "parse_model"]

DOMAINS = ("continuous", "integer", "binary")
_TOP = dict.fromkeys(("name", "sets", "parameters", "variables", "objective", "constraints", "words"))
_SET = dict.fromkeys(
    ("members", "range", "product", "union", "difference", "where", "file", "columns", "column", "words", "sheet")
)
_PARAMETER = dict.fromkeys(
    (
        "over",
        "value",
        "values",
        "expression",
        "default",
        "unit",
        "words",
        "file",
        "column",
        "keys",
        "sheet",
        "type",
        "description",
    )
)
_VARIABLE = dict.fromkeys(("over", "domain", "lower", "upper", "unit", "words", "gloss", "for", "description"))
_OBJECTIVE = dict.fromkeys(("sense", "expression", "words", "gloss", "unit"))
_CONSTRAINT = dict.fromkeys(("name", "for", "rule", "or", "words", "kind", "description"))


@dataclass(frozen=True)
class SetDecl:
    name: str
    path: Path
    raw: Json
    words: str = ""


@dataclass(frozen=True)
class Parameter:
    name: str
    path: Path
    raw: dict[str, Json]
    over: tuple[str, ...] = ()
    expression: Expr | None = None
    binders: tuple[str, ...] = ()
    unit: str = ""
    words: str = ""


@dataclass(frozen=True)
class Variable:
    name: str
    path: Path
    over: tuple[str, ...] = ()
    domain: str = "continuous"
    lower: Expr | None = None
    upper: Expr | None = None
    unit: str = ""
    words: str = ""
    gloss: str = ""
    free: bool = False
    """Whether the lower bound is explicitly null: the variable may be negative without limit."""


@dataclass(frozen=True)
class Objective:
    sense: str
    expression: Expr
    path: Path
    words: str = ""
    gloss: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Constraint:
    name: str
    rule: Expr
    path: Path
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None
    words: str = ""
    kind: str = ""
    bare: bool = False
    """Whether it is written as text alone, without an object around it."""
    other: Expr | None = None
    """A second reading of the same words: the answer is only sure if it is the same under both."""


@dataclass(frozen=True)
class Model:
    """A parsed model; expressions are trees, data still to be bound."""

    text: str
    name: str = ""
    sets: tuple[SetDecl, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    variables: tuple[Variable, ...] = ()
    objective: Objective | None = None
    constraints: tuple[Constraint, ...] = ()
    order: tuple[str, ...] = ()
    """Sets and parameters in the order of the text."""


@dataclass
class Reporter:
    """Collects diagnostics, giving each its place in the text. Stops listing after ``most`` errors."""

    text: str
    most: int = 100
    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        code: Code,
        message: str,
        path: Path,
        inside: tuple[int, int] | None = None,
        hint: str | None = None,
        file: str | None = None,
        source: str | None = None,
    ) -> None:
        if len(self.found) < self.most:
            span = locate(self.text, path, inside)
            self.found.append(code.error(message, span=span, hint=hint, file=file, source=source))


def nearest(name: str, known: list[str]) -> str | None:
    """A did-you-mean hint, if some known name is close."""
    import difflib  # only on the way to an error

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else None


class _Reader:
    def __init__(self, text: str) -> None:
        self.report = Reporter(text)

    def shape(self, message: str, path: Path, hint: str | None = None) -> None:
        self.report.error(codes.BAD_SHAPE, message, path, hint=hint)

    def table(self, raw: Json, path: Path, allowed: dict[str, None]) -> dict[str, Json]:
        if not isinstance(raw, dict):
            self.shape("expected an object {…} here", path)
            return {}
        if raw.keys() <= allowed.keys():
            return raw
        for key in raw:
            if key not in allowed:
                self.shape(
                    f"{key!r} is not known here",
                    (*path, key),
                    nearest(key, list(allowed)) or f"known: {', '.join(allowed)}",
                )
        return raw

    def text(self, raw: dict[str, Json], key: str, path: Path, default: str = "") -> str:
        if key not in raw:
            return default
        value = raw[key]
        if not isinstance(value, str):
            self.shape(f"{key!r} must be text", (*path, key))
            return default
        return value

    def names(self, raw: dict[str, Json], key: str, path: Path) -> tuple[str, ...]:
        if key not in raw:
            return ()
        value = raw[key]
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.shape(f"{key!r} must be the name of a set or a list of such names", (*path, key))
            return ()
        return tuple(str(v) for v in value)

    def expression(self, raw: Json, path: Path) -> Expr | None:
        if type(raw) is int and raw >= 0:
            return Num(0, len(str(raw)), raw)
        if isinstance(raw, bool) or raw is None:
            self.shape("expected an expression", path)
            return None
        source = raw if isinstance(raw, str) else str(raw) if not isinstance(raw, (list, dict)) else None
        if source is None:
            self.shape("an expression is written as text", path)
            return None
        try:
            return parse_expression(source)
        except ExprError as error:
            code = codes.TOO_DEEP if error.deep else codes.BAD_SYNTAX
            self.report.error(code, error.message, path, (error.start, error.end))
            return None

    def bound(self, raw: dict[str, Json], key: str, path: Path) -> Expr | None:
        if raw.get(key) is None:
            return None
        if isinstance(raw[key], str) and str(raw[key]).strip().lower() in {
            "inf",
            "-inf",
            "infinity",
            "-infinity",
            "nan",
        }:
            self.report.error(
                codes.BAD_NUMBER, f"{raw[key]!r} is not a bound", (*path, key), hint="leave it out, or null"
            )
            return None
        return self.expression(raw[key], (*path, key))

    def variable(self, name: str, raw: Json, path: Path) -> Variable:
        if isinstance(raw, str):
            raw = {"domain": raw}
        raw = self.table(raw, path, _VARIABLE)
        domain = self.text(raw, "domain", path, "continuous")
        if domain not in DOMAINS:
            self.shape(
                f"{domain!r} is not a domain",
                (*path, "domain"),
                nearest(domain, list(DOMAINS)) or f"one of {', '.join(DOMAINS)}",
            )
            domain = "continuous"
        if "for" in raw and "over" not in raw:
            raw = {**raw, "over": raw["for"]}
        return Variable(
            name,
            path,
            self.names(raw, "over", path),
            domain,
            self.bound(raw, "lower", path),
            self.bound(raw, "upper", path),
            self.text(raw, "unit", path),
            self.text(raw, "words", path),
            self.text(raw, "gloss", path),
            "lower" in raw and raw["lower"] is None,
        )

    def parameter(self, name: str, raw: Json, path: Path) -> Parameter:
        if not isinstance(raw, dict):
            raw = {"value": raw}
        raw = self.table(raw, path, _PARAMETER)
        expression: Expr | None = None
        binders: tuple[str, ...] = ()
        if "expression" in raw:
            expression = self.expression(raw["expression"], (*path, "expression"))
            binders = self.names(raw, "keys", path)
        elif not {"value", "values", "file", "default"} & raw.keys():
            self.shape(f"parameter '{name}' has no value: give 'value', 'values', 'expression' or 'file'", path)
        return Parameter(
            name,
            path,
            raw,
            self.names(raw, "over", path),
            expression,
            binders,
            self.text(raw, "unit", path),
            self.text(raw, "words", path),
        )

    def objective(self, raw: Json) -> Objective | None:
        path: Path = ("objective",)
        raw = self.table(raw, path, _OBJECTIVE)
        sense = self.text(raw, "sense", path).lower()
        sense = {"max": "maximize", "min": "minimize", "maximise": "maximize", "minimise": "minimize"}.get(sense, sense)
        if sense not in {"maximize", "minimize"}:
            self.shape("the sense is 'maximize' or 'minimize'", (*path, "sense"))
        if "expression" not in raw:
            self.shape("the objective has no 'expression'", path)
            return None
        expression = self.expression(raw["expression"], (*path, "expression"))
        if expression is None:
            return None
        words, gloss, unit = (self.text(raw, key, path) for key in ("words", "gloss", "unit"))
        return Objective(sense, expression, path, words, gloss, unit)

    def constraint(self, raw: Json, number: int, path: Path) -> Constraint | None:
        bare = isinstance(raw, str)
        if bare:
            raw = {"rule": raw}
            rule_path = path
        else:
            rule_path = (*path, "rule")
        raw = self.table(raw, path, _CONSTRAINT)
        name = self.text(raw, "name", path) or f"c{number}"
        if "rule" not in raw:
            self.shape(f"constraint '{name}' has no 'rule'", path)
            return None
        rule = self.expression(raw["rule"], rule_path)
        other = self.expression(raw["or"], (*path, "or")) if raw.get("or") is not None else None
        binders: tuple[Binder, ...] = ()
        condition = None
        loop = self.text(raw, "for", path)
        if loop:
            try:
                binders, condition = parse_binders(loop)
            except ExprError as error:
                self.report.error(codes.BAD_SYNTAX, error.message, (*path, "for"), (error.start, error.end))
        if rule is None:
            return None
        return Constraint(
            name,
            rule,
            path,
            binders,
            condition,
            self.text(raw, "words", path),
            self.text(raw, "kind", path),
            bare,
            other,
        )


def _keys(raw: Json) -> list[str]:
    return list(raw) if isinstance(raw, dict) else []


def parse_model(text: str) -> tuple[Model | None, list[Diagnostic]]:
    """A model and what is wrong with its shape and syntax; the model is None if there is an error."""
    with no_collection():
        return _parse(text)


def _parse(text: str) -> tuple[Model | None, list[Diagnostic]]:
    value, found = read_json(text)
    reader = _Reader(text)
    if found:
        return None, found
    if not isinstance(value, dict):
        return None, [codes.BAD_SHAPE.error("a model is a JSON object with 'variables', 'objective' and 'constraints'")]
    top = reader.table(value, (), _TOP)
    names: set[str] = set()

    def section(key: str) -> list[tuple[str, Json, Path]]:
        raw = top.get(key, {})
        if not isinstance(raw, dict):
            reader.shape(f"{key!r} must be an object from names to declarations", (key,))
            return []
        items: list[tuple[str, Json, Path]] = []
        for name, item in raw.items():
            path: Path = (key, name)
            if not name.isidentifier() or name in {"in", "for", "if", "where", "and", "or", "not"}:
                reader.shape(
                    f"{name!r} cannot be used as a name", path, "letters, digits and _; not a word of the language"
                )
            if name in names:
                reader.report.error(codes.DUPLICATE, f"'{name}' is declared twice", path)
            names.add(name)
            items.append((name, item, path))
        return items

    sets = tuple(
        SetDecl(n, p, raw, str(raw.get("words", "")) if isinstance(raw, dict) else "") for n, raw, p in section("sets")
    )
    for s in sets:
        if isinstance(s.raw, dict):
            reader.table(s.raw, s.path, _SET)
    parameters = tuple(reader.parameter(n, raw, p) for n, raw, p in section("parameters"))
    variables = tuple(reader.variable(n, raw, p) for n, raw, p in section("variables"))
    objective = reader.objective(top["objective"]) if top.get("objective") is not None else None
    raw_constraints = top.get("constraints", [])
    constraints: list[Constraint] = []
    if isinstance(raw_constraints, list):
        seen: set[str] = set()
        for position, raw in enumerate(raw_constraints):
            constraint = reader.constraint(raw, position + 1, ("constraints", position))
            if constraint is not None:
                if constraint.name in seen:
                    message = f"two constraints are named '{constraint.name}'"
                    reader.report.error(codes.DUPLICATE, message, ("constraints", position))
                seen.add(constraint.name)
                constraints.append(constraint)
    else:
        reader.shape("'constraints' must be a list", ("constraints",))
    if not variables and not reader.report.found:
        reader.report.error(
            codes.NO_VARIABLES, "the model has no variables: there is nothing to decide", ("variables",)
        )
    name = reader.text(top, "name", ())
    if reader.report.found:
        return None, reader.report.found
    order = tuple(n for key in top if key in {"sets", "parameters"} for n in _keys(top[key]))
    return Model(text, name, sets, parameters, variables, objective, tuple(constraints), order), []
