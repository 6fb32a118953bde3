"""Slips that only the words beside a formula show."""

from __future__ import annotations

import pytest

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.translators.llm.slips import slips

SOUND = """premises:
  ∀x (Medalist(x) → Trained(x)) ::: Every medalist trained.
  Won(france, tokyo) ∧ City(tokyo) ::: In Tokyo, which is a city, the medals went to France.
  Model(plane, b707) ::: The plane is a Boeing 707.
  ∀x (Likes(x, x) → Happy(x)) ∧ Likes(ann, bob) ::: Whoever likes themselves is happy, and Ann likes Bob.
question:
  Won(france, tokyo) ::: So France won in Tokyo.
"""


def codes_of(text: str) -> list[str]:
    formalization = Formalization(formalism=Formalism.FOL, language="quod-fol", text=text)
    return [d.code.removeprefix("faithfulness.") for d in slips(formalization)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Won(france, tokyo) :::", "Won(france) :::", ["name_left_out"]),
        ("b707", "b70", ["number_missing"]),
        ("b707", "b77", ["number_missing"]),
        ("Trained(x)", "Trained(x, x)", ["repeated_argument"]),
        ("Trained(x)", "TrainedBy(x)", ["dangling_relation"]),
        ("Medalist(x)", "Medalist(Trained(x))", ["nested_application"]),
    ],
)
def test_a_slip_in_one_formula_is_doubted(old: str, new: str, found: list[str]) -> None:
    assert codes_of(SOUND) == []
    assert codes_of(SOUND.replace(old, new)) == found


def test_declared_functions_may_be_nested() -> None:
    said = "premises:\n  Tall(father(ann)) ∧ at(ann) = 2 ::: Ann's father is tall and finished second.\n"
    assert codes_of(f"functions:\n  father(x)\n  at(x)\n{said}") == []
    assert codes_of(said) == ["dangling_relation", "nested_application"]
