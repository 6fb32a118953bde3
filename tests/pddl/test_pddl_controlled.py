"""Controlled English: what it accounts for becomes the problem meant, what it does not it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.equivalence import equivalent
from quod.backends.pddl.glosses import Glosses
from quod.backends.pddl.lint import lint_task
from quod.backends.pddl.plans import Step
from quod.backends.pddl.task import Task
from quod.backends.pddl.walk import atoms
from quod.core.diagnostics import Severity
from quod.core.problem import ContextItem, Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.controlled.pddl import translator
from quod.translators.controlled.pddl.facts import denied
from quod.translators.controlled.pddl.lexicon import LexiconError, built_in, parse_lexicon
from quod.translators.controlled.pddl.patterns import compile_pattern

TOWER = "a and b are on the table. c is on a. Put a on b."


def translate(text: str, **context: str) -> Translation:
    items = tuple(ContextItem(name=name.replace("_", "."), content=content) for name, content in context.items())
    return translator().translate(Problem(text=text, context=items), Run())


def task_of(translation: Translation) -> Task:
    assert translation.formalization is not None, translation.diagnostics
    loaded = load_text(translation.formalization.text)
    assert loaded.task is not None, loaded.diagnostics
    return loaded.task


def facts(text: str) -> set[str]:
    return {" ".join(fact) for fact in task_of(translate(text)).init}


def test_a_tower() -> None:
    task = task_of(translate(TOWER))
    assert {" ".join(f) for f in task.init} == {"on-table a", "on-table b", "on c a", "clear b", "clear c", "arm-empty"}
    assert lint_task(task, TOWER) == []


@pytest.mark.parametrize(
    "text",
    [
        "A and B are on the table. C is on A. Goal: A is on B and B is on C.",
        "The goal is that A is on B and B is on C. Initially, A and B are on the table. C is on A.",
        "A and B are on the table. C is on A. We want that A is on B and B is on C.",
    ],
)
def test_a_goal_is_announced_and_a_start_ends_it(text: str) -> None:
    task = task_of(translate(text))
    assert {" ".join(f) for f in task.init} == {"on-table a", "on-table b", "on c a", "clear b", "clear c", "arm-empty"}
    assert {" ".join((a.name, *(t.name for t in a.args))) for a in atoms(task.goal)} == {"on a b", "on b c"}
    assert lint_task(task, text) == []


def test_where_each_fact_came_from() -> None:
    made = translate(TOWER).formalization
    assert made is not None
    assert made.words_of("(on c a)") == "c is on a."
    link = next(link for link in made.source_map if link.element == "(on a b)")
    assert link.start is not None
    assert TOWER[link.start : link.end] == "Put a on b."


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not move c.",
        "c is not on a.",
        "c is on a or b.",
        "c is heavy.",
        "a block is on the table.",
        "At most two blocks may stand on the table.",
        "b1 or b2 is on the table.",
        "c is on a, which is red.",
        "Hurry up!",
        "()[]{}",
    ],
)
def test_one_sentence_too_many_makes_it_abstain_and_name_the_words(sentence: str) -> None:
    made = translate(f"{TOWER} {sentence}")
    assert made.formalization is None
    assert any(d.code == "translate.not_understood" and (d.source or "") in sentence for d in made.diagnostics)
    assert 0 < made.understood < 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("You have 4 blocks. a is on the table. b is on a. Put a on b.", "translate.pddl_count"),
        ("a is on the table. b is on a.", "translate.pddl_no_goal"),
        ("You have 2 blocks. You have 3 blocks. a is on b. b is on the table. Put b on a.", "translate.pddl_count"),
        (
            (
                "You have 2 shakers with 3 levels, 2 shot glasses, 2 dispensers for 2 ingredients. "
                "The shaker and the shot glasses are clean, empty, and on the table. Your hands are empty. "
                "shot1 should contain ingredient1."
            ),
            "translate.pddl_count",
        ),
        ("There are 2 robots. There is 1 room. robot1 is in room1. robot1 should be in room1", "translate.pddl_unsaid"),
        ("There is 1 robot. There are 2 balls. robot1 is in room1. ball1 should be in room2.", "translate.pddl_unsaid"),
    ],
)
def test_what_the_words_leave_open_is_said(text: str, code: str) -> None:
    made = translate(text)
    assert made.formalization is None
    assert code in {d.code for d in made.diagnostics}


def test_floortile_asks_for_the_colours_and_takes_them() -> None:
    text = """You have 3 rows and 2 columns of unpainted floor tiles. You have 1 robot.
    Each robot can paint in color white or black. robot1 is at tile_0-1.
    Your goal is to paint the grid in the following pattern: tile_1-1 is white; tile_2-1 is black."""
    asked = translate(text)
    assert asked.formalization is None
    assert asked.question == "Please say which colour the spray gun of robot1 has at the start."
    told = task_of(translate(text.replace("robot1 is at tile_0-1.", "robot1 is at tile_0-1. robot1 has white.")))
    init = {" ".join(f) for f in told.init}
    assert {"robot-has robot1 white", "up tile_1-1 tile_0-1", "left tile_0-1 tile_0-2", "clear tile_0-2"} <= init
    assert "clear tile_0-1" not in init
    assert [d for d in lint_task(told, text + " robot1 has white.") if d.severity is not Severity.INFO] == []


def test_the_best_plan_is_asked_for_in_words() -> None:
    made = translate(TOWER + " Find the shortest plan.")
    assert made.problem is not None
    assert made.problem.options.optimal is True
    plain = translate(TOWER + " Find a plan.")
    assert plain.problem is not None
    assert plain.problem.options.optimal is None


def test_tables_bring_objects_facts_and_goals() -> None:
    words = "There is 1 truck: t. t is at depot1. depot1 and store1 are in city1. Find a plan."
    task = task_of(translate(words, parcels_csv="Package,From,To\nparcel1,depot1,store1\nparcel2,store1,depot1\n"))
    assert ("at", "parcel2", "store1") in task.init
    assert task.types.fits(task.objects["parcel1"], frozenset({"package"}))
    wrong = translate(words, parcels_csv="Package,Weight\nparcel1,7\n")
    assert wrong.formalization is None
    assert [d.code for d in wrong.diagnostics if d.file == "parcels.csv"] == ["translate.pddl_table"]


def test_a_lexicon_of_ones_own() -> None:
    domain = """(define (domain garden) (:requirements :strips :typing) (:types plant)
      (:predicates (dry ?p - plant) (watered ?p - plant))
      (:action water :parameters (?p - plant) :precondition (dry ?p) :effect (and (watered ?p) (not (dry ?p)))))"""
    lexicon = """
domain: garden
kinds: {plant: {}}
sentences:
  - {say: "please water {ps:plant+}", goal: "(watered {ps})"}
states:
  - {say: dry, of: [plant], fact: "(dry {x})"}
words: {water: "give {p} some water"}
"""
    made = translate("There are 2 plants: rose and fern. All plants are dry. Please water rose and fern.",
                     garden_pddl=domain, garden_yaml=lexicon)  # fmt: skip
    task = task_of(made)
    assert task.init == {("dry", "rose"), ("dry", "fern")}
    assert Glosses(task).action(Step("water", ("fern",))) == "give fern some water"
    missing = translate("Please water rose.", garden_yaml=lexicon)
    assert missing.formalization is None
    assert "attach the domain garden" in missing.diagnostics[0].message


@pytest.mark.parametrize(
    ("lexicon", "complaint"),
    [
        ("[]", "mapping"),
        ("domain: x\nkinds: {}\nsentences: []\ncolour: red", "colour"),
        ("domain: x\nkinds: {a: {}}\nsentences: [{say: '{x:b} runs'}]", "kind b"),
        ("domain: x\nkinds: {a: {}}\nsentences: [{say: '(x'}]", "closed"),
        ("domain: x\nkinds: {a: {}}\nsentences: [{say: '{x y}'}]", "slot"),
        ("a: [", "YAML"),
        ("!!python/object/apply:os.system ['true']", "YAML"),
    ],
)
def test_a_bad_lexicon_is_refused_with_the_reason(lexicon: str, complaint: str) -> None:
    with pytest.raises(LexiconError, match=complaint):
        parse_lexicon(lexicon, "", "test")


@given(st.text(alphabet="ab[]()|{}:+* ", max_size=12), st.text(alphabet="ab ", max_size=8))
@settings(max_examples=300, deadline=None)
def test_patterns_compile_or_are_refused(pattern: str, text: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except ValueError:
        return
    compiled.regex.fullmatch(text)


def test_every_lexicon_fits_its_domain() -> None:
    assert {lexicon.domain for lexicon in built_in()} == {
        "barman", "blocksworld-4ops", "floor-tile", "gripper-strips", "logistics", "rovers",
        "storage-propositional", "termes", "tyreworld"}  # fmt: skip
    for lexicon in built_in():
        loaded = load_text(lexicon.domain_text)
        assert loaded.domain is not None
        assert [d for d in loaded.diagnostics if d.code != "pddl.missing_problem"] == []
        declared = {p.name: len(p.params) for p in loaded.domain.predicates}
        templates = [f for rule in lexicon.rules for f in (*rule.facts, *rule.goals)]
        templates += [f for s in lexicon.states for f in s.facts] + [f for c in lexicon.always for f in c.facts]
        templates += [*lexicon.grid.each, *lexicon.grid.rows, *lexicon.grid.columns] if lexicon.grid else []
        for template in templates:
            name, *args = (denied(template) or template).strip("()").split()
            assert name == "=" or declared[name] == len(args), template


@pytest.mark.parametrize("domain", ["blocksworld", "barman", "grippers"])
def test_development_texts_mean_their_gold(domain: str, shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    for row in shared_rows(f"llmp/{domain}/problems.jsonl")[::7]:
        for context in ({}, {"domain_pddl": row["domain_pddl"]}):
            mine = task_of(translate(row["problem_nl"], **context))
            gold = load_text(row["problem_pddl"], row["domain_pddl"]).task
            assert gold is not None
            assert equivalent(mine, gold, row["problem_nl"]).equivalent is True
