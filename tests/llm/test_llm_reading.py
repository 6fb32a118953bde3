"""Prompts, replies, coverage and routing: everything about the words that needs no server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.registry import get_backend
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.diagnostics import Span, code, has_errors
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.translators.llm.attachments import describe_table
from quod.translators.llm.coverage import coverage_of, names_of, sentences_of
from quod.translators.llm.prompting import LANGUAGES, Prompter, marks, render_diagnostics, render_prompt
from quod.translators.llm.reply import read_reply
from quod.translators.llm.retrieval import Example, ExampleStore
from quod.translators.llm.sources import source_map
from quod.translators.routing import route

PROMPTS = Path(__file__).resolve().parents[2] / "translators" / "llm" / "prompts"
FOL = "predicates:\n  shy(x)\npremises:\n  s1: shy(rex) ::: Rex is shy.\nquestion:\n  shy(rex) ::: Is Rex shy?\n"
PDDL_DOMAIN = "(define (domain d) (:predicates (p)) (:action a :parameters () :effect (p)))"
PDDL_PROBLEM = "(define (problem q) (:domain d) (:init) (:goal (p)))"


# --- prompts


@pytest.mark.parametrize("formalism", list(Formalism))
def test_every_prompt_renders_whole(formalism: Formalism) -> None:
    schema = get_backend(Formalism.MILP).schema() if formalism is Formalism.MILP else None
    text = render_prompt(Problem(text="Rex is a wumpus. Is Rex shy?"), formalism, schema=schema)
    assert "Rex is a wumpus. Is Rex shy?" in text
    assert not re.search(r"\{\{\w+\}\}", text), "a placeholder was left"
    assert len(text) < 16_000
    if schema is not None:
        assert '"constraints"' in text


def test_every_prompt_file_is_used() -> None:
    names = {str(p.relative_to(PROMPTS)) for p in PROMPTS.rglob("*.md")} - {"CHANGELOG.md"}
    used = {f"{f}/{part}.md" for f in Formalism for part in ("language", "task", "stage")}
    sources = "".join(p.read_text() for p in PROMPTS.parent.glob("*.py"))
    used |= {f"{name}.md" for name in re.findall(r'"(shared/\w+)"', sources)}
    assert names == used


@pytest.mark.parametrize("example", ExampleStore.read(Formalism.ROCQ).examples, ids=lambda example: example.id)
def test_the_shipped_proofs_are_accepted_by_rocqs_kernel(example: Example) -> None:
    backend = get_backend(Formalism.ROCQ)
    if not any(engine.version for engine in backend.engines()):
        pytest.skip("needs Rocq")
    read = read_reply(f"```coq\n{example.formal}\n```", Formalism.ROCQ, example.text)
    assert read.formalization is not None
    problem = Problem(text=example.text, budget=Budget(seconds=280, engine_seconds=200))
    result = backend.check(read.formalization, problem, Run(budget=problem.budget))
    assert result.verdict is not None, result.diagnostics
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.PROVED, Assurance.KERNEL), result.verdict


def test_an_example_that_no_engine_has_run_is_called_so() -> None:
    text = render_prompt(Problem(text="Show that the square of an odd integer is odd."), Formalism.LEAN)
    assert "odd_square_mod_8" in text
    assert text.count("that no engine has run") == 3
    text = render_prompt(Problem(text="Show that the square of an odd integer is odd."), Formalism.ROCQ)
    assert "odd_square_mod_8" in text
    assert "that no engine has run" not in text


@pytest.mark.parametrize("formalism", [Formalism.FOL, Formalism.MILP, Formalism.PDDL])
def test_the_shipped_examples_are_right(formalism: Formalism) -> None:
    backend = get_backend(formalism)
    for example in ExampleStore.read(formalism).examples:
        read = read_reply(f"```\n{example.formal}\n```", formalism, example.text, schema=backend.schema())
        assert read.formalization is not None, example.id
        assert read.diagnostics == (), example.id
        problem = Problem(text=example.text)
        result = backend.check(read.formalization, problem, Run())
        assert result.verdict is not None, (example.id, result.diagnostics)
        assert result.verdict.conclusion is not Conclusion.GAVE_UP, example.id
        assert not [d for d in result.diagnostics if d.severity != "info"], example.id
        coverage, doubts = coverage_of(problem, read.formalization)
        assert not [d for d in doubts if d.severity != "info"], example.id
        assert coverage.numbers.missing in {(), ("Three",)}, example.id


def test_the_nearest_example_comes_last() -> None:
    chosen = ExampleStore.read(Formalism.MILP).nearest("The cheapest feed mix of oats and maize with protein", 2)
    assert chosen[-1].id == "blending"
    assert len(chosen) == 2


def test_a_user_s_example_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "milp.yaml").write_text("- {id: blending, text: mine, formal: '{}'}\n- {id: new, text: x, formal: y}\n")
    examples = {e.id: e for e in ExampleStore.read(Formalism.MILP, tmp_path).examples}
    assert examples["blending"].text == "mine"
    assert "new" in examples
    assert "assignment" in examples
    (tmp_path / "fol.yaml").write_text("- {id: x}\n")
    with pytest.raises(InputError, match=r"0\.text"):
        ExampleStore.read(Formalism.FOL, tmp_path)


@given(st.lists(st.text(), max_size=4), st.integers(1, 5))
def test_retrieval_works_for_any_texts(texts: list[str], count: int) -> None:
    store = ExampleStore(tuple(Example(id=str(i), text=t, formal="") for i, t in enumerate(texts)))
    assert len(store.nearest("some words", count)) == min(count, len(texts))


@given(st.text())
def test_no_text_can_contain_its_own_marks(text: str) -> None:
    opened, closed = marks(text)
    assert opened not in text
    assert closed not in text


def test_diagnostics_are_shown_with_the_failing_stretch_marked() -> None:
    fault = code("model.test_fault", "Made up for a test.")
    text = "premises:\n  s1: shy(rex) ∧\n"
    diagnostic = fault.error(
        "expected a term", span=Span(line=2, column=16, end_line=2, end_column=17), source="Rex is shy", hint="add one"
    )
    shown = render_diagnostics(text, (fault.info("noise"), diagnostic))
    lines = shown.split("\n")
    at = lines.index("line 2:   s1: shy(rex) ∧")
    assert lines[at + 1].index("^") == lines[at].index("∧")
    assert "Rex is shy" in shown
    assert "hint: add one" in shown
    assert "noise" not in shown


@given(st.text(max_size=300), st.integers(1, 9), st.integers(1, 400), st.integers(1, 9), st.integers(1, 400))
def test_any_span_can_be_shown(text: str, line: int, column: int, end_line: int, end_column: int) -> None:
    fault = code("model.test_fault", "Made up for a test.")
    span = Span(line=line, column=column, end_line=end_line, end_column=end_column)
    assert "model.test_fault" in render_diagnostics(text, (fault.error("x", span=span),))


def test_a_table_reaches_the_model_as_columns_and_a_few_rows() -> None:
    rows = "\n".join(f"{i},{'ABC'[i % 3]},{i / 2}" for i in range(5000))
    item = ContextItem(name="demand.csv", content=f"day,plant,amount\n{rows}\n")
    shown = describe_table(item)
    assert "a table of 5000 rows" in shown
    assert "- day: whole numbers from 0 to 4999" in shown
    assert "- plant: text, 3 different: A, B, C" in shown
    assert "- amount: numbers from 0 to 2499.5" in shown
    assert len(shown) < 400
    problem = Problem(text="Meet all demand.", context=(item,))
    small = Problem(
        text="Meet all demand.", context=(ContextItem(name="demand.csv", content="day,plant,amount\n1,A,2\n"),)
    )
    prompter = Prompter(Formalism.MILP)
    assert len(prompter.draft(problem)[1].content) - len(prompter.draft(small)[1].content) < 100


def test_a_spreadsheet_that_is_none_is_said_to_be_none() -> None:
    problem = Problem(text="x", context=(ContextItem.from_bytes("a.xlsx", b"PK\x03\x04junk\xff"),))
    assert "not a readable spreadsheet" in Prompter(Formalism.MILP).draft(problem)[1].content


# --- replies


@pytest.mark.parametrize(
    "reply",
    [
        f"```fol\n{FOL}```",
        f"Let me think. `shy` is a predicate.\n\n```\n{FOL}```\nI hope this helps!",
        f"<think>```fol\npremises:\n  wrong\n```</think>\n```quod-fol\n{FOL}```",
        f"First try:\n```fol\npremises:\n  shy(\n```\nBetter:\n```fol\n{FOL}```",
        f"```python\nprint('hello')\n```\n~~~\n{FOL}~~~",
        f"Here you go.\n{FOL}",
        f"```fol\n{FOL}",
        f"```fol\r\n{FOL}```".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"- item\n  ```fol\n{FOL}  ```\n",
    ],
)
def test_the_formal_text_is_found_in_a_reply(reply: str) -> None:
    read = read_reply(reply, Formalism.FOL, "Rex is shy. Is Rex shy?")
    assert read.formalization is not None
    assert read.formalization.text.strip() == FOL.strip()
    assert read.formalization.words_of("s1") == "Rex is shy."
    assert not read.diagnostics


def test_pddl_in_two_blocks_is_put_together() -> None:
    old = "```pddl\n(define (problem old))\n```"
    reply = f"Domain:\n```pddl\n{PDDL_DOMAIN}\n```\nProblem:\n{old}\nNo:\n```pddl\n{PDDL_PROBLEM}\n```"
    read = read_reply(reply, Formalism.PDDL)
    assert read.formalization is not None
    assert read.formalization.text == f"{PDDL_DOMAIN}\n\n{PDDL_PROBLEM}\n"
    assert not has_errors(get_backend(Formalism.PDDL).lint(read.formalization, Problem(text="x")))


def test_pddl_amid_prose_is_cut_out() -> None:
    read = read_reply(f"The problem is {PDDL_PROBLEM} as you see.", Formalism.PDDL)
    assert read.formalization is not None
    assert read.formalization.text.strip() == PDDL_PROBLEM


def test_a_model_in_json_is_taken_from_an_envelope_and_held_to_its_schema() -> None:
    schema = get_backend(Formalism.MILP).schema()
    model = '{"variables": {"x": {}}, "objective": null, "constraints": []}'
    for reply in (model, f"```json\n{model}\n```", f'{{"model": {model}}}', f"Well: {model} - done"):
        read = read_reply(reply, Formalism.MILP, schema=schema)
        assert read.formalization is not None, reply
        assert read.diagnostics == ()
    wrong = read_reply('{"variables": {"x": {"domain": "whole"}}, "constraints": []}', Formalism.MILP, schema=schema)
    assert wrong.formalization is not None
    assert {d.code for d in wrong.diagnostics} == {"model.wrong_schema"}


@pytest.mark.parametrize(
    "reply", ["", "I cannot help with that.", "```python\nimport os\n```", "{}", "[1, 2]", "```\n```"]
)
@pytest.mark.parametrize("formalism", list(Formalism))
def test_a_reply_without_formal_text_is_said_to_have_none(formalism: Formalism, reply: str) -> None:
    read = read_reply(reply, formalism)
    assert read.formalization is None
    assert {d.code for d in read.diagnostics} == {"model.malformed"}


def test_what_the_model_asks_reaches_the_person_and_flags_the_answer() -> None:
    read = read_reply(f"```fol\n{FOL}```\nAMBIGUOUS: does 'or' exclude both?", Formalism.FOL)
    assert read.question == "does 'or' exclude both?"
    assert [d.code for d in read.diagnostics] == ["faithfulness.ambiguous"]
    unsuitable = read_reply("UNSUITABLE: this is a poem", Formalism.FOL)
    assert unsuitable.formalization is None
    assert "this is a poem" in unsuitable.diagnostics[0].message
    assert unsuitable.why == ""


@given(st.text(max_size=400), st.sampled_from(list(Formalism)))
def test_no_reply_can_break_the_reader(reply: str, formalism: Formalism) -> None:
    read_reply(reply, formalism, "some words")
    read_reply(f"```\n{reply}\n```", formalism, reply)


def test_long_hostile_replies_are_read_in_time() -> None:
    for reply in ("```\n" * 50_000, "{" * 200_000, "(define " * 50_000, "premises:\n" * 50_000, "[{" * 100_000):
        for formalism in Formalism:
            read_reply(reply, formalism, "words " * 1000)


# --- where the words came from, and which were left out


def test_the_source_map_finds_the_words_in_the_text() -> None:
    text = "Every  wumpus\nis shy. Rex is a wumpus."
    formal = "premises:\n  s1: ∀x (w(x) → shy(x)) ::: every wumpus is shy\n  w(rex) ::: Rex is a wumpus\nquestion:\n"
    links = source_map(Formalization(formalism=Formalism.FOL, text=formal, language="quod-fol"), text)
    assert [link.element for link in links] == ["s1", "s2"]
    assert text[links[0].start : links[0].end] == "Every  wumpus\nis shy"
    assert text[links[1].start : links[1].end] == "Rex is a wumpus"


@given(st.text(max_size=120), st.text(max_size=40))
def test_places_are_places_in_the_text(text: str, words: str) -> None:
    formal = f"premises:\n  p(x) ::: {words}"
    for link in source_map(Formalization(formalism=Formalism.FOL, text=formal, language="quod-fol"), text):
        if link.start is not None and link.end is not None:
            assert 0 <= link.start < link.end <= len(text)


def test_a_sentence_that_was_left_out_is_named() -> None:
    problem = Problem(
        text="Rex is shy. Whoever is shy hides from Dr. Brown. The moon is full. True or false: Rex hides."
    )
    formal = (
        "premises:\n  s1: shy(rex) ::: Rex is shy.\n  s2: ∀x (shy(x) → hides(x, brown))"
        " ::: Whoever is shy hides from Dr. Brown.\nquestion:\n  hides(rex, brown) ::: Rex hides."
    )
    formalization = Formalization(formalism=Formalism.FOL, text=formal, language="quod-fol")
    formalization = formalization.model_copy(update={"source_map": source_map(formalization, problem.text)})
    coverage, doubts = coverage_of(problem, formalization)
    assert coverage.sentences.missing == ("The moon is full.",)
    assert [(d.code, d.source) for d in doubts] == [("faithfulness.sentence_missing", "The moon is full.")]
    assert coverage.names.missing == ()


def test_numbers_count_in_every_spelling() -> None:
    problem = Problem(text="There are 1,200 acres and two dozen cows. At least 30% of 12.5 acres is a third.")
    formal = '{"constraints": [{"rule": "1200*x + 24*y >= 3/10 * 12.50", "words": "1/3 2/3 a third"}]}'
    formalization = Formalization(formalism=Formalism.MILP, text=formal, language="quod-milp")
    coverage, _ = coverage_of(problem, formalization)
    assert coverage.numbers.total == 5
    assert coverage.numbers.missing == ("third",)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("It costs 3.50 dollars. Mr. Fox pays, e.g. Monday.", 2),
        ("A line that is\nwrapped here. Next", 2),
        ("Title\n\n- first item\n- second item", 3),
        ("", 0),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    found = sentences_of(text)
    assert len(found) == count
    assert all(text[start:end] == words for start, end, words in found)


def test_names_are_capitalised_words_within_sentences() -> None:
    text = "Every student knows Ada Lovelace. The book is Ada's. If true, Monday is fine. All Hanseatic cities."
    assert names_of(text) == ["Ada", "Lovelace", "Hanseatic"]


# --- routing


@pytest.mark.parametrize(
    ("text", "formalism"),
    [
        ("Every wumpus is shy. Rex is a wumpus. True or false: Rex is shy.", Formalism.FOL),
        ("A shop sells pens for $3. How many should it buy to maximize profit with a budget of $90?", Formalism.MILP),
        ("Your arm is empty. b1 is on the table. Your goal is to have b1 on top of b2.", Formalism.PDDL),
        ("Prove that the sum of two even integers is even.", Formalism.LEAN),
        ("State and prove in Coq that n + 0 = n.", Formalism.ROCQ),
    ],
)
def test_the_words_tell_where_a_problem_goes(text: str, formalism: Formalism) -> None:
    routing = route(Problem(text=text), None, Run())
    assert routing.formalism is formalism
    assert routing.confidence > 0.5
    assert "words" in routing.reason


def test_the_person_s_choice_and_attachments_come_first() -> None:
    text = "Maximize the profit of 3 pens at $2."
    assert route(Problem(text=text, formalism=Formalism.FOL), None, Run()).by == "person"
    attached = Problem(text=text, context=(ContextItem(name="d.pddl", content=PDDL_DOMAIN),))
    routing = route(attached, None, Run())
    assert (routing.formalism, routing.by) == (Formalism.PDDL, "context")


@given(st.text(min_size=1, max_size=200).filter(lambda t: t.strip() and "\x00" not in t))
def test_any_text_goes_somewhere(text: str) -> None:
    routing = route(Problem(text=text), None, Run())
    assert 0 <= routing.confidence <= 1


SAMPLE = {
    "folio/dev.jsonl": Formalism.FOL,
    "prontoqa/dev.jsonl": Formalism.FOL,
    "proofwriter/dev.jsonl": Formalism.FOL,
    "logicaldeduction/dev.jsonl": Formalism.FOL,
    "nl4opt/dev.jsonl": Formalism.MILP,
    "mamo_easy/dev.jsonl": Formalism.MILP,
    "llmp/blocksworld/problems.jsonl": Formalism.PDDL,
    "llmp/barman/problems.jsonl": Formalism.PDDL,
}


@pytest.mark.parametrize("file", list(SAMPLE))
def test_published_problems_go_where_they_belong(file: str, shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = shared_rows(file)[::7][:40]
    right = sum(route(Problem(text=_words(row)), None, Run()).formalism is SAMPLE[file] for row in rows)
    assert right >= 0.95 * len(rows)


def _words(row: dict[str, Any]) -> str:
    premises = row.get("premises") or row.get("context") or row.get("problem_nl") or row.get("text") or ""
    premises = " ".join(premises) if isinstance(premises, list) else premises
    return f"{premises} {row.get('question', '')}".strip()


def test_languages_are_those_the_backends_read() -> None:
    assert set(LANGUAGES) == set(Formalism)


def test_a_puzzle_that_asks_for_everything_misses_no_question() -> None:
    text = "Ann and Bob each own one pet, a cat or a dog. Ann owns the cat. Who owns which pet?"
    formal = (
        "predicates:\n  cat(x) ::: x owns the cat\npremises:\n  s1: cat(ann) ::: Ann owns the cat.\n"
        "  s2: cat(bob) ⊕ dog(bob) ::: Ann and Bob each own one pet, a cat or a dog.\n"
    )
    for ending, missing in (("find:\n", []), ("question:\n  cat(bob)\n", ["Who owns which pet?"])):
        _, found = coverage_of(
            Problem(text=text), Formalization(formalism=Formalism.FOL, text=formal + ending, language="quod-fol")
        )
        assert [d.source for d in found if d.code == "faithfulness.sentence_missing"] == missing


@pytest.mark.parametrize(("heads", "missing"), [(35, []), (36, ["35"])])
def test_a_problem_of_numbers_may_come_as_a_script(heads: int, missing: list[str]) -> None:
    text = "Hens and rabbits together have 35 heads. There are 12 rabbits. Is it true that there are more hens?"
    reply = (
        "```smt2\n(declare-const hens Int)\n(declare-const rabbits Int)\n"
        f"; Hens and rabbits together have 35 heads.\n(assert (= (+ hens rabbits) {heads}))\n"
        "; There are 12 rabbits.\n(assert (= rabbits 12))\n"
        "; Is it true that there are more hens?\n(assert (! (> hens rabbits) :named question))\n```"
    )
    read = read_reply(reply, Formalism.FOL, text)
    assert read.formalization is not None
    assert read.formalization.language == "smtlib2"
    _, found = coverage_of(Problem(text=text), read.formalization)
    assert [d.source for d in found] == missing
