"""Hand-made runs for the report's tests."""

from __future__ import annotations

from pathlib import Path

from quod.core.answer import Answer, Status
from quod.core.assurance import Assurance, Certificate, Claim
from quod.core.attempt import Attempt
from quod.core.diagnostics import Diagnostic, Severity, Span
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.verdict import Conclusion, Verdict
from quod.evals.runner import RowResult
from quod.evals.runs import Record, RunConfig, RunFolder
from quod.evals.trimming import trimmed

DIFF = "--- a\n+++ b\n-(define)\n+(define (problem tower))"
HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">'


def make_run(path: Path, **changes: object) -> RunFolder:
    fields = {
        "benchmark": "mixed",
        "translator": "llm",
        "data": "d.jsonl",
        "data_sha256": "0" * 64,
        "quod": "0",
        **changes,
    }
    return RunFolder.start(path, RunConfig.model_validate(fields))


def record(row: str, outcome: str = "right", *answers: Answer, text: str = "", **changes: object) -> Record:
    fields: dict[str, object] = {"id": row, "outcome": outcome, "seconds": 0.25, "assurance": "certificate", **changes}
    result = RowResult.from_json(fields)
    return Record(row=row, result=result.as_json(), text=text, answers=tuple(trimmed(a) for a in answers))


def formal(language: str, text: str) -> Formalization:
    formalism = {"pddl": Formalism.PDDL, "lean4": Formalism.LEAN, "quod-milp": Formalism.MILP}[language]
    return Formalization(formalism=formalism, language=language, text=text)


def plan_answer() -> Answer:
    text = "(define (problem tower) (:domain blocks) ; two blocks\n (:init (on-table a) (clear a)) (:goal (on a b)))"
    verdict = Verdict(conclusion=Conclusion.PLAN, engine="engine 1")
    return Answer(
        status=Status.VERIFIED,
        statement="Verified.",
        conclusion=Conclusion.PLAN,
        answer="Two steps.",
        data={"plan": ["(pickup a)", "(stack a b)"], "cost": "2"},
        formalization=formal("pddl", text),
        verdict=verdict,
        assurance=Assurance.CERTIFICATE,
        claims=(Claim(name="plan_optimal", words="no plan is shorter", assurance=Assurance.ENGINE),),
        faithfulness=Faithfulness(level=FaithfulnessLevel.CONTROLLED),
        certificate=Certificate(kind="plan", payload={"plan": ["(pickup a)"]}, checker="validator", accepted=True),
        attempts=(
            Attempt(
                number=1, strategy="draft", diagnostics=(diagnostic("no"),), formalization=formal("pddl", "(define)")
            ),
            Attempt(number=2, parent=1, strategy="mend", diff=DIFF, verdict=verdict, assurance=Assurance.CERTIFICATE),
        ),
    )


def proof_answer() -> Answer:
    text = "-- a sum\ntheorem t (a b : ℕ) : a + b = b + a := by\n  exact Nat.add_comm a b"
    return Answer(
        status=Status.VERIFIED,
        statement="Verified for the formal text you gave.",
        conclusion=Conclusion.PROVED,
        data={"proof": "theorem t (a b : ℕ) : a + b = b + a := by\n  exact Nat.add_comm a b"},
        formalization=formal("lean4", text),
        assurance=Assurance.KERNEL,
    )


def hostile_answer() -> Answer:
    return Answer(
        status=Status.UNVERIFIED,
        statement=HOSTILE,
        conclusion=Conclusion.OPTIMAL,
        answer=HOSTILE,
        formalization=formal("quod-milp", '{"variables": {"' + HOSTILE.replace('"', "'") + '": "integer"}}'),
        diagnostics=(diagnostic(HOSTILE),),
        attempts=(Attempt(number=1, strategy=HOSTILE, diff="+" + HOSTILE),),
    )


def diagnostic(message: str) -> Diagnostic:
    return Diagnostic(
        code="milp.unknown_name",
        severity=Severity.ERROR,
        message=message,
        span=Span(line=3, column=7),
        source=message,
        hint=message,
    )
