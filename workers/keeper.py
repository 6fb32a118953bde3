"""The heartbeat: keeps the leases of the jobs this process runs, and hears of cancellation."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum

from quod.core.errors import QuodError
from quod.core.run import Cancel
from quod.workers.database import StoreDown
from quod.workers.leases import Leases

__all__ = ["Keeper", "Kept", "Stop"]

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
"""How often the store is asked whether a running job was cancelled."""


class Stop(StrEnum):
    """Why a running job was told to stop."""

    PERSON = "person"
    LOST = "lost"
    OVERRAN = "overran"
    DRAINED = "drained"


@dataclass
class Kept:
    """A job that is being run here."""

    job: str
    fence: str
    deadline: float
    """On the monotonic clock: when it has overrun its budget."""
    cancel: Cancel = field(default_factory=Cancel)
    why: Stop | None = None
    expires: float = 0.0
    """On the monotonic clock: when its lease runs out unless renewed."""

    def stop(self, why: Stop) -> None:
        """Tell it to stop; the first reason stands."""
        if self.why is None:
            self.why = why
            self.cancel.set()


class Keeper:
    """One thread for all the jobs of a process."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="quod-keeper", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        self._work.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def keep(self, kept: Kept) -> None:
        """Keep a job's lease until :meth:`drop`."""
        kept.expires = time.monotonic() + self._leases.seconds
        with self._lock:
            self._kept[kept.job] = kept
        self._work.set()

    def drop(self, kept: Kept) -> None:
        """Its job is over."""
        with self._lock:
            if self._kept.get(kept.job) is kept:
                del self._kept[kept.job]
            if not self._kept and not self._ended.is_set():
                self._work.clear()

    def drain(self) -> None:
        """Tell every job to stop and be handed back."""
        for kept in self._now():
            kept.stop(Stop.DRAINED)

    @property
    def busy(self) -> int:
        """How many jobs are running here."""
        return len(self._kept)

    def _now(self) -> list[Kept]:
        with self._lock:
            return list(self._kept.values())

    def _beat(self) -> None:
        renewed = 0.0
        while not self._ended.is_set():
            self._work.wait()
            kept = self._now()
            now = time.monotonic()
            try:
                if now - renewed >= self._leases.seconds / 3:
                    self._apply(kept, self._leases.renew({k.job: k.fence for k in kept}), renewed=True)
                    renewed = now
                elif kept:
                    self._apply(kept, self._leases.look({k.job: k.fence for k in kept}), renewed=False)
            except StoreDown as error:
                log.warning("the heartbeat cannot reach the store: %s", error)
                for one in kept:
                    if one.expires + self._leases.seconds < time.monotonic():
                        one.stop(Stop.LOST)  # long since given to another, who knows
            except QuodError:
                log.exception("the heartbeat failed")
            for one in kept:
                if now > one.deadline:
                    one.stop(Stop.OVERRAN)
            self._ended.wait(LOOK_SECONDS)

    def _apply(self, kept: list[Kept], held: dict[str, bool], *, renewed: bool) -> None:
        for one in kept:
            cancel_asked = held.get(one.job)
            if cancel_asked is None:
                if one in self._now():  # it may have ended meanwhile, which is no loss
                    one.stop(Stop.LOST)
            else:
                if renewed:
                    one.expires = time.monotonic() + self._leases.seconds
                if cancel_asked:
                    one.stop(Stop.PERSON)
