"""The zygotes of this process: started when first needed, replaced when they die, gone when we are."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from quod.backends.sandbox.codes import NOT_STARTED, REFUSED
from quod.backends.sandbox.families import FAMILIES
from quod.backends.sandbox.layers import Layer
from quod.backends.sandbox.wire import Config, Request, write_request
from quod.core.errors import InfrastructureError
from quod.core.run import Cancel
from quod.core.settings import get_settings

__all__ = ["Pool", "ZygoteDied", "default_pool", "layers", "warm"]

_START_SECONDS = 120.0
_SEND_SECONDS = 5.0
_PATIENCE = 0.1


class ZygoteDied(Exception):  # noqa: N818 - it never reaches a user
    """The zygote ended before it could serve; a new one may."""


class ZygoteHandle:
    """The parent's end of one zygote."""

    def __init__(self, family: str, mode: str) -> None:
        self.family = family
        self.dead = False
        """Set by whoever finds it dead before its process is."""
        self.base = Path(tempfile.mkdtemp(prefix="quod-sandbox-"))
        self.base.chmod(0o711)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        with theirs:
            config = json.dumps(asdict(_config(theirs.fileno(), self.base, mode)))
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", __name__.replace("pool", "zygote"), family, config],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=_environment(),
                cwd="/",
            )
        self.layers: tuple[Layer, ...] | None = None
        """Known once it is ready."""
        self._deadline = time.monotonic() + _START_SECONDS

    def ready(self, seconds: float) -> bool:
        """Wait a little for it to be ready. Raises ZygoteDied, and InfrastructureError if it refuses to serve."""
        if self.layers is not None:
            return True
        self._control.settimeout(seconds)
        try:
            hello = json.loads(self._control.recv(1 << 16) or "{}")
        except TimeoutError:
            if time.monotonic() < self._deadline:
                return False
            hello = {}
        except ConnectionError:
            hello = {}
        if "layers" not in hello or "refused" in hello:
            self.close()
            if "refused" in hello:
                raise InfrastructureError(hello["refused"], code=REFUSED.name, retryable=False)
            raise ZygoteDied(f"the zygote for {self.family} did not start")
        self.layers = tuple(Layer(**layer) for layer in hello["layers"])
        self._control.settimeout(_SEND_SECONDS)
        return True

    @property
    def alive(self) -> bool:
        """Whether it can serve, as far as we know."""
        return not self.dead and self.process.poll() is None

    def launch(self, request: Request, payload: bytes, stdin: int, out: int, err: int) -> socket.socket:
        """Have a child forked for a request; the result is our end of its status socket."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        module = request.target.partition(":")[0]
        doors = json.dumps({"module": module, "read": request.read_paths, "write": request.write_paths}).encode()
        request_fd = write_request(request, payload)
        try:
            with theirs:
                socket.send_fds(self._control, [doors], [request_fd, theirs.fileno(), stdin, out, err])
        except OSError as error:
            self.dead = True
            ours.close()
            raise ZygoteDied(str(error)) from error
        finally:
            os.close(request_fd)
        return ours

    def close(self, *, wait: float = 5.0) -> None:
        """End the zygote and its children."""
        self.dead = True
        self._control.close()
        try:
            self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    def forget(self) -> None:
        """Let go of it without ending it: we are a fork of the process it belongs to."""
        self._control.close()
        self.process.returncode = 0  # or its destructor would complain of a child that is not ours


def _config(control: int, base: Path, mode: str) -> Config:
    """What this process wants of its zygotes: its own secrets hidden."""
    homes = {Path.home(), get_settings().home_dir.absolute()}
    here = Path.cwd()
    # .env files by the working folder's and by the checkout's side
    env = [str(folder / ".env") for folder in {here, Path(__file__).resolve().parents[2]}]
    return Config(
        control=control,
        base=str(base),
        mode=mode,
        hide=[*(str(h) for h in homes), *env],
        private=[str(here), *(str(h) for h in homes)],
    )


def _environment() -> dict[str, str]:
    """All that a zygote knows of our environment. Threads that a library starts as it loads do not survive a fork."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"PATH": os.defpath, "PYTHONPATH": _python_path(), "LANG": "C.UTF-8"} | single


def _python_path() -> str:
    """Where quod and the caller's own modules are found."""
    return os.pathsep.join(str(Path(p).resolve()) for p in sys.path if Path(p or ".").exists())


class Closable(Protocol):
    """A child that waits."""

    def close(self) -> None:
        """End it."""

    def forget(self) -> None:
        """Let go of it without ending it."""


class Pool:
    """Zygotes by family. Any thread may use it."""

    def __init__(self, mode: str | None = None) -> None:
        """``mode`` is that of the settings if not given."""
        self._mode = mode
        self._lock = threading.Lock()
        self._starting: dict[str, threading.Lock] = {}
        self._zygotes: dict[str, ZygoteHandle] = {}
        self.idle: dict[str, list[Closable]] = {}
        """Children that wait for their next call (``steady.py``), by family and module."""

    def zygote(self, family: str, cancel: Cancel | None = None) -> ZygoteHandle:
        """The living zygote of a family, started if need be.

        Raises InfrastructureError if it cannot be, and Cancelled if asked to stop, while the zygote goes on starting.
        """
        if family not in FAMILIES:
            raise ValueError(f"no engine family {family!r}: one of {', '.join(FAMILIES)}")
        with self._lock:
            starting = self._starting.setdefault(family, threading.Lock())
        while not starting.acquire(timeout=_PATIENCE):
            if cancel is not None:
                cancel.check()
        try:
            found = self._zygotes.get(family)
            if found is None or not found.alive:
                if found is not None:
                    found.close()
                found = self._zygotes[family] = ZygoteHandle(family, self._mode or get_settings().sandbox)
            while not found.ready(_PATIENCE):
                if cancel is not None:
                    cancel.check()
            return found
        except (OSError, ZygoteDied) as error:
            why = f"the sandbox for {family} cannot start: {error}"
            raise InfrastructureError(why, code=NOT_STARTED.name) from error
        finally:
            starting.release()

    def discard(self, handle: ZygoteHandle) -> None:
        """Replace a zygote that proved dead or stuck at the next request."""
        handle.dead = True
        handle.process.kill()

    def close(self) -> None:
        """End every zygote."""
        with self._lock:
            zygotes, self._zygotes = list(self._zygotes.values()), {}
            idle, self.idle = self.idle, {}
        for child in (child for children in idle.values() for child in children):
            child.close()
        for handle in zygotes:
            with contextlib.suppress(OSError):
                handle.close()

    def forget(self) -> None:
        """After a fork: the zygotes are our parent's."""
        for handle in self._zygotes.values():
            handle.forget()
        self._zygotes = {}
        for child in (child for children in self.idle.values() for child in children):
            child.forget()
        self.idle = {}
        self._starting = {}
        self._lock = threading.Lock()


_default = Pool()


def default_pool() -> Pool:
    """The pool of this process."""
    return _default


def layers(pool: Pool | None = None) -> list[Layer]:
    """What stands between an engine and this machine, tried out just now. Raises InfrastructureError."""
    return list((pool or _default).zygote("plain").layers or ())


def warm(families: Iterable[str]) -> None:
    """Start the zygotes of these families in the background; errors are met again by the calls that need them."""

    def start() -> None:
        for family in families:
            with contextlib.suppress(InfrastructureError):
                _default.zygote(family)

    threading.Thread(target=start, name="quod-warm", daemon=True).start()


atexit.register(_default.close)
os.register_at_fork(after_in_child=_default.forget)
