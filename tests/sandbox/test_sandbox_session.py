"""Interactive programs."""

from __future__ import annotations

import sys
import time

import pytest

from quod.backends.sandbox import Ended, Limits, Session, SessionEnded
from quod.core.errors import InfrastructureError

ECHO = "import sys\nfor line in sys.stdin:\n    print('<' + line.strip() + '>', flush=True)"


def open_session(pool, code=ECHO, wall=60.0, **options):
    limits = Limits(wall, **options.pop("limits", {}))
    return Session([sys.executable, "-u", "-c", code], limits=limits, pool=pool, **options)


def test_a_dialogue(pool):
    with open_session(pool) as session:
        for word in (b"one", b"two"):
            session.write(word + b"\n")
            assert session.read_until(b">\n", 10) == b"<" + word + b">\n"
        assert session.alive
        assert session.rss_mb > 1
        assert session.read(0.05) == b""
    assert not session.alive
    with pytest.raises(SessionEnded):
        session.write(b"three\n")


def test_a_large_dialogue_does_not_block(pool):
    with open_session(pool) as session:
        session.write(b"x" * 3_000_000 + b"\n")
        assert len(session.read_until(b">\n", 20)) == 3_000_003


def test_a_slow_answer_is_a_timeout_and_may_still_come(pool):
    with open_session(
        pool, "import time; print('a', flush=True); time.sleep(0.7); print('b', flush=True); input()"
    ) as s:
        with pytest.raises(TimeoutError):
            s.read_until(b"b\n", 0.3)
        assert s.read_until(b"b\n", 10) == b"a\nb\n"


def test_an_end_is_told(pool):
    with open_session(pool, "print('bye'); raise SystemExit(4)") as session:
        assert session.read_until(b"bye\n", 10) == b"bye\n"
        with pytest.raises(SessionEnded):
            session.read_until(b"more", 10)
        assert (session.ended, session.returncode) == (Ended.OK, 4)


def test_memory_is_held(pool):
    code = "input(); x = bytearray(b'1') * (1 << 30); input()"
    with open_session(pool, code, limits={"memory_mb": 200}) as session:
        session.write(b"\n")
        with pytest.raises(SessionEnded) as caught:
            session.read(10)
    assert caught.value.ended is Ended.MEMORY


def test_its_life_is_bounded(pool):
    with open_session(pool, wall=0.5) as session:
        started = time.monotonic()
        with pytest.raises(SessionEnded) as caught:
            session.read(10)
    assert caught.value.ended is Ended.TIMEOUT
    assert time.monotonic() - started < 8  # read would wait 10 s


def test_a_program_that_does_not_read_does_not_hang_us(pool):
    with open_session(pool, "import time; time.sleep(60)") as session, pytest.raises(TimeoutError):
        session.write(b"x" * 10_000_000, timeout=0.3)


def test_unread_output_is_bounded(pool):
    with open_session(pool, "while True: print('x' * 100000)", limits={"output_mb": 2}) as session:
        deadline = time.monotonic() + 10
        while session.alive:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert session.ended is Ended.GARBAGE


def test_closing_twice_is_harmless_and_leaves_no_scratch_folder(pool):
    session = open_session(pool)
    scratch = session.scratch
    assert scratch is not None
    session.close()
    session.close()
    assert not scratch.exists()


def test_a_program_that_is_not_there(pool):
    with pytest.raises(InfrastructureError, match="not installed"):
        Session(["no-such-program"], limits=Limits(1.0), pool=pool)
