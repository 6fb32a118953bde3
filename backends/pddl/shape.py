"""Problems whose shape is suspicious, whatever the words were."""

from __future__ import annotations

from collections.abc import Iterator

from quod.backends.pddl import codes
from quod.backends.pddl.invariants import Invariant, Part, invariants
from quod.backends.pddl.semantics import show
from quod.backends.pddl.syntax import And, Formula, Pred
from quod.backends.pddl.task import Fact, Task
from quod.backends.pddl.walk import atoms, changed_facts, literals
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["suspicious_shape", "used_objects"]

_MOST = 5


def suspicious_shape(task: Task) -> list[Diagnostic]:
    """Doubts that need no words: broken invariants, gaps in fixed relations, things without a place."""
    out: list[Diagnostic] = []
    for found in (_against_invariants(task), _gaps(task), _empty_relations(task), _idle(task), _hopeless(task)):
        out += list(found)[:_MOST]
    return out


def _at_init(task: Task) -> dict[str, object]:
    source = task.problem.source
    return {"span": Span.at(source.text, task.problem.init_at), "file": source.file}


def _at_fact(task: Task, fact: Fact) -> dict[str, object]:
    source = task.problem.source
    for item in task.problem.init:
        if (item.fact.name, *(t.name for t in item.fact.args)) == fact:
            return {"span": Span.at(source.text, item.fact.at, item.fact.end), "file": source.file}
    return _at_init(task)


# --- invariants ---------------------------------------------------------------------------------------------------
def _against_invariants(task: Task) -> Iterator[Diagnostic]:
    for invariant in invariants(task):
        if any(p.key is None for p in invariant) and all(task.predicates[p.predicate].params for p in invariant):
            continue  # a number of things in all, not a choice of one
        counts = _count(task, invariant)
        likely = {kind for kind, pairs in _by_kind(task, counts).items() if _usual(pairs)}
        moves = _moves(task, invariant)
        what = _describe(task, invariant)
        for key, facts in counts.items():
            usual = key is None or _kind(task, key) in likely
            if len(facts) > 1 and (usual or moves):
                message = f"{' and '.join(show(f) for f in facts[:3])} hold together at the start, but the actions keep"
                message += f" the number of {what} at one"
                yield codes.INVARIANT_BROKEN.warning(message, **_at_fact(task, facts[-1]))
            elif not facts and usual:
                about = "the start" if key is None else key
                message = f"{about} has none of {what}" + ("" if key is None else ", and its likes have one each")
                yield codes.PLACE_MISSING.warning(message, **_at_init(task))


def _count(task: Task, invariant: Invariant) -> dict[str | None, list[Fact]]:
    """The initial facts counted under each key."""
    keyless = any(part.key is None for part in invariant)
    counts: dict[str | None, list[Fact]] = {None: []} if keyless else {k: [] for k in _keys(task, invariant)}
    for fact in sorted(task.init):
        for part in invariant:
            if part.predicate == fact[0]:
                counts.setdefault(None if part.key is None else fact[part.key + 1], []).append(fact)
    return counts


def _keys(task: Task, invariant: Invariant) -> list[str]:
    allowed: set[str] | None = None
    for part in invariant:
        assert part.key is not None
        fitting = set(task.objects_of(task.predicates[part.predicate].params[part.key].types))
        allowed = fitting if allowed is None else allowed & fitting
    return [name for name in task.objects if name in (allowed or set())]


def _kind(task: Task, name: str) -> str:
    return "/".join(sorted(task.objects[name]))


def _by_kind(task: Task, counts: dict[str | None, list[Fact]]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for key, facts in counts.items():
        if key is not None:
            out.setdefault(_kind(task, key), []).append(len(facts))
    return out


def _usual(counts: list[int]) -> bool:
    """Most of them, and not just the only one, have exactly one."""
    return counts.count(1) * 2 > len(counts) > 1


def _moves(task: Task, invariant: Invariant) -> bool:
    """Whether some action replaces a fact by one of the same predicate, as moving replaces a place by a place."""
    for action in task.actions.values():
        changed = list(changed_facts(action.effect))
        added = {fact.name for fact, add in changed if add}
        if any(
            not add and fact.name in added and fact.name in {p.predicate for p in invariant} for fact, add in changed
        ):
            return True
    return False


def _describe(task: Task, invariant: Invariant) -> str:
    return ", ".join(sorted(_shown(task, part) for part in invariant))


def _shown(task: Task, part: Part) -> str:
    arity = len(task.predicates[part.predicate].params)
    return show((part.predicate, *("_" if i != part.key else "it" for i in range(arity))))


# --- fixed relations ----------------------------------------------------------------------------------------------
def _static_pairs(task: Task) -> dict[str, set[tuple[str, str]]]:
    """The fixed relations between two things."""
    out: dict[str, set[tuple[str, str]]] = {
        name: set()
        for name, signature in task.predicates.items()
        if name not in task.fluent_predicates and len(signature.params) == 2
    }
    for fact in task.init:
        if fact[0] in out:
            out[fact[0]].add((fact[1], fact[2]))
    return out


def _gaps(task: Task) -> Iterator[Diagnostic]:
    """Relations that are nearly each other's mirror image (up and down), or nearly symmetric, but not quite."""
    relations = _static_pairs(task)
    names = sorted(relations)
    for index, name in enumerate(names):
        for other in names[index:]:
            first, second = relations[name], {(b, a) for a, b in relations[other]}
            if not first or not second or (name != other and not _same_types(task, name, other)):
                continue
            shared = first & second
            most = 0.75 * len(first) if name == other else 0.5 * min(len(first), len(second))
            if len(shared) < max(2.0, most):
                continue
            missing = [(other, b, a) for a, b in sorted(first - second)]
            missing += [(name, a, b) for a, b in sorted(second - first)] if name != other else []
            if missing:
                shown = ", ".join(show(f) for f in missing[:3]) + (f" and {len(missing) - 3} more" * (len(missing) > 3))
                mirror = (
                    f"{name} is nearly symmetric" if name == other else f"{name} and {other} nearly mirror each other"
                )
                yield codes.STATIC_INCOMPLETE.warning(f"{mirror}; missing is {shown}", **_at_init(task))


def _same_types(task: Task, name: str, other: str) -> bool:
    mine, theirs = task.predicates[name].params, task.predicates[other].params
    return [p.types for p in mine] == [p.types for p in reversed(theirs)]


def _empty_relations(task: Task) -> Iterator[Diagnostic]:
    """A fixed relation that some action needs, without a single fact."""
    present = {fact[0] for fact in task.init}
    for action in task.actions.values():
        for part in _conjuncts(action.condition):
            if isinstance(part, Pred) and part.name not in task.fluent_predicates and part.name not in present:
                message = f"no fact ({part.name} …) is given, and action {action.name} can never be done without one"
                yield codes.EMPTY_STATIC.warning(message, **_at_init(task))


def _conjuncts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, And) else (formula,)


# --- objects and goals --------------------------------------------------------------------------------------------
def used_objects(task: Task) -> set[str]:
    """Objects that some initial fact, value or goal speaks of."""
    used = {name for fact in task.init for name in fact[1:]} | {n for key in task.values for n in key[1:]}
    used |= {t.name for atom in atoms(task.goal) for t in atom.args}
    return used | {t.name for item in task.timed for t in item.fact.args}


def _idle(task: Task) -> Iterator[Diagnostic]:
    """Objects that nothing speaks of: a note, for a room may well be empty."""
    used = used_objects(task)
    source = task.problem.source
    for param in task.problem.objects:
        if param.name not in used:
            span = Span.at(source.text, param.at, param.at + len(param.name))
            message = f"object {param.name} occurs in no initial fact and in no goal"
            yield codes.NAME_UNUSED.info(message, span=span, file=source.file)


def _hopeless(task: Task) -> Iterator[Diagnostic]:
    """Goal facts of a predicate that nothing ever makes true."""
    added = {fact.name for a in task.actions.values() for fact, add in changed_facts(a.effect) if add}
    added |= task.derived_names | {item.fact.name for item in task.timed}
    for part in _conjuncts(task.goal):
        for atom, positive in literals(part) if isinstance(part, Pred) else ():
            fact = (atom.name, *(t.name for t in atom.args))
            if positive and atom.name not in added and fact not in task.init:
                source = task.problem.source
                message = f"{show(fact)} does not hold at the start, and no action ever adds {atom.name}"
                span = Span.at(source.text, atom.at, atom.end)
                yield codes.UNREACHABLE_GOAL.warning(message, span=span, file=source.file)
