"""A statement given and a model configured: the model writes candidate proofs, and the statement stays out of reach."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import quod
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion
from quod.translators.llm.scripted import ScriptedServer

STATEMENT = "Require Import Arith.\nTheorem double (n : nat) : n + n = 2 * n.\n"
PROOF = "Proof.\n  simpl. rewrite Nat.add_0_r. reflexivity.\nQed.\n"
OTHER = STATEMENT.replace("n + n = 2 * n", "n = n") + "Proof.\n  reflexivity.\nQed.\n"

pytestmark = pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed here")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[object]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOD_HOME", str(tmp_path / "home"))

    def point_at(url: str) -> None:
        monkeypatch.setenv("QUOD_MODEL", "scripted")
        monkeypatch.setenv("QUOD_MODEL_BASE_URL", url)
        monkeypatch.setenv("QUOD_MODEL_API_KEY", "none")
        get_settings.cache_clear()

    yield point_at
    get_settings.cache_clear()


def prove(model: object, rules: list[dict[str, object]], text: str, translator: str) -> tuple[quod.Answer, int]:
    with ScriptedServer.of(rules) as server:
        assert callable(model)
        model(server.url)
        statement = quod.ContextItem(name="double.v", content=text)
        options = quod.Options.model_validate({"translator": translator})
        answer = quod.solve("Prove it.", context=(statement,), options=options)
        return answer, len(server.calls)


def test_only_a_proof_of_the_given_statement_counts(model: object) -> None:
    answer, calls = prove(model, [{"reply": f"```coq\n{OTHER}```"}], STATEMENT, "llm")
    assert (answer.status, answer.conclusion, calls) == (quod.Status.VERIFIED, Conclusion.PROVED, 1)
    assert [a.strategy for a in answer.attempts] == ["draft", "isolate"]  # the statement was put back and healed
    assert answer.faithfulness.level == "given"
    assert answer.attempts[0].verdict is None  # the proof of something else was refused
    assert answer.certificate is not None
    assert str(answer.certificate.payload["statement"]).split() == STATEMENT.split()


def test_what_automation_proves_costs_no_call(model: object) -> None:
    answer, calls = prove(model, [{"reply": "I do not know."}], STATEMENT, "auto")
    assert (answer.status, answer.conclusion, calls) == (quod.Status.VERIFIED, Conclusion.PROVED, 0)


def test_a_given_proof_that_fails_is_mended(model: object) -> None:
    wrong = STATEMENT + PROOF.replace("Nat.add_0_r", "Nat.add_0_rr")
    answer, _ = prove(model, [{"reply": f"```coq\n{STATEMENT}{PROOF}```"}], wrong, "auto")
    assert (answer.status, answer.conclusion) == (quod.Status.VERIFIED, Conclusion.PROVED)
    assert answer.attempts[0].strategy == "given"
    assert len(answer.attempts) == 2
