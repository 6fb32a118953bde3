"""The statistics agree with values worked out elsewhere and with brute force."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.evals.stats import compare_paired, pass_at_k, wilson


def test_wilson_matches_the_textbook() -> None:
    # Newcombe 1998 (Stat. Med. 17), table I: 81/263 and 15/148 by the score method without continuity correction
    assert (round(wilson(81, 263).low, 4), round(wilson(81, 263).high, 4)) == (0.2553, 0.3662)
    assert (round(wilson(15, 148).low, 4), round(wilson(15, 148).high, 4)) == (0.0624, 0.1605)
    assert (wilson(0, 20).low, round(wilson(0, 20).high, 4)) == (0.0, 0.1611)
    assert math.isnan(wilson(0, 0).share)
    assert str(wilson(0, 0)) == "–"


@given(st.integers(0, 7), st.integers(0, 7), st.integers(1, 7))
def test_pass_at_k_is_the_chance_over_all_draws(right: int, wrong: int, k: int) -> None:
    pool = [True] * right + [False] * wrong
    if len(pool) < k:
        assert math.isnan(pass_at_k(len(pool), right, k))
        return
    draws = list(itertools.combinations(pool, k))
    assert pass_at_k(len(pool), right, k) == pytest.approx(sum(any(d) for d in draws) / len(draws))


def test_mcnemar_is_exact() -> None:
    first = [True] * 10 + [False] * 2 + [True] * 30
    second = [False] * 10 + [True] * 2 + [True] * 30
    result = compare_paired(first, second)
    # 2 * P(X <= 2), X ~ Bin(12, 1/2)
    assert result.p_value == pytest.approx(2 * (1 + 12 + 66) / 4096)
    assert (result.only_first, result.only_second) == (10, 2)
    assert result.low <= result.difference <= result.high
    assert compare_paired(first, first).p_value == 1.0
    with pytest.raises(ValueError, match="same rows"):
        compare_paired([True], [])
