"""Storage, termes and tyreworld told in words: each text means the problem written beside it by hand."""

from __future__ import annotations

import pytest

from quod.backends.pddl.backend import PddlBackend
from quod.backends.pddl.documents import load_text
from quod.backends.pddl.equivalence import equivalent
from quod.backends.pddl.lint import lint_task
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.diagnostics import Severity
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.controlled.pddl import translator
from quod.translators.controlled.pddl.lexicon import built_in

DOMAINS = {lexicon.domain: lexicon.domain_text for lexicon in built_in()}


def translated(text: str, domain: str | None = None) -> Translation:
    context = (ContextItem(name="domain.pddl", content=domain),) if domain else ()
    return translator().translate(Problem(text=text, context=context), Run())


def line(text: str) -> str:
    """A text of this file as one line: where a line ends, a sentence does."""
    return " ".join(text.split())


def formal(text: str) -> Formalization:
    made = translated(line(text))
    assert made.formalization is not None, made.diagnostics
    return made.formalization


def means(text: str, domain: str, objects: str, init: str, goal: str) -> None:
    """The text means that problem, no name changed, and nothing about it is doubted."""
    by_hand = f"(define (problem p) (:domain {domain}) (:objects {objects}) (:init {init}) (:goal (and {goal})))"
    mine, gold = load_text(formal(text).text).task, load_text(by_hand, DOMAINS[domain]).task
    assert mine is not None
    assert gold is not None
    assert set(mine.init) == set(gold.init)
    assert equivalent(mine, gold, line(text)).equivalent is True
    assert [d for d in lint_task(mine, line(text)) if d.severity is not Severity.INFO] == []


def cost(text: str) -> object:
    """What the best plan costs, replayed and proved."""
    budget = Budget(seconds=40, engine_seconds=10)
    problem = Problem(text=text, budget=budget, options=Options(optimal=True))
    result = PddlBackend().check(formal(text), problem, Run(budget=budget))
    assert result.certificate is not None
    assert result.certificate.accepted
    assert next(c.assurance for c in result.claims if c.name == "plan_valid") is Assurance.CERTIFICATE
    return result.data["cost"]


# --- tyres ------------------------------------------------------------------------------------------------------
ONE_TYRE = """You have a jack, a pump, a wrench, a boot, a hub, a nut, a flat tyre and an intact tyre. The jack, pump,
wrench and intact tyre are in the boot. The boot is unlocked but closed. The intact tyre is not inflated. The flat
tyre is on the hub. The hub is on the ground. The nut is tight on the hub. Your goal is to replace the flat tyre with
the intact tyre on the hub. The intact tyre should be inflated. The nut should be tight on the hub. The flat tyre,
wrench, jack and pump should be in the boot. The boot should be closed."""
NAMED_TYRES = """There are two hubs (hub1 and hub2), two nuts (nut1 and nut2), two punctured tires, w1 and w2, and a
spare wheel named r1. w1 is on hub1 and w2 is on hub2. nut1 is tight on hub1. nut2 is loosened on hub2. hub1 is on the
ground, and hub2 is jacked up. You are holding the wrench. The trunk is open and contains the pump. The spare wheel is
in the trunk and is inflated. Initially, the trunk is not locked. Your goal is that r1 is on hub1 and nut1 is tight on
hub1. In the end, the trunk should be shut, and all tools should be back in the trunk."""
NAMED_INIT = """(on w1 hub1) (on w2 hub2) (tight nut1 hub1) (loose nut2 hub2) (on-ground hub1) (not-on-ground hub2)
(have wrench) (open boot) (in pump boot) (in r1 boot) (inflated r1) (unlocked boot) (intact r1) (fastened hub1)
(fastened hub2)"""
TWO_TYRES = "boot - container hub1 hub2 - hub nut1 nut2 - nut w1 w2 r1 r2 - wheel"
TWO_INIT = """(in jack boot) (in pump boot) (in wrench boot) (in r1 boot) (in r2 boot) (unlocked boot) (closed boot)
(not-inflated r1) (not-inflated r2) (on w1 hub1) (on w2 hub2) (on-ground hub1) (on-ground hub2) (tight nut1 hub1)
(tight nut2 hub2) (intact r1) (intact r2) (fastened hub1) (fastened hub2)"""
TWO_GOAL = "(on r1 hub1) (on r2 hub2) (tight nut1 hub1) (tight nut2 hub2)"
TOLD_TWICE = [
    """There are 2 hubs, 2 nuts, 2 flat tires and 2 spare tires. All tools are in the trunk. The spare tires are in
    the trunk. The trunk is closed and not locked. The spare tires are not inflated. Each hub has a flat tire. Each
    nut is tight on its hub. Both hubs are on the ground. Replace the flat tires with the spare tires. The nuts should
    be tight on the hubs.""",
    """You have a boot, a jack, a pump, a wrench, 2 hubs, 2 nuts, 2 flat wheels and 2 intact wheels. The boot is
    unlocked and is closed. The boot contains the jack, the pump, the wrench and the intact wheels. The intact wheels
    are uninflated. The flat wheels are on their hubs, the nuts are tight on the hubs and the hubs are on the ground.
    Your goal is to put the intact wheels on the hubs. The nuts must be tight on their hubs.""",
]


def test_a_tyre_is_changed() -> None:
    means(
        ONE_TYRE,
        "tyreworld",
        "boot - container hub1 - hub nut1 - nut w1 r1 - wheel",
        """(in jack boot) (in pump boot) (in wrench boot) (in r1 boot) (unlocked boot) (closed boot) (not-inflated r1)
        (on w1 hub1) (on-ground hub1) (tight nut1 hub1) (intact r1) (fastened hub1)""",
        """(on r1 hub1) (inflated r1) (tight nut1 hub1) (in w1 boot) (in wrench boot) (in jack boot) (in pump boot)
        (closed boot)""",
    )
    # open, 4 fetched, 8 at the hub, 1 inflated, 4 put away, close
    assert cost(ONE_TYRE) == 19


def test_tyres_by_name() -> None:
    objects = "boot - container hub1 hub2 - hub nut1 nut2 - nut w1 w2 r1 - wheel"
    goal = "(on r1 hub1) (tight nut1 hub1) (closed boot) (in jack boot) (in pump boot) (in wrench boot)"
    means(NAMED_TYRES, "tyreworld", objects, NAMED_INIT, goal)


@pytest.mark.parametrize("text", TOLD_TWICE)
def test_tyres_nuts_and_hubs_go_together_one_by_one(text: str) -> None:
    means(text, "tyreworld", TWO_TYRES, TWO_INIT, TWO_GOAL)


def test_constants_of_the_domain_are_not_objects_again() -> None:
    problem = formal(ONE_TYRE).text.rpartition("(define (problem")[2]
    assert " jack" not in problem.partition("(:init")[0]
    without = DOMAINS["tyreworld"].replace("(:constants wrench jack pump - tool)", "")
    made = translated(line(ONE_TYRE), without)
    assert made.formalization is not None
    assert "jack pump wrench - tool" in made.formalization.text


def test_which_nut_is_on_which_hub_is_asked_if_the_goal_tells_nuts_apart() -> None:
    text = TOLD_TWICE[1].replace("The nuts must be tight on their hubs.", "nut2 must be tight on hub1.")
    made = translated(line(text))
    assert made.formalization is None
    assert made.question is not None
    assert "the nuts are tight on the hubs" in made.question


def test_which_spare_tyre_goes_where_is_asked_if_they_are_not_alike() -> None:
    text = TOLD_TWICE[0].replace("The spare tires are not inflated.", "r1 is inflated. r2 is not inflated.")
    made = translated(line(text))
    assert made.formalization is None
    assert made.question is not None
    assert "Which belongs to which" in made.question


# --- towers -----------------------------------------------------------------------------------------------------
RAMP = """The robot is on a grid with 1 row and 3 columns. The robot is at pos-0-0.
The depot for new blocks is at pos-0-0. The maximum height of blocks is 2.
Your goal is to build blocks so that the height at pos-0-2 is 2."""
CLEAN = RAMP + " All other positions should have height 0. You cannot have an unplaced block at the end."
RAMP_OBJECTS = "pos-0-0 pos-0-1 pos-0-2 - position n0 n1 n2 - numb"
RAMP_INIT = """(NEIGHBOR pos-0-0 pos-0-1) (NEIGHBOR pos-0-1 pos-0-0) (NEIGHBOR pos-0-1 pos-0-2) (NEIGHBOR pos-0-2
pos-0-1) (at pos-0-0) (IS-DEPOT pos-0-0) (SUCC n1 n0) (SUCC n2 n1) (height pos-0-0 n0) (height pos-0-1 n0) (height
pos-0-2 n0)"""


@pytest.mark.parametrize(
    ("text", "goal", "steps"),
    [
        # block to the far end, back, block beside the depot, block up the ramp
        (RAMP, "(height pos-0-2 n2)", 9),
        # and down, the ramp taken away, its block given back
        (CLEAN, "(height pos-0-2 n2) (height pos-0-0 n0) (height pos-0-1 n0) (not (has-block))", 12),
    ],
)
def test_a_tower_with_and_without_its_ramp(text: str, goal: str, steps: int) -> None:
    means(text, "termes", RAMP_OBJECTS, RAMP_INIT, goal)
    assert cost(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        """pos-0-0 is next to pos-0-1. pos-0-1 and pos-0-2 are neighbours. The robot starts at pos-0-0, which is also
        the depot. Towers can be at most 2 blocks high. Build a tower of height 2 at pos-0-2.""",
        """There is a grid of 1 row and 3 columns: pos-0-0 pos-0-1 pos-0-2. pos-0-0 is the depot. The robot is at the
        depot and has no block. The grid is empty. The maximum height is 2. Goal: the height at pos-0-2 is 2.""",
        """You control a robot on a grid with 1 row and 3 columns. New blocks come from the depot pos-0-0. The height
        at pos-0-1 is 0. All other positions have height 0. The robot begins at position pos-0-0. No tower may be
        higher than 2 blocks. There should be 2 blocks at pos-0-2.""",
    ],
)
def test_the_same_tower_in_other_words(text: str) -> None:
    means(text, "termes", RAMP_OBJECTS, RAMP_INIT, "(height pos-0-2 n2)")


def test_towers_side_by_side_are_two_statements() -> None:
    text = RAMP + " The height at pos-0-1 is 1 and the height at pos-0-0 is 0."
    means(text, "termes", RAMP_OBJECTS, RAMP_INIT, "(height pos-0-2 n2) (height pos-0-1 n1) (height pos-0-0 n0)")
    text = RAMP.removesuffix(".") + " and the height at pos-0-1 is 1."
    means(text, "termes", RAMP_OBJECTS, RAMP_INIT, "(height pos-0-2 n2) (height pos-0-1 n1)")


def test_rows_come_first_in_the_names_of_places() -> None:
    text = RAMP.replace("1 row and 3 columns", "4 rows and 3 columns").replace("pos-0-0", "pos-3-2")
    task = load_text(formal(text).text).task
    assert task is not None
    near = {b for name, a, *rest in task.init if name == "neighbor" and a == "pos-3-2" for b in rest}
    assert near == {"pos-2-2", "pos-3-1"}
    assert len([o for o in task.objects if o.startswith("pos")]) == 12


# --- crates -----------------------------------------------------------------------------------------------------
STORE_OBJECTS = """hoist0 - hoist crate0 - crate container0 - container depot0 - depot
depot0-1-1 depot0-1-2 depot0-2-1 depot0-2-2 container-0-0 - storearea loadarea - transitarea"""
STORE_INIT = """(in depot0-1-1 depot0) (in depot0-1-2 depot0) (in depot0-2-1 depot0) (in depot0-2-2 depot0) (in
container-0-0 container0) (on crate0 container-0-0) (in crate0 container0) (at hoist0 depot0-1-1) (available hoist0)
(clear depot0-1-2) (clear depot0-2-1) (clear depot0-2-2)""" + "".join(
    f"(connected {a} {b}) (connected {b} {a})"
    for a, b in (
        ("depot0-1-1", "depot0-1-2"), ("depot0-1-1", "depot0-2-1"), ("depot0-1-2", "depot0-2-2"),
        ("depot0-2-1", "depot0-2-2"), ("loadarea", "container-0-0"), ("loadarea", "depot0-2-1"))
)  # fmt: skip
STORES = [
    """There is one depot, one container, one crate and one hoist. The depot has a grid of 2 rows and 2 columns of
    store areas. The container has one store area: container-0-0. The crate is on container-0-0. The hoist is at
    depot0-1-1. The loading area is connected to container-0-0 and to depot0-2-1. The crate should be in the depot.""",
    """There is 1 hoist (hoist0), 1 crate (crate0), 1 container (container0), 1 depot (depot0) and 1 transit area
    (loadarea). The store areas of depot0 are depot0-1-1, depot0-1-2, depot0-2-1 and depot0-2-2. container-0-0 belongs
    to container0. depot0-1-1 is connected to depot0-1-2 and depot0-2-1. depot0-2-2 is connected to depot0-1-2 and
    depot0-2-1. loadarea is connected to depot0-2-1 and container-0-0. hoist0 is at depot0-1-1 and is available.
    crate0 is in container0 on container-0-0. All other store areas are clear. Your goal is to move crate0 to
    depot0.""",
    """You have 1 hoist, 1 crate, 1 container and 1 depot. depot0-1-1, depot0-1-2, depot0-2-1 and depot0-2-2 are in
    depot0. container-0-0 is in container0. There is a path between depot0-1-1 and depot0-1-2. depot0-1-1 is next to
    depot0-2-1. depot0-1-2 and depot0-2-2 are connected. depot0-2-1 is adjacent to depot0-2-2. depot0-2-1 is connected
    with loadarea. container-0-0 is connected to the load area. crate0 lies on container-0-0. The hoist is free and
    stands at depot0-1-1. depot0-1-2, depot0-2-1 and depot0-2-2 are empty. Bring crate0 from container0 to depot0.""",
]


@pytest.mark.parametrize("text", STORES)
def test_a_crate_is_stored(text: str) -> None:
    means(text, "storage-propositional", STORE_OBJECTS, STORE_INIT, "(in crate0 depot0)")


def test_the_way_of_a_crate() -> None:
    # to the gate, out, up with the crate, down with it on the place at the gate
    assert cost(STORES[0]) == 4
