"""Why there is no plan, and the evidence for it."""

from __future__ import annotations

from quod.backends.pddl.closed_set import CHECKER, check_closed
from quod.backends.pddl.judge import Judgement
from quod.backends.pddl.task import Task
from quod.core.assurance import Certificate
from quod.core.model import JsonValue

__all__ = ["explain_unsolvable"]


def explain_unsolvable(task: Task, judged: Judgement, digest: str) -> tuple[str, Certificate | None, bool]:
    """The reason in words, a certificate where there is one, and whether our own code proved the claim."""
    goals = _texts(judged.detail.get("goals"))
    if judged.how == "goal":
        return f"The goal wants {_all(goals)}, which is not so at the start and which nothing can change.", None, True
    if judged.how == "relaxation":
        facts = _texts(judged.detail.get("facts"))
        accepted = check_closed(task, facts)
        why = f"No sequence of actions ever reaches {_all(goals)}, even if nothing were ever undone."
        lacking = _texts(judged.detail.get("lacking"))
        if lacking:
            why += f" With {' or '.join(lacking)} at the start it would come into reach: was that forgotten?"
        payload: dict[str, JsonValue] = {"facts": [*facts], "goals": [*goals]}
        certificate = Certificate(
            kind="closed-set",
            payload=payload,
            checker=CHECKER,
            accepted=accepted,
            engine="quod.backends.pddl.lower",
            formal_digest=digest,
        )
        return why, certificate if accepted else None, True
    if judged.how == "pairs":
        return f"{goals[0]} and {goals[1]} can each be reached, but never hold together.", None, True
    if judged.how == "exhausted":
        return (
            f"All {judged.detail.get('states')} reachable states were looked at; in none does the goal hold.",
            None,
            True,
        )
    return "", None, False


def _texts(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _all(goals: list[str]) -> str:
    return " and ".join(goals[:4]) + (f" and {len(goals) - 4} more" if len(goals) > 4 else "")
