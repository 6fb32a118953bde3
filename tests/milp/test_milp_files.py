"""Files in and out: hostile spreadsheets, LP and MPS there and back, Pyomo."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from milp_helpers import codes_of, formal, random_program, solve

from quod.backends.milp.backend import MilpBackend
from quod.backends.milp.equivalence import canonical
from quod.backends.milp.formats import read_lp_or_mps, to_pyomo
from quod.backends.milp.ground import Ground, ground
from quod.backends.milp.linear import Program, Row
from quod.backends.milp.lp_file import to_lp
from quod.backends.milp.model import Model, parse_model
from quod.backends.milp.mps_file import to_mps
from quod.core.problem import ContextItem, Problem

TABLE: dict[str, Any] = {
    "sets": {"I": {"file": "t.xlsx", "column": "item"}},
    "parameters": {"w": {"over": ["I"], "file": "t.xlsx", "keys": ["item"], "column": "w"}},
    "variables": {"x": {"over": ["I"], "upper": 1}},
    "objective": {"sense": "maximize", "expression": "sum(w[i] * x[i] for i in I)"},
}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in (["item", "w"], ["a", 0.1], ["b", 2]):
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tampered(name: str, change: Any) -> bytes:
    """The workbook with one part changed (or added)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, change(old.read(name) if name in old.namelist() else b""))
    return out.getvalue()


def sheet(raw: bytes) -> ContextItem:
    return ContextItem.from_bytes("t.xlsx", raw)


def test_decimals_of_a_spreadsheet_are_what_a_person_sees() -> None:
    assert solve(TABLE, sheet(workbook())).data["objective"] == "21/10"


ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SHEET = "xl/worksheets/sheet1.xml"


def inserted(raw: bytes) -> bytes:
    head, mark, rest = raw.partition(b"?>")
    return head + mark + ENTITY + rest if mark else ENTITY + raw


@pytest.mark.parametrize(
    "change",
    [
        inserted,
        lambda raw: b"<!--" + b" " * 100_000 + b"-->" + ENTITY + raw,
        lambda raw: (ENTITY.decode() + "<x/>").encode("utf-16"),
    ],
    ids=["at the head", "behind a long comment", "in UTF-16"],
)
def test_external_entities_are_refused_wherever_they_stand(change: Any) -> None:
    assert "milp.spreadsheet_refused" in codes_of(TABLE, sheet(tampered(SHEET, change)))


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = tampered("xl/media/bomb.xml", lambda raw: b" " * (64 * 2**20))
    assert len(bomb) < 2**20
    assert "milp.spreadsheet_refused" in codes_of(TABLE, sheet(bomb))


@pytest.mark.parametrize("raw", [b"PK\x03\x04 nothing", b"", b"item,w\na,1\n", workbook()[:900]])
def test_what_is_no_spreadsheet_is_said_to_be_none(raw: bytes) -> None:
    assert "milp.bad_table" in codes_of(TABLE, sheet(raw))


def bound(program: Program) -> Ground:
    return Ground(Model(""), program)


def read(text: str) -> Program:
    model, found = read_lp_or_mps(text)
    assert model is not None, found
    parsed, found = parse_model(model)
    assert parsed is not None, found
    grounded, found = ground(parsed, Problem(text="a test"))
    assert grounded is not None, found
    return grounded.program


ODD = Program(
    ["in", "x[a,b]", "free", "below"], [0, -3, None, None], [None, 7, None, -1], [True, False, False, False],
    {0: 1, 1: -2, 3: 1}, 5, True,
    [Row("both", {0: 1, 2: -1}, -4, 9), Row("equal", {1: 2, 3: 1}, 0, 0), Row("low", {0: 3, 1: 1, 2: 1}, 2, None)],
)  # fmt: skip
SAFE = {"in": "in_", "x[a,b]": "x_a_b_"}
"""What names become that a file, or our own language, cannot have."""


@pytest.mark.parametrize("write", [to_lp, to_mps])
@pytest.mark.parametrize("seed", range(25))
def test_files_say_the_same_there_and_back(write: Any, seed: int) -> None:
    program = random_program(seed, whole=seed % 2 == 0) if seed else ODD
    back = read(write(bound(program)))
    assert len(back.names) == len(program.names)
    order = [[SAFE.get(n, n) for n in program.names].index(n) for n in back.names]
    assert canonical(back, order) == canonical(program)
    assert back.offset == program.offset


def test_pyomo_gets_the_whole_program() -> None:
    pyo = pytest.importorskip("pyomo.environ")
    model = to_pyomo(bound(ODD))
    variables = list(model.component_data_objects(pyo.Var))
    assert [(v.lb, v.ub, v.is_integer()) for v in variables] == [
        (0, None, True),
        (-3, 7, False),
        (None, None, False),
        (None, -1, False),
    ]
    assert model.objective_.sense == pyo.maximize
    for value, v in zip((1, 2, 3, -4), variables, strict=True):
        v.set_value(value)
    assert pyo.value(model.objective_) == 1 - 4 - 4 + 5
    assert [pyo.value(c.body) for c in model.component_data_objects(pyo.Constraint)] == [-2, 0, 8]


def test_a_model_larger_than_memory_is_refused_before_it_is_built() -> None:
    million = {
        "sets": {"A": {"range": [1, 1000]}, "B": {"range": [1, 1000]}},
        "variables": {"x": {"over": ["A", "B"]}},
    }
    assert "milp.too_large" in codes_of(million)


def test_a_number_of_five_hundred_digits_is_refused() -> None:
    assert "milp.bad_syntax" in codes_of({"variables": {"x": {}}, "constraints": [f"{'7' * 500} * x + (x) <= 1"]})


@pytest.mark.parametrize("language", ["lp", "mps"])
def test_a_model_is_exported_with_its_data(language: str) -> None:
    problem = Problem(text="a test", context=(sheet(workbook()),))
    text, found = MilpBackend().export(formal(TABLE), problem, language)
    assert not found
    assert solve(text).data["objective"] == "21/10"


@pytest.mark.parametrize(("rule", "language"), [("x * x <= 4", "lp"), ("x <= 4", "xls")])
def test_what_cannot_be_exported_is_said(rule: str, language: str) -> None:
    model = {"variables": {"x": {}}, "constraints": [rule]}
    text, found = MilpBackend().export(formal(model), Problem(text="a test"), language)
    assert not text
    assert [d.code for d in found] == ["milp.unsupported"]


def test_a_parameter_over_more_combinations_than_memory_holds_is_refused() -> None:
    million = {
        "sets": {"A": {"range": [1, 1000]}, "B": {"range": [1, 1000]}},
        "parameters": {"p": {"over": ["A", "B"], "value": 1}},
        "variables": {"x": {}},
    }
    assert "milp.too_large" in codes_of(million)
