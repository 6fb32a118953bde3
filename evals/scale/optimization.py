"""Allocation, transportation, scheduling and routing from tables, each planted with a known optimum."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.evals.grading import NumberGrade
from quod.evals.scale.instance import Instance, csv_item, listed

__all__ = ["allocation", "routing", "scheduling", "transportation"]

_GOODS = ["stool", "lamp", "shelf", "table", "chair", "bench", "crate", "tray"]


def _gold(model: dict[str, Any]) -> Formalization:
    return Formalization(formalism=Formalism.MILP, language="quod-milp", text=json.dumps(model, indent=1))


def allocation(size: int, rng: random.Random) -> Instance:
    """Make what pays best per hour, up to what sells: the hours end exactly where a product's demand does.

    The bound: the plan is what the greedy rule of the continuous knapsack gives (Dantzig 1957), and it is whole.
    """
    count = (2, 6, 100, 3_000, 100_000)[size - 1]
    hours = [rng.randint(1, 9) for _ in range(count)]
    rates = rng.sample(range(2, 2 + 4 * count), count)  # profit per hour, all different
    demand = [rng.randint(2, 40) for _ in range(count)]
    best_first = sorted(range(count), key=lambda i: -rates[i])
    taken = best_first[: max(1, rng.randint(count // 3, max(1, 2 * count // 3)))]
    total = sum(hours[i] * demand[i] for i in taken)
    optimum = sum(rates[i] * hours[i] * demand[i] for i in taken)
    if size == 1:
        names = rng.sample(_GOODS, count)
        rows: list[tuple[object, ...]] = [(names[i], hours[i], rates[i] * hours[i], demand[i]) for i in range(count)]
        return _small_allocation(rows, total, optimum)
    rows = [(f"item{i + 1}", hours[i], rates[i] * hours[i], demand[i]) for i in range(count)]
    opening = rng.choice(
        ["A workshop can make any of", "A plant is free to produce any of", "A maker may turn out any of"]
    )
    text = (
        f"{opening} the {count} products in products.csv. For each product the table gives the hours one unit takes, "
        "the profit in dollars one unit earns, and the demand: no more units than that can be sold. "
        f"There are {total} hours of work in all. How many units of each product should be made to maximize the profit?"
    )
    model = {
        "sets": {"P": {"file": "products.csv", "column": "product"}},
        "parameters": {
            name: {"over": ["P"], "file": "products.csv", "keys": ["product"], "column": name}
            for name in ("hours", "profit", "demand")
        },
        "variables": {"make": {"over": ["P"], "domain": "integer", "lower": 0}},
        "objective": {"sense": "maximize", "expression": "sum(p in P: profit[p] * make[p])"},
        "constraints": [
            {"name": "work", "rule": f"sum(p in P: hours[p] * make[p]) <= {total}"},
            {"name": "sales", "for": "p in P", "rule": "make[p] <= demand[p]"},
        ],
    }
    table = csv_item("products.csv", ("product", "hours", "profit", "demand"), rows)
    return Instance(text, _gold(model), NumberGrade((float(optimum),)), (table,))


def _small_allocation(rows: Sequence[tuple[object, ...]], total: int, optimum: int) -> Instance:
    names = [str(row[0]) for row in rows]
    plural = {name: "shelves" if name == "shelf" else "benches" if name == "bench" else f"{name}s" for name in names}
    parts = [f"A workshop makes {listed([plural[n] for n in names])}."]
    parts += [
        f"Each {name} takes {hours} hours of work and earns a profit of ${profit}." for name, hours, profit, _ in rows
    ]
    parts.append(f"There are {total} hours of work available.")
    parts += [f"At most {demand} {plural[str(name)]} can be sold." for name, _, _, demand in rows]
    parts.append("How many of each should be made to maximize the profit?")
    model = {
        "variables": {name: {"domain": "integer", "lower": 0} for name in names},
        "objective": {"sense": "maximize", "expression": " + ".join(f"{p} * {n}" for n, _, p, _ in rows)},
        "constraints": [
            {"name": "work", "rule": " + ".join(f"{h} * {n}" for n, h, _, _ in rows) + f" <= {total}"},
            *({"name": f"sales_{n}", "rule": f"{n} <= {d}"} for n, _, _, d in rows),
        ],
    }
    return Instance(" ".join(parts), _gold(model), NumberGrade((float(optimum),)))


def transportation(size: int, rng: random.Random) -> Instance:
    """Ship from plants to markets; costs are planted around node prices.

    The bound: every cost is at least the sum of its ends' prices, with equality on the arcs the planted plan uses, so
    the prices are an optimal dual (complementary slackness).
    """
    plants, markets = ((2, 2), (4, 5), (12, 15), (60, 80), (316, 317))[size - 1]
    at_plant = [rng.randint(0, 30) for _ in range(plants)]
    at_market = [rng.randint(1, 40) for _ in range(markets)]
    used = {(rng.randrange(plants), j) for j in range(markets)} | {(i, rng.randrange(markets)) for i in range(plants)}
    flow = {arc: rng.randint(1, 60) for arc in used}
    supply = [sum(f for (i, _), f in flow.items() if i == p) for p in range(plants)]
    demand = [sum(f for (_, j), f in flow.items() if j == m) for m in range(markets)]
    costs = [
        (f"plant{i + 1}", f"market{j + 1}", at_plant[i] + at_market[j] + (0 if (i, j) in used else rng.randint(1, 25)))
        for i in range(plants)
        for j in range(markets)
    ]
    optimum = sum((at_plant[i] + at_market[j]) * f for (i, j), f in flow.items())
    text = (
        f"A company ships one product from {plants} plants to {markets} markets. What each plant can supply stands in "
        "supply.csv, what each market needs in demand.csv, and the cost in dollars of shipping one unit from a plant "
        "to a market in costs.csv. Every market must get all it needs and no plant can ship more than it supplies. "
        f"{rng.choice(['Minimize the total cost of shipping.', 'How should it ship so that the total cost is least?'])}"
    )
    model = {
        "sets": {
            "P": {"file": "supply.csv", "column": "plant"},
            "M": {"file": "demand.csv", "column": "market"},
        },
        "parameters": {
            "supply": {"over": ["P"], "file": "supply.csv", "keys": ["plant"], "column": "supply"},
            "demand": {"over": ["M"], "file": "demand.csv", "keys": ["market"], "column": "demand"},
            "cost": {"over": ["P", "M"], "file": "costs.csv", "keys": ["plant", "market"], "column": "cost"},
        },
        "variables": {"ship": {"over": ["P", "M"], "domain": "continuous", "lower": 0}},
        "objective": {"sense": "minimize", "expression": "sum(p in P, m in M: cost[p, m] * ship[p, m])"},
        "constraints": [
            {"name": "supplied", "for": "p in P", "rule": "sum(m in M: ship[p, m]) <= supply[p]"},
            {"name": "needed", "for": "m in M", "rule": "sum(p in P: ship[p, m]) >= demand[m]"},
        ],
    }
    tables = (
        csv_item("supply.csv", ("plant", "supply"), [(f"plant{i + 1}", s) for i, s in enumerate(supply)]),
        csv_item("demand.csv", ("market", "demand"), [(f"market{j + 1}", d) for j, d in enumerate(demand)]),
        csv_item("costs.csv", ("plant", "market", "cost"), costs),
    )
    return Instance(text, _gold(model), NumberGrade((float(optimum),)), tables)


def scheduling(size: int, rng: random.Random) -> Instance:
    """Jobs on identical machines, cut from bars of equal length.

    The bound: no schedule can end before the work divided by the machines, and the planted one ends exactly then.
    """
    machines, each = ((2, 2), (3, 3), (4, 4), (6, 5), (8, 6))[size - 1]
    length = 60 * size
    jobs: list[int] = []
    for _ in range(machines):
        cuts = sorted(rng.sample(range(5, length - 4, 5), each - 1))
        jobs += [b - a for a, b in zip([0, *cuts], [*cuts, length], strict=True)]
    rng.shuffle(jobs)
    rows = [(f"job{i + 1}", minutes) for i, minutes in enumerate(jobs)]
    text = (
        f"A shop has {machines} identical machines and {len(jobs)} jobs to do; jobs.csv gives the minutes each job "
        "takes. A job runs on one machine without a break, and a machine does one job at a time. "
        "Assign the jobs so that the last one ends as early as possible. When does it end, in minutes?"
    )
    model = {
        "sets": {"J": {"file": "jobs.csv", "column": "job"}, "K": {"range": [1, machines]}},
        "parameters": {"minutes": {"over": ["J"], "file": "jobs.csv", "keys": ["job"], "column": "minutes"}},
        "variables": {
            "on": {"over": ["J", "K"], "domain": "binary"},
            "end": {"domain": "continuous", "lower": 0},
        },
        "objective": {"sense": "minimize", "expression": "end"},
        "constraints": [
            {"name": "once", "for": "j in J", "rule": "sum(k in K: on[j, k]) = 1"},
            {"name": "ends", "for": "k in K", "rule": "sum(j in J: minutes[j] * on[j, k]) <= end"},
        ],
    }
    table = csv_item("jobs.csv", ("job", "minutes"), rows)
    return Instance(text, _gold(model), NumberGrade((float(length),)), (table,))


def routing(size: int, rng: random.Random) -> Instance:
    """A round trip through every town; legs are planted around two prices a town.

    The bound: each town is left once and entered once, so no trip is cheaper than the sum of the prices, and the
    planted trip costs exactly that (the assignment bound).
    """
    towns = (4, 7, 12, 25, 60)[size - 1]
    names = [f"town{i + 1}" for i in range(towns)]
    leaving = [rng.randint(1, 40) for _ in range(towns)]
    entering = [rng.randint(1, 40) for _ in range(towns)]
    order = list(range(towns))
    rng.shuffle(order)
    planted = set(zip(order, order[1:] + order[:1], strict=True))
    legs = [
        (names[i], names[j], leaving[i] + entering[j] + (0 if (i, j) in planted else rng.randint(1, 50)))
        for i in range(towns)
        for j in range(towns)
        if i != j
    ]
    text = (
        f"A van starts at {names[0]}, visits each of the other {towns - 1} towns exactly once and comes back. "
        "The minutes of driving from each town to each other stand in legs.csv; there and back need not be the same. "
        "Which round trip is shortest, and how many minutes does it take?"
    )
    model = {
        "sets": {"L": {"file": "legs.csv", "columns": ["from", "to"]}, "T": names, "R": names[1:]},
        "parameters": {"minutes": {"over": ["L"], "file": "legs.csv", "keys": ["from", "to"], "column": "minutes"}},
        "variables": {
            "go": {"over": ["L"], "domain": "binary"},
            "turn": {"over": ["R"], "domain": "continuous", "lower": 1, "upper": towns - 1},
        },
        "objective": {"sense": "minimize", "expression": "sum((i, j) in L: minutes[i, j] * go[i, j])"},
        "constraints": [
            {"name": "leave", "for": "t in T", "rule": "sum((i, j) in L if i = t: go[i, j]) = 1"},
            {"name": "enter", "for": "t in T", "rule": "sum((i, j) in L if j = t: go[i, j]) = 1"},
            {
                "name": "one_trip",
                "for": f"(i, j) in L if i != '{names[0]}' and j != '{names[0]}'",
                "rule": f"turn[i] - turn[j] + {towns - 1} * go[i, j] <= {towns - 2}",
            },
        ],
    }
    table = csv_item("legs.csv", ("from", "to", "minutes"), legs)
    optimum = sum(leaving) + sum(entering)
    return Instance(text, _gold(model), NumberGrade((float(optimum),)), (table,))
