"""When quod dies, by whatever means, nothing it started stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent

QUOD = """
import sys, threading
sys.path.insert(0, {here!r})
from quod.backends.sandbox import Limits, Session, call, run_program
from quod.backends.sandbox.pool import default_pool
def hold(f, *a, **k):
    threading.Thread(target=lambda: f(*a, **k), daemon=True).start()
limits = Limits(300.0)
hold(call, "plain", "sandbox_targets:ignore_term", 300, limits)
hold(call, "plain", "sandbox_targets:daemon_and_wait", 300, limits)
hold(call, "z3", "sandbox_targets:spin_in_c", None, limits)
hold(run_program, ["sh", "-c", "trap '' TERM HUP; sleep {mark} & sleep {mark}"], limits=limits)
session = Session(["sleep", "{mark}"], limits=limits)
print(default_pool().zygote("plain").base, default_pool().zygote("z3").base, flush=True)
{then}
"""


def processes(*marks: str) -> list[str]:
    """Command lines with one of the marks: the zygotes' folders, or the odd numbers that programs sleep."""
    found = []
    for path in Path("/proc").glob("[1-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if any(mark in line for mark in marks) and "sandbox_targets" not in line:
            found.append(f"{path.parent.name}: {line}")
    return found


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(
    ("how", "mode"),
    [
        ("SIGKILL", "auto"),
        ("SIGTERM", "auto"),
        ("exit", "auto"),
        ("thread ends", "auto"),
        ("SIGKILL", "rlimits"),
    ],
)
def test_no_process_and_no_file_stays(how, mode):
    mark = f"86{os.getpid() % 1000:03d}.{time.monotonic_ns() % 10**9}"
    then = "sys.stdin.read()" if how.startswith("SIG") else "sys.stdin.readline()"
    if how == "thread ends":
        then = "sys.stdin.readline(); import os; os._exit(0)"
    script = QUOD.format(here=str(HERE), mark=mark, then=then)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"QUOD_SANDBOX": mode},
    ) as quod:
        assert quod.stdout is not None
        assert quod.stdin is not None
        bases = quod.stdout.readline().decode().split()
        assert len(bases) == 2
        # Programs: a shell, three sleeps. Zygotes: two, each with an outer process if namespaces are had; three calls.
        assert eventually(lambda: len(processes(mark)) >= 3 and len(processes(*bases)) >= 6, 15), processes(
            mark, *bases
        )
        if how.startswith("SIG"):
            os.kill(quod.pid, getattr(signal, how))
        else:
            quod.stdin.write(b"\n")
            quod.stdin.flush()
        quod.wait(20)
    assert eventually(lambda: not processes(mark, *bases), 5), processes(mark, *bases)
    assert eventually(lambda: not any(Path(base).exists() for base in bases), 5)


def test_a_fork_of_quod_does_not_keep_the_zygotes_and_has_its_own(pool, engine):
    """As a prefork worker does."""
    assert engine("echo", 1).ok
    zygote = pool.zygote("plain")
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            from quod.backends.sandbox import Limits, call
            from quod.backends.sandbox import pool as module

            result = call("plain", "os.path:basename", "a/b", Limits(20.0))
            other = module.default_pool().zygote("plain").process.pid
            os.write(writer, f"{result.value} {other}".encode())
            module.default_pool().close()
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        value, other = answer.read().split()
    os.waitpid(pid, 0)
    assert value == "b"
    assert int(other) != zygote.process.pid
    assert engine("echo", 2).value == 2
    assert pool.zygote("plain") is zygote
