"""The model asked alone: no formal text, no engine, no repair. What quod has to be better than.

The reply's last ``ANSWER:`` line is read as the answer of the row's kind and scored by the same graders. A plan is
replayed by our validator before it is scored, since a plan nobody replayed is no answer; nothing else is checked.
"""

from __future__ import annotations

import json
import re
import time

from quod.core.answer import Answer, Status
from quod.core.assurance import Certificate
from quod.core.budget import Cost
from quod.core.errors import InfrastructureError
from quod.core.formalism import Formalism
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.core.run import Cancel, Run
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion
from quod.evals.benchmark import Case

__all__ = ["ask_model", "read_reply"]

_ASK = {
    Formalism.FOL: "True, False or Unknown; or the letter of the right option; or, for a puzzle, one line of JSON "
    'from each thing to its place, such as {"norwegian": 1}',
    Formalism.MILP: "the value of the optimum as a plain number, or infeasible, or unbounded; where several numbers "
    'are asked for, one line of JSON such as {"objective": 12, "tables": 3}',
    Formalism.PDDL: "the plan as ground actions in parentheses, one after the other, or unsolvable",
}
_LINE = re.compile(r"ANSWER:\s*(.*)", re.IGNORECASE | re.DOTALL)
_LABELS = {"true": Conclusion.PROVED, "false": Conclusion.DISPROVED, "unknown": Conclusion.UNDETERMINED}
_MOST_TABLE_CHARS = 200_000


def ask_model(case: Case, cancel: Cancel) -> Answer:
    """The model's own answer. Raises Cancelled and ModelError."""
    from quod.translators.llm.client import system, user
    from quod.translators.llm.config import configured_model

    problem = case.problem
    model = configured_model(get_settings())
    if model is None:
        raise InfrastructureError("no language model is configured", hint="set QUOD_MODEL or give --model")
    formalism = problem.formalism or Formalism.MILP
    wanted = _ASK.get(formalism, "proved, with the proof before it")
    told = f"Solve the problem. Think as long as you need, then end with one line ANSWER: {wanted}."
    run = Run(budget=problem.budget, cancel=Cancel(cancel))
    started = time.monotonic()
    said = model.complete(
        [system(told), user(_whole(problem))],
        seed=problem.options.seed,
        temperature=0.0 if problem.options.seed == 0 else 0.7,
        run=run,
    )
    answer = read_reply(said.text, case)
    cost = Cost(
        seconds=time.monotonic() - started,
        stages={"model": time.monotonic() - started},
        model_calls=said.usage.calls,
        prompt_tokens=said.usage.prompt_tokens,
        completion_tokens=said.usage.completion_tokens,
        money=said.usage.money,
    )
    return answer.model_copy(update={"cost": cost})


def _whole(problem: Problem) -> str:
    """The text and every attachment: the model alone has to read the data itself."""
    parts = [problem.text]
    for item in problem.context:
        content = item.read_text()
        cut = "\n… (cut: longer than the model can read)" if len(content) > _MOST_TABLE_CHARS else ""
        parts.append(f"{item.name}:\n{content[:_MOST_TABLE_CHARS]}{cut}")
    return "\n\n".join(parts)


def read_reply(text: str, case: Case) -> Answer:
    """What the reply answers, as an Answer that claims nothing: status unverified, assurance none."""
    problem = case.problem
    found = _LINE.split(text)
    said = found[-2].strip() if len(found) > 1 else ""
    conclusion, data = _read(said, problem.formalism)
    certificate = None
    if conclusion is Conclusion.PLAN:
        certificate, data = _replayed(said, case)
        conclusion = Conclusion.PLAN if certificate else None
    return Answer(
        status=Status.UNVERIFIED if conclusion else Status.FAILED,
        statement="The model's own word; nothing was checked.",
        conclusion=conclusion,
        answer=text[-2000:],
        data=data,
        formalism=problem.formalism,
        certificate=certificate,
    )


def _read(said: str, formalism: Formalism | None) -> tuple[Conclusion | None, JsonDict]:
    word = said.strip(" .*`\n").lower()
    if not word:
        return None, {}
    if formalism is Formalism.PDDL:
        return (Conclusion.UNSOLVABLE, {}) if word.startswith("unsolvable") else (Conclusion.PLAN, {})
    table = _json(said)
    if formalism is Formalism.FOL:
        if word in _LABELS:
            return _LABELS[word], {}
        if re.fullmatch(r"\(?[a-j]\)?", word):
            return Conclusion.UNIQUE, {"option": word.strip("()").upper()}
        if table is not None:
            return Conclusion.UNIQUE, {"answer": {"functions": {"place": table}, "predicates": {}}}
        return None, {}
    for name in (Conclusion.INFEASIBLE, Conclusion.UNBOUNDED):
        if word.startswith(str(name)):
            return name, {}
    if table is not None:
        objective = table.get("objective", next(iter(table.values()), None))
        return Conclusion.OPTIMAL, {"objective": objective, "variables": table}
    number = re.search(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?", word)
    return (Conclusion.OPTIMAL, {"objective": number.group().replace(",", "")}) if number else (None, {})


def _json(said: str) -> JsonDict | None:
    start, end = said.find("{"), said.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        value = json.loads(said[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _replayed(said: str, case: Case) -> tuple[Certificate | None, JsonDict]:
    """The plan replayed against the row's own PDDL; nothing if it cannot be read as a plan."""
    from quod.backends.pddl.documents import load
    from quod.backends.pddl.plans import parse_plan, show_plan
    from quod.backends.pddl.validator import CHECKER, validate

    steps = "\n".join(re.findall(r"\([^()]*\)", said))
    plan = parse_plan(steps) if steps else None
    if plan is None or case.gold is None:
        return None, {}
    task = load(case.gold, case.problem).task
    if task is None:
        return None, {}
    replay = validate(task, plan)
    shown: JsonDict = {"plan": [*show_plan(plan)]}
    if replay.cost is not None:
        shown["cost"] = str(replay.cost)
    certificate = Certificate(kind="plan", payload=shown, checker=CHECKER, accepted=replay.valid)
    return certificate, {**shown, "why_not": replay.reason}
