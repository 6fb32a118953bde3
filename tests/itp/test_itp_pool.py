"""The pool of sessions: reuse by key, eviction, retirement, waiting. And the SMT route in its sandbox."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from quod.backends.itp.pool import PoolLimits, SessionPool
from quod.backends.rocq.arith import read_arithmetic
from quod.backends.rocq.disprove import ask_smt, vacuity
from quod.backends.rocq.statement import read_statement
from quod.core.errors import InfrastructureError


@dataclass
class Held:
    """A session that is no program: what the pool does with it is all that is asked."""

    key: str
    size: float = 10.0
    alive: bool = True
    sound: bool = True
    closed: list[str] = field(default_factory=list)

    @property
    def rss_mb(self) -> float:
        return self.size

    def reset(self) -> bool:
        return self.sound

    def close(self) -> None:
        self.alive = False
        self.closed.append(self.key)


def test_a_session_is_reused_for_its_header_only() -> None:
    pool: SessionPool[Held] = SessionPool(Held, PoolLimits(sessions=2))
    with pool.lease("a") as first:
        pass
    with pool.lease("a") as second:
        assert second is first
    with pool.lease("b") as third:
        assert third is not first
    assert (pool.stats.started, pool.stats.reused) == (2, 1)
    pool.close()
    assert not first.alive
    assert not third.alive


def test_the_oldest_idle_session_makes_room() -> None:
    pool: SessionPool[Held] = SessionPool(Held, PoolLimits(sessions=2))
    made = {}
    for key in "abc":
        with pool.lease(key) as session:
            made[key] = session
    assert not made["a"].alive
    assert made["b"].alive
    assert pool.stats.evicted == 1


@pytest.mark.parametrize(
    ("change", "counter"),
    [({"size": 5000.0}, "retired_memory"), ({"sound": False}, "retired_broken"), ({"alive": False}, "retired_broken")],
)
def test_a_session_is_retired_for_memory_or_damage(change: dict[str, object], counter: str) -> None:
    pool: SessionPool[Held] = SessionPool(Held, PoolLimits(sessions=1, session_mb=1000))
    with pool.lease("a") as session:
        for name, value in change.items():
            setattr(session, name, value)
    assert getattr(pool.stats, counter) == 1
    with pool.lease("a") as other:
        assert other is not session


def test_a_session_is_retired_for_age() -> None:
    pool: SessionPool[Held] = SessionPool(Held, PoolLimits(sessions=1, uses=3))
    for _ in range(7):
        with pool.lease("a"):
            pass
    assert pool.stats.started == 3
    assert pool.stats.retired_age == 2


def test_who_comes_too_many_waits_and_is_told_when_it_takes_too_long() -> None:
    pool: SessionPool[Held] = SessionPool(Held, PoolLimits(sessions=1))
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with pool.lease("a"):
            entered.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(10)
    with pytest.raises(InfrastructureError, match="became free"), pool.lease("a", timeout=0.05):
        pass
    threading.Timer(0.05, leave.set).start()
    with pool.lease("b", timeout=10) as late:
        assert late.key == "b"
    holder.join()


def test_a_session_that_cannot_start_leaves_its_place() -> None:
    def start(key: str) -> Held:
        if key == "bad":
            raise InfrastructureError("no")
        return Held(key)

    pool: SessionPool[Held] = SessionPool(start, PoolLimits(sessions=1))
    with pytest.raises(InfrastructureError), pool.lease("bad"):
        pass
    with pool.lease("good", timeout=1) as session:
        assert session.key == "good"


@pytest.mark.parametrize(
    ("text", "status", "vacuous"),
    [
        ("Open Scope Z_scope.\nTheorem t (x y : Z) (h : x < y) : x + 1 < y.", "sat", False),
        ("Open Scope Z_scope.\nTheorem t (x y : Z) (h : x < y) : x + 1 <= y.", "unsat", False),
        ("Theorem t (x y : nat) : x - y + y = x.", "sat", False),
        ("Open Scope R_scope.\nTheorem t (x : R) (h : x * x < 0) : x = 5.", "unsat", True),
        ("Open Scope R_scope.\nTheorem t (x : R) (n : nat) : x = 5.", "unsupported", False),
    ],
)
def test_the_smt_route_finds_counterexamples_and_contradictions(text: str, status: str, vacuous: bool) -> None:
    statement, _ = read_statement(text)
    assert statement is not None
    arithmetic = read_arithmetic(statement)
    assert arithmetic is not None
    answer = ask_smt(arithmetic, 10)
    assert answer is not None
    assert (answer.status, answer.vacuous) == (status, vacuous)
    if status == "sat":
        x, y = answer.values["x"][0], answer.values["y"][0]
        assert x < y


def test_the_vacuity_question_keeps_the_premises_and_asks_for_false() -> None:
    statement, _ = read_statement("Theorem t (n : nat) (h : n < 0) : forall m : nat, m = n -> m = 1.")
    assert statement is not None
    (question,) = vacuity(statement)
    assert question.text == "Theorem t_vacuous (n : nat) (h : n < 0) : forall (m : nat), (m = n) -> False."
    plain, _ = read_statement("Theorem t (n : nat) : n = n.")
    assert plain is not None
    assert not list(vacuity(plain))
