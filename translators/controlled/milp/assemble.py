"""From statements to a model: amounts of the same resource form a row, limits and the objective find theirs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, key
from quod.translators.controlled.milp.lexicon import COST, GAIN, GENERIC, MEASURES, VERB_STEMS
from quod.translators.controlled.milp.matching import Resource, money_class, overlap, resources
from quod.translators.controlled.milp.reading import Goal, Limit, Reading
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Assembled", "Row", "assemble"]


_SIMPLE = frozenset({"lowerbound", "upperbound", "fixed", "sum"})


@dataclass
class Row:
    terms: dict[int, Fraction]
    op: str
    right: Fraction
    words: str
    kind: str
    name: str
    strict: bool = False
    loose: bool = False
    resource: object = None
    distance: bool = False
    """A difference whose sign may not matter."""
    optional: bool = False
    """A wish, which may bind or not."""


@dataclass
class Assembled:
    sense: str = ""
    objective: dict[int, Fraction] = field(default_factory=dict)
    goal: str = ""
    goal_words: str = ""
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    money: bool = False
    """Whether the things are sums of money, which need not be whole."""


def assemble(reading: Reading, entities: Entities, nouns: frozenset[str]) -> Assembled:
    """The whole model, or the words that found no place."""
    out = Assembled(problems=list(reading.unread))
    nouns = nouns | reading.counted
    pool = resources(reading, entities, out.problems)
    for resource in pool:
        resource.per = nouns
    if out.problems:
        return out
    many = len(entities.names)
    for row in reading.rows:
        out.rows.append(
            Row(
                row.terms,
                row.op,
                row.right,
                row.words,
                row.kind,
                row.kind,
                row.strict,
                row.loose,
                optional=row.optional,
            )
        )
    goal = _one_goal(reading, out)
    if goal is None:
        return out
    pending: list[Limit] = []
    supplies: list[tuple[Limit, Resource | None]] = []
    for limit in (_dealt_with(limit, goal) for limit in reading.limits):
        if limit.several:
            shared = [r for r in pool if not r.flavour and limit.after <= r.after]
            for r in shared:
                r.used = True
                out.rows.append(_limited(limit, r))
            if len(shared) < 2 or any(r.after & LABOR - limit.before for r in shared):
                out.problems.append(limit.words)
            continue
        if limit.apiece:
            if _about(limit, reading, nouns):
                out.rows += [_bounded(limit, e) for e in range(many)]
            else:
                out.problems.append(limit.words)  # of each, or of all together?
            continue
        if limit.elliptic is not None and _about(limit, reading, nouns):
            out.rows.append(_bounded(limit, limit.elliptic))
            continue
        if limit.elliptic is not None and limit.after <= nouns:
            out.problems.append(limit.words)  # of all, or of the thing before?
            continue
        named = not limit.after and len(limit.whose) == many  # "the oven holds at most 30 pies or cakes"
        if limit.everything and (named or not _specific(limit, pool, nouns)):
            out.rows.append(_sum(limit, many))
            supplies.append((limit, None))
            continue
        choice = _choose(limit, pool)
        supplies.append((limit, choice))
        if choice is None:
            pending.append(limit)
            continue
        choice.used = True
        out.rows.append(_limited(limit, choice))
        if _of_some(limit, choice, entities):
            out.problems.append(limit.words)
    numbered = goal.counts and goal.stems and goal.stems <= nouns | THINGS | GENERIC_TOTAL
    target = (
        "count" if goal.only is not None or (numbered and not pending) else _target(goal, pool, nouns, bool(pending))
    )
    if isinstance(target, Resource):
        target.used = True
        if target.flavour == "percent" and not reading.money:
            out.problems.append(goal.words)  # a share of what?
    for limit in pending:
        fit = [i for i, r in enumerate(pool) if not r.used and _compatible(limit, r) and not _other_matter(limit, r)]
        ranked = sorted(((_score(limit, pool[i]), -i) for i in fit), reverse=True)
        clear = ranked and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= 0.15)
        free = pool[-ranked[0][1]] if ranked else None
        if free and clear and (ranked[0][0] > 0 or limit.flavour == free.flavour == "money"):
            free.used = True
            out.rows.append(_limited(limit, free))
            supplies.append((limit, free))
        elif (
            limit.after and limit.after <= nouns | GENERIC_TOTAL and not limit.flavour and len(limit.whose) in {0, many}
        ):
            out.rows.append(_sum(limit, many))
        else:
            out.problems.append(limit.words)
    if target is None and goal.counts and all(r.used for r in pool):
        target = _target(goal, pool, nouns, pending=False)
    if isinstance(target, Resource):
        out.objective = target.coefficients
        out.goal = _goal_name(goal)
    elif target == "count":
        out.objective = {e: Fraction(1) for e in range(many) if goal.only in {None, e}}
        out.goal = "total number" if goal.only is None else _goal_name(goal)
    else:
        out.problems.append(goal.words)
    # what a thing earns is told besides where only a number of things is wanted
    besides = target == "count"
    out.problems += [r.amounts[0].words for r in pool if not r.used and not (besides and r.flavour == "money")]
    out.money = reading.money
    out.sense, out.goal_words = goal.sense, goal.words
    trivial = {"maximize": "<=", "minimize": ">="}[goal.sense]
    if isinstance(target, Resource) and any(r.op == trivial and r.resource is target for r in out.rows):
        out.problems.append(goal.words)  # limiting what is optimized, from the same side, is hardly what is meant
    limited = Counter((id(r.resource), r.op) for r in out.rows if r.resource is not None)
    counted = Counter((tuple(sorted(r.terms)), r.op) for r in out.rows if r.kind in _SIMPLE)
    # two limits of one thing on one side are parts of one, or somebody else's
    out.problems += [r.words for r in out.rows if r.resource is not None and limited[id(r.resource), r.op] > 1]
    out.problems += [r.words for r in out.rows if r.kind in _SIMPLE and counted[tuple(sorted(r.terms)), r.op] > 1]
    # "the trucks may use 60 litres" limits what the trucks use, not all that is used
    out.problems += [v.words for v, r in supplies if r and v.whose and not v.whose >= r.coefficients.keys()]
    if goal.sense == "maximize":  # what is demanded may be all that can be sold
        out.problems += [v.words for v in reading.limits if v.demand] + [v.words for v in reading.rows if v.demand]
        # "has at least 200 eggs" tells what there is, not what has to be used
        out.problems += [v.words for v, of in supplies if of and v.at_hand and v.op != "<="]
    if goal.sense == "minimize":
        pushed = any(r.op != "<=" and (len(r.terms) > 1 and r.right > 0) for r in out.rows)
        for limit, of in supplies:
            if limit.op != "<=":
                continue
            doubted = limit.at_hand or not pushed
            if (doubted and of and of.before & _YIELDS) or (limit.at_hand and not of and not pushed):
                out.problems.append(limit.words)
    if not out.rows:
        out.problems.append("no limit was found")
    return out


# What a thing does for somebody, so that *there are 800 boxes* is hardly a supply of it where less is better.
_YIELDS = frozenset(
    stem(w)
    for w in "hold carry transport move deliver ship bring teach serve clean wash produce make yield process treat "
    "provide give generate seat accommodate purify extract answer contain".split()
)


def _dealt_with(limit: Limit, goal: Goal) -> Limit:
    """*800 boxes to be moved*: all of them, where less of something is better, and no more than all elsewhere."""
    if limit.waiting and goal.sense == "minimize":
        return replace(limit, op=">=", waiting=False, at_hand=False)
    return limit


def _one_goal(reading: Reading, out: Assembled) -> Goal | None:
    goals = [g for g in reading.goals if g.stems or g.counts]
    if not goals:
        out.problems.append(
            "nothing says what to maximize or minimize" if not reading.goals else reading.goals[0].words
        )
        return None
    best = max(goals, key=lambda g: len(g.stems))
    other = next((g for g in goals if g.sense != best.sense or not _told_by(g, best)), None)
    if other is not None:
        out.problems.append(other.words)  # two aims
        return None
    return best


def _told_by(goal: Goal, best: Goal) -> bool:
    """Whether one statement of the aim says nothing that the fuller one does not."""
    return not goal.stems or overlap(goal.stems, best.stems) > 0


def _sum(limit: Limit, many: int) -> Row:
    terms = {e: Fraction(1) for e in range(many)}
    return Row(terms, limit.op, limit.value, limit.words, "sum", "total", limit.strict, limit.loose)


def _of_some(limit: Limit, r: Resource, entities: Entities) -> bool:
    """Whether a limit on what all things share names some of them: *barrels of premium* are of one alone."""
    words = {key(w) for w in limit.after} - r.after - r.before - r.matter
    told = [bool(marks & words) for marks in entities.marks]
    return any(told) and not all(told)


def _about(limit: Limit, reading: Reading, nouns: frozenset[str]) -> bool:
    """Whether an elliptic limit is about the thing before it: the total is told on its own elsewhere."""
    return limit.after <= nouns and any(
        other.everything and other.elliptic is None and (limit.apiece or other.op == limit.op)
        for other in reading.limits
    )


def _bounded(limit: Limit, entity: int) -> Row:
    kind = {"<=": "upperbound", ">=": "lowerbound"}.get(limit.op, "fixed")
    return Row({entity: Fraction(1)}, limit.op, limit.value, limit.words, kind, kind, limit.strict)


def _limited(limit: Limit, resource: Resource) -> Row:
    return Row(
        resource.coefficients,
        limit.op,
        limit.value,
        limit.words,
        "linear",
        resource.name,
        limit.strict,
        resource=resource,
    )


_UNITS = GENERIC - {"unit", "item", "piece", "amount", "time"}


def _compatible(limit: Limit, r: Resource) -> bool:
    if (limit.flavour == "money") != (r.flavour == "money"):
        return False
    units = limit.head & _UNITS
    if units and not limit.flavour and r.flavour != "percent" and not overlap(units, r.after | r.per):
        return False  # kilograms are no number of boxes
    heads = {a.noun[-1] for a in r.amounts if a.noun} if r.flavour not in {"percent", "money"} else set()
    if heads and limit.noun and not limit.flavour and limit.noun[-1] not in heads.union(*(a.noun for a in r.amounts)):
        return False  # bags of flour are no cups of flour, and carpenters no hours of carpentry
    if r.flavour == "percent":
        # 12 kg of salt, of which a kg of A is 3%
        return not limit.flavour and bool((limit.head | limit.after) & GENERIC & r.per)
    if r.flavour == "money":
        gain = any(money_class(a) > 0 for a in r.amounts)
        wants_gain = bool((limit.after | limit.before) & GAIN)
        return gain == wants_gain
    return True


def _other_matter(limit: Limit, r: Resource) -> bool:
    """Money *for straw* pays no feed: each says what it is for, and they share no word."""
    if limit.flavour != "money":
        return False
    plain = GENERIC | COST | GAIN | VERB_STEMS | r.per
    mine, its = limit.after - plain, (r.after - plain) | r.matter
    return bool(mine and its) and not overlap(mine, its | r.before)


def _score(limit: Limit, r: Resource) -> float:
    if not _compatible(limit, r) or _other_matter(limit, r):
        return -1.0
    head = limit.head - GENERIC
    core = head - MEASURES  # barrels of premium are no barrels of naphtha
    if core and not limit.flavour and r.after - GENERIC - MEASURES and not overlap(core, r.after):
        return -1.0
    if head and not limit.flavour and not overlap(head, r.after):
        # what is limited is something else, unless the amounts name nothing but a measure
        return 0.2 if not r.after - GENERIC and overlap(limit.head & GENERIC, r.after) else -1.0
    nouns = overlap(limit.after, r.after)
    lead = (
        overlap(limit.before, r.after) * 0.8
        + overlap(limit.before, r.before) * 0.3
        + overlap(limit.after, r.before) * 0.3
    )
    return nouns + lead


def _specific(limit: Limit, pool: list[Resource], nouns: frozenset[str]) -> bool:
    said = limit.after | (frozenset() if limit.after - GENERIC else limit.before - nouns - VERB_STEMS)
    return any(_compatible(limit, r) and overlap(said - GENERIC, r.after - GENERIC) >= 1 for r in pool)


def _choose(limit: Limit, pool: list[Resource]) -> Resource | None:
    scored = sorted(((_score(limit, r), -i) for i, r in enumerate(pool)), reverse=True)
    if not scored or scored[0][0] < 0.6:
        money = [r for r in pool if _compatible(limit, r)]
        if limit.flavour == "money" and len(money) == 1 and not _other_matter(limit, money[0]):
            return money[0]
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < 0.15:
        return None
    return pool[-scored[0][1]]


def _goal_name(goal: Goal) -> str:
    said = goal.words.split()[1:]
    stop = next((i for i, w in enumerate(said) if w.lower() in {"that", "which", "they", "he", "she", "it"}), len(said))
    words = [
        w for w in said[:stop] if w.lower() not in {"the", "total", "his", "her", "their", "its", "a", "an", "overall"}
    ]
    return " ".join(words[:6]).strip(" .?,") or "objective"


LABOR = frozenset({"labor", "labour", "worker", "manual", "staff", "employee"})
"""Who works, where it is told what machines are available."""
TIME = frozenset({"hour", "minute", "second", "day", "week", "month", "time"})
GENERIC_TOTAL = frozenset({"total", "combin"})
THINGS = frozenset({"item", "product", "thing", "good"})
"""Nouns for whatever is made."""


def _target(goal: Goal, pool: list[Resource], nouns: frozenset[str], pending: bool) -> Resource | str | None:
    """What the objective speaks of: a resource, or the count of everything."""
    stems = goal.stems | ({"point"} if "score" in goal.stems else set())
    if goal.counts and stems and stems <= nouns:
        return "count"
    if "time" in stems:
        timed = [r for r in pool if r.after & TIME]
        if len(timed) == 1:
            return timed[0]
        if not timed and "time" in nouns:
            return "count"
    if stems & GAIN or stems & COST or "bill" in stems:
        want = 1 if stems & GAIN else -1
        money = [r for r in pool if r.flavour in {"money", "percent"}]
        exact = [
            r
            for r in money
            if any(money_class(a) == want for a in r.amounts) and not any(money_class(a) == -want for a in r.amounts)
        ]
        if len(exact) > 1:
            ranked = sorted(exact, key=lambda r: -overlap(stems, r.after | r.before))
            a, b = (overlap(stems, r.after | r.before) for r in ranked[:2])
            return ranked[0] if a > b else None
        if exact:
            return exact[0]
        neutral = [r for r in money if all(money_class(a) == 0 for a in r.amounts)]
        if len(neutral) == 1:
            return neutral[0]
        if money and not goal.counts:
            return None
    scored = sorted(
        (
            (overlap(stems, r.after) + 0.4 * overlap(stems, r.before) - (0.0 if not r.used else 0.05), -i)
            for i, r in enumerate(pool)
        ),
        reverse=True,
    )
    if scored and scored[0][0] >= 0.35 and (len(scored) == 1 or scored[0][0] - scored[1][0] >= 0.15):
        best = pool[-scored[0][1]]
        specific = overlap(stems - GENERIC, best.after - GENERIC) > 0 or not goal.counts
        if specific and not (goal.counts and stems <= nouns):
            return best
    if (
        scored
        and scored[0][0] >= 0.35
        and len(scored) > 1
        and scored[0][0] - scored[1][0] < 0.15
        and overlap(stems - GENERIC, pool[-scored[0][1]].after) > 0
    ):
        return None
    if stems and stems <= nouns and (goal.counts or "time" in nouns):
        return "count"
    if goal.counts and not pending and all(r.used for r in pool):
        return "count" if not any(overlap(stems - nouns, r.before) for r in pool) else None
    unused = [r for r in pool if not r.used]
    if len(unused) == 1 and overlap(stems, unused[0].after | unused[0].before) > 0:
        return unused[0]
    return None
