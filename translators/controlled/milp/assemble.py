"""From statements to a model: amounts of the same resource form a row, limits and the objective find theirs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities
from quod.translators.controlled.milp.lexicon import COST, GAIN, GENERIC, VERB_STEMS
from quod.translators.controlled.milp.reading import Amount, Goal, Limit, Reading
from quod.translators.controlled.milp.tokens import alike

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
class Resource:
    """Amounts of one thing, one for each entity."""

    amounts: list[Amount]
    used: bool = False
    per: frozenset[str] = frozenset()
    """What the things are counted or measured by."""

    @property
    def after(self) -> frozenset[str]:
        return frozenset().union(*(a.after for a in self.amounts))

    @property
    def before(self) -> frozenset[str]:
        return frozenset().union(*(a.before for a in self.amounts))

    @property
    def flavour(self) -> str:
        return self.amounts[0].flavour

    @property
    def coefficients(self) -> dict[int, Fraction]:
        return {a.entity: a.value for a in self.amounts}

    @property
    def name(self) -> str:
        nouns = (
            sorted(self.after - GENERIC)
            or sorted((self.after | self.before) & (COST | GAIN))
            or sorted(self.after)
            or sorted(self.before)
        )
        return "_".join(nouns[:2]) or "amount"


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


def _weight(word: str) -> float:
    return 0.35 if word in GENERIC else 1.0


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Summed weight of the words of ``a`` that have a like in ``b``."""
    return sum(_weight(w) for w in a if any(alike(w, v) for v in b))


def similarity(a: Amount, b: Amount) -> float:
    """How likely two amounts are of the same resource; negative where they cannot be."""
    if (a.flavour == "money") != (b.flavour == "money") or (a.flavour == "percent") != (b.flavour == "percent"):
        return -1.0
    mine = a.after - GENERIC - VERB_STEMS | a.matter - GENERIC
    yours = b.after - GENERIC - VERB_STEMS | b.matter - GENERIC
    if mine and yours and not overlap(mine, yours):
        return -1.0  # kilograms of two different things
    total = sum(map(_weight, a.after)) + sum(map(_weight, b.after))
    same = (overlap(a.after, b.after) + overlap(b.after, a.after)) / total if total else 0.3
    leads = sum(map(_weight, a.before)) + sum(map(_weight, b.before))
    lead = (overlap(a.before, b.before) + overlap(b.before, a.before)) / leads if leads else 0.0
    both = _money_class(a) * _money_class(b)
    if both < 0:
        return -1.0
    return 2 * same + lead + 0.4 * both


def _money_class(a: Amount) -> int:
    if a.flavour not in {"money", "percent"}:
        return 0
    words = a.after | a.before
    gain, cost = bool(words & GAIN), bool(words & COST)
    return 1 if gain and not cost else -1 if cost and not gain else 0


def resources(reading: Reading, entities: Entities, problems: list[str]) -> list[Resource]:
    """Group the amounts: one of each entity, the most alike together."""
    many = len(entities.names)
    of: list[list[Amount]] = [[a for a in reading.amounts if a.entity == e] for e in range(many)]
    of = [_once(list_) for list_ in of]
    found = [Resource([a]) for a in of[0]]
    left: list[Amount] = []
    for e in range(1, many):
        pairs = sorted(
            ((similarity(r.amounts[0], b) + 0.05 * (i == j) - 0.01 * abs(i - j), -abs(i - j), i, j)
             for i, r in enumerate(found) for j, b in enumerate(of[e])), reverse=True)  # fmt: skip
        taken_r: set[int] = set()
        taken_b: set[int] = set()
        for score, _, i, j in pairs:
            if i in taken_r or j in taken_b or score < 0.3:
                continue
            taken_r.add(i)
            taken_b.add(j)
            found[i].amounts.append(of[e][j])
        left += [b for j, b in enumerate(of[e]) if j not in taken_b]
    full = [r for r in found if len(r.amounts) == many]
    part = [r for r in found if len(r.amounts) < many]
    alone = [r for r in part if _own_limit(r, full, part, reading)]
    problems += [r.amounts[0].words for r in part if r not in alone]
    problems += [b.words for b in left if not _own_limit(Resource([b]), full, part, reading)]
    return [*full, *alone, *(Resource([b]) for b in left if _own_limit(Resource([b]), full, part, reading))]


def _own_limit(r: Resource, full: list[Resource], part: list[Resource], reading: Reading) -> bool:
    """Whether a limit speaks of just this resource, of which some things use nothing: salmon for salmon pies."""
    nouns = r.after - GENERIC - VERB_STEMS
    others = [o.after - GENERIC - VERB_STEMS for o in [*full, *part] if o is not r and o.amounts != r.amounts]
    if not nouns or r.flavour or any(nouns <= o or o <= nouns for o in others if o):
        return False
    return sum(nouns <= limit.head for limit in reading.limits) == 1


def _once(amounts: list[Amount]) -> list[Amount]:
    """The same amount said twice is one amount."""
    out: list[Amount] = []
    for a in amounts:
        twin = next(
            (
                b
                for b in out
                if b.value == a.value and b.flavour == a.flavour and a.after == b.after and a.before == b.before
            ),
            None,
        )
        if twin is None:
            out.append(a)
    return out


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
    for limit in reading.limits:
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
        if limit.everything and not _specific(limit, pool, nouns):
            out.rows.append(_sum(limit, many))
            continue
        choice = _choose(limit, pool)
        if choice is None:
            pending.append(limit)
            continue
        choice.used = True
        out.rows.append(_limited(limit, choice))
    numbered = goal.counts and goal.stems and goal.stems <= nouns | THINGS | GENERIC_TOTAL
    target = (
        "count" if goal.only is not None or (numbered and not pending) else _target(goal, pool, nouns, bool(pending))
    )
    if isinstance(target, Resource):
        target.used = True
        if target.flavour == "percent" and not reading.money:
            out.problems.append(goal.words)  # a share of what?
    for limit in pending:
        ranked = sorted(
            ((_score(limit, r), -i) for i, r in enumerate(pool) if not r.used and _compatible(limit, r)), reverse=True
        )
        clear = ranked and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= 0.15)
        free = pool[-ranked[0][1]] if ranked else None
        if free and clear and (ranked[0][0] > 0 or limit.flavour == free.flavour == "money"):
            free.used = True
            out.rows.append(_limited(limit, free))
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
    if not out.rows:
        out.problems.append("no limit was found")
    return out


def _one_goal(reading: Reading, out: Assembled) -> Goal | None:
    goals = [g for g in reading.goals if g.stems or g.counts]
    if not goals:
        out.problems.append(
            "nothing says what to maximize or minimize" if not reading.goals else reading.goals[0].words
        )
        return None
    if len({g.sense for g in goals}) > 1:
        out.problems.append(goals[-1].words)
        return None
    return max(goals, key=lambda g: len(g.stems))


def _sum(limit: Limit, many: int) -> Row:
    terms = {e: Fraction(1) for e in range(many)}
    return Row(terms, limit.op, limit.value, limit.words, "sum", "total", limit.strict, limit.loose)


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


def _compatible(limit: Limit, r: Resource) -> bool:
    if (limit.flavour == "money") != (r.flavour == "money"):
        return False
    if r.flavour == "percent":
        # 12 kg of salt, of which a kg of A is 3%
        return not limit.flavour and bool((limit.head | limit.after) & GENERIC & r.per)
    if r.flavour == "money":
        gain = any(_money_class(a) > 0 for a in r.amounts)
        wants_gain = bool((limit.after | limit.before) & GAIN)
        return gain == wants_gain
    return True


def _score(limit: Limit, r: Resource) -> float:
    if not _compatible(limit, r):
        return -1.0
    head = limit.head - GENERIC
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
        if limit.flavour == "money" and len(money) == 1:
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
            if any(_money_class(a) == want for a in r.amounts) and not any(_money_class(a) == -want for a in r.amounts)
        ]
        if len(exact) > 1:
            ranked = sorted(exact, key=lambda r: -overlap(stems, r.after | r.before))
            a, b = (overlap(stems, r.after | r.before) for r in ranked[:2])
            return ranked[0] if a > b else None
        if exact:
            return exact[0]
        neutral = [r for r in money if all(_money_class(a) == 0 for a in r.amounts)]
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
