"""The strategies of the loop: choosing, asking an attending person, resuming, taking proofs apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from quod.core.budget import Budget
from quod.core.errors import Cancelled
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Options, Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.repair.assemble import Ledger
from quod.repair.modelled import RepairLoop
from quod.repair.policy import Policy, Strategy
from quod.translators.llm import LlmTranslator, Usage
from quod.translators.llm.config import configured_model
from quod.translators.llm.scripted import ScriptedServer

WORDS = "Anybody who is a wumpus surely isn't shy, and Rex, as it happens, is one. Is it true that Rex is shy?"
GOOD = """constants:
  rex ::: Rex
predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Anybody who is a wumpus surely isn't shy
  s2: wumpus(rex) ::: Rex, as it happens, is one
question:
  shy(rex) ::: Rex is shy
"""
BROKEN = GOOD.replace("→ ¬shy", "→ → ¬shy")


def test_what_gains_nothing_is_left_for_something_else() -> None:
    policy = Policy()
    assert policy.choose(several=True, isolable=False) is Strategy.MEND
    for _ in range(3):
        policy.record(Strategy.MEND, gained=False)
    assert policy.choose(several=True, isolable=False) is Strategy.ONE_ELEMENT
    policy.record(Strategy.ONE_ELEMENT, gained=True)
    assert policy.choose(several=True, isolable=False) is Strategy.ONE_ELEMENT


def test_no_fresh_draft_from_a_model_that_weakens() -> None:
    policy = Policy()
    policy.record(Strategy.MEND, gained=False, refused=True)
    for _ in range(30):
        chosen = policy.choose(several=False, isolable=False)
        assert chosen is not Strategy.FRESH
        if chosen is Strategy.GIVE_UP:
            return
        policy.record(chosen, gained=False, refused=True)
    pytest.fail("it never gave up")


def test_a_proof_is_taken_apart_before_the_model_is_asked() -> None:
    assert Policy().choose(several=False, isolable=True) is Strategy.ISOLATE


class Scripted:
    """A translator that says what it is given, in order: no model, and no network."""

    name = "scripted"
    formalism = Formalism.FOL

    def __init__(self, *texts: str, question: str | None = None) -> None:
        self._texts = list(texts)
        self._question = question
        self.calls = 0

    @property
    def usage(self) -> Usage:
        return Usage(calls=self.calls)

    def translate(self, problem: Problem, run: Run) -> Translation:
        def ask() -> JsonValue:
            self.calls += 1
            return self._texts[min(self.calls, len(self._texts)) - 1]

        text = str(run.memo(f"model:{self.calls}", ask))
        formalization = Formalization(formalism=self.formalism, language="quod-fol", text=text)
        return Translation(formalization=formalization, question=self._question)

    def mend(self, problem: Problem, previous: Formalization, diagnostics: tuple[object, ...], run: Run) -> Translation:
        return self.translate(problem, run)


def looped(translator: Scripted, **options: object) -> object:
    problem = Problem(text=WORDS, formalism=Formalism.FOL, options=Options.model_validate(options))
    run = Run(budget=problem.budget)
    return RepairLoop(problem, run, Ledger(run), translator).run()


def test_an_attending_person_is_asked() -> None:
    answer = looped(Scripted(GOOD, question="Is Rex the wumpus?"), attended=True)
    assert (answer.status, answer.question) == ("needs_clarification", "Is Rex the wumpus?")  # type: ignore[attr-defined]  # an Answer


def test_nobody_is_asked_when_nobody_attends() -> None:
    answer = looped(Scripted(GOOD, question="Is Rex the wumpus?"))
    assert answer.conclusion is Conclusion.DISPROVED  # type: ignore[attr-defined]  # an Answer


@pytest.fixture
def server_model(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Callable[[str], object]:
    from quod.core.settings import get_settings

    def point_at(url: str) -> object:
        monkeypatch.setenv("QUOD_HOME", str(tmp_path))
        monkeypatch.setenv("QUOD_MODEL", "scripted")
        monkeypatch.setenv("QUOD_MODEL_BASE_URL", url)
        monkeypatch.setenv("QUOD_MODEL_API_KEY", "none")
        get_settings.cache_clear()
        return configured_model(get_settings())

    return point_at


@pytest.mark.parametrize("kill_at", ["translated", "judged", "repairing"])
def test_a_job_killed_in_a_repair_pays_for_no_call_twice(kill_at: str, server_model: Callable[[str], object]) -> None:
    """The log outlives the process; the second life finds there what the first has paid for."""
    log: dict[str, JsonValue] = {}

    def memo(key: str, compute: Callable[[], JsonValue]) -> JsonValue:
        if key not in log:
            log[key] = compute()
        return log[key]

    def dies(kind: str, data: JsonDict) -> None:
        if kind == kill_at:
            raise Cancelled("killed")

    rules: list[dict[str, object]] = [
        {"call": 1, "reply": f"```\n{BROKEN}```"},
        {"match": "→ →", "reply": f"```\n{GOOD}```"},
        {"reply": "I was not told what was wrong."},
    ]
    problem = Problem(text=WORDS, formalism=Formalism.FOL, options=Options(translator="llm"))
    with ScriptedServer.of(rules) as server:
        model = server_model(server.url)
        lives = [dies, lambda kind, data: None]
        answer = None
        for emit in lives:
            run = Run(budget=problem.budget, emit=emit, memo=memo)
            from quod.backends.registry import get_backend

            translator = LlmTranslator(Formalism.FOL, model, backend=get_backend(Formalism.FOL))  # type: ignore[arg-type]  # a ChatModel
            try:
                answer = RepairLoop(problem, run, Ledger(run), translator).run()
            except Cancelled:
                continue
        assert answer is not None
        assert answer.conclusion is Conclusion.DISPROVED
        assert len(server.calls) == 2


STATED = """Theorem both : forall n m : nat, (forall k : nat, k = n -> k + 0 = n) /\\ (n = m -> m = n).
"""
CANDIDATE = f"{STATED}Proof.\n  intros n m. split.\n  - nonsense_tactic.\n  - intros e. symmetry. exact e.\nQed.\n"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed")
def test_a_failed_rocq_proof_is_healed_without_the_model() -> None:
    class Prover(Scripted):
        formalism = Formalism.ROCQ

        def translate(self, problem: Problem, run: Run) -> Translation:
            self.calls += 1
            text = Formalization(formalism=Formalism.ROCQ, language="rocq", text=self._texts[0])
            return Translation(formalization=text)

    budget = Budget(seconds=90, engine_seconds=20)
    problem = Problem(text="Show it.", formalism=Formalism.ROCQ, budget=budget)
    events: list[str] = []
    run = Run(budget=budget, emit=lambda kind, data: events.append(kind))
    translator = Prover(CANDIDATE)
    answer = RepairLoop(problem, run, Ledger(run), translator).run()
    assert answer.conclusion is Conclusion.PROVED, answer.diagnostics
    assert [a.strategy for a in answer.attempts] == ["draft", "isolate"]
    assert translator.calls == 1
    assert "isolated" in events


STEPS = """Theorem t (P R : nat -> Prop) (q : forall n, R n -> P 91) (r : forall n m, n + m = 50 -> R n) :
  P 91 /\\ True.
"""
FAILED = f"{STEPS}Proof.\n  split.\n  - nonsense_tactic.\n  - exact I.\nQed.\n"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed")
def test_the_recursion_asks_for_the_lemma_until_the_whole_stands(server_model: Callable[[str], object]) -> None:
    """Wrong, then partly right, then right lemmas from the scripted server: accepted only when whole."""
    from quod.backends.registry import get_backend

    budget = Budget(seconds=150, engine_seconds=10)
    problem = Problem(text="Show it.", formalism=Formalism.ROCQ, budget=budget)
    log: list[tuple[str, JsonDict]] = []
    run = Run(budget=budget, emit=lambda kind, data: log.append((kind, dict(data))))
    whole = "Lemma {} (P R : nat -> Prop) (q : forall n, R n -> P 91) (r : forall n m, n + m = 50 -> R n) : {}."
    first = whole.format("t_hole_1", "P 91")
    second = whole.format("t_hole_1_hole_1", "R 7")
    rules: list[dict[str, object]] = [
        {"call": 1, "reply": f"```coq\n{FAILED}```"},
        {"call": 2, "reply": f"```coq\n{first}\nProof.\n  exact r.\nQed.\n```"},
        {"call": 3, "reply": f"```coq\n{first}\nProof.\n  apply (q 7).\n  nonsense_step.\nQed.\n```"},
        {"call": 4, "reply": f"```coq\n{second}\nProof.\n  apply (r 7 43). reflexivity.\nQed.\n```"},
        {"reply": "no more"},
    ]
    with ScriptedServer.of(rules) as server:
        model = server_model(server.url)
        llm = LlmTranslator(Formalism.ROCQ, model, backend=get_backend(Formalism.ROCQ))  # type: ignore[arg-type]  # a ChatModel
        answer = RepairLoop(problem, run, Ledger(run), llm).run()
        calls = len(server.calls)
    assert answer.conclusion is Conclusion.PROVED, "\n".join(map(str, log))
    assert [a.strategy for a in answer.attempts] == ["draft", "isolate"]
    assert calls == 4
    assert [(d["hole"], d["try"], d["proved"]) for k, d in log if k == "lemma"] == [
        (1, 1, False),
        (1, 1, True),
        (1, 2, True),
    ]
