"""The grammars a server may hold a model to: kept to our parsers, sent as each server wants it, or done without."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llm_gbnf
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.fol.document import raw_document
from quod.backends.pddl.definitions import parse
from quod.backends.registry import get_backend
from quod.core.diagnostics import Severity
from quod.core.formalism import Formalism
from quod.core.problem import ContextItem, Problem
from quod.core.run import Run
from quod.core.settings import Settings
from quod.evals.gold.fol import folio_formalization
from quod.translators.llm import LlmTranslator, configured_model, read_reply
from quod.translators.llm.client import user
from quod.translators.llm.grammar import grammar_for
from quod.translators.llm.openai_model import Grammars, OpenAIModel
from quod.translators.llm.scripted import ScriptedServer

DOMAIN = Problem(text="x", context=(ContextItem(name="domain.pddl", content="(define (domain d) (:action a))"),))
FOL, PDDL = grammar_for(Formalism.FOL, DOMAIN), grammar_for(Formalism.PDDL, DOMAIN)
assert FOL is not None
assert PDDL is not None
GRAMMARS = {Formalism.FOL: llm_gbnf.read(FOL), Formalism.PDDL: llm_gbnf.read(PDDL)}
EXAMPLES = Path(__file__).parents[2] / "translators" / "llm" / "examples"


def fenced(formalism: Formalism, text: str) -> str:
    return f"```{formalism}\n{text.strip()}\n```\n"


@pytest.mark.parametrize("formalism", [Formalism.FOL, Formalism.PDDL])
def test_every_worked_example_is_in_the_grammar(formalism: Formalism) -> None:
    examples = yaml.safe_load((EXAMPLES / f"{formalism}.yaml").read_text(encoding="utf-8"))
    texts = [e["formal"] for e in examples if "(define (domain" not in e["formal"]]
    assert len(texts) > 3 or formalism is Formalism.PDDL
    outside = [text for text in texts if not GRAMMARS[formalism].holds(fenced(formalism, text))]
    assert outside == []


def test_every_published_planning_problem_is_in_the_grammar(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = [
        r for d in ("blocksworld", "barman", "floortile", "grippers") for r in shared_rows(f"llmp/{d}/problems.jsonl")
    ]
    assert len(rows) > 60
    outside = [r["id"] for r in rows if not GRAMMARS[Formalism.PDDL].holds(fenced(Formalism.PDDL, r["problem_pddl"]))]
    assert outside == []


def test_every_published_formula_that_parses_is_in_the_grammar(
    shared_rows: Callable[[str], list[dict[str, Any]]],
) -> None:
    backend, outside, read = get_backend(Formalism.FOL), [], 0
    for row in shared_rows("folio/gold.jsonl"):
        gold = folio_formalization(row)
        if gold is None:
            continue
        if any(d.severity is Severity.ERROR for d in raw_document(gold.text).diagnostics):
            continue
        read += 1
        if not GRAMMARS[Formalism.FOL].holds(fenced(Formalism.FOL, backend.mend(gold.text).text)):
            outside.append(row["id"])
    assert read > 100
    assert outside == []


@settings(deadline=None)
@given(st.integers(min_value=0))
def test_what_the_grammar_of_logic_lets_through_parses(seed: int) -> None:
    text = GRAMMARS[Formalism.FOL].draw(random.Random(seed))
    reply = read_reply(text, Formalism.FOL)
    if text.startswith("UNSUITABLE"):
        assert reply.formalization is None
        return
    assert reply.formalization is not None
    said = [d for d in raw_document(reply.formalization.text).diagnostics if d.severity is Severity.ERROR]
    # what no grammar can know: names said twice, numbers the wrong way round, more than one question
    assert {d.code for d in said if d.code in {"fol.syntax", "fol.section"}} == set(), (text, said)


@settings(deadline=None)
@given(st.integers(min_value=0))
def test_what_the_grammar_of_planning_lets_through_parses(seed: int) -> None:
    text = GRAMMARS[Formalism.PDDL].draw(random.Random(seed))
    reply = read_reply(text, Formalism.PDDL)
    if text.startswith("UNSUITABLE"):
        assert reply.formalization is None
        return
    assert reply.formalization is not None
    found = parse(reply.formalization.text)
    assert len(found.problems) == 1, text
    assert not [d for d in found.diagnostics if d.severity is Severity.ERROR], (text, found.diagnostics)


def test_a_declaration_without_a_name_is_read_without_failing() -> None:
    # drawn from an earlier grammar: it made the reader of replies fail
    assert (
        read_reply("```fol\npremises:\n  p(a)\nsorts:\n  = {a} ::: words\n```", Formalism.FOL).formalization is not None
    )


def test_a_domain_that_is_not_at_hand_has_to_be_written() -> None:
    assert grammar_for(Formalism.PDDL, Problem(text="x")) is None
    assert grammar_for(Formalism.MILP, DOMAIN) is None


@pytest.mark.parametrize(
    ("kind", "rules", "sent"),
    [
        ("off", [{"reply": "x"}], [set()]),
        ("llama.cpp", [{"reply": "x"}], [{"grammar"}]),
        ("vllm", [{"reply": "x"}], [{"structured_outputs"}]),
        (
            "vllm",
            [
                {"match": {"has": ["structured_outputs"]}, "status": 400, "error": "unknown field structured_outputs"},
                {"reply": "x"},
            ],
            [{"structured_outputs"}, {"guided_grammar"}, {"guided_grammar"}],
        ),
        (
            "llama.cpp",
            [{"match": {"has": ["grammar"]}, "status": 400, "error": "failed to parse grammar"}, {"reply": "x"}],
            [{"grammar"}, set(), set()],
        ),
    ],
)
def test_a_grammar_is_sent_as_the_server_wants_it(
    kind: Grammars, rules: list[dict[str, object]], sent: list[set[str]]
) -> None:
    with ScriptedServer.of(rules) as server:
        model = OpenAIModel("m", base_url=server.url, grammar=kind)
        for _ in range(2 if len(sent) > 1 else 1):
            assert model.complete([user("hi")], grammar='root ::= "x"', run=Run()).text == "x"
        names = {"grammar", "structured_outputs", "guided_grammar"}
        assert [names & set(call.request) for call in server.calls] == sent
        if kind == "vllm":
            assert server.calls[0].request["structured_outputs"] == {"grammar": 'root ::= "x"'}


def test_the_setting_reaches_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOD_HOME", str(tmp_path))
    monkeypatch.setenv("QUOD_MODEL_GRAMMAR", "llama.cpp")
    reply = fenced(Formalism.FOL, "premises:\n  p(a) ::: It rains.\nquestion:\n  p(a) ::: Does it rain?")
    with ScriptedServer.of([{"reply": reply}]) as server:
        model = configured_model(Settings(model="scripted", model_base_url=server.url, home=tmp_path))
        assert model is not None
        translator = LlmTranslator(Formalism.FOL, model, backend=get_backend(Formalism.FOL))
        translator.translate(Problem(text="It rains. Does it rain?"), Run())
        assert server.calls[0].request["grammar"] == FOL
