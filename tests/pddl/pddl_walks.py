"""Random plans and their mutants, for tests: walks through the state space by quod's own semantics."""

from __future__ import annotations

import random

from quod.backends.pddl.plans import Plan, Step
from quod.backends.pddl.semantics import State, Undefined, World
from quod.backends.pddl.task import Task


def applicable(world: World, state: State) -> list[Step]:
    """Every step that can be done in a state (small tasks only)."""
    out = []
    for action in world.task.actions.values():
        for binding in world.bindings(action.params):
            try:
                if world.holds(action.condition, state, binding):
                    out.append(Step(action.name, tuple(binding[p.name] for p in action.params)))
            except Undefined:
                continue
    return out


def walk(task: Task, length: int, rng: random.Random) -> Plan:
    """A random walk, ended early where the goal is reached."""
    world = World(task)
    state = world.initial()
    steps: list[Step] = []
    for _ in range(length):
        if world.holds(task.goal, state, {}):
            break
        choices = applicable(world, state)
        if not choices:
            break
        step = rng.choice(choices)
        action = task.actions[step.name]
        binding = {p.name: a for p, a in zip(action.params, step.args, strict=True)}
        state = world.apply(state, world.change(action.effect, state, binding))
        steps.append(step)
    return tuple(steps)


def mutants(task: Task, plan: Plan, count: int, rng: random.Random) -> list[Plan]:
    """Plans with a step dropped, doubled, swapped with another, given another argument, or added."""
    objects = list(task.objects)
    out: list[Plan] = []
    for _ in range(count):
        steps = list(plan)
        kind = rng.randrange(5)
        if kind == 0 and steps:
            steps.pop(rng.randrange(len(steps)))
        elif kind == 1 and steps:
            index = rng.randrange(len(steps))
            steps.insert(index, steps[index])
        elif kind == 2 and len(steps) > 1:
            i, j = rng.sample(range(len(steps)), 2)
            steps[i], steps[j] = steps[j], steps[i]
        elif kind == 3 and any(s.args for s in steps):
            index = rng.choice([i for i, s in enumerate(steps) if s.args])
            args = list(steps[index].args)
            args[rng.randrange(len(args))] = rng.choice(objects)
            steps[index] = Step(steps[index].name, tuple(args))
        else:
            action = rng.choice(list(task.actions.values()))
            steps.insert(
                rng.randint(0, len(steps)), Step(action.name, tuple(rng.choice(objects) for _ in action.params))
            )
        out.append(tuple(steps))
    return out
