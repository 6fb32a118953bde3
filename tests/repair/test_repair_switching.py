"""Who else is asked, and when: a stronger model, another formalism, two at once. Over HTTP, with a scripted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quod.core.answer import Answer
from quod.core.budget import Budget
from quod.core.errors import Cancelled
from quod.core.formalism import Formalism
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Options, Problem
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion
from quod.repair.assemble import Ledger
from quod.repair.modelled import solve_with_model
from quod.translators.llm.config import configured_model
from quod.translators.llm.scripted import ScriptedServer

WORDS = "Anybody who is a wumpus surely isn't shy, and Rex, as it happens, is one. Is it true that Rex is shy?"
GOOD = """```
constants:
  rex ::: Rex
predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Anybody who is a wumpus surely isn't shy
  s2: wumpus(rex) ::: Rex, as it happens, is one
question:
  shy(rex) ::: Rex is shy
```"""
BROKEN = GOOD.replace("→ ¬shy", "→ → ¬shy")
STILL_BROKEN = GOOD.replace("→ ¬shy", "→ → → ¬shy")
SHOP = (
    "If it is open, the shop sells chairs, or it is closed; today it is open, whatever anybody says. Nothing else "
    "limits it, but the 8 hours it has: a chair takes 2 hours and brings a profit of 5 dollars. Maximize the profit."
)
MODEL = """```json
{"variables": {"chairs": {"domain": "integer", "lower": 0}},
 "objective": {"sense": "maximize", "expression": "5 * chairs"},
 "constraints": [{"name": "hours", "rule": "2 * chairs <= 8"}]}
```"""
Asked = Callable[..., tuple[Answer, list[str], list[JsonDict]]]
Rules = list[dict[str, object]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Asked]:
    monkeypatch.setenv("QUOD_HOME", str(tmp_path))
    monkeypatch.setenv("QUOD_MODEL", "small")
    monkeypatch.setenv("QUOD_MODEL_FALLBACKS", "large")
    monkeypatch.setenv("QUOD_MODEL_API_KEY", "none")
    monkeypatch.setenv("QUOD_MODEL_CACHE", "false")

    def ask(rules: Rules, problem: Problem, kill_at: int | None = None) -> tuple[Answer, list[str], list[JsonDict]]:
        """The answer, the models called, the switches; killed once at the ``kill_at``-th event and taken up again."""
        log: dict[str, JsonValue] = {}
        events: list[tuple[str, JsonDict]] = []

        def memo(key: str, compute: Callable[[], JsonValue]) -> JsonValue:
            if key not in log:
                log[key] = compute()
            return log[key]

        def emit(kind: str, data: JsonDict) -> None:
            events.append((kind, data))
            if len(events) == kill_at:
                raise Cancelled("killed")

        with ScriptedServer.of(rules) as server:
            monkeypatch.setenv("QUOD_MODEL_BASE_URL", server.url)
            get_settings.cache_clear()
            model = configured_model(get_settings())
            assert model is not None
            for life in range(2):
                run = Run(budget=problem.budget, emit=emit, memo=memo)
                try:
                    answer = solve_with_model(problem, run, Ledger(run), model)
                except Cancelled:
                    assert life == 0
                    continue
                break
            called = [str(call.request["model"]) for call in server.calls]
        return answer, called, [data for kind, data in events if kind == "switched"]

    yield ask
    get_settings.cache_clear()


def logic(**options: object) -> Problem:
    chosen = Options.model_validate({"translator": "llm", **options})
    return Problem(text=WORDS, formalism=Formalism.FOL, options=chosen, budget=Budget(seconds=60))


SMALL_FAILS: Rules = [
    {"match": {"model": "large"}, "reply": GOOD},
    {"call": 1, "reply": BROKEN},
    {"reply": STILL_BROKEN},
]


def test_a_stronger_model_drafts_anew_when_a_repair_fails(asked: Asked) -> None:
    answer, called, switched = asked(SMALL_FAILS, logic())
    assert answer.conclusion is Conclusion.DISPROVED
    assert called == ["small", "small", "large"]
    assert [a.strategy for a in answer.attempts] == ["draft", "mend", "switch model"]
    assert answer.attempts[-1].parent is None
    assert answer.attempts[-1].translator.endswith("large")
    assert answer.cost.model_calls == 3
    assert len(switched) == 1


UNSUITABLE: Rules = [{"match": '"objective"', "reply": MODEL}, {"reply": "UNSUITABLE: it asks for a largest profit"}]


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> Problem:
    """A problem that is first taken for one of logic."""
    from quod.repair import modelled
    from quod.translators.routing import Routing

    def to_logic(problem: Problem, model: object, run: Run) -> Routing:
        scores = {"fol": 3.0, "milp": 2.5}
        return Routing(formalism=Formalism.FOL, confidence=0.5, reason="a test's", scores=scores)

    monkeypatch.setattr(modelled, "route", to_logic)
    return Problem(text=SHOP, options=Options(translator="llm"), budget=Budget(seconds=60))


def test_another_formalism_is_tried_where_none_was_chosen(asked: Asked, unsure: Problem) -> None:
    answer, _, switched = asked(UNSUITABLE, unsure)
    assert [a.strategy for a in answer.attempts] == ["switch formalism"]
    assert (answer.formalism, answer.conclusion) == (Formalism.MILP, Conclusion.OPTIMAL)
    assert [s["formalism"] for s in switched] == ["milp"]
    chosen, _, switched = asked(UNSUITABLE, unsure.model_copy(update={"formalism": Formalism.FOL}))
    assert chosen.conclusion is None
    assert not switched, "the person's choice always wins"


BOTH_ASKED: Rules = [
    {"call": (1, 2, 3), "reply": BROKEN},
    {"match": "repeated|→ →", "reply": GOOD},
    {"reply": STILL_BROKEN},
]


def test_two_are_asked_side_by_side_by_those_who_ask_for_several(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOD_MODEL_FALLBACKS", "")
    answer, called, _ = asked(BOTH_ASKED, logic(candidates=2))
    assert answer.conclusion is Conclusion.DISPROVED
    assert [a.strategy for a in answer.attempts] == ["draft", "branches: mend"]
    assert len(called) <= 6


@pytest.mark.parametrize("kill_at", range(2, 14))
def test_a_job_killed_in_any_of_them_pays_for_no_call_twice(kill_at: int, asked: Asked) -> None:
    answer, called, _ = asked(SMALL_FAILS, logic(), kill_at)
    assert answer.conclusion is Conclusion.DISPROVED
    assert called == ["small", "small", "large"]


@pytest.mark.parametrize("kill_at", range(2, 11, 2))
def test_a_job_killed_while_switching_formalism_pays_for_no_call_twice(
    kill_at: int, asked: Asked, unsure: Problem
) -> None:
    _, calm, _ = asked(UNSUITABLE, unsure)
    answer, called, _ = asked(UNSUITABLE, unsure, kill_at)
    assert answer.conclusion is Conclusion.OPTIMAL
    assert called == calm


@pytest.mark.parametrize("kill_at", range(2, 13, 2))
def test_a_job_killed_with_two_asked_pays_for_no_call_twice(
    kill_at: int, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOD_MODEL_FALLBACKS", "")
    _, calm, _ = asked(BOTH_ASKED, logic(candidates=2))
    answer, called, _ = asked(BOTH_ASKED, logic(candidates=2), kill_at)
    assert answer.conclusion is Conclusion.DISPROVED
    assert len(called) == len(calm)
