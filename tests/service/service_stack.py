"""A whole service on this machine: PostgreSQL and Redis (or RabbitMQ) of its own on free ports, API and workers as
processes.

Everything lives in one temporary folder and dies with the ``Stack``. PostgreSQL will not run as root; then it is run
as ``nobody``. ``missing()`` says which program is not installed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
_BELOW = ("postgres", "redis", "epmd", "rabbitmq")
"""What API and workers stand on, in the order in which it is started."""
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's; the one on the path wants to become the user `rabbitmq`."""
_QUICK = {"redis", "postgres"}
"""Programs that are of use within a second of their start."""


def postgres_bin() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off the path, in a folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [Path(found).parent for found in [shutil.which("pg_isready")] if found]
    needed = ("initdb", "postgres", "pg_isready")
    return next((folder for folder in folders if all((folder / name).exists() for name in needed)), None)


def missing() -> list[str]:
    return [
        name
        for name, there in [("redis-server", shutil.which("redis-server")), ("postgresql", postgres_bin())]
        if not there
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} took more than {seconds} s")
        time.sleep(0.05)


class Process:
    """A process that can be killed and started again, as a supervisor would."""

    def __init__(
        self, name: str, command: list[str], *, log: Path, env: dict[str, str], user: str | None = None
    ) -> None:
        self.name = name
        self._command, self._log, self._env, self._user = command, log, env, user
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.born = 0.0

    def start(self) -> None:
        self.born = time.monotonic()
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=self._env, user=self._user,
                start_new_session=True,
            )  # fmt: skip

    @property
    def age(self) -> float:
        """Seconds since it was last started."""
        return time.monotonic() - self.born

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None and self.running:
            self.process.send_signal(how)
            self.process.wait(40)
            self.deaths += 1

    def log_text(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


class Monkey:
    """Kills processes of a stack at random with SIGKILL and starts them again; each first gets time to be of use."""

    def __init__(
        self, stack: Stack, *, seed: int, grace: float = 10.0, pause: tuple[float, float] = (1.0, 3.0)
    ) -> None:
        self._stack, self._order, self._grace, self._pause = stack, random.Random(seed), grace, pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._ended.wait(self._order.uniform(*self._pause)):
            old = [process for process in self._stack.processes.values() if self._useful(process)]
            if old:
                self._order.choice(old).kill()
                time.sleep(self._order.uniform(0.0, 0.5))
            self._stack.revive()

    def _useful(self, process: Process) -> bool:
        if not process.running:
            return False
        # On a busy machine a start can take ten seconds, and PostgreSQL's recovery as long.
        if process.name == "api":
            embedded = "redis" not in self._stack.processes  # the worker is in it: let it come to an answer or two
            return self._stack.answers("/healthz") and (not embedded or process.age > self._grace)
        if process.name == "postgres" and not self._stack.postgres_ready():
            return False
        return process.age > self._grace * (0.6 if process.name in _QUICK else 1)

    def __enter__(self) -> Monkey:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        self._thread.join()
        self._stack.revive()


class Stack:
    """``api_url`` and the processes by name; everything is stopped at the end of the ``with``."""

    def __init__(
        self, *, workers: int = 2, postgres: bool = True, redis: bool = True, rabbitmq: bool = False, **settings: Any
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="quod-stack-"))
        self.root.chmod(0o755)
        self.processes: dict[str, Process] = {}
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("QUOD_")},
            "QUOD_HOME": str(self.root / "home"),
            "QUOD_AUTH": "off",
            "QUOD_LEASE_SECONDS": "3",
            "QUOD_MAX_DELIVERIES": "50",
            "QUOD_LOG_LEVEL": "warning",
            **{f"QUOD_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.user = "nobody" if os.geteuid() == 0 else None
        if postgres:
            self._postgres()
        if rabbitmq:
            self._rabbitmq()
        elif redis:
            self._redis()
        port = free_port()
        self.api_url = f"http://127.0.0.1:{port}"
        self._add("api", [sys.executable, str(HERE / "service_process.py"), "api", str(port)])
        if redis or rabbitmq:
            for number in range(workers):
                self._add(f"worker{number}", [sys.executable, str(HERE / "service_process.py"), "worker"])

    def _add(
        self, name: str, command: list[str], user: str | None = None, env: dict[str, str] | None = None
    ) -> Process:
        made = Process(name, command, log=self.root / f"{name}.log", env=self.env | (env or {}), user=user)
        self.processes[name] = made
        return made

    def _redis(self) -> None:
        port, folder = free_port(), self.root / "redis"
        folder.mkdir()
        options = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(folder),
            "--appendonly",
            "yes",
            "--save",
            "",
        ]
        self._add("redis", ["redis-server", *options])
        self.env["QUOD_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"

    def _rabbitmq(self) -> None:
        port, names, folder = free_port(), free_port(), self.root / "rabbitmq"
        folder.mkdir()
        env = {
            "HOME": str(folder),  # the cookie
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"quod{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "NOTIFY_SOCKET": str(folder / "notify"),  # as under systemd: no shell between us and the broker
        }
        # Started here, Erlang's port mapper ends with us; RabbitMQ would leave one behind as a daemon.
        self._add("epmd", ["epmd", "-port", str(names), "-address", "127.0.0.1"], env=env)
        self._add("rabbitmq", [str(RABBITMQ)], env=env)
        self.env["QUOD_BROKER_URL"] = f"amqp://guest:guest@127.0.0.1:{port}//"

    def _postgres(self) -> None:
        programs, data, port = postgres_bin(), self.root / "postgres", free_port()
        assert programs is not None
        data.mkdir()
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(data, account.pw_uid, account.pw_gid)
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "quod", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, user=self.user, cwd=data,
        )  # fmt: skip
        options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(data)]
        self._add("postgres", [str(programs / "postgres"), "-D", str(data), *options], user=self.user)
        self.env["QUOD_DATABASE_URL"] = f"postgresql://quod@127.0.0.1:{port}/postgres"
        self._pg_ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def start(self, name: str) -> None:
        self.processes[name].start()

    def start_all(self) -> None:
        for name in _BELOW:
            if name in self.processes:
                self.start(name)
        if "postgres" in self.processes:
            until("PostgreSQL", self.postgres_ready)
        for name, process in self.processes.items():
            if name not in _BELOW:
                process.start()
        self.wait_ready()

    def wait_ready(self, seconds: float = 60.0) -> None:
        def ready() -> bool:
            self.revive()
            return self.answers("/readyz")

        until("readiness", ready, seconds)

    def postgres_ready(self) -> bool:
        """Whether PostgreSQL takes connections."""
        return subprocess.run(self._pg_ready, check=False).returncode == 0

    def answers(self, path: str) -> bool:
        """Whether the API answers 200 at a path."""
        try:
            return httpx.get(f"{self.api_url}{path}", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def revive(self) -> None:
        """Start again whatever has ended, as a supervisor does."""
        for process in self.processes.values():
            if process.process is not None and not process.running:
                process.start()

    def __enter__(self) -> Stack:
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        for name, process in reversed(self.processes.items()):
            gentle = signal.SIGINT if name == "postgres" else signal.SIGTERM
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.kill(gentle)
            process.kill()
        shutil.rmtree(self.root, ignore_errors=True)
