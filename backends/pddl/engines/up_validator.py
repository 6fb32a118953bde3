"""unified-planning's plan validator as a second opinion: ``second_opinion`` asks, ``judge`` runs in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence

from quod.backends.pddl.plans import Plan, show_plan
from quod.backends.sandbox import Limits, call
from quod.core.model import JsonDict, JsonValue
from quod.core.run import Cancel

__all__ = ["judge", "second_opinion"]


def second_opinion(
    domain: str, problem: str, plans: Sequence[Plan], limits: Limits, cancel: Cancel | None = None
) -> list[bool | None] | str:
    """For each plan whether unified-planning finds it valid (None: it failed on it); or why it could not be asked."""
    payload: JsonValue = {"domain": domain, "problem": problem, "plans": [list(show_plan(plan)) for plan in plans]}
    result = call("up", "quod.backends.pddl.engines.up_validator:judge", payload, limits, cancel=cancel)
    value = result.value if result.ok and isinstance(result.value, dict) else {}
    verdicts = value.get("valid")
    if isinstance(verdicts, list):
        return [v if isinstance(v, bool) else None for v in verdicts]
    return str(value.get("unsupported") or result.detail or result.ended)


def judge(payload: JsonValue) -> JsonDict:
    """``{domain, problem, plans}`` to ``{valid: [bool | null]}`` or ``{unsupported}``."""
    import warnings

    from unified_planning.engines import ValidationResultStatus
    from unified_planning.engines.plan_validator import SequentialPlanValidator
    from unified_planning.exceptions import UPException
    from unified_planning.io import PDDLReader
    from unified_planning.shortcuts import get_environment

    assert isinstance(payload, dict)
    warnings.simplefilter("ignore")
    environment = get_environment()
    environment.error_used_name = False
    reader = PDDLReader(environment)
    try:
        problem = reader.parse_problem_string(payload["domain"], payload["problem"])
    except (UPException, AssertionError, NotImplementedError, SyntaxError, ValueError) as error:
        return {"unsupported": f"unified-planning: {error}"}
    plans = payload["plans"]
    assert isinstance(plans, list)
    valid: list[JsonValue] = []
    validator = SequentialPlanValidator(environment=environment)
    for lines in plans:
        assert isinstance(lines, list)
        try:
            plan = reader.parse_plan_string(problem, "\n".join(str(line) for line in lines))
        except (UPException, AssertionError, KeyError, ValueError):
            valid.append(False)
            continue
        try:
            valid.append(validator.validate(problem, plan).status is ValidationResultStatus.VALID)
        except (UPException, AssertionError, KeyError, ValueError):
            valid.append(None)  # for instance a numeric function without a value, read by nothing
    return {"valid": valid}
