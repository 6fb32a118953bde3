"""Translating through a scripted model over real HTTP: drafting, mending, voting, and what cannot be had."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.registry import get_backend
from quod.core.budget import Budget
from quod.core.diagnostics import has_errors
from quod.core.errors import ModelError
from quod.core.faithfulness import FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem
from quod.core.protocols import Equivalence, Translator
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.translators.llm import LlmTranslator
from quod.translators.llm.asking import compare_read_back, polish
from quod.translators.llm.budgeted import Budgeted
from quod.translators.llm.fallback import Fallback
from quod.translators.llm.openai_model import OpenAIModel
from quod.translators.llm.scripted import ScriptedServer
from quod.translators.llm.vote import Ballot, decided, vote
from quod.translators.routing import route

TEXT = "Every wumpus is shy. Rex is a wumpus. True or false: Rex is shy."
RIGHT = """predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → shy(x)) ::: Every wumpus is shy.
  s2: wumpus(rex) ::: Rex is a wumpus.
question:
  shy(rex) ::: Rex is shy.
"""
BROKEN = RIGHT.replace("→ shy(x))", "→ shy(x)")
BLOCKS = "Two blocks: b1 is on b2, b2 is on the table, b1 is clear, the arm is empty. Afterwards b2 should be on b1."
DOMAIN = """(define (domain blocks)
  (:predicates (clear ?x) (on-table ?x) (arm-empty) (holding ?x) (on ?x ?y))
  (:action pickup :parameters (?o) :precondition (and (clear ?o) (on-table ?o) (arm-empty))
    :effect (and (holding ?o) (not (clear ?o)) (not (on-table ?o)) (not (arm-empty))))
  (:action putdown :parameters (?o) :precondition (holding ?o)
    :effect (and (clear ?o) (arm-empty) (on-table ?o) (not (holding ?o))))
  (:action stack :parameters (?o ?u) :precondition (and (clear ?u) (holding ?o))
    :effect (and (arm-empty) (clear ?o) (on ?o ?u) (not (clear ?u)) (not (holding ?o))))
  (:action unstack :parameters (?o ?u) :precondition (and (on ?o ?u) (clear ?o) (arm-empty))
    :effect (and (holding ?o) (clear ?u) (not (on ?o ?u)) (not (clear ?o)) (not (arm-empty)))))"""
READ = """(define (problem two) (:domain blocks) (:objects b1 b2)
  (:init (on b1 b2) (on-table b2) (clear b1) (arm-empty)) (:goal (on b2 b1)))"""
REORDERED = """(define (problem swap) (:domain blocks) (:objects b2 b1)
  (:init (arm-empty) (clear b1) (on-table b2) (on b1 b2)) (:goal (and (on b2 b1))))"""
MISREAD = READ.replace("(:goal (on b2 b1))", "(:goal (on b1 b2))")
UNREADABLE = "(define (problem two) (:domain"


def fenced(text: str) -> str:
    return f"Here it is.\n```fol\n{text}```"


def translator(server: ScriptedServer, formalism: Formalism = Formalism.FOL, **more: Any) -> LlmTranslator:
    model = Budgeted(OpenAIModel("m", base_url=server.url, timeout=5), price=None)
    return LlmTranslator(formalism, model, backend=get_backend(formalism), **more)


def test_a_problem_is_translated() -> None:
    with ScriptedServer.of([{"reply": fenced(RIGHT)}]) as server:
        llm = translator(server)
        assert isinstance(llm, Translator)
        translation = llm.translate(Problem(text=TEXT), Run())
        assert translation.formalization is not None
        assert translation.formalization.language == "quod-fol"
        assert translation.formalization.words_of("s2") == "Rex is a wumpus."
        assert translation.faithfulness is not None
        assert translation.faithfulness.level is FaithfulnessLevel.UNCHECKED
        assert translation.faithfulness.coverage is not None
        assert translation.faithfulness.coverage.sentences.missing == ()
        assert not translation.diagnostics
        assert (llm.usage.calls, llm.usage.completion_tokens > 50) == (1, True)


def test_a_wrong_formalization_is_mended_from_its_diagnostics() -> None:
    rules = [{"match": {"last": r"line \d+:.*\n +\^"}, "reply": fenced(RIGHT)}, {"reply": fenced(BROKEN)}]
    problem, run, backend = Problem(text=TEXT), Run(), get_backend(Formalism.FOL)
    with ScriptedServer.of(rules) as server:
        llm = translator(server)
        draft = llm.translate(problem, run).formalization
        assert draft is not None
        found = backend.lint(draft, problem)
        assert has_errors(found)
        mended = llm.mend(problem, draft, found, run).formalization
        assert mended is not None
        result = backend.check(mended, problem, run)
        assert result.verdict is not None
        assert result.verdict.conclusion is Conclusion.PROVED
        turns = server.calls[1].request["messages"]
        assert isinstance(turns, list)
        assert [t["role"] for t in turns if isinstance(t, dict)] == ["system", "user", "assistant", "user"]
        assert llm.usage.calls == 2


def test_a_chain_mends_with_stronger_models() -> None:
    with ScriptedServer.of([{"reply": fenced(BROKEN)}]) as server:
        chain = Fallback([OpenAIModel(name, base_url=server.url) for name in ("small", "large")])
        llm = LlmTranslator(Formalism.FOL, chain)
        problem, run = Problem(text=TEXT), Run()
        draft = llm.translate(problem, run).formalization
        assert draft is not None
        for _ in range(3):
            llm.mend(problem, draft, (), run)
        assert [call.request["model"] for call in server.calls] == ["small", "small", "large", "large"]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ({"reply": "I would rather talk about the weather."}, "model.malformed"),
        ({"reply": ""}, "model.malformed"),
        ({"reply": "```python\nprint(1)\n```"}, "model.malformed"),
        ({"reply": fenced(RIGHT), "finish_reason": "length"}, "model.truncated"),
    ],
)
def test_an_unusable_reply_is_asked_for_once_more(first: dict[str, Any], code: str) -> None:
    with ScriptedServer.of([{**first, "call": 1}, {"reply": fenced(RIGHT)}]) as server:
        assert translator(server).translate(Problem(text=TEXT), Run()).formalization is not None
        assert len(server.calls) == 2
    with ScriptedServer.of([first]) as server:
        translation = translator(server).translate(Problem(text=TEXT), Run())
        assert translation.formalization is None
        assert [d.code for d in translation.diagnostics] == [code]
        assert len(server.calls) == 2


def test_an_answer_cut_off_is_given_more_room() -> None:
    with ScriptedServer.of([{"reply": fenced(RIGHT)}]) as server:
        translation = translator(server, max_tokens=40).translate(Problem(text=TEXT), Run())
        assert translation.formalization is not None
        assert [call.request["max_tokens"] for call in server.calls] == [40, 80]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"refusal": "I do not discuss wumpuses."}, "model.refused"),
        ({"reply": "", "finish_reason": "content_filter"}, "model.filtered"),
        ({"reply": "UNSUITABLE: it is about the weather"}, "model.malformed"),
    ],
)
def test_a_refusal_is_a_diagnostic_and_not_asked_again(rule: dict[str, Any], code: str) -> None:
    with ScriptedServer.of([rule]) as server:
        translation = translator(server).translate(Problem(text=TEXT), Run())
        assert translation.formalization is None
        assert [d.code for d in translation.diagnostics] == [code]
        assert len(server.calls) == 1


def test_a_model_that_is_down_is_an_error_of_infrastructure() -> None:
    with ScriptedServer.of([{"status": 500}]) as server, pytest.raises(ModelError):
        translator(server).translate(Problem(text=TEXT), Run())


def test_milp_comes_back_as_json_of_its_schema() -> None:
    model = {
        "variables": {"x": {"domain": "integer", "words": "pens"}},
        "objective": {"sense": "maximize", "expression": "3*x", "words": "earn most"},
        "constraints": [{"name": "budget", "rule": "2*x <= 90", "words": "a budget of $90"}],
    }
    backend = get_backend(Formalism.MILP)
    problem = Problem(text="Pens earn $3 and cost $2. With a budget of $90, how many pens earn most?")
    with ScriptedServer.of([{"match": {"has": ["response_format"]}, "reply_json": model}]) as server:
        llm = LlmTranslator(Formalism.MILP, OpenAIModel("m", base_url=server.url), schema=backend.schema())
        translation = llm.translate(problem, Run())
        assert translation.formalization is not None
        assert json.loads(translation.formalization.text) == model
        assert translation.formalization.words_of("budget") == "a budget of $90"
        result = backend.check(translation.formalization, problem, Run())
        assert result.data["objective"] in (135, "135", 135.0)


def test_in_stages_the_vocabulary_comes_first() -> None:
    rules = [{"match": {"last": "First stage"}, "reply": "predicates:\n  shy(x)"}, {"reply": fenced(RIGHT)}]
    with ScriptedServer.of(rules) as server:
        translation = translator(server, staged=True).translate(Problem(text=TEXT), Run())
        assert translation.formalization is not None
        turns = server.calls[1].request["messages"]
        assert isinstance(turns, list)
        assert [t["role"] for t in turns if isinstance(t, dict)] == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize(
    ("verdict", "level", "codes"),
    [
        ({"same": True, "differences": []}, FaithfulnessLevel.ROUND_TRIP, []),
        (
            {"same": False, "differences": [{"problem": "Every wumpus", "read_back": "some", "what": "quantifier"}]},
            FaithfulnessLevel.UNCHECKED,
            ["faithfulness.read_back_differs"],
        ),
        ({"same": False, "differences": []}, FaithfulnessLevel.UNCHECKED, []),
        ("nonsense", FaithfulnessLevel.UNCHECKED, []),
    ],
)
def test_the_read_back_is_compared_where_wanted(verdict: Any, level: FaithfulnessLevel, codes: list[str]) -> None:
    rules = [{"match": {"system": "You compare two texts"}, "reply_json": verdict}, {"reply": fenced(RIGHT)}]
    with ScriptedServer.of(rules) as server:
        translation = translator(server, compare=True).translate(Problem(text=TEXT), Run())
        assert len(server.calls) == 2
    assert translation.faithfulness is not None
    assert translation.faithfulness.level is level
    assert [d.code for d in translation.diagnostics] == codes


# --- several candidates


def by_vote(*replies: str, wanted: int = 5, attended: bool = False) -> tuple[Any, int, list[Any]]:
    events: list[Any] = []
    run = Run(emit=lambda kind, data: events.append((kind, data)))
    context = (ContextItem(name="blocks.pddl", content=DOMAIN),)
    problem = Problem(text=BLOCKS, context=context, options=Options(candidates=wanted, attended=attended))
    rules = [{"call": number, "reply": f"```pddl\n{reply}\n```"} for number, reply in enumerate(replies, start=1)]
    with ScriptedServer.of(rules) as server:
        return translator(server, Formalism.PDDL).translate(problem, run), len(server.calls), events


def test_candidates_that_mean_the_same_win_over_those_that_do_not() -> None:
    translation, calls, events = by_vote(MISREAD, READ, REORDERED, MISREAD, READ)
    assert calls == 5
    assert translation.formalization.text.strip() == READ
    assert translation.faithfulness.level is FaithfulnessLevel.AGREED
    assert "3 of 5" in translation.faithfulness.note
    assert ("voted", {"classes": [3, 2], "asked": 5}) in events


def test_sampling_stops_when_the_vote_is_decided() -> None:
    translation, calls, _ = by_vote(READ, REORDERED, READ, MISREAD, MISREAD)
    assert calls == 3
    assert translation.faithfulness.level is FaithfulnessLevel.AGREED


def test_unreadable_candidates_do_not_vote() -> None:
    translation, _, _ = by_vote(UNREADABLE, UNREADABLE, READ, REORDERED, READ)
    assert translation.faithfulness.level is FaithfulnessLevel.AGREED


def test_a_tie_is_a_question_to_the_person_or_a_flag() -> None:
    translation, _, _ = by_vote(READ, MISREAD, wanted=2)
    assert translation.faithfulness.level is FaithfulnessLevel.UNCHECKED
    assert [d.code for d in translation.diagnostics] == ["faithfulness.candidates_disagree"]
    assert translation.question is None
    asked, _, _ = by_vote(READ, MISREAD, wanted=2, attended=True)
    assert "Which is meant?" in asked.question


def test_one_readable_candidate_is_no_agreement() -> None:
    translation, _, _ = by_vote(READ, UNREADABLE, UNREADABLE, wanted=3)
    assert translation.faithfulness.level is FaithfulnessLevel.UNCHECKED
    assert [d.code for d in translation.diagnostics] == ["translate.candidates_not_compared"]


def test_if_none_can_be_read_the_first_is_left_for_repair() -> None:
    translation, _, _ = by_vote(*[UNREADABLE] * 3, wanted=3)
    assert translation.formalization is not None
    assert translation.faithfulness.level is FaithfulnessLevel.UNCHECKED


def same_letter(a: Formalization, b: Formalization) -> Equivalence:
    return Equivalence(equivalent=a.text[0] == b.text[0])


def formal(text: str) -> Formalization:
    return Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")


@given(st.lists(st.sampled_from([None, "a1", "a2", "b1", "b2", "c1"]), max_size=9))
def test_stopping_early_never_changes_the_winner(candidates: list[str | None]) -> None:
    made = [formal(c) if c else None for c in candidates]
    early = vote(iter(made), len(made), same_letter)
    full = Ballot()
    for candidate in made:
        full.asked += 1
        if candidate is not None:
            full.add(candidate, same_letter)
    if full.clear or early.clear:
        assert early.winner is not None
        assert full.winner is not None
        assert early.winner.text[0] == full.winner.text[0]
        assert early.clear == full.clear


def test_a_vote_is_not_decided_by_one() -> None:
    ballot = Ballot(classes=[[formal("a")]], asked=1)
    assert not decided(ballot, 1)
    assert decided(ballot, 0)


# --- advice


def test_the_model_is_asked_where_a_problem_goes_only_when_the_words_leave_it_open() -> None:
    advice = {"formalism": "pddl", "confidence": 0.8, "reason": "it asks for moves"}
    with ScriptedServer.of([{"reply_json": advice}]) as server:
        model = OpenAIModel("m", base_url=server.url)
        routing = route(Problem(text="Get the fox across."), model, Run())
        assert (routing.formalism, routing.by) == (Formalism.PDDL, "model")
        assert "it asks for moves" in routing.reason
        route(Problem(text=TEXT + " Based on the premises, does it follow?"), model, Run())
        assert len(server.calls) == 1


@pytest.mark.parametrize("rule", [{"status": 400}, {"reply": "dunno"}, {"reply_json": {"formalism": "sql"}}])
def test_bad_advice_is_no_advice(rule: dict[str, Any]) -> None:
    with ScriptedServer.of([rule]) as server:
        model = OpenAIModel("m", base_url=server.url)
        assert route(Problem(text="Get the fox across."), model, Run()).by == "signals"
        assert compare_read_back(Problem(text=TEXT), "words", model, Run()).same is None
        assert polish("x = 3", model, Run())[0] == "x = 3"


def test_a_reported_difference_must_quote_the_problem() -> None:
    real = {"problem": "every WUMPUS is shy", "read_back": "some wumpus is shy", "what": "the quantifier differs"}
    made_up = {"problem": "all cats are grey", "read_back": "", "what": "cats are missing"}
    reply = {"same": False, "differences": [real, made_up]}
    with ScriptedServer.of([{"reply_json": reply}]) as server:
        found = compare_read_back(Problem(text=TEXT), "…", OpenAIModel("m", base_url=server.url), Run())
    assert found.same is False
    assert [(d.code, d.source) for d in found.diagnostics] == [
        ("faithfulness.read_back_differs", "every WUMPUS is shy")
    ]


@pytest.mark.parametrize(
    ("nicer", "taken"),
    [
        ("You should bake 50 rye loaves, which earns 224.4 in all.", True),
        ("You should bake 51 rye loaves, which earns 224.4 in all.", False),
        ("You should bake 50 rye loaves.", False),
        ("You should not bake 50 rye loaves for 224.4.", False),
        ("You should bake 50 rye loaves for 224.4, says Bob.", False),
        ("", False),
    ],
)
def test_polish_may_change_words_but_no_fact(nicer: str, taken: bool) -> None:
    words = "Bake 50 rye loaves: the objective is 224.4."
    with ScriptedServer.of([{"reply": nicer}]) as server:
        said, _ = polish(words, OpenAIModel("m", base_url=server.url), Run())
    assert said == (nicer if taken else words)


def test_one_translator_serves_many_threads() -> None:
    with ScriptedServer.of([{"reply": fenced(RIGHT)}]) as server:
        llm = translator(server)
        done: list[bool] = []

        def one() -> None:
            done.append(llm.translate(Problem(text=TEXT), Run()).formalization is not None)

        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert done == [True] * 8


def test_a_vote_that_money_ends_early_is_counted_so_far() -> None:
    problem = Problem(text=TEXT, options=Options(candidates=9))
    with ScriptedServer.of([{"call": [1, 2], "reply": fenced(RIGHT)}, {"status": 400}]) as server:
        translation = translator(server).translate(problem, Run(budget=Budget(seconds=30)))
        assert translation.faithfulness is not None
        assert "2 of 2" in translation.faithfulness.note
