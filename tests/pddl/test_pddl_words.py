"""Texts with one sentence changed, each with the outcome worked out by hand: never a problem the words do not state."""

from __future__ import annotations

from pathlib import Path

import pytest

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.lint import lint_task
from quod.core.diagnostics import Severity
from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.pddl import translator

ABSTAIN, FLAGGED, READ = "abstain", "flagged", "read"
BLOCKS = """You have 3 blocks. k is on m. m is on n. n is on the table. k is clear. Your hand is empty. {}
The goal is the following. n should be on k. m should be on the table."""
ROOMS = """There are 2 robots. Each robot has a left gripper and a right gripper. There are 2 rooms and 2 balls.
robot1 is in room1. robot2 is in room1. ball1 is in room1. ball2 is in room2. The robots' grippers are free. {}
ball1 should be in room2."""

MORE_BLOCKS = [
    ("", READ),
    ("n is on the table.", READ),
    ("Use as few moves as possible.", READ),
    ("You have 4 blocks.", ABSTAIN),
    ("You have at least 3 blocks.", ABSTAIN),
    ("p is on the table.", ABSTAIN),
    ("k is not on m.", ABSTAIN),
    ("m is not clear.", ABSTAIN),
    ("m is clear.", FLAGGED),
    ("No block is clear.", ABSTAIN),
    ("k was on n.", ABSTAIN),
    ("k may be on n.", ABSTAIN),
    ("k is on it.", ABSTAIN),
    ("k is either on m or on n.", ABSTAIN),
    ("m is under k.", ABSTAIN),
    ("k is on k.", ABSTAIN),
    ("k is on n.", ABSTAIN),
    ("m is on the table.", ABSTAIN),
    ("All blocks except n are on something.", ABSTAIN),
    ("Your hand is not empty.", ABSTAIN),
    ("You are holding k.", ABSTAIN),
    ("k is heavy.", ABSTAIN),
    ("Do not move n.", ABSTAIN),
    ("k should not be on n.", ABSTAIN),
    ("k should never be on n.", ABSTAIN),
    ("k should be on m unless n is clear.", ABSTAIN),
    ("k or m should be on the table.", ABSTAIN),
    ("Only k should be on m.", ABSTAIN),
    ("No block should be on the table.", ABSTAIN),
    ("All blocks should be on the table.", READ),
    ("k should be on m first, then n on k.", ABSTAIN),
    ("k should be above m.", ABSTAIN),
    ("k must be on m if possible.", ABSTAIN),
    ("k should be on m in at most 4 moves.", ABSTAIN),
    ("k should be on q.", ABSTAIN),
]
MORE_ROOMS = [
    ("", READ),
    ("ball2 should be in room1.", READ),
    ("There are 3 balls.", ABSTAIN),
    ("robot1 is not in room2.", ABSTAIN),
    ("robot1 is in room1 or room2.", ABSTAIN),
    ("robot1 is in room3.", ABSTAIN),
    ("robot1 is in room2.", ABSTAIN),
    ("ball1 is in the same room as robot2.", ABSTAIN),
    ("The robots' grippers are not free.", ABSTAIN),
    ("Most grippers are free.", ABSTAIN),
    ("ball2 should not be in room2.", ABSTAIN),
    ("Both balls should be in room2.", ABSTAIN),
    ("Neither ball should be in room1.", ABSTAIN),
    ("ball3 should be in room1.", ABSTAIN),
    ("ball2 should be in the other room.", ABSTAIN),
    ("Nothing should be in room1.", ABSTAIN),
]
BAR = """You have 1 shaker with 3 levels, 3 shot glasses, 3 dispensers for 3 ingredients.
The shaker and shot glasses are clean, empty, and on the table. Your left and right hands are empty.
The first ingredient of cocktail1 is ingredient3. The second ingredient of cocktail1 is ingredient1."""
FLOOR = """You have 3 rows and 2 columns of unpainted floor tiles. You have 2 robots.
Each robot can paint in color white or black. robot1 is at tile_0-1. robot2 is at tile_2-2.
robot1 has white. robot2 has black."""
TERMES = """There is a grid with 2 rows and 3 columns. The depot is at pos-1-0. The robot is at pos-1-0.
The maximum height is 2."""
TYRES = """There are 2 hubs, 2 nuts, 2 flat tyres and 2 spare tyres. The boot is open.
The jack, the pump, the wrench, r1 and r2 are in the boot. The spare tyres are inflated.
The flat tyres are on the hubs. The nuts are tight on the hubs. The hubs are on the ground."""
STORES = """There is 1 depot, 1 container and 1 hoist. depot0-1-1 and depot0-1-2 are in depot0.
container-0-0 and container-0-1 are in container0. depot0-1-1 and depot0-1-2 are connected.
container-0-0 and container-0-1 are connected.
The load area is connected to depot0-1-1 and container-0-0. crate0 is on container-0-0. hoist0 is at depot0-1-1."""
FRAMES = {
    "ROOMS": ROOMS.partition(" {}")[0],
    "BAR": BAR,
    "FLOOR": FLOOR,
    "TERMES": TERMES,
    "TYRES": TYRES,
    "STORES": STORES,
}
REFUSED = "refused"
"""An abstention, or a doubt that keeps the answer from being verified: always safe."""
TEXTS = [
    (frame.format(more), want) for frame, mores in ((BLOCKS, MORE_BLOCKS), (ROOMS, MORE_ROOMS)) for more, want in mores
]

for line in Path(__file__).with_name("adversarial_plans.txt").read_text(encoding="utf-8").splitlines():
    if line and not line.startswith("#"):
        want, _, words = line.partition(": ")
        first, _, others = words.partition(" ")
        TEXTS.append((f"{FRAMES[first]} {others}" if first in FRAMES else words, want))


def outcome(text: str) -> str:
    made = translator().translate(Problem(text=text), Run())
    if made.formalization is None:
        assert any(d.source or made.question for d in made.diagnostics), "an abstention names words"
        return ABSTAIN
    task = load_text(made.formalization.text).task
    assert task is not None
    doubts = [d for d in (*made.diagnostics, *lint_task(task, text)) if d.code.startswith("faithfulness.")]
    return FLAGGED if any(d.severity is Severity.WARNING for d in doubts) else READ


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_variant(text: str, expected: str) -> None:
    found = outcome(text)
    assert found in {ABSTAIN, FLAGGED} if expected == REFUSED else found == expected
