"""Blocks and parcels, planted so that the shortest plan's length is known exactly."""

from __future__ import annotations

import itertools
import random

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem
from quod.evals.grading import PlanGrade
from quod.evals.scale.instance import Instance

__all__ = ["blocksworld", "logistics"]

_BLOCKS = """(define (domain blocksworld-4ops)
  (:requirements :strips)
  (:predicates (clear ?x) (on-table ?x) (arm-empty) (holding ?x) (on ?x ?y))
  (:action pickup
    :parameters (?ob)
    :precondition (and (clear ?ob) (on-table ?ob) (arm-empty))
    :effect (and (holding ?ob) (not (clear ?ob)) (not (on-table ?ob)) (not (arm-empty))))
  (:action putdown
    :parameters (?ob)
    :precondition (holding ?ob)
    :effect (and (clear ?ob) (arm-empty) (on-table ?ob) (not (holding ?ob))))
  (:action stack
    :parameters (?ob ?underob)
    :precondition (and (clear ?underob) (holding ?ob))
    :effect (and (arm-empty) (clear ?ob) (on ?ob ?underob) (not (clear ?underob)) (not (holding ?ob))))
  (:action unstack
    :parameters (?ob ?underob)
    :precondition (and (on ?ob ?underob) (clear ?ob) (arm-empty))
    :effect (and (holding ?ob) (clear ?underob) (not (on ?ob ?underob)) (not (clear ?ob)) (not (arm-empty)))))
"""

_PARCELS = """(define (domain parcels)
  (:requirements :strips :typing)
  (:types parcel truck place)
  (:predicates (parcel-at ?p - parcel ?x - place) (truck-at ?t - truck ?x - place) (in ?p - parcel ?t - truck))
  (:action load
    :parameters (?p - parcel ?t - truck ?x - place)
    :precondition (and (parcel-at ?p ?x) (truck-at ?t ?x))
    :effect (and (in ?p ?t) (not (parcel-at ?p ?x))))
  (:action unload
    :parameters (?p - parcel ?t - truck ?x - place)
    :precondition (and (in ?p ?t) (truck-at ?t ?x))
    :effect (and (parcel-at ?p ?x) (not (in ?p ?t))))
  (:action drive
    :parameters (?t - truck ?x ?y - place)
    :precondition (truck-at ?t ?x)
    :effect (and (truck-at ?t ?y) (not (truck-at ?t ?x)))))
"""


def _instance(words: list[str], domain: str, problem: str, cost: int) -> Instance:
    gold = Formalization(formalism=Formalism.PDDL, language="pddl", text=problem)
    context = (ContextItem(name="domain.pddl", content=domain),)
    return Instance("\n".join(words), gold, PlanGrade(float(cost)), context)


def blocksworld(size: int, rng: random.Random) -> Instance:
    """One tower of all blocks, in an order in which they can be taken off the first towers.

    The length: each block but the tower's first must leave what it stands on and be put on another (two actions), the
    first must come to the table unless it is there; and taking them in that order does no more.
    """
    count = (3, 6, 14, 40, 101)[size - 1]
    blocks = [f"b{i + 1}" for i in range(count)]
    shuffled = rng.sample(blocks, count)
    cuts = sorted(rng.sample(range(1, count), min(count - 1, rng.randint(0, max(1, count // 8)))))
    towers = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, count], strict=True)]  # each from the bottom up
    words, init = [f"You have {count} blocks."], ["(arm-empty)"]
    for tower in towers:
        words += [f"{upper} is on top of {lower}." for lower, upper in itertools.pairwise(tower)]
        words += [f"{tower[0]} is on the table.", f"{tower[-1]} is clear."]
        init += [f"(on {upper} {lower})" for lower, upper in itertools.pairwise(tower)]
        init += [f"(on-table {tower[0]})", f"(clear {tower[-1]})"]
    words += ["Your arm is empty.", "Your goal is to move the blocks."]
    left = [list(tower) for tower in towers]
    order: list[str] = []
    while any(left):
        order.append(rng.choice([tower for tower in left if tower]).pop())
    pairs = list(itertools.pairwise(order))
    words += [f"{upper} should be on top of {lower}." for lower, upper in pairs]
    words.append(f"{order[0]} should be on the table.")
    goal = " ".join([f"(on-table {order[0]})", *(f"(on {upper} {lower})" for lower, upper in pairs)])
    cost = 2 * (count - 1) + (0 if any(tower == [order[0]] or tower[0] == order[0] for tower in towers) else 2)
    problem = (
        f"(define (problem tower-of-{count}) (:domain blocksworld-4ops)\n  (:objects {' '.join(blocks)})\n"
        f"  (:init {' '.join(init)})\n  (:goal (and {goal})))"
    )
    return _instance(words, _BLOCKS, problem, cost)


def logistics(size: int, rng: random.Random) -> Instance:
    """One truck of any capacity takes parcels from some places to others; no place both sends and receives.

    The length: each parcel is loaded and unloaded, and each place that sends or receives is driven into once, the
    sending ones first; no plan can do with less.
    """
    parcels, sending, receiving = ((2, 1, 1), (4, 2, 2), (12, 4, 5), (35, 8, 9), (80, 20, 22))[size - 1]
    places = [f"place{i + 1}" for i in range(sending + receiving + 1)]
    depot, sources, targets = places[0], places[1 : sending + 1], places[sending + 1 :]
    start = [*sources, *(rng.choice(sources) for _ in range(parcels - len(sources)))][:parcels]
    end = [*targets, *(rng.choice(targets) for _ in range(parcels - len(targets)))][:parcels]
    rng.shuffle(start)
    rng.shuffle(end)
    names = [f"parcel{i + 1}" for i in range(parcels)]
    words = [
        f"A truck has to deliver {parcels} parcels among {len(places)} places.",
        "It can drive from any place to any other and carries as many parcels as are loaded.",
        "Parcels are loaded and unloaded one at a time.",
        f"truck1 is at {depot}.",
        *(f"{p} is at {x}." for p, x in zip(names, start, strict=True)),
        *(f"{p} must be brought to {x}." for p, x in zip(names, end, strict=True)),
    ]
    init = [f"(truck-at truck1 {depot})", *(f"(parcel-at {p} {x})" for p, x in zip(names, start, strict=True))]
    goal = " ".join(f"(parcel-at {p} {x})" for p, x in zip(names, end, strict=True))
    cost = 2 * parcels + len({*start, *end})
    problem = (
        f"(define (problem deliver-{parcels}) (:domain parcels)\n"
        f"  (:objects {' '.join(names)} - parcel truck1 - truck {' '.join(places)} - place)\n"
        f"  (:init {' '.join(init)})\n  (:goal (and {goal})))"
    )
    return _instance(words, _PARCELS, problem, cost)
