"""Whatever a called function does becomes a result."""

from __future__ import annotations

import math
import os
import signal
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quod.backends.sandbox import Call, Ended, Limits, call, race
from quod.backends.sandbox.linux import children_of
from quod.backends.sandbox.pool import Pool
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_json_goes_in_and_comes_out_unchanged(pool, value):
    try:
        result = call("plain", "sandbox_targets:echo", value, Limits(20.0), pool=pool)
    except UnicodeEncodeError:
        pytest.fail("lone surrogates must not raise in the caller")
    assert result.ended is Ended.OK
    assert result.value == value


def test_large_payloads_pass(engine):
    result = engine("echo", "x" * 50_000_000, wall=60.0)
    assert result.ok
    assert result.value == "x" * 50_000_000


def test_an_exception_is_a_crash_that_names_it(engine):
    result = engine("boom", "no such basis")
    assert (result.ended, result.detail) == (Ended.CRASHED, "ValueError: no such basis")
    assert result.gave_up("e").gave_up is GaveUp.CRASHED


def test_a_segmentation_fault_is_a_crash(engine):
    result = engine("crash")
    assert result.ended is Ended.CRASHED
    assert f"signal {signal.SIGSEGV}" in result.detail


def test_leaving_without_a_result_is_a_crash(engine):
    assert engine("leave", 0).ended is Ended.CRASHED
    assert "status 3" in engine("leave", 3).detail


def test_a_missing_engine_is_unavailable(pool):
    result = call("plain", "no_such_engine_library:solve", None, Limits(5.0), pool=pool)
    assert result.ended is Ended.UNAVAILABLE
    assert result.gave_up("e").gave_up is GaveUp.UNSUPPORTED


def test_a_missing_module_of_ours_is_a_bug_and_not_a_missing_engine(pool):
    assert call("plain", "quod.no_such_module:solve", None, Limits(5.0), pool=pool).ended is Ended.CRASHED


@pytest.mark.parametrize("target", ["not_json", "infinite"])
def test_a_result_that_is_not_json_is_garbage(engine, target):
    result = engine(target)
    assert result.ended is Ended.GARBAGE
    assert "not JSON" in result.detail


@pytest.mark.parametrize("body", ["", "{", "[]", "nonsense", '{"val": 1}', "[" * 100_000])
def test_a_forged_frame_is_garbage(engine, body):
    assert engine("forged_frame", body).ended is Ended.GARBAGE


def test_a_frame_that_promises_more_than_comes_is_garbage(engine):
    assert engine("forged_length").ended is Ended.GARBAGE


def test_a_payload_that_is_not_json_does_not_raise(pool):
    for payload in (math.inf, {1: {2}}, object()):
        result = call("plain", "sandbox_targets:echo", payload, Limits(5.0), pool=pool)
        assert result.ended is Ended.CRASHED
        assert "payload" in result.detail


def test_results_too_deep_to_read_are_not_fatal(engine):
    assert engine("deep", 900).ok
    assert engine("deep", 100_000).ended is Ended.GARBAGE


def test_too_much_result_is_garbage(engine):
    assert engine("result_of", 20, output_mb=4).ended is Ended.GARBAGE
    assert engine("result_of", 3, output_mb=4).ok


def test_too_much_printing_is_garbage_and_a_little_is_not(engine):
    assert engine("print_much", 1000, output_mb=4).ended is Ended.GARBAGE
    assert engine("print_much", 2, output_mb=4).value == "printed"


@pytest.mark.parametrize("target", ["sleep_in_c", "spin_in_c", "ignore_term"])
def test_nothing_outlasts_the_wall_limit(engine, target):
    started = time.monotonic()
    result = engine(target, 60, wall=0.5)
    assert result.ended is Ended.TIMEOUT
    assert result.gave_up("e").gave_up is GaveUp.TIMEOUT
    assert 0.5 <= time.monotonic() - started < 20  # the target takes 60 s


def test_the_processor_limit_holds(engine, pool):
    result = call("plain", "sandbox_targets:spin_in_c", None, Limits(wall=30.0, cpu=1), pool=pool)
    assert result.ended is Ended.CRASHED
    assert result.seconds < 15


@pytest.mark.parametrize("target", ["eat", "eat_in_children", "eat_as_orphan"])
def test_memory_is_held_for_the_whole_group(engine, target):
    result = engine(target, 12, memory_mb=400)
    assert result.ended is Ended.MEMORY
    assert result.gave_up("e").gave_up is GaveUp.MEMORY
    assert result.peak_mb > 400


def test_memory_shared_by_forks_is_counted_once(engine):
    assert engine("share_with_children", 6, memory_mb=400).ok


def test_cancel_kills_within_a_second(engine, soonest):
    def once() -> float:
        cancel = Cancel()
        threading.Timer(0.3, cancel.set).start()
        started = time.monotonic()
        assert engine("ignore_term", 60, wall=30, cancel=cancel).ended is Ended.CANCELLED
        return time.monotonic() - started

    soonest(once, within=1.3)


def test_a_cancel_from_before_is_heeded(engine):
    cancel = Cancel()
    cancel.set()
    assert engine("ignore_term", 60, cancel=cancel).ended is Ended.CANCELLED


def test_many_threads_call_side_by_side(engine):
    results = {}

    def work(number: int) -> None:
        results[number] = engine("echo", number).value

    threads = [threading.Thread(target=work, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: n for n in range(24)}


def test_calls_of_one_family_overlap(engine, soonest):
    def once() -> float:
        started = time.monotonic()
        threads = [threading.Thread(target=engine, args=("uid",)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - started

    soonest(once, within=10 * 0.2)  # each sleeps for 0.2 s


def test_the_thread_that_started_a_zygote_may_end(pool):
    fresh = Pool()
    try:
        first = []
        starter = threading.Thread(target=lambda: first.append(call("plain", "os:getpid", [], Limits(5.0), pool=fresh)))
        starter.start()
        starter.join()
        before = fresh.zygote("plain")
        time.sleep(0.2)
        assert call("plain", "sandbox_targets:echo", 1, Limits(5.0), pool=fresh).value == 1
        assert fresh.zygote("plain") is before
    finally:
        fresh.close()


def test_a_killed_zygote_is_replaced(pool, engine):
    before = pool.zygote("plain").process
    before.kill()
    before.wait()
    assert engine("echo", "still here").value == "still here"
    assert pool.zygote("plain").process is not before


def test_a_call_survives_the_death_of_its_zygote_once(pool, engine):
    """Killed under a running call, the zygote is started again; killed again, the call is lost and says so."""

    def kill_when_running() -> None:
        zygote = pool.zygote("plain")
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            (inner,) = children_of(zygote.process.pid) or [zygote.process.pid]
            if children_of(inner):
                os.kill(inner, signal.SIGKILL)
                return
            time.sleep(0.01)

    first = threading.Thread(target=kill_when_running)
    first.start()
    assert engine("uid", wall=10).ok
    first.join()

    def kill_always() -> None:
        kill_when_running()
        time.sleep(0.1)
        kill_when_running()

    second = threading.Thread(target=kill_always)
    second.start()
    result = engine("ignore_term", 30, wall=20)
    second.join()
    assert result.ended is Ended.CRASHED
    assert "sandbox" in result.detail
    assert engine("echo", 1).ok


def test_the_first_accepted_result_wins_a_race(pool):
    limits = Limits(20.0)
    calls = [
        Call("plain", "sandbox_targets:ignore_term", 15, limits),
        Call("plain", "sandbox_targets:boom", "not this one", limits),
        Call("plain", "sandbox_targets:uid", None, limits),
    ]
    started = time.monotonic()
    outcome = race(calls, lambda result: result.ok, pool=pool)
    assert time.monotonic() - started < 12  # the first would take 15 s
    assert outcome.winner == 2
    assert [r.ended for r in outcome] == [Ended.CANCELLED, Ended.CRASHED, Ended.OK]
    assert outcome.best is outcome[2]


def test_a_race_nobody_wins_returns_every_result(pool):
    calls = [Call("plain", "sandbox_targets:echo", n, Limits(20.0)) for n in range(3)]
    outcome = race(calls, lambda result: result.value == 7, pool=pool)
    assert outcome.winner is None
    assert [r.value for r in outcome] == [0, 1, 2]


def test_scratch_folders_are_removed_whatever_is_in_them(pool, engine):
    assert engine("deep_folders", 1500).ok
    assert list(pool.zygote("plain").base.iterdir()) == []


def test_cancel_does_not_wait_for_a_zygote_to_start(soonest):
    def once() -> float:
        fresh = Pool()
        cancel = Cancel()
        threading.Timer(0.15, cancel.set).start()
        try:
            started = time.monotonic()
            result = call("up", "time:sleep", 30, Limits(60.0), cancel=cancel, pool=fresh)
            assert result.ended is Ended.CANCELLED
            return time.monotonic() - started
        finally:
            fresh.close()

    soonest(once, within=1.2)
