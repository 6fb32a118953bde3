"""A mixed problem, part by part: each goes through the whole pipeline, with the results of those before it.

All parts belong to one job: one budget, one log, one memory. So money and time hold over all of them, attempts are
shared out as they are used, and a job that resumes pays for no part twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from quod.core.answer import Answer
from quod.core.attempt import Attempt
from quod.core.budget import Cost
from quod.core.diagnostics import Diagnostic
from quod.core.errors import ModelError
from quod.core.faithfulness import Coverage, Faithfulness, FaithfulnessLevel
from quod.core.judge import judge_parts
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.repair.assemble import Ledger
from quod.repair.codes import MODEL_STOPPED, PART_WITHOUT_RESULT
from quod.translators.llm.meter import meter_of
from quod.translators.llm.splitting import Part, coverage_by, part_text

__all__ = ["result_of", "solve_parts"]


def solve_parts(
    problem: Problem, parts: tuple[Part, ...], run: Run, ledger: Ledger, solve: Callable[[Problem, Run], Answer]
) -> Answer:
    """Solve the parts in order and put their answers together. ``solve`` is the pipeline for one of them."""
    coverage, doubts = coverage_by(problem.text, parts)
    run.emit("split", {"parts": [{"name": p.name, "formalism": p.formalism, "quotes": list(p.quotes)} for p in parts]})
    values: dict[str, str] = {}
    answers: list[tuple[Part, str, Answer]] = []
    for part in parts:
        run.cancel.check()
        text = part_text(problem.text, part, values)
        lacking = [use for use in part.uses if use.part not in values]
        if lacking:
            doubts = (*doubts, *(_lacking(part, use.part, use.words) for use in lacking))
            break
        left = max(1, problem.budget.attempts - sum(len(a.attempts) for _, _, a in answers))
        own = problem.model_copy(
            update={
                "text": text,
                "formalism": part.formalism,
                "options": problem.options.model_copy(update={"split": False}),
                "budget": problem.budget.model_copy(update={"attempts": left}),
            }
        )
        run.emit("part", {"part": part.name, "formalism": part.formalism, "text": text[:20_000]})
        try:
            answer = solve(own, replace(run, emit=_named(run, part.name)))
        except ModelError as error:
            if not answers:
                raise
            # what was found before stays found
            doubts = (*doubts, MODEL_STOPPED.error(f"'{part.name}' was not solved: {error.message}", hint=error.hint))
            break
        answers.append((part, text, answer))
        value = result_of(answer)
        if value is not None:
            values[part.name] = value
    return _together(answers, len(parts), coverage, doubts, run, ledger)


def result_of(answer: Answer) -> str | None:
    """What a later part may use of an answer: a best value, the cost of a best plan, true or false; None if neither."""
    if answer.conclusion is Conclusion.OPTIMAL:
        value = answer.data.get("objective")
        return None if value is None else str(value)
    if answer.conclusion is Conclusion.PLAN and answer.data.get("optimal"):
        return str(answer.data.get("cost"))
    return {Conclusion.PROVED: "true", Conclusion.DISPROVED: "false"}.get(answer.conclusion or Conclusion.GAVE_UP)


def _lacking(part: Part, earlier: str, words: str) -> Diagnostic:
    message = f"'{part.name}' needs the result of '{earlier}', which has none"
    return PART_WITHOUT_RESULT.error(message, source=words)


def _named(run: Run, name: str) -> Callable[[str, JsonDict], None]:
    def emit(kind: str, data: JsonDict) -> None:
        run.emit(kind, {**data, "part": name})

    return emit


def _together(
    answers: list[tuple[Part, str, Answer]],
    wanted: int,
    coverage: Coverage,
    doubts: tuple[Diagnostic, ...],
    run: Run,
    ledger: Ledger,
) -> Answer:
    judged = tuple((part.name, a.status, a.statement) for part, _, a in answers)
    status, statement = judge_parts(judged, doubts)
    if len(answers) < wanted:
        statement = f"{wanted - len(answers)} of {wanted} parts could not be solved. {statement}"
    order = list(FaithfulnessLevel)
    weakest = max((a.faithfulness.level for _, _, a in answers), key=order.index)
    # where to cut was the model's word: the whole is never tied to the words more closely than read and compared
    level = max(weakest, FaithfulnessLevel.ROUND_TRIP, key=order.index)
    last = answers[-1][2]
    found = tuple(d for _, _, a in answers for d in a.diagnostics)
    shown: list[JsonValue] = [_shown(part, text, a) for part, text, a in answers]
    return last.model_copy(
        update={
            "status": status,
            "statement": statement,
            "answer": "\n".join(f"{part.name}: {a.answer or a.statement}" for part, _, a in answers),
            "data": {"parts": shown},
            "assurance": min((a.assurance for _, _, a in answers), key=lambda a: a.strength),
            "claims": tuple(claim for _, _, a in answers for claim in a.claims),
            "faithfulness": Faithfulness(level=level, coverage=coverage, note="split into parts by a model"),
            "diagnostics": (*found, *doubts),
            "question": next((a.question for _, _, a in answers if a.question), None),
            "attempts": _numbered(answers),
            "cost": _cost([a.cost for _, _, a in answers], run, ledger),
        }
    )


def _numbered(answers: list[tuple[Part, str, Answer]]) -> tuple[Attempt, ...]:
    """All attempts, numbered through."""
    out: list[Attempt] = []
    for part, _, answer in answers:
        before = len(out)
        for attempt in answer.attempts:
            parent = None if attempt.parent is None else attempt.parent + before
            label = f"{part.name}: {attempt.strategy}"
            out.append(attempt.model_copy(update={"number": len(out) + 1, "parent": parent, "strategy": label}))
    return tuple(out)


def _shown(part: Part, text: str, answer: Answer) -> JsonDict:
    return {
        "name": part.name,
        "formalism": part.formalism.value,
        "text": text,
        "uses": [{"words": use.words, "part": use.part} for use in part.uses],
        "status": answer.status.value,
        "statement": answer.statement,
        "conclusion": answer.conclusion.value if answer.conclusion else None,
        "result": result_of(answer),
        "answer": answer.answer,
        "data": dict(answer.data),
        "assurance": answer.assurance.value,
        "faithfulness": answer.faithfulness.level.value,
        "formal": answer.formalization.text if answer.formalization else None,
        "certificate": answer.certificate.model_dump(mode="json") if answer.certificate else None,
    }


def _cost(costs: list[Cost], run: Run, ledger: Ledger) -> Cost:
    stages: dict[str, float] = {}
    for cost in (ledger.cost(), *costs):
        for stage, seconds in cost.stages.items():
            stages[stage] = stages.get(stage, 0.0) + seconds
    usage = meter_of(run).usage
    return ledger.cost().model_copy(
        update={
            "stages": stages,
            "engine_seconds": sum(c.engine_seconds for c in costs),
            "model_calls": usage.calls,
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "money": usage.money,
        }
    )
