"""Mixed problems over real HTTP: cut into parts by the scripted model, solved in order, on one budget, resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.core.answer import Answer, Status
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Options, Problem
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.repair import solve
from quod.translators.llm.scripted import ScriptedServer
from quod.translators.llm.splitting import Part, Use, coverage_by

OVEN = "Loaves of rye bring 3 dollars apiece, loaves of wheat 5 dollars."
ROOM = "There is room for at most 40 loaves, and at most 10 of them may be wheat."
ASKED = "What is the largest income?"
LATER = "From that income trays are bought at 7 dollars each: how many trays at most?"
REX = "Anybody who is a wumpus isn't shy, and Rex is one. Is Rex shy?"
TEXT = " ".join((OVEN, ROOM, ASKED, LATER, REX))
INCOME: JsonDict = {
    "variables": {"rye": {"domain": "integer"}, "wheat": {"domain": "integer"}},
    "objective": {"sense": "maximize", "expression": "3*rye + 5*wheat"},
    "constraints": [{"name": "room", "rule": "rye + wheat <= 40"}, {"name": "few", "rule": "wheat <= 10"}],
}
TRAYS: JsonDict = {
    "variables": {"trays": {"domain": "integer"}},
    "objective": {"sense": "maximize", "expression": "trays"},
    "constraints": [{"name": "money", "rule": "7*trays <= 140"}],
}
SHY = """```fol
constants:
  rex ::: Rex
predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Anybody who is a wumpus isn't shy
  s2: wumpus(rex) ::: Rex is one
question:
  shy(rex) ::: Is Rex shy?
```
"""
SPLIT: JsonDict = {
    "parts": [
        {"name": "income", "formalism": "milp", "quotes": [OVEN, ROOM, ASKED], "uses": []},
        {"name": "trays", "formalism": "milp", "quotes": [LATER], "uses": [{"words": "that income", "part": "income"}]},
        {"name": "rex", "formalism": "fol", "quotes": [REX], "uses": []},
    ]
}
RULES: list[dict[str, object]] = [
    {"name": "split", "match": {"system": "one question or several"}, "reply_json": SPLIT},
    {"name": "trays", "match": {"user": r"that income \(140\)"}, "reply_json": TRAYS},
    {"name": "rex", "match": {"user": "wumpus"}, "reply": SHY},
    {"name": "income", "match": {"user": "largest income"}, "reply_json": INCOME},
]
OPTIONS = Options(split=True, translator="llm")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QUOD_MODEL_CACHE", "false")

    def point_at(url: str) -> None:
        monkeypatch.setenv("QUOD_MODEL", "scripted")
        monkeypatch.setenv("QUOD_MODEL_BASE_URL", url)
        get_settings.cache_clear()

    yield point_at
    get_settings.cache_clear()


def answered(
    model: Callable[[str], None], rules: list[dict[str, object]], run: Run | None = None, text: str = TEXT
) -> tuple[Answer, list[str]]:
    with ScriptedServer.of(rules) as server:
        model(server.url)
        run = run or Run()
        answer = solve(Problem(text=text, options=OPTIONS, budget=run.budget), run)
        return answer, [call.rule for call in server.calls]


def shown(answer: Answer) -> list[JsonDict]:
    parts = answer.data["parts"]
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, dict)]


def test_parts_are_solved_in_order_and_use_what_was_found(model: Callable[[str], None]) -> None:
    seen: list[tuple[str, JsonDict]] = []
    run = Run(emit=lambda kind, data: seen.append((kind, data)))
    answer, calls = answered(model, RULES, run)
    assert calls == ["split", "income", "trays", "rex"]
    assert [(p["name"], p["conclusion"], p["result"]) for p in shown(answer)] == [
        ("income", "optimal", "140"), ("trays", "optimal", "20"), ("rex", "disproved", "false"),
    ]  # fmt: skip
    assert [p["text"] for p in shown(answer)][1].startswith("From that income (140) trays")  # type: ignore[union-attr]  # a string
    assert answer.status is Status.VERIFIED, answer.statement
    assert answer.cost.model_calls == 4
    assert answer.faithfulness.coverage is not None
    assert answer.faithfulness.coverage.sentences.missing == ()
    assert [a.number for a in answer.attempts] == [1, 2, 3]
    kinds = [kind for kind, _ in seen]
    assert kinds.count("part") == 3
    assert kinds.index("split") < kinds.index("part")
    assert {data.get("part") for kind, data in seen if kind == "judged"} == {"income", "trays", "rex"}


def test_a_sentence_in_no_part_keeps_the_whole_from_being_verified(model: Callable[[str], None]) -> None:
    answer, _ = answered(model, RULES, text=f"{TEXT} No loaf may be left over.")
    assert answer.status is Status.UNVERIFIED
    assert "faithfulness.part_missing" in {d.code for d in answer.diagnostics}
    assert all(p["status"] == "verified" for p in shown(answer))


def test_an_unverified_part_makes_the_whole_unverified(model: Callable[[str], None]) -> None:
    wrong = {**TRAYS, "constraints": [{"name": "money", "rule": "9*trays <= 140"}]}
    rules = [{**RULES[1], "reply_json": wrong} if rule["name"] == "trays" else rule for rule in RULES]
    answer, _ = answered(model, rules)
    assert answer.status is not Status.VERIFIED
    assert shown(answer)[0]["status"] == "verified"


def test_a_part_that_needs_what_was_not_found_is_not_solved(model: Callable[[str], None]) -> None:
    none = {
        **INCOME,
        "constraints": [{"name": "room", "rule": "rye + wheat <= 40"}, {"name": "no", "rule": "rye >= 41"}],
    }
    rules = [{**rule, "reply_json": none} if rule["name"] == "income" else rule for rule in RULES]
    answer, calls = answered(model, rules)
    assert "trays" not in calls
    assert answer.status is not Status.VERIFIED
    assert "job.part_without_result" in {d.code for d in answer.diagnostics}


@pytest.mark.parametrize(
    ("proposal", "noted"),
    [
        ({"parts": []}, False),
        ({"parts": [{**SPLIT["parts"][0], "quotes": ["Loaves of gold."]}, SPLIT["parts"][2]]}, True),  # type: ignore[index,dict-item]  # a list of mappings
        ({"parts": [SPLIT["parts"][1], SPLIT["parts"][0]]}, True),  # type: ignore[index]  # uses a later part
    ],
)
def test_a_split_that_does_not_hold_up_is_none(model: Callable[[str], None], proposal: JsonValue, noted: bool) -> None:
    rules = [{**RULES[0], "reply_json": proposal}, {"match": {"system": "quod-fol"}, "reply": SHY}, *RULES[1:]]
    answer, _ = answered(model, rules)
    assert "parts" not in answer.data
    assert ("model.not_split" in {d.code for d in answer.diagnostics}) is noted


def test_one_budget_holds_over_all_parts(model: Callable[[str], None]) -> None:
    usage = {"prompt_tokens": 4000, "completion_tokens": 3000}
    rules = [{**rule, "usage": usage} for rule in RULES]
    answer, calls = answered(model, rules, Run(budget=Budget(tokens=28_000)))
    assert answer.cost.prompt_tokens + answer.cost.completion_tokens <= 28_000
    assert 1 < len(calls) < 4
    assert answer.status is not Status.VERIFIED


class _Killed(BaseException):
    pass


def test_a_job_killed_between_parts_pays_for_none_twice(model: Callable[[str], None]) -> None:
    kept: dict[str, JsonValue] = {}

    def memo(key: str, compute: Callable[[], JsonValue]) -> JsonValue:
        if key not in kept:
            kept[key] = compute()
        return kept[key]

    def dies(kind: str, data: JsonDict) -> None:
        if kind == "part" and data["part"] == "trays":
            raise _Killed

    with ScriptedServer.of(RULES) as server:
        model(server.url)
        problem = Problem(text=TEXT, options=OPTIONS)
        with pytest.raises(_Killed):
            solve(problem, Run(memo=memo, emit=dies))
        answer = solve(problem, replace(Run(), memo=memo))
        assert [call.rule for call in server.calls] == ["split", "income", "trays", "rex"]
    assert answer.status is Status.VERIFIED
    assert answer.cost.model_calls == 4


def test_words_that_do_not_point_back_are_doubted() -> None:
    parts = (
        Part(name="a", formalism=Formalism.MILP, quotes=("What is the largest income?",)),
        Part(
            name="b",
            formalism=Formalism.MILP,
            quotes=("How many trays at most?",),
            uses=(Use(words="trays", part="a"),),
        ),
    )
    _, doubts = coverage_by("What is the largest income? How many trays at most?", parts)
    assert [d.code for d in doubts] == ["faithfulness.part_reference"]


def test_a_sentence_about_a_name_of_a_part_belongs_to_it() -> None:
    text = "We know that Rex is a wumpus. As for shyness, Rex has none. Is it Rex who is shy?"
    parts = (
        Part(name="a", formalism=Formalism.FOL, quotes=("We know that Rex is a wumpus.", "Is it Rex who is shy?")),
        Part(name="b", formalism=Formalism.FOL, quotes=("As for shyness, Rex has none.",)),
    )
    _, doubts = coverage_by(text, parts)
    assert "faithfulness.part_context" in {d.code for d in doubts}


@given(
    st.lists(st.sampled_from(["a b", "take 1.5 of it", "Bo is in", "so", "2"]), min_size=1, max_size=5),
    st.integers(0, 60),
)
def test_what_is_quoted_whole_is_covered(pieces: list[str], cut: int) -> None:
    text = ". ".join(pieces)
    whole, doubts = coverage_by(text, (Part(name="all", formalism=Formalism.FOL, quotes=(text,)),))
    assert (whole.sentences.missing, whole.numbers.missing, doubts) == ((), (), ())
    if head := text[:cut].strip():
        part, _ = coverage_by(text, (Part(name="head", formalism=Formalism.FOL, quotes=(head,)),))
        assert part.sentences.accounted <= part.sentences.total == whole.sentences.total
        assert len(head) < len(text) or part == whole
