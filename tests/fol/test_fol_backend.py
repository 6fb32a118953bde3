"""The fol backend end to end, through the sandbox."""

from __future__ import annotations

import pytest

from quod.backends.fol.backend import FolBackend
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem, Semantics
from quod.core.protocols import Backend, CheckResult
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp

HEAD = """constants:
  rex ::: Rex
predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Every wumpus is not shy.
  s2: wumpus(rex) ::: Rex is a wumpus.
"""


def check(
    text: str,
    *,
    language: str = "quod-fol",
    context: tuple[ContextItem, ...] = (),
    seconds: float = 20.0,
    **options: object,
) -> CheckResult:
    budget = Budget(seconds=seconds, engine_seconds=seconds)
    problem = Problem(text="words", context=context, budget=budget, options=Options.model_validate(options))
    formalization = Formalization(formalism=Formalism.FOL, text=text, language=language)
    return FolBackend().check(formalization, problem, Run(budget=budget))


def conclusion(result: CheckResult) -> Conclusion:
    assert result.verdict is not None, result.diagnostics
    return result.verdict.conclusion


def test_it_is_a_backend() -> None:
    assert isinstance(FolBackend(), Backend)


def test_disproved_names_the_sentences_needed() -> None:
    result = check(HEAD + "question:\n  q: shy(rex) ::: Rex is shy.\n")
    assert conclusion(result) is Conclusion.DISPROVED
    assert result.assurance is Assurance.CERTIFICATE
    assert result.certificate is not None
    assert result.certificate.accepted
    assert result.data["needed"] == ["s1", "s2"]
    assert "Every wumpus is not shy" in result.words


def test_undetermined_shows_two_situations() -> None:
    result = check(
        HEAD.replace("  s2: wumpus(rex) ::: Rex is a wumpus.\n", "") + "question:\n  shy(rex) ::: Rex is shy.\n"
    )
    assert conclusion(result) is Conclusion.UNDETERMINED
    assert "Rex is shy" in str(result.data["example_true"])
    assert "Rex is shy" not in str(result.data["example_false"])


def test_a_contradiction_is_never_true_and_its_sentences_are_minimal() -> None:
    extra = "  s3: shy(rex) ::: Rex is shy.\n  s4: ∀x (wumpus(x) → wumpus(x)) ::: Wumpuses are wumpuses.\n"
    result = check(HEAD + extra + "question:\n  q: wumpus(rex) ::: Rex is a wumpus.\n")
    assert conclusion(result) is Conclusion.INCONSISTENT
    assert result.data["conflict"] == ["s1", "s2", "s3"]
    assert "fol.inconsistent_premises" in {d.code for d in result.diagnostics}


PUZZLE = """sorts:
  place = 1..3
  book = {red, blue, green}
functions:
  at(b: book) -> place bijective ::: the place of b
premises:
"""


@pytest.mark.parametrize(
    ("premises", "expected"),
    [
        ("  at(red) < at(blue)\n  at(blue) < at(green)\n", Conclusion.UNIQUE),
        ("  at(red) < at(blue)\n", Conclusion.SEVERAL),
        ("  at(red) < at(blue)\n  at(blue) < at(red)\n", Conclusion.NONE),
    ],
)
def test_puzzles(premises: str, expected: Conclusion) -> None:
    result = check(PUZZLE + premises + "find:\n")
    assert conclusion(result) is expected
    assert result.assurance is Assurance.CERTIFICATE


def test_a_choice_names_the_option() -> None:
    text = PUZZLE + "  at(red) < at(blue)\n  at(blue) < at(green)\noptions:\n  A: at(red) = 2\n  B: at(red) = 1\n"
    result = check(text)
    assert conclusion(result) is Conclusion.UNIQUE
    assert result.data["option"] == "B"


def test_a_choice_among_contradictory_premises_has_no_answer() -> None:
    text = PUZZLE + "  at(red) < at(blue)\n  at(blue) < at(red)\noptions:\n  A: at(red) = 2\n  B: at(red) = 1\n"
    assert conclusion(check(text)) is Conclusion.INCONSISTENT


RULES = "premises:\n  f: red(cat)\n  r1: ∀x (red(x) → big(x))\n  r2: ∀x (¬kind(x) → nice(x))\n"


@pytest.mark.parametrize(
    ("asked", "semantics", "expected"),
    [
        ("big(cat)", Semantics.CLOSURE, Conclusion.PROVED),
        ("nice(cat)", Semantics.CLOSURE, Conclusion.UNDETERMINED),
        ("nice(cat)", Semantics.CLOSED, Conclusion.PROVED),
        ("kind(cat)", Semantics.CLOSED, Conclusion.DISPROVED),
        ("kind(cat)", Semantics.CLASSICAL, Conclusion.UNDETERMINED),
    ],
)
def test_semantics_is_what_the_options_say(asked: str, semantics: Semantics, expected: Conclusion) -> None:
    result = check(RULES + f"question:\n  {asked}\n", semantics=semantics)
    assert conclusion(result) is expected
    assert result.assurance is Assurance.CERTIFICATE


def test_contraposition_is_classical_only() -> None:
    text = "premises:\n  ∀x (red(x) → big(x))\n  ¬big(cat)\nquestion:\n  red(cat)\n"
    assert conclusion(check(text)) is Conclusion.DISPROVED
    assert conclusion(check(text, semantics=Semantics.CLOSURE)) is Conclusion.UNDETERMINED


def test_rules_semantics_refuses_what_is_no_rule() -> None:
    result = check("premises:\n  red(cat) ∨ big(cat)\nquestion:\n  red(cat)\n", semantics=Semantics.CLOSURE)
    assert conclusion(result) is Conclusion.GAVE_UP
    assert "fol.not_rules" in {d.code for d in result.diagnostics}


def test_negation_in_a_circle_is_refused() -> None:
    text = "premises:\n  ∀x (¬p(x) → q(x))\n  ∀x (¬q(x) → p(x))\nquestion:\n  p(a)\n"
    result = check(text, semantics=Semantics.CLOSED)
    assert "fol.not_stratified" in {d.code for d in result.diagnostics}


TABLE = """sorts:
  person
tables:
  parent(person, person) from parents.csv
predicates:
  grand(person, person)
premises:
  g: ∀x ∀y ∀z (parent(x, y) ∧ parent(y, z) → grand(x, z))
question:
  {}
"""


def test_facts_from_a_table() -> None:
    rows = "p,c\n" + "\n".join(f"n{i // 2},n{i}" for i in range(1, 2_000))
    item = ContextItem(name="parents.csv", content=rows)
    proved = check(TABLE.format("grand(n100, n403)"), context=(item,), seconds=60)
    assert conclusion(proved) is Conclusion.PROVED
    assert proved.assurance is Assurance.CERTIFICATE
    assert conclusion(check(TABLE.format("grand(n100, n7)"), context=(item,), seconds=60)) is Conclusion.UNDETERMINED


@pytest.mark.parametrize(
    ("content", "says"),
    [("p,c\na\n", "row 2"), ("p\na\n", "columns"), ("", "empty"), ('p,c\n"a\n', "CSV"), ("p,c\n,b\n", "row 2")],
)
def test_a_broken_table_is_a_diagnostic(content: str, says: str) -> None:
    result = check(TABLE.format("grand(a, b)"), context=(ContextItem(name="parents.csv", content=content),))
    assert result.verdict is None
    assert any(says in d.message for d in result.diagnostics)


def test_a_missing_table_is_a_diagnostic() -> None:
    result = check(TABLE.format("grand(a, b)"))
    assert "fol.table" in {d.code for d in result.diagnostics}


# Three colours for the edges between 17 points without a triangle of one colour: impossible (Greenwood and Gleason,
# 1955), and too much for every engine in a few seconds.
HARD = """sorts:
  n = 1..17
  c = {r, g, b}
functions:
  col(x: n, y: n) -> c
premises:
  ∀x ∀y ∀z (x < y ∧ y < z → ¬(col(x, y) = col(y, z) ∧ col(y, z) = col(x, z)))
question:
  col(1, 2) = r
"""


@pytest.mark.slow
def test_giving_up_is_said_within_the_limit() -> None:
    result = check(HARD, seconds=4)
    assert conclusion(result) is Conclusion.GAVE_UP
    assert result.verdict is not None
    assert result.verdict.gave_up in {GaveUp.TIMEOUT, GaveUp.INCOMPLETE}
    assert "fol.gave_up" in {d.code for d in result.diagnostics}


def test_an_unsatisfiable_sort_is_reported() -> None:
    text = "sorts:\n  s = {a}\npremises:\n  ∀x: s (x ≠ x)\nquestion:\n  a = a\n"
    assert conclusion(check(text)) is Conclusion.INCONSISTENT


SMT = "(declare-const x Int)(declare-const y Int)(assert (= (+ x y) 10))"


@pytest.mark.parametrize(
    ("text", "expected", "assurance"),
    [
        (SMT + "(assert (= (- x y) 2))", Conclusion.UNIQUE, Assurance.CROSS_CHECKED),
        (SMT + "(assert (! (= y (- 10 x)) :named question))", Conclusion.PROVED, Assurance.CROSS_CHECKED),
        (SMT + "(assert (! (> x y) :named question))", Conclusion.UNDETERMINED, Assurance.CERTIFICATE),
        (SMT, Conclusion.SEVERAL, Assurance.CERTIFICATE),
        (SMT + "(assert (= x y))(assert (= x 4))", Conclusion.NONE, Assurance.CROSS_CHECKED),
    ],
)
def test_smtlib(text: str, expected: Conclusion, assurance: Assurance) -> None:
    result = check(text, language="smtlib2")
    assert conclusion(result) is expected
    assert result.assurance is assurance


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('(set-option :regular-output-channel "f")(assert true)', "fol.refused_command"),
        ('(include "f")(assert true)', "fol.refused_command"),
        ("(push 1)(assert true)", "fol.unsupported"),
        ("(assert (and true)", "fol.syntax"),
        ("(" * 10_000, "fol.too_deep"),
        ("(check-sat)", "fol.no_question"),
    ],
)
def test_bad_smtlib_is_a_diagnostic(text: str, code: str) -> None:
    result = check(text, language="smtlib2")
    assert result.verdict is None
    assert code in {d.code for d in result.diagnostics}


def test_tptp_is_read() -> None:
    text = "fof(a, axiom, ! [X] : (man(X) => mortal(X))). fof(b, axiom, man(socrates)). "
    text += "fof(c, conjecture, mortal(socrates))."
    assert conclusion(check(text, language="tptp")) is Conclusion.PROVED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("include('Axioms/SET.ax').", "fol.refused_command"),
        ("fof(a, axiom, p(X)).", "fol.syntax"),
        ("fof(a, axiom, p).", "fol.no_question"),
        ("fof(a, axiom, " + "(" * 10_000, "fol.too_deep"),
    ],
)
def test_bad_tptp_is_a_diagnostic(text: str, code: str) -> None:
    result = check(text, language="tptp")
    assert result.verdict is None
    assert code in {d.code for d in result.diagnostics}


def test_tptp_written_means_the_same() -> None:
    from quod.backends.fol.resolve import parse_document
    from quod.backends.fol.tptp_writer import write_tptp

    theory, _ = parse_document(PUZZLE + "  at(red) < at(blue)\n  at(blue) < at(green)\nquestion:\n  at(red) = 1\n")
    assert theory is not None
    assert conclusion(check(write_tptp(theory), language="tptp")) is Conclusion.PROVED


def equivalence(a: str, b: str) -> bool | None:
    one, two = (Formalization(formalism=Formalism.FOL, text=t, language="quod-fol") for t in (a, b))
    found = FolBackend().equivalent(one, two, Problem(text="words"), Run())
    assert found.equivalent is not False or "Which is meant" in found.difference
    return found.equivalent


def test_equivalence_up_to_names() -> None:
    one = "premises:\n  ∀x (Cat(x) → Red(x))\n  Cat(tom)\nquestion:\n  Red(tom)\n"
    assert equivalence(one, one.replace("Cat", "Feline")) is True
    assert equivalence(one, one.replace("Cat(x) → Red(x)", "¬Red(x) → ¬Cat(x)")) is True
    assert equivalence(one, one.replace("Cat(x) → Red(x)", "Red(x) → Cat(x)")) is False
    assert equivalence(one, one.replace("Red(tom)", "¬Red(tom)")) is False


def test_the_missing_fact_is_asked_for() -> None:
    text = "predicates:\n  cat(x) ::: x is a cat\n  red(x) ::: x is red\n"
    text += "premises:\n  ∀x (cat(x) ↔ red(x))\nquestion:\n  red(tom)\n"
    assert check(text, attended=True).question == "Is it so that tom is a cat?"


def test_read_back_is_words() -> None:
    text = HEAD + "question:\n  q: shy(rex) ::: Rex is shy.\n"
    formalization = Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")
    said = FolBackend().read_back(formalization, Problem(text="words"))
    assert "if x is a wumpus, then x is not shy" in said
    assert "q? Rex is shy" in said
