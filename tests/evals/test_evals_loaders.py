"""Every loader reads its authors' form, and the same rows under the names the development data has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.evals.benchmark import Row, Setting
from quod.evals.benchmarks.nl4opt_rows import canonical_of, lines_of, score_lines
from quod.evals.grading import LabelGrade, NumberGrade, OptionGrade
from quod.evals.registry import benchmark_names, get_benchmark

ASKED = "Based on the above information, is the following statement true, false, or unknown?"


def load(name: str, path: Path, translator: str | None = None, **setting: Any) -> list[Row]:
    benchmark = get_benchmark(name)
    return list(benchmark.rows(path, Setting(translator or benchmark.translators[0], **setting)))


def write(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_benchmark_names_itself_and_its_translators() -> None:
    for name in benchmark_names():
        benchmark = get_benchmark(name)
        assert benchmark.name == name
        assert benchmark.summary
        assert set(benchmark.translators) <= {"gold", "controlled", "llm", "none"}


def test_folio_as_published(tmp_path: Path) -> None:
    row = {
        "premises": ["All dogs bark.", "Rex is a dog."],
        "premises-FOL": ["∀x (D(x) → B(x))", "D(rex)"],
        "conclusion": "Rex barks.",
        "conclusion-FOL": "B(rex)",
        "label": "True",
        "story_id": 1,
        "example_id": 2,
    }
    uncertain = {**row, "label": "Uncertain", "example_id": 3}
    first, second = load("folio", write(tmp_path / "folio.jsonl", row, uncertain), "controlled")
    assert first.cases[0].problem.text == "All dogs bark. Rex is a dog. True or false: Rex barks."
    assert (first.id, first.category, second.category) == ("folio-1-2", "True", "Unknown")


def test_logic_lm_packaging(tmp_path: Path) -> None:
    row = {"id": "p1", "context": "Every wumpus is shy. Rex is a wumpus.",
           "question": f"{ASKED} Rex is shy.",
           "answer": "A", "options": ["A) True", "B) False", "C) Unknown"]}  # fmt: skip
    path = tmp_path / "dev.json"
    path.write_text(json.dumps([row, {**row, "id": "p2", "answer": "C"}]))
    first, second = load("proofwriter", path)
    assert first.cases[0].grade == LabelGrade("True")
    assert second.cases[0].grade == LabelGrade("Unknown")
    assert first.cases[0].problem.text.endswith("True or false: Rex is shy.")
    choice = {"id": "l1", "context": "Three books stand on a shelf.", "question": "Which is first?", "answer": "B",
              "options": ["A) red", "B) blue", "C) green", "D) black", "E) white"]}  # fmt: skip
    path.write_text(json.dumps([choice]))
    for name in ("ar_lsat", "logicaldeduction"):
        (row_,) = load(name, path)
        assert row_.cases[0].grade == OptionGrade("B")
        assert row_.category == "5 options"


DECLARED = {
    "document": "A shop sells pens and inks.",
    "vars": ["pens", "inks"],
    "order_mapping": {"pens": 0, "pen": 0, "inks": 1},
    "obj_declaration": {
        "type": "objective",
        "direction": "maximize",
        "name": "profit",
        "terms": {"pens": "2", "inks": "3"},
    },
    "const_declarations": [
        {"type": "linear", "operator": "LESS_OR_EQUAL", "limit": "1,000", "terms": {"pens": "4", "inks": "5"}},
        {"type": "sum", "operator": "LESS_OR_EQUAL", "limit": "300"},
        {"type": "lowerbound", "operator": "GREATER_OR_EQUAL", "limit": "10", "var": "pen"},
        {"type": "upperbound", "operator": "LESS_OR_EQUAL", "limit": "90", "var": "inks"},
        {"type": "ratio", "operator": "GREATER_OR_EQUAL", "limit": "40%", "var": "inks"},
        {"type": "xy", "operator": "LESS_OR_EQUAL", "x_var": "inks", "y_var": "pens"},
        {"type": "xby", "operator": "GREATER_OR_EQUAL", "x_var": "pens", "y_var": "inks", "param": "2"},
    ],
}


def test_nl4opt_as_published(tmp_path: Path) -> None:
    (row,) = load("nl4opt", write(tmp_path / "dev.jsonl", {"-12": DECLARED}), "gold")
    assert row.id == "-12"
    assert [case.problem.options.relax for case in row.cases] == [True, False]
    canonical = canonical_of(DECLARED)["canonical"]
    assert canonical["c"] == ["2", "3"]
    assert [(r["a"], r["op"], r["b"]) for r in canonical["rows"]] == [
        (["4", "5"], "<=", "1000"), (["1", "1"], "<=", "300"), (["1", "0"], ">=", "10"), (["0", "1"], "<=", "90"),
        (["-2/5", "3/5"], ">=", "0"), (["-1", "1"], "<=", "0"), (["1", "-2"], ">=", "0"),
    ]  # fmt: skip


def test_declarations_are_matched_up_to_names_and_scale() -> None:
    canonical = canonical_of(DECLARED)["canonical"]
    gold = lines_of(canonical)
    turned = [{**r, "a": list(reversed(r["a"]))} for r in canonical["rows"]]
    swapped = {**canonical, "c": ["6", "4"], "rows": turned}
    assert score_lines(lines_of(swapped), gold, 2) == 1.0
    assert score_lines(gold[:-1], gold, 2) == pytest.approx(1 - 1 / 8)
    assert score_lines([*gold, gold[1]], gold, 2) == pytest.approx(1 - 1 / 8)
    assert score_lines([], gold, 2) == 0.0


def test_our_canonical_rows_are_the_development_datas(shared_rows: Any) -> None:
    for row in shared_rows("nl4opt/dev.jsonl"):
        if not row["issues"]:
            assert lines_of(canonical_of(row["gold"])["canonical"]) == lines_of(row["canonical"])


def test_optimization_sets_as_published(tmp_path: Path) -> None:
    mamo = {"id": 7, "Question": "Maximize x.", "Answer": "12.50", "Category": "Easy_LP"}
    (row,) = load("mamo", write(tmp_path / "mamo.jsonl", mamo))
    assert row.cases[0].grade == NumberGrade((12.5,), absolute=0.05)
    industry = {"en_question": "Minimize cost.", "en_answer": "No Best Solution", "difficulty": "Hard"}
    (row,) = load("industryor", write(tmp_path / "ior.jsonl", industry))
    assert row.cases[0].grade == NumberGrade((), status="infeasible")
    assert row.category == "Hard"
    bench = {"index": 1, "type": "linear-table", "question": "How many?", "results": {"tables": "3.0", "profit": "9"}}
    (row,) = load("optibench", write(tmp_path / "ob.jsonl", bench))
    assert row.cases[0].grade.expected == (("tables", "3.0"), ("profit", "9"))  # type: ignore[attr-defined]
    with pytest.raises(InputError, match=r"line 1: the label 'many' is not a number"):
        load("mamo", write(tmp_path / "bad.jsonl", {**mamo, "Answer": "many"}))


def test_complexor_as_a_tree(tmp_path: Path) -> None:
    folder = tmp_path / "ComplexOR" / "blending"
    folder.mkdir(parents=True)
    (folder / "description.txt").write_text("Blend two oils.")
    (folder / "sample.json").write_text(json.dumps([{"input": {"limit": 5}, "output": [40]}]))
    (row,) = load("complexor", tmp_path)
    assert row.id == "blending"
    assert '"limit": 5' in row.cases[0].problem.text
    assert row.cases[0].grade == NumberGrade((40.0,))


def test_planning_trees(tmp_path: Path) -> None:
    domain = tmp_path / "domains" / "ferry"
    domain.mkdir(parents=True)
    (domain / "domain.pddl").write_text("(define (domain ferry))")
    (domain / "p01.nl").write_text("One car.")
    with pytest.raises(InputError, match=r"has no 'p01\.pddl' beside it"):
        load("llmp", tmp_path)
    (domain / "p01.pddl").write_text("(define (problem p))")
    (row,) = load("llmp", tmp_path)
    assert (row.id, row.category) == ("ferry/p01", "ferry")
    assert row.cases[0].problem.context[0].name == "domain.pddl"
    with pytest.raises(InputError, match="no domain 'trucks'"):
        load("llmp", tmp_path, split="trucks")
    generated = tmp_path / "instances" / "blocksworld" / "generated"
    generated.mkdir(parents=True)
    (generated.parent / "generated_domain.pddl").write_text("(define (domain bw))")
    for n in (2, 10, 1):
        (generated / f"instance-{n}.pddl").write_text(f"(define (problem p{n}))")
    rows = load("planbench", tmp_path / "instances")
    assert [row.id.rpartition("-")[2] for row in rows] == ["1", "2", "10"]
    assert rows[0].cases[0].problem.context[0].content == "(define (domain bw))"


def test_minif2f_from_source_files(tmp_path: Path) -> None:
    lean = "import Mathlib\n\ntheorem one (x : ℕ) (h : x = 1) :\n  x + 1 = 2 := by\n  sorry\n\n"
    lean += "theorem two : 1 + 1 = 2 := by sorry\n"
    (tmp_path / "Valid.lean").write_text(lean)
    one, two = load("minif2f", tmp_path, assistant="lean")
    assert one.cases[0].gold is not None
    assert one.cases[0].gold.text == "import Mathlib\n\ntheorem one (x : ℕ) (h : x = 1) :\n  x + 1 = 2 := by"
    assert two.id == "two"
    rocq = "Require Import ZArith.\n\nTheorem three : forall n : nat, n + 0 = n.\nProof. Admitted.\n"
    (tmp_path / "valid.v").write_text(rocq)
    (three,) = load("minif2f", tmp_path, assistant="rocq")
    assert three.cases[0].problem.formalism is Formalism.ROCQ
    assert three.cases[0].gold is not None
    assert three.cases[0].gold.text.endswith("forall n : nat, n + 0 = n.")


def test_zebralogic(tmp_path: Path) -> None:
    solution = {"header": ["House", "Name", "Pet"], "rows": [["1", "Ann", "cat"], ["2", "Bo", "dog"]]}
    grid = {"id": "g", "size": "2*2", "puzzle": "Two houses.", "solution": solution}
    (row,) = load("zebralogic", write(tmp_path / "grid.jsonl", grid))
    assert row.category == "2*2"
    blank = {**grid, "solution": {"header": ["House"], "rows": [["___"]]}}
    with pytest.raises(InputError, match="blanked out"):
        load("zebralogic", write(tmp_path / "blank.jsonl", blank))
    choice = {
        "id": "c",
        "puzzle": "Two houses.",
        "question": "Who has the cat?",
        "choices": ["Ann", "Bo"],
        "answer": "Bo",
    }
    (row,) = load("zebralogic", write(tmp_path / "mc.jsonl", choice))
    assert row.cases[0].grade == OptionGrade("B")


@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("folio", "folio/dev.jsonl", 1000),
        ("folio", "folio/gold.jsonl", 111),
        ("proofwriter", "proofwriter/dev.jsonl", 600),
        ("prontoqa", "prontoqa/dev.jsonl", 253),
        ("logicaldeduction", "logicaldeduction/dev.jsonl", 802),
        ("nl4opt", "nl4opt/dev.jsonl", 99),
        ("nl4opt", "nl4opt/train.jsonl", 713),
        ("mamo", "mamo_easy/dev.jsonl", 333),
        ("mamo", "mamo_complex/dev.jsonl", 113),
        ("optibench", "optibench/dev.jsonl", 217),
        ("optmath", "optmath/dev.jsonl", 89),
        ("dcp_bench", "dcp_bench/dev.jsonl", 75),
        ("llmp", "llmp", 84),
        ("minif2f", "minif2f/valid.jsonl", 244),
    ],
)
def test_the_development_data_loads_whole(shared_data: Path, name: str, file: str, count: int) -> None:
    rows = load(name, shared_data / file, "controlled" if "controlled" in get_benchmark(name).translators else None)
    assert len(rows) == count
    if name == "minif2f":
        assert len(load(name, shared_data / "minif2f" / "rocq_valid.jsonl", assistant="rocq")) == count
