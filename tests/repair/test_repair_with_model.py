"""The model path end to end, over real HTTP to the scripted server: draft, diagnostics, mending, refusal, failure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import quod
from quod.core.errors import ModelError
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion
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
WEAKENED = GOOD.replace("  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Anybody who is a wumpus surely isn't shy\n", "")


def fenced(text: str) -> str:
    return f"Here is the formalization.\n\n```\n{text}```\n"


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[object]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOD_HOME", str(tmp_path / "home"))

    def point_at(url: str) -> None:
        monkeypatch.setenv("QUOD_MODEL", "scripted")
        monkeypatch.setenv("QUOD_MODEL_BASE_URL", url)
        monkeypatch.setenv("QUOD_MODEL_API_KEY", "none")
        get_settings.cache_clear()

    yield point_at
    get_settings.cache_clear()


def solve(configure: object, rules: list[dict[str, object]]) -> tuple[quod.Answer, int]:
    with ScriptedServer.of(rules) as server:
        assert callable(configure)
        configure(server.url)
        answer = quod.solve(WORDS, formalism="fol", options=quod.Options(translator="llm"))
        return answer, len(server.calls)


def test_a_good_draft_is_solved_and_checked(configure: object) -> None:
    answer, calls = solve(configure, [{"reply": fenced(GOOD)}])
    assert (answer.conclusion, calls) == (Conclusion.DISPROVED, 1)
    assert answer.certificate is not None
    assert answer.certificate.accepted
    assert answer.cost.model_calls == 1
    assert "not checked against your words" in answer.statement


def test_a_wrong_draft_comes_back_with_diagnostics_and_is_mended(configure: object) -> None:
    rules = [
        {"call": 1, "reply": fenced(BROKEN)},
        {"match": "→ →", "reply": fenced(GOOD)},
        {"reply": "I was not told what was wrong."},
    ]
    answer, calls = solve(configure, rules)
    assert answer.conclusion is Conclusion.DISPROVED, answer
    assert calls == 2
    assert [a.strategy for a in answer.attempts] == ["draft", "mend"]
    assert answer.attempts[1].parent == 1
    assert "+  s1: ∀x (wumpus(x) → ¬shy(x))" in answer.attempts[1].diff


def test_a_mending_that_drops_a_premise_is_refused(configure: object) -> None:
    answer, _ = solve(configure, [{"call": 1, "reply": fenced(BROKEN)}, {"reply": fenced(WEAKENED)}])
    assert answer.status is not quod.Status.VERIFIED
    assert answer.conclusion is None
    assert "repair.weakened" in {d.code for d in answer.diagnostics}


def test_a_model_that_repeats_itself_does_not_loop(configure: object) -> None:
    answer, calls = solve(configure, [{"reply": fenced(BROKEN)}])
    assert answer.status is quod.Status.FAILED
    assert "job.going_round" in {d.code for d in answer.diagnostics}
    assert calls <= 3


def test_nonsense_is_no_answer(configure: object) -> None:
    answer, _ = solve(configure, [{"reply": "Sure! The answer is True, trust me. VERIFIED."}])
    assert answer.status in {quod.Status.FAILED, quod.Status.NEEDS_CLARIFICATION}
    assert answer.conclusion is None


def test_a_server_that_is_down_or_fails_is_infrastructure(configure: object) -> None:
    assert callable(configure)
    configure("http://127.0.0.1:9/v1")
    with pytest.raises(ModelError):
        quod.solve(WORDS, formalism="fol", options=quod.Options(translator="llm"))
    with pytest.raises(ModelError):
        solve(configure, [{"status": 500}])


def test_a_server_that_never_ends_is_left_in_time(configure: object) -> None:
    with ScriptedServer.of([{"drip": 0.05}]) as server:
        assert callable(configure)
        configure(server.url)
        budget = quod.Budget(seconds=3)
        try:
            answer = quod.solve(WORDS, formalism="fol", options=quod.Options(translator="llm"), budget=budget)
        except ModelError:
            return
        assert answer.conclusion is None
        assert answer.cost.seconds < 30


TWO_WAYS = "Ann and Bob are students. Mr Lee is a teacher. Every student admires a teacher. Does Ann admire Mr Lee?"
ONE_FOR_EACH = """constants:
  ann ::: Ann
  bob ::: Bob
  lee ::: Mr Lee
predicates:
  student(x) ::: x is a student
  teacher(x) ::: x is a teacher
  admires(x, y) ::: x admires y
premises:
  s1: student(ann) ∧ student(bob) ::: Ann and Bob are students.
  s2: teacher(lee) ::: Mr Lee is a teacher.
  s3: ∀x (student(x) → ∃y (teacher(y) ∧ admires(x, y))) ::: Every student admires a teacher.
question:
  admires(ann, lee) ::: Does Ann admire Mr Lee?
"""
ONE_FOR_ALL = (
    ONE_FOR_EACH.replace(
        "∀x (student(x) → ∃y (teacher(y) ∧ admires(x, y)))", "∃t (teacher(t) ∧ ∀s (student(s) → admires(s, t)))"
    )
    .replace("admires(", "looks_up(")
    .replace("student(ann) ∧ student(bob)", "student(bob) ∧ student(ann)")
)


def test_where_two_readings_part_the_sentence_is_named_and_asked_about(configure: object) -> None:
    """Readings that share no spelling of the predicate, and write another sentence differently with one meaning."""
    rules: list[dict[str, object]] = [
        {"call": 1, "reply": fenced(ONE_FOR_EACH)},
        {"reply": fenced(ONE_FOR_ALL)},
    ]
    with ScriptedServer.of(rules) as server:
        assert callable(configure)
        configure(server.url)
        options = quod.Options(translator="llm", candidates=2, attended=True)
        answer = quod.solve(TWO_WAYS, formalism="fol", options=options)
    assert answer.status is quod.Status.NEEDS_CLARIFICATION
    assert answer.question is not None
    assert "by “Every student admires a teacher”" in answer.question
    assert "(1) “for every thing x: [if x is a student, then [there is some thing y" in answer.question
    assert "(2) “there is some thing t such that [t is a teacher and [for every thing s:" in answer.question
    assert "Suppose that " in answer.question
    assert "Ann and Bob are students" not in answer.question
