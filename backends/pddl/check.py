"""Names, types, arities and requirements: from definitions to a task, or to every reason why not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from quod.backends.pddl import codes
from quod.backends.pddl.scope import Scope
from quod.backends.pddl.stratify import unstratified
from quod.backends.pddl.syntax import Action, Domain, Param, ProblemDef, Signature, Source, TypeDecl
from quod.backends.pddl.task import Fact, Task, TypeTree
from quod.backends.pddl.terms import MAX_DIAGNOSTICS
from quod.backends.pddl.uses import IMPLIES, KNOWN, features_of
from quod.backends.pddl.walk import atoms, changed_facts, literals
from quod.core.diagnostics import Code, Diagnostic, Span, has_errors

__all__ = ["build", "check_domain"]

_STATIC_WORDS = frozenset(
    "next succ successor adjacent adj neighbor neighbour neighbors connected connects link linked road path edge "
    "border borders".split()
)


def build(domain: Domain, problem: ProblemDef) -> tuple[Task | None, list[Diagnostic]]:
    """The task, or None with at least one error. Warnings may come with either."""
    checker = _Checker(domain)
    checker.domain_level()
    task = checker.problem_level(problem)
    found = checker.diagnostics[:MAX_DIAGNOSTICS]
    return (None if has_errors(found) else task), found


def check_domain(domain: Domain) -> list[Diagnostic]:
    """What is wrong with a domain taken by itself."""
    checker = _Checker(domain)
    checker.domain_level()
    return checker.diagnostics[:MAX_DIAGNOSTICS]


class _Checker:
    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.diagnostics: list[Diagnostic] = []
        self.types = TypeTree({t.name: t.parents for t in domain.types})
        self.predicates: dict[str, Signature] = {}
        self.functions: dict[str, Signature] = {}
        self.actions: dict[str, Action] = {}
        self.objects: dict[str, frozenset[str]] = {}

    @property
    def full(self) -> bool:
        """Whether further diagnostics are dropped."""
        return len(self.diagnostics) >= MAX_DIAGNOSTICS

    # --- reporting --------------------------------------------------------------------------------------------
    def _report(self, make: object, source: Source, at: int, length: int, message: str, hint: str | None) -> None:
        if len(self.diagnostics) < MAX_DIAGNOSTICS:
            span = Span.at(source.text, at, at + length)
            assert callable(make)
            self.diagnostics.append(make(message, span=span, hint=hint, file=source.file))

    def error(
        self, code: Code, message: str, source: Source, at: int, name: str = "(", hint: str | None = None
    ) -> None:
        """An error on ``name``, which stands at ``at``."""
        self._report(code.error, source, at, len(name), message, hint)

    def warning(
        self, code: Code, message: str, source: Source, at: int, name: str = "(", hint: str | None = None
    ) -> None:
        """A warning on ``name``, which stands at ``at``."""
        self._report(code.warning, source, at, len(name), message, hint)

    # --- the domain -------------------------------------------------------------------------------------------
    def domain_level(self) -> None:
        """Check everything that needs no problem."""
        domain, source = self.domain, self.domain.source
        self._type_declarations()
        self._signatures(domain.predicates, self.predicates, "predicate")
        self._signatures(domain.functions, self.functions, "function")
        self._declare(domain.constants, source, "constant")
        for action in domain.actions:
            if action.name in self.actions:
                self.error(codes.DUPLICATE_NAME, f"action {action.name} is defined twice", source, action.at)
            self.actions.setdefault(action.name, action)
            self._action(action)
        for rule in domain.derived:
            scope = Scope(self, source, self.objects, f"the rule for {rule.head.name}")
            scope.pred(rule.head.name, tuple(rule.head.params), rule.head.at)
            inner = scope.inside(rule.head.params)
            inner.formula(rule.body)
        derived = {rule.head.name for rule in domain.derived}
        for action in domain.actions:
            for fact, _ in changed_facts(action.effect):
                if fact.name in derived:
                    message = f"action {action.name} sets {fact.name}, which is derived"
                    self.error(codes.DERIVED_EFFECT, message, source, fact.at + 1, fact.name)
        cycle = unstratified(domain.derived)
        if cycle:
            at = next(rule.at for rule in domain.derived if rule.head.name == cycle)
            self.error(codes.DERIVED_CYCLE, f"{cycle} depends on its own negation", source, at, "(:derived")
        self._static_looking()
        self._requirements()

    def _type_declarations(self) -> None:
        seen: dict[str, TypeDecl] = {}
        for declared in self.domain.types:
            earlier = seen.get(declared.name)
            if earlier and earlier.parents == declared.parents:
                message = f"type {declared.name} is declared twice"
                self.warning(codes.DUPLICATE_NAME, message, self.domain.source, declared.at, declared.name)
            elif earlier:
                message = f"type {declared.name} is declared twice, with different parents"
                self.error(codes.DUPLICATE_NAME, message, self.domain.source, declared.at, declared.name)
            seen[declared.name] = declared
        for declared in self.domain.types:
            for parent in sorted(declared.parents):
                if parent not in self.types.parents:
                    message = f"type {declared.name} has the undeclared parent {parent}"
                    hint = _near(parent, self.types.parents)
                    self.error(codes.UNKNOWN_TYPE, message, self.domain.source, declared.at, declared.name, hint)
            above = {a for p in declared.parents for a in self.types.up(p)}
            if declared.name != "object" and declared.name in above:
                message = f"type {declared.name} is its own ancestor"
                self.error(codes.TYPE_CYCLE, message, self.domain.source, declared.at, declared.name)

    def _signatures(self, declared: Iterable[Signature], into: dict[str, Signature], what: str) -> None:
        for signature in declared:
            if signature.name in into:
                message = f"{what} {signature.name} is declared twice"
                self.error(codes.DUPLICATE_NAME, message, self.domain.source, signature.at, signature.name)
            into.setdefault(signature.name, signature)
            self.known_types(signature.params, self.domain.source)
            self.distinct(signature.params, self.domain.source, f"{what} {signature.name}")

    def known_types(self, params: Iterable[Param], source: Source) -> None:
        """Report undeclared types of declared names."""
        for param in params:
            for name in sorted(param.types):
                if name not in self.types.parents:
                    message = f"{param.name} has the undeclared type {name}"
                    hint = _near(name, self.types.parents)
                    at = _after(source.text, param.at, name)
                    self.error(codes.UNKNOWN_TYPE, message, source, at, name, hint)

    def distinct(self, params: Sequence[Param], source: Source, where: str) -> None:
        """Report a variable listed twice."""
        seen: set[str] = set()
        for param in params:
            if param.name in seen:
                self.error(codes.DUPLICATE_NAME, f"{param.name} is listed twice in {where}", source, param.at)
            seen.add(param.name)

    def _declare(self, params: Iterable[Param], source: Source, what: str) -> None:
        params = list(params)
        self.known_types(params, source)
        for param in params:
            earlier = self.objects.get(param.name)
            if earlier is None:
                self.objects[param.name] = param.types
            elif earlier == param.types:
                message = f"{what} {param.name} is declared twice"
                self.warning(codes.DUPLICATE_NAME, message, source, param.at, param.name)
            else:
                message = f"{what} {param.name} is declared twice, with different types"
                self.error(codes.DUPLICATE_NAME, message, source, param.at, param.name)

    def _action(self, action: Action) -> None:
        source = self.domain.source
        where = f"action {action.name}"
        self.known_types(action.params, source)
        self.distinct(action.params, source, where)
        scope = Scope(self, source, self.objects, where).inside(action.params)
        scope.formula(action.condition, durative=action.durative)
        scope.effect(action.effect, durative=action.durative)
        if action.duration:
            scope.formula(action.duration)
        for param in action.params:
            if param.name not in scope.used:
                message = f"{param.name} is a parameter of {action.name}, and nothing uses it"
                self._report(codes.UNUSED_PARAMETER.info, source, param.at, len(param.name), message, None)
        if not action.durative:
            self._contradiction(action)

    def _contradiction(self, action: Action) -> None:
        from quod.backends.pddl.syntax import And, Not, Pred

        parts = action.condition.parts if isinstance(action.condition, And) else (action.condition,)
        plain = {(p.name, tuple(t.name for t in p.args)) for p in parts if isinstance(p, Pred)}
        for part in parts:
            inner = part.part if isinstance(part, Not) else None
            if isinstance(inner, Pred) and (inner.name, tuple(t.name for t in inner.args)) in plain:
                message = f"action {action.name} wants ({inner.name} …) both true and false: it can never be done"
                self.warning(codes.CONTRADICTORY, message, self.domain.source, part.at)

    def _static_looking(self) -> None:
        for action in self.domain.actions:
            for fact, _ in changed_facts(action.effect):
                words = set(fact.name.replace("_", "-").split("-"))
                if words & _STATIC_WORDS:
                    message = f"action {action.name} changes {fact.name}, which looks like a fixed map or order"
                    hint = "if the relation is fixed, take the effect away"
                    self.warning(codes.STATIC_EFFECT, message, self.domain.source, fact.at + 1, fact.name, hint)

    def _requirements(self) -> None:
        declared = set(self.domain.requirements)
        source = self.domain.source
        for flag, at in self.domain.requirements.items():
            if flag not in KNOWN:
                hint = _near(flag, KNOWN)
                self.warning(codes.UNKNOWN_REQUIREMENT, f"{flag} is not a requirement of PDDL", source, at, flag, hint)
        granted = {f for flag in declared for f in IMPLIES.get(flag, {flag})} | {":strips"}
        for feature, at in features_of(self.domain, None).items():
            if ":" + feature in granted:
                continue
            message = f":requirements does not name :{feature}, which is used here"
            hint = f"add :{feature} to (:requirements …)"
            self.warning(codes.MISSING_REQUIREMENT, message, source, at, "(", hint)

    # --- the problem ----------------------------------------------------------------------------------------------
    def problem_level(self, problem: ProblemDef) -> Task:
        """Check the problem against the domain."""
        source = problem.source
        if problem.domain and problem.domain != self.domain.name:
            at = _after(source.text, problem.domain_at + len("(:domain"), problem.domain)
            message = f"the problem is for domain {problem.domain}, but the domain at hand is {self.domain.name}"
            hint = f"write (:domain {self.domain.name})"
            self.error(codes.DOMAIN_MISMATCH, message, source, at, problem.domain, hint)
        self._declare(problem.objects, source, "object")
        derived = {rule.head.name for rule in self.domain.derived}
        scope = Scope(self, source, self.objects, "", ground=True)
        init: set[Fact] = set()
        for item in problem.init:
            scope.where = ":init"
            ok = scope.atom(item.fact)
            if item.fact.name in derived:
                message = f"{item.fact.name} is derived: it cannot be set in :init"
                self.error(codes.DERIVED_EFFECT, message, source, item.fact.at + 1, item.fact.name)
            fact = (item.fact.name, *(t.name for t in item.fact.args))
            if ok and item.time is None and not item.negated:
                init.add(fact)
        for item in problem.init:
            fact = (item.fact.name, *(t.name for t in item.fact.args))
            if item.negated and item.time is None and fact in init:
                message = f"({' '.join(fact)}) is both true and false in :init"
                self.error(codes.CONTRADICTORY, message, source, item.at)
        scope.where = ":init"
        for value in problem.values:
            scope.fluent(value.target)
        values = {(v.target.name, *(t.name for t in v.target.args)): v.value for v in problem.values if v.time is None}
        scope.where = ":goal"
        Scope(self, source, self.objects, ":goal").formula(problem.goal)
        if problem.metric:
            scope.where = ":metric"
            scope.expr(problem.metric.expr)
        task = Task(
            domain=self.domain,
            problem=problem,
            types=self.types,
            objects=dict(self.objects),
            predicates=self.predicates,
            functions=self.functions,
            actions=self.actions,
            derived=tuple(self.domain.derived),
            init=frozenset(init),
            values=values,
            goal=problem.goal,
            metric=problem.metric,
            timed=tuple(i for i in problem.init if i.time is not None),
            timed_values=tuple(v for v in problem.values if v.time is not None),
            features=frozenset(features_of(self.domain, problem)),
        )
        self._goal_contradiction(problem)
        return task

    def _goal_contradiction(self, problem: ProblemDef) -> None:
        from quod.backends.pddl.syntax import And

        if not isinstance(problem.goal, And):
            return
        signs: dict[tuple[str, ...], set[bool]] = {}
        for part in problem.goal.parts:
            if len(list(atoms(part))) == 1:
                for atom, positive in literals(part):
                    signs.setdefault((atom.name, *(t.name for t in atom.args)), set()).add(positive)
        for fact, both in signs.items():
            if len(both) == 2:
                message = f"the goal wants ({' '.join(fact)}) both true and false"
                self.error(codes.CONTRADICTORY, message, problem.source, problem.goal_at)


def _near(name: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else None


def _after(text: str, start: int, name: str) -> int:
    """The next place from ``start`` on where ``name`` stands, ignoring case."""
    found = text.lower().find(name, start)
    return found if found >= 0 else start
