"""The one place that says "verified": nothing short of the rule gets past it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.core.answer import Status
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import code
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.judge import judge
from quod.core.verdict import Conclusion

DOUBT = code("faithfulness.test_doubt", "Only used by the tests.")
OTHER = code("test.other", "Only used by the tests.")


def certificate(accepted: bool) -> Certificate:
    return Certificate(kind="test", payload={}, checker="test", accepted=accepted)


DIAGNOSTICS = {
    "none": (),
    "doubt": (DOUBT.warning("12 appears nowhere"),),
    "note": (DOUBT.info("fine"),),
    "warning": (OTHER.warning("unused"),),
    "error": (OTHER.error("broken"),),
}


@given(
    conclusion=st.sampled_from(Conclusion),
    assurance=st.sampled_from(Assurance),
    evidence=st.sampled_from([None, certificate(True), certificate(False)]),
    level=st.sampled_from(FaithfulnessLevel),
    diagnostics=st.sampled_from(sorted(DIAGNOSTICS)),
    suffices=st.booleans(),
)
def test_verified_needs_everything(
    conclusion: Conclusion,
    assurance: Assurance,
    evidence: Certificate | None,
    level: FaithfulnessLevel,
    diagnostics: str,
    suffices: bool,
) -> None:
    faithfulness = Faithfulness(level=level)
    found = DIAGNOSTICS[diagnostics]
    status, statement = judge(conclusion, assurance, evidence, faithfulness, found, suffices=suffices)
    strong = assurance is Assurance.CROSS_CHECKED or (
        assurance in {Assurance.KERNEL, Assurance.CERTIFICATE} and evidence is not None and evidence.accepted
    )
    answers = conclusion is not Conclusion.GAVE_UP and (conclusion is not Conclusion.FEASIBLE or suffices)
    clean = diagnostics in {"none", "note", "warning"}
    assert (status is Status.VERIFIED) == (strong and answers and clean)
    if status is Status.VERIFIED:
        assert statement.startswith("Cross-checked") == (assurance is Assurance.CROSS_CHECKED)
        assert ("not checked against your words" in statement) == (level is FaithfulnessLevel.UNCHECKED)


def test_a_flag_names_the_doubt() -> None:
    status, statement = judge(
        Conclusion.OPTIMAL,
        Assurance.CERTIFICATE,
        certificate(True),
        Faithfulness(level=FaithfulnessLevel.CONTROLLED),
        DIAGNOSTICS["doubt"],
    )
    assert status is Status.UNVERIFIED
    assert "12 appears nowhere" in statement


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.combinations(Assurance, 2)))
def test_assurance_is_ordered_strongest_first(stronger: Assurance, weaker: Assurance) -> None:
    assert stronger.at_least(weaker)
    assert not weaker.at_least(stronger)
