"""External programs, from start to end."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel

LIMITS = Limits(20.0)


def python(code: str, **options):
    return run_program([sys.executable, "-c", code], **{"limits": LIMITS} | options)


def test_streams_and_files_go_in_and_out(pool):
    result = run_program(
        ["sh", "-c", "cat; cat sub/in.txt; echo oops >&2; echo plan > plan.1; mkdir d; echo x > d/y; exit 3"],
        limits=LIMITS,
        stdin=b"from stdin ",
        files={"sub/in.txt": b"from file"},
        collect=("plan*", "d/*", "nothing*"),
        pool=pool,
    )
    assert (result.ended, result.returncode) == (Ended.OK, 3)
    assert result.stdout == b"from stdin from file"
    assert result.stderr == b"oops\n"
    assert result.files == {"plan.1": b"plan\n", "d/y": b"x\n"}


def test_a_program_that_is_not_there_is_unavailable(pool):
    assert run_program(["no-such-program"], limits=LIMITS, pool=pool).ended is Ended.UNAVAILABLE


def test_a_signal_is_a_crash(pool):
    result = run_program(["sh", "-c", "kill -SEGV $$"], limits=LIMITS, pool=pool)
    assert (result.ended, result.returncode) == (Ended.CRASHED, -11)


def test_a_program_is_killed_at_its_limits_with_all_it_started(pool):
    started = time.monotonic()
    result = run_program(["sh", "-c", "trap '' TERM; sleep 98 & sleep 99"], limits=Limits(0.5), pool=pool)
    assert result.ended is Ended.TIMEOUT
    assert time.monotonic() - started < 30  # the program sleeps for 99 s
    assert python("x = bytearray(b'1') * (1 << 30)", limits=Limits(20.0, memory_mb=200)).ended is Ended.MEMORY


def test_a_flood_ends_the_program(pool):
    result = run_program(["yes"], limits=Limits(20.0, output_mb=3), pool=pool)
    assert result.ended is Ended.GARBAGE
    assert len(result.stdout) <= 3 << 20


def test_output_can_be_watched_and_the_program_stopped(pool):
    pieces = []
    result = run_program(
        ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo line $i; sleep 0.05; done; sleep 60"],
        limits=LIMITS,
        on_stdout=pieces.append,
        stop_when=lambda out: b"line 3" in out,
        pool=pool,
    )
    assert result.ended is Ended.OK
    assert result.returncode is None
    assert result.stdout.splitlines()[:3] == [b"line 1", b"line 2", b"line 3"]
    assert b"".join(pieces) == result.stdout
    assert len(pieces) > 1


def test_a_watcher_that_raises_leaves_no_process(pool):
    def watch(_: bytes) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        run_program(["sh", "-c", "echo hello; sleep 87654"], limits=LIMITS, on_stdout=watch, pool=pool)
    deadline = time.monotonic() + 20
    while "87654" in _command_lines():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _command_lines() -> str:
    lines = b""
    for path in Path("/proc").glob("[1-9]*/cmdline"):
        try:
            lines += path.read_bytes()
        except OSError:
            continue
    return lines.decode(errors="replace")


def test_cancel_kills_a_program_within_a_second(pool, soonest):
    def once() -> float:
        cancel = Cancel()
        threading.Timer(0.2, cancel.set).start()
        started = time.monotonic()
        assert run_program(["sleep", "60"], limits=LIMITS, cancel=cancel, pool=pool).ended is Ended.CANCELLED
        return time.monotonic() - started

    soonest(once, within=1.2)


def test_files_stay_inside_the_scratch_folder(pool):
    for name in ("../x", "/etc/x", "", "a/../../x"):
        with pytest.raises(ValueError, match="scratch"):
            run_program(["true"], limits=LIMITS, files={name: b""}, pool=pool)


def test_links_left_behind_are_not_followed(pool):
    script = "ln -s /etc/shadow plan.1; ln -s /etc plan.d; ln /etc/passwd plan.2; mkfifo plan.3; echo ok > plan.4"
    result = run_program(["sh", "-c", script], limits=LIMITS, collect=("plan.[0-9]", "plan.d/*"), pool=pool)
    assert result.files == {"plan.4": b"ok\n"}


def test_the_environment_is_ours_to_give(pool, monkeypatch):
    monkeypatch.setenv("QUOD_MODEL_API_KEY", "sk-very-secret")
    result = run_program(["env"], limits=LIMITS, env={"OMP_NUM_THREADS": "1"}, pool=pool)
    assert b"OMP_NUM_THREADS=1" in result.stdout
    assert b"secret" not in result.stdout


def test_further_folders_can_be_shown(pool, tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "fact").write_text("known")
    for folder in (tmp_path / "library", tmp_path, *tmp_path.parents):
        if folder.name.startswith("pytest-") or folder.is_relative_to(tmp_path):
            folder.chmod(0o755)
    fact = str(tmp_path / "library" / "fact")
    assert run_program(["cat", fact], limits=LIMITS, read_paths=[tmp_path / "library"], pool=pool).stdout == b"known"
    refused = run_program(["sh", "-c", f"cat {fact}; echo > {fact}"], limits=LIMITS, pool=pool)
    assert b"known" not in refused.stdout
    assert Path(fact).read_text() == "known"


HELLO = b"""public class Hello { public static void main(String[] args) throws Exception {
  Thread t = new Thread(() -> System.out.println("hello")); t.start(); t.join();
  java.io.File.createTempFile("quod", "x"); } }"""


@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java")
def test_java_runs(pool):
    # Java does not heed TMPDIR; where quod's own code lies below /tmp, children have no /tmp of their own
    below_tmp = Path(__file__).is_relative_to("/tmp")
    command = ["java", *(["-Djava.io.tmpdir=."] if below_tmp else []), "Hello.java"]
    result = run_program(command, limits=Limits(60.0), files={"Hello.java": HELLO}, pool=pool)
    assert (result.stdout, result.returncode) == (b"hello\n", 0), result.stderr


@pytest.mark.skipif(shutil.which("coqc") is None, reason="needs coqc")
def test_coq_runs(pool):
    proof = b"Theorem t : 1 + 1 = 2. Proof. reflexivity. Qed. Print Assumptions t."
    result = run_program(["coqc", "a.v"], limits=LIMITS, files={"a.v": proof}, collect=("a.vo",), pool=pool)
    assert result.stdout == b"Closed under the global context\n", result.stderr
    assert set(result.files) == {"a.vo"}


DOMAIN = b"""(define (domain d) (:requirements :strips) (:predicates (p) (q))
  (:action a :parameters () :precondition (p) :effect (and (q) (not (p)))))"""
PROBLEM = b"(define (problem x) (:domain d) (:init (p)) (:goal (q)))"


def test_fast_downward_runs_with_its_driver(pool):
    fast_downward = pytest.importorskip("up_fast_downward")
    (driver,) = Path(fast_downward.__file__).parent.rglob("fast-downward.py")
    result = run_program(
        [sys.executable, str(driver), "--alias", "lama-first", "d.pddl", "p.pddl"],
        limits=LIMITS,
        files={"d.pddl": DOMAIN, "p.pddl": PROBLEM},
        collect=("sas_plan*",),
        pool=pool,
    )
    assert result.files["sas_plan"].startswith(b"(a )"), result.stderr
