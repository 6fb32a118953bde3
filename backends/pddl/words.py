"""Plans and problems in words, deterministically."""

from __future__ import annotations

from fractions import Fraction

from quod.backends.pddl.glosses import Glosses
from quod.backends.pddl.plans import Plan, Step, decimal
from quod.backends.pddl.show import expression
from quod.backends.pddl.show import formula as show_formula
from quod.backends.pddl.syntax import And, Formula, Not, Pred
from quod.backends.pddl.task import Task
from quod.backends.pddl.validator import Replay

__all__ = ["plan_words", "read_back", "timeline"]


def plan_words(task: Task, plan: Plan, replay: Replay) -> str:
    """The plan as numbered lines; neighbouring steps about the same thing share a line."""
    cost = decimal(replay.cost) if replay.cost is not None else "?"
    if not plan:
        return "Nothing needs to be done: the goal holds already."
    if plan[0].time is not None:
        return f"A plan of {_steps(plan)}, {replay.metric} {cost}:\n{timeline(task, plan)}"
    head = f"A plan of {_steps(plan)}"
    head += ":" if replay.metric == "number of steps" else f", {replay.metric} {cost}:"
    glosses = Glosses(task)
    lines = []
    number = 1
    for group in _groups(plan):
        label = f"{number}." if len(group) == 1 else f"{number}-{number + len(group) - 1}."
        lines.append(f"{label} {', then '.join(glosses.action(step) for step in group)}")
        number += len(group)
    return "\n".join([head, *lines])


def timeline(task: Task, plan: Plan) -> str:
    """A temporal plan as a table of times."""
    glosses = Glosses(task)
    rows = []
    for step in sorted(plan, key=lambda s: (s.time or 0, s.name, s.args)):
        assert step.time is not None
        end = f"-{decimal(step.time + step.duration)}" if step.duration is not None else ""
        rows.append((f"{decimal(step.time)}{end}", glosses.action(step)))
    width = max(len(when) for when, _ in rows)
    return "\n".join(f"{when.rjust(width)}  {what}" for when, what in rows)


def _steps(plan: Plan) -> str:
    return f"{len(plan)} step{'s' * (len(plan) != 1)}"


def _groups(plan: Plan) -> list[list[Step]]:
    out: list[list[Step]] = []
    for step in plan:
        same = out and step.args and out[-1][-1].args[:1] == step.args[:1] and len(out[-1]) < 3
        if same:
            out[-1].append(step)
        else:
            out.append([step])
    return out


def read_back(task: Task) -> str:
    """The problem in words, one statement a line."""
    glosses = Glosses(task)
    lines = []
    by_type: dict[str, list[str]] = {}
    for name, types in task.objects.items():
        by_type.setdefault("/".join(sorted(types)), []).append(name)
    for kind, names in by_type.items():
        lines.append(f"There {'is' if len(names) == 1 else 'are'} {len(names)} {kind}: {', '.join(names)}.")
    lines += [f"At the start, {glosses.fact(fact)}." for fact in sorted(task.init)]
    lines += [f"At the start, {glosses.fact(f)} = {decimal(v)}." for f, v in sorted(task.values.items())]
    for item in task.timed:
        words = glosses.fact((item.fact.name, *(t.name for t in item.fact.args)))
        lines.append(f"At time {decimal(item.time or Fraction(0))}, {'not ' * item.negated}{words}.")
    parts = task.goal.parts if isinstance(task.goal, And) else (task.goal,)
    lines += [f"In the end, {_condition(part, glosses)}." for part in parts]
    if task.metric:
        lines.append(f"{'Minimize' if task.metric.minimize else 'Maximize'} {expression(task.metric.expr)}.")
    return "\n".join(lines)


def _condition(part: Formula, glosses: Glosses) -> str:
    if isinstance(part, Pred) and not any(t.is_variable for t in part.args):
        return glosses.fact((part.name, *(t.name for t in part.args)))
    if isinstance(part, Not) and isinstance(part.part, Pred):
        return f"not ({_condition(part.part, glosses)})"
    return show_formula(part)
