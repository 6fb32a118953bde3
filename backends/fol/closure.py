"""Forward chaining: what follows by firing rules, under two semantics. Evidence and its check; imports no solver.

* ``closure``: negation is explicit, a rule fires when its conditions have been derived, nothing runs backwards (no
  contraposition, no reasoning by cases). A question that is neither derived nor its opposite is undetermined. This
  is what ProofWriter's labels mean.
* ``closed``: negation as failure, stratified (Apt, Blair and Walker, 1988): what cannot be derived is false.

The evidence is the list of rule firings ``[rule, constants]``, in an order in which each is justified by those before
it. Replaying it gives everything derivable, and no rule may fire on the result without adding nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.fol.rules import (
    Literal,
    NotARule,
    Rule,
    Store,
    bind,
    constants,
    ground,
    positive,
    rules_of,
    stratify,
    truth,
)
from quod.backends.fol.syntax import Pred, Theory, atoms
from quod.core.model import JsonDict, JsonValue
from quod.core.verdict import Conclusion

__all__ = ["Chained", "Program", "chain", "check_chain", "program"]


@dataclass
class Program:
    """The rules of a theory: facts of tables come first, with no rule of their own."""

    theory: Theory
    rules: list[Rule]
    closed: bool
    strata: dict[str, int]
    domain: dict[str, list[str]]


def program(theory: Theory, closed: bool) -> Program:
    """The theory's rules. Raises NotARule naming the sentence (``id: why``)."""
    rules: list[Rule] = []
    for s in theory.premises:
        try:
            rules += rules_of(s)
        except NotARule as error:
            raise NotARule(f"'{s.id}': {error}") from None
    if closed:
        for r in rules:
            if not r.head.sign:
                raise NotARule(f"'{r.sentence}': what fails is false already; a negative result has no place here")
        strata = stratify(rules)
    else:
        strata = {}
    if theory.question.kind == "find":
        raise NotARule("a puzzle's solutions are not a matter of rules")
    return Program(theory, rules, closed, strata, constants(theory))


def _start(p: Program) -> Store:
    store = Store(p.domain)
    for name, rows in p.theory.facts.items():
        for row in rows:
            store.add(Literal(True, name, row))
    return store


@dataclass
class Chained:
    """A conclusion, its evidence, and the sentences behind it (for ``closure``, in order of the text)."""

    conclusion: Conclusion
    payload: JsonDict
    needed: list[str]
    holding: list[int]


def chain(p: Program) -> Chained:
    """Fire every rule until nothing new follows, then answer the question."""
    store = _start(p)
    firings: list[tuple[int, tuple[str, ...]]] = []
    why: dict[Literal, tuple[int, dict[str, str]]] = {}
    levels = sorted(set(p.strata.values())) if p.closed else [0]
    for level in levels:
        active = [(i, r) for i, r in enumerate(p.rules) if not p.closed or p.strata[r.head.name] == level]
        _saturate(p, store, active, firings, why)
    entries: list[JsonValue] = [[i, list(terms)] for i, terms in firings]
    conflict = next((lit for lit in store.known if lit.sign and lit.complement in store.known), None)
    if conflict is not None:
        needed = _trace(p, why, [conflict, conflict.complement])
        return Chained(Conclusion.INCONSISTENT, {"firings": entries}, needed, [])
    conclusion, holding = _answer(p, store.known)
    goals = [lit for a in _asked_atoms(p) for lit in (positive(a), positive(a).complement)]
    needed = _trace(p, why, [g for g in goals if g in store.known])
    return Chained(conclusion, {"firings": entries, "holding": list(holding)}, needed, holding)


def _asked_atoms(p: Program) -> list[Pred]:
    return [a for s in p.theory.question.formulas for a in atoms(s.formula) if isinstance(a, Pred)]


def _answer(p: Program, known: set[Literal]) -> tuple[Conclusion, list[int]]:
    values = [truth(s.formula, known, p.closed) for s in p.theory.question.formulas]
    if p.theory.question.kind == "entails":
        by_value = {True: Conclusion.PROVED, False: Conclusion.DISPROVED, None: Conclusion.UNDETERMINED}
        return by_value[values[0]], []
    holding = [k for k, v in enumerate(values) if v]
    if not holding:
        return Conclusion.NONE, holding
    return (Conclusion.UNIQUE if len(holding) == 1 else Conclusion.SEVERAL), holding


def _saturate(
    p: Program,
    store: Store,
    active: list[tuple[int, Rule]],
    firings: list[tuple[int, tuple[str, ...]]],
    why: dict[Literal, tuple[int, dict[str, str]]],
) -> None:
    """Semi-naive: after the first round, a rule is only joined through literals that are new."""
    watch: dict[tuple[bool, str], list[tuple[int, Rule, int]]] = {}
    for i, r in active:
        for k, b in enumerate(r.body):
            if b.sign or not p.closed:
                watch.setdefault((b.sign, b.name), []).append((i, r, k))
    queue: list[Literal] = []

    def fire(i: int, r: Rule, env: dict[str, str]) -> None:
        head = ground(r.head, env)
        if head not in store.known:
            store.add(head)
            why[head] = (i, env)
            firings.append((i, tuple([env[v] for v, _ in r.variables])))
            queue.append(head)

    for i, r in active:
        for env in list(store.instances(r, {}, absent=p.closed)):
            fire(i, r, env)
    while queue:
        literal = queue.pop()
        for i, r, k in watch.get((literal.sign, literal.name), ()):
            start = bind(r.body[k], literal, {})
            if start is not None:
                for env in list(store.instances(r, start, skip=k, absent=p.closed)):
                    fire(i, r, env)


def _trace(p: Program, why: dict[Literal, tuple[int, dict[str, str]]], goals: list[Literal]) -> list[str]:
    used: set[str] = set()
    seen: set[Literal] = set()
    todo = list(goals)
    while todo:
        literal = todo.pop()
        if literal in seen or literal not in why:
            continue
        seen.add(literal)
        i, env = why[literal]
        used.add(p.rules[i].sentence)
        todo += [ground(b, env) for b in p.rules[i].body if b.sign or not p.closed]
    return [s.id for s in p.theory.premises if s.id in used]


def check_chain(p: Program, conclusion: Conclusion, payload: JsonDict) -> str | None:
    """None if the firings show the conclusion, else what is wrong with them."""
    firings = payload.get("firings")
    if not isinstance(firings, list):
        return "there are no firings"
    store = _start(p)
    named = {sort: frozenset(names) for sort, names in constants(p.theory).items()}
    replayed: list[tuple[Rule, dict[str, str]]] = []
    for entry in firings:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
            return "a firing is not written as it should be"
        i, names = entry[0], entry[1]
        assert isinstance(names, list)
        if not isinstance(i, int) or isinstance(i, bool) or not 0 <= i < len(p.rules):
            return "a firing names no rule"
        rule = p.rules[i]
        if len(names) != len(rule.variables):
            return "a firing gives the wrong number of constants"
        env: dict[str, str] = {}
        for name, (v, sort) in zip(names, rule.variables, strict=True):
            if not isinstance(name, str) or name not in named[sort]:
                return "a firing puts something that is no constant of the sort"
            env[v] = name
        for b in rule.body:
            if (b.sign or not p.closed) and ground(b, env) not in store.known:
                return "a firing uses a condition that was not derived before it"
        replayed.append((rule, env))
        store.add(ground(rule.head, env))
    if p.closed:
        for rule, env in replayed:
            if any(not b.sign and ground(b.complement, env) in store.known for b in rule.body):
                return "a firing needs something absent that is derived"
    for rule in p.rules:
        for env in store.instances(rule, {}, absent=p.closed):
            if ground(rule.head, env) not in store.known:
                return f"a rule of '{rule.sentence}' could still fire"
    contradictory = any(lit.sign and lit.complement in store.known for lit in store.known)
    if contradictory != (conclusion is Conclusion.INCONSISTENT):
        return "whether the rules contradict each other is not as said"
    if contradictory:
        return None
    expected, holding = _answer(p, store.known)
    if expected is not conclusion:
        return f"the firings show '{expected}'"
    return None if payload.get("holding", []) == holding else "the options that hold are not as said"
