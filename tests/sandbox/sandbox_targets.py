"""What the tests have run inside the sandbox: targets well-behaved and hostile. They say what they managed to do."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _attempt(action: Callable[[], object]) -> str:
    """``done``, or the name of the error that stopped it."""
    try:
        action()
    except BaseException as error:
        return type(error).__name__
    return "done"


def echo(value: Any) -> Any:
    return value


def boom(message: str) -> None:
    raise ValueError(message)


def crash(_: object) -> None:
    ctypes.string_at(0)


def leave(status: int) -> None:
    os._exit(status)


def print_much(megabytes: int) -> str:
    for _ in range(megabytes):
        os.write(1, b"x" * (1 << 20))
    return "printed"


def result_of(megabytes: int) -> str:
    return "y" * (megabytes << 20)


def not_json(_: object) -> object:
    return {1, 2}


def infinite(_: object) -> float:
    return float("inf")


def forged_frame(body: str) -> None:
    """Write to the result descriptor past the protocol, as code that has been taken over could."""
    data = body.encode()
    os.write(3, len(data).to_bytes(8, "big") + data)
    os._exit(0)


def forged_length(_: object) -> None:
    os.write(3, (1 << 60).to_bytes(8, "big"))
    os._exit(0)


def sleep_in_c(seconds: float) -> None:
    ctypes.CDLL(None).usleep(ctypes.c_uint(int(seconds * 1e6)))


def spin_in_c(_: object) -> None:
    pow(7, 10**9)  # one bytecode that runs for hours and looks at no signal


def ignore_term(seconds: float) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(seconds)


def eat(_: object) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(os.urandom(1 << 20) * 16))


def eat_in_children(count: int) -> None:
    for _ in range(count):
        if os.fork() == 0:
            block = bytearray(os.urandom(1 << 20) * 60)
            time.sleep(60)
            del block
    time.sleep(60)


def eat_as_orphan(_: object) -> None:
    """The memory belongs to a process whose parent has gone."""
    if os.fork() == 0:
        if os.fork() == 0:
            eat(None)
        os._exit(0)
    time.sleep(60)


def share_with_children(count: int) -> str:
    """Much memory, shared by forks: it must be counted once."""
    block = bytearray(os.urandom(1 << 20) * 100)
    children = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            time.sleep(0.7)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    return str(len(block))


def fork_bomb(_: object) -> None:
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


def daemon(seconds: float) -> dict[str, bool]:
    """Double fork, with every way out of the group that there is; the grandchild would outlive us.

    Says whether it is still in our session and group.
    """
    reader, writer = os.pipe()
    if os.fork() == 0:
        _attempt(os.setsid)
        if os.fork() == 0:
            _attempt(lambda: os.setpgid(0, 0))
            os.write(writer, f"{os.getsid(0)} {os.getpgid(0)}".encode())
            _attempt(os.setsid)
            _attempt(lambda: ctypes.CDLL(None).prctl(1, 0))
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(seconds)
        os._exit(0)
    session, group = map(int, os.read(reader, 100).split())
    return {"session": session == os.getsid(0), "group": group == os.getpgid(0)}


def daemon_and_wait(seconds: float) -> None:
    daemon(seconds)
    time.sleep(seconds)


def fill_disk(_: object) -> str:
    written = 0
    for number in range(1000):
        with Path(f"file{number}").open("wb") as file:
            for _ in range(16):
                file.write(b"z" * (1 << 20))
                written += 1
        time.sleep(0.01)
    return f"wrote {written} MiB"


def fill_one_file(_: object) -> str:
    return _attempt(lambda: Path("big").write_bytes(b"z" * (64 << 20)))


def many_files(count: int) -> None:
    for number in range(count):
        Path(f"f{number}").touch()
    time.sleep(60)


def deep_folders(depth: int) -> int:
    made = 0
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
        made += 1
    return made


def read_files(paths: list[str]) -> dict[str, str]:
    return {path: _attempt(lambda path=path: Path(path).read_bytes()) for path in paths}


def write_files(paths: list[str]) -> dict[str, str]:
    return {path: _attempt(lambda path=path: Path(path).write_bytes(b"quod was here")) for path in paths}


def environment(_: object) -> dict[str, str]:
    return dict(os.environ)


def other_environments(_: object) -> str:
    """Every environment to be read from /proc, ours excepted."""
    found = b""
    for entry in Path("/proc").glob("[1-9]*/environ"):
        if entry.parent.name != str(os.getpid()):
            try:
                found += entry.read_bytes()
            except OSError:
                continue
    return found.decode(errors="replace")


def sockets(_: object) -> dict[str, str]:
    def connect(family: int, address: Any) -> None:
        with socket.socket(family) as s:
            s.settimeout(1)
            s.connect(address)

    return {
        "inet": _attempt(lambda: connect(socket.AF_INET, ("127.0.0.1", 9))),
        "inet6": _attempt(lambda: connect(socket.AF_INET6, ("::1", 9))),
        "unix": _attempt(lambda: socket.socket(socket.AF_UNIX)),
        "netlink": _attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
        "datagram pair": _attempt(lambda: socket.socketpair(type=socket.SOCK_DGRAM)),
        "stream pair": _attempt(socket.socketpair),
    }


def connect_to(port: int) -> str:
    def connect() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass

    return _attempt(connect)


def kill_processes(pids: list[int]) -> dict[str, str]:
    return {str(pid): _attempt(lambda pid=pid: os.kill(pid, signal.SIGKILL)) for pid in pids}


def kill_parent(_: object) -> str:
    return _attempt(lambda: os.kill(os.getppid(), signal.SIGKILL))


def kernel(_: object) -> dict[str, str]:
    """Calls that administer the kernel or look into others; the name of the error each met."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *args: Any) -> str:
        ctypes.set_errno(0)
        result = getattr(libc, name)(*args)
        return "done" if result >= 0 else os.strerror(ctypes.get_errno())

    return {
        "mount": call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
        "umount": call("umount2", b"/root", 0),
        "unshare user": call("unshare", 0x10000000),
        "chroot": call("chroot", b"/"),
        "ptrace": call("ptrace", 16, os.getppid(), 0, 0),
        "setuid": call("setuid", 0),
    }


def capabilities(_: object) -> str:
    status = Path("/proc/self/status").read_text()
    return next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))


def who(_: object) -> int:
    return os.getuid()


def uid(_: object) -> int:
    time.sleep(0.2)
    return os.getuid()


def open_descriptors(_: object) -> list[str]:
    """What is open besides the standard streams and the pipe for the result."""
    found = []
    for number in range(4, 4096):
        try:
            found.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        except OSError:
            continue
    return found


def run_python(code: str) -> str:
    """A further program, started by the engine."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout


def deep(depth: int) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def size(value: Any) -> int:
    return len(json.dumps(value))


_REMEMBERED: list[Any] = []


def remember(value: Any) -> dict[str, Any]:
    """Which process this is, and what earlier calls left behind in it."""
    _REMEMBERED.append(value)
    return {"pid": os.getpid(), "before": _REMEMBERED[:-1]}


def fail_if_not_first(_: object) -> str:
    if _REMEMBERED:
        raise ValueError("something was here before")
    return "first"


def stray_frame(body: str) -> str:
    """A frame of our own making before the true one."""
    data = body.encode()
    os.write(3, len(data).to_bytes(8, "big") + data)
    return "true"
