"""Calls that share a child, one after another."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quod.backends.sandbox import CallResult, Ended, Limits, steady
from quod.backends.sandbox.pool import Pool, default_pool
from quod.core.model import JsonValue
from quod.core.run import Cancel

Steady = Callable[..., CallResult]


@pytest.fixture
def ask(pool: Pool) -> Steady:
    """``ask("echo", payload)``; no child waits before the test."""

    def run(name: str, payload: JsonValue = None, wall: float = 20.0, cancel: Cancel | None = None, **limits: int):
        bounds = Limits(wall=wall, **limits)
        return steady("plain", f"sandbox_targets:{name}", payload, bounds, cancel=cancel, pool=pool)

    for waiting in pool.idle.values():
        for child in waiting:
            child.close()
    pool.idle.clear()
    return run


def test_one_child_answers_calls_one_after_another(ask):
    one, two = ask("remember", "a"), ask("remember", "b")
    assert (one.ended, two.ended) == (Ended.OK, Ended.OK)
    assert two.value == {"pid": one.value["pid"], "before": ["a"]}


def test_calls_at_once_have_children_of_their_own_and_their_own_answers(ask):
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda n: ask("echo", n), range(200)))
    assert [r.value for r in results] == list(range(200))


def test_a_failure_after_other_calls_is_tried_again_in_a_fresh_child(ask):
    assert ask("remember", 1).ok
    assert ask("fail_if_not_first").value == "first"


@pytest.mark.parametrize("target", ["boom", "crash", "leave"])
def test_what_always_fails_fails(ask, target):
    assert ask("remember", 1).ok
    assert ask(target, 3).ended is Ended.CRASHED


def test_a_call_out_of_time_is_killed_and_the_next_one_is_not_harmed(ask):
    before = ask("remember", 1)
    started = time.monotonic()
    late = ask("ignore_term", 60, wall=0.5)
    assert late.ended is Ended.TIMEOUT
    assert time.monotonic() - started < 20  # the target takes 60 s
    after = ask("remember", 2)
    assert after.value["before"] == []
    assert after.value["pid"] != before.value["pid"]


def test_memory_is_bounded(ask):
    assert ask("remember", 1).ok
    assert ask("eat", wall=30.0, memory_mb=300).ended is Ended.MEMORY


def test_it_can_be_cancelled(ask):
    cancel = Cancel()
    threading.Timer(0.3, cancel.set).start()
    assert ask("sleep_in_c", 60, wall=60.0, cancel=cancel).ended is Ended.CANCELLED


@pytest.mark.parametrize("body", ["{", "[]", '{"value": "forged", "number": 77}'])
def test_a_frame_too_many_spoils_the_child_and_not_the_next_answer(ask, body):
    result = ask("stray_frame", body)
    assert result.value != "forged"
    assert ask("echo", 5).value == 5
    assert ask("echo", 6).value == 6


def test_modules_share_no_child(ask, pool):
    one = ask("remember", 1).value["pid"]
    other = steady("plain", "os:getpgid", 0, Limits(20.0), pool=pool)  # each leads a group of its own
    assert other.ok
    assert other.value != one


def test_long_payloads_and_unusual_limits_get_a_fresh_child(ask):
    assert ask("remember", 1).ok
    assert ask("size", "x" * 1_000_000).value == 1_000_002
    assert ask("remember", 2, processes=10).value["before"] == []


def test_what_fits_the_pipe_needs_no_fresh_child(ask):
    pid = ask("remember", 1).value["pid"]
    assert ask("size", "x" * 800_000).value == 800_002
    assert ask("remember", 2).value["pid"] == pid


def test_no_child_has_the_uid_of_one_that_waits(ask, engine):
    """However many were forked in between."""
    waiting = ask("who").value
    if waiting == 0:
        pytest.skip("this machine gives engines no uid of their own")
    # all the others of the 256 and some again
    others = {engine("who").value for _ in range(258)}
    assert waiting not in others
    assert ask("who").value == waiting


def test_a_fork_of_quod_takes_no_waiting_child_along():
    """As a prefork worker would, which shares its parent's descriptors."""
    assert steady("plain", "os.path:basename", "a/b", Limits(20.0)).value == "b"
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            waiting = any(default_pool().idle.values())
            answered = steady("plain", "os.path:basename", "a/c", Limits(20.0)).value == "c"
            default_pool().close()
            status = 0 if answered and not waiting else 1
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert status == 0
    assert steady("plain", "os.path:basename", "a/d", Limits(20.0)).value == "d"


def test_closing_the_pool_ends_those_that_wait():
    pool = Pool()
    found = steady("plain", "os:getcwd", None, Limits(20.0), pool=pool)
    assert found.ended is Ended.CRASHED  # it takes no argument; it ran all the same
    assert steady("plain", "os.path:basename", "a/b", Limits(20.0), pool=pool).value == "b"
    base = pool.zygote("plain").base
    pool.close()
    deadline = time.monotonic() + 5
    while Path(base).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(base).exists()
