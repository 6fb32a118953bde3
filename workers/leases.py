"""Jobs as workers see them: claim by compare-and-set, keep by a lease, end once.

Every write of a worker names the lease it holds (its *fence*); a worker that lost its lease can change nothing.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from quod.core.answer import Answer
from quod.core.errors import QuodError
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.workers.database import Database
from quod.workers.endings import dead_answer
from quod.workers.hooks import schedule
from quod.workers.jobs import end_if_waiting
from quod.workers.log import Log, append, write
from quod.workers.owner import is_dead
from quod.workers.records import Payload, answer_columns
from quod.workers.states import JobKind, JobState
from quod.workers.tables import events, jobs

__all__ = ["Lease", "LeaseLost", "Leases"]


class LeaseLost(QuodError):  # noqa: N818
    """Another worker has the job now: whatever this one still finds out must be dropped."""

    code = "job.lease_lost"


@dataclass(frozen=True)
class Lease:
    """The right of one worker to one job, until it expires."""

    job: str
    fence: str
    deliveries: int
    payload: Payload
    trace: str | None = None


# Built once: these run for every job, and putting a statement together costs as much as running it.
_MINE = (
    jobs.c.id == bindparam("job"),
    jobs.c.state == JobState.RUNNING,
    jobs.c.lease_owner == bindparam("fence"),
)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"), jobs.c.state == JobState.QUEUED, jobs.c.not_before <= bindparam("now"))
    .where(jobs.c.deliveries < bindparam("most"), jobs.c.cancel_requested.is_(False))
    .values(
        state=JobState.RUNNING,
        lease_owner=bindparam("fence"),
        lease_expires=bindparam("until"),
        deliveries=jobs.c.deliveries + 1,
        started=func.coalesce(jobs.c.started, bindparam("now")),
        last_seq=jobs.c.last_seq + 1,
    )
    .returning(
        jobs.c.kind,
        jobs.c.problem,
        jobs.c.formalization,
        jobs.c.deliveries,
        jobs.c.generation,
        jobs.c.trace,
        jobs.c.last_seq,
    )
)
_EVENT = update(jobs).where(*_MINE).values(lease_expires=bindparam("until"), last_seq=jobs.c.last_seq + 1)
_EVENT_ROUTED = _EVENT.values(formalism=bindparam("routed_to")).returning(jobs.c.last_seq)
_EVENT = _EVENT.returning(jobs.c.last_seq)
_KNOWN = select(events.c.seq).where(events.c.job == bindparam("job"), events.c.uid == bindparam("uid"))


class Leases:
    """The worker's side of the store."""

    def __init__(self, database: Database, log: Log, *, seconds: float, max_deliveries: int) -> None:
        self._db = database
        self._log = log
        self.seconds = seconds
        self.max_deliveries = max_deliveries

    def claim(self, job_id: str, fence: str) -> Lease | None:
        """Take a waiting job; None when it is not there to be taken. A task delivered twice is harmless."""
        now = time.time()
        values = {"job": job_id, "fence": fence, "now": now, "until": now + self.seconds, "most": self.max_deliveries}
        with self._db.writing() as connection:
            row = connection.execute(_CLAIM, values).one_or_none()
            if row is None:
                return None
            fresh = row.last_seq == 2  # after "submitted" there was nothing
            memos = {} if fresh else self._memos(connection, job_id, row.generation)
            told: JsonDict = {"delivery": row.deliveries, "finished_steps": len(memos)}
            write(connection, job_id, row.last_seq, "claimed", told)
        self._log.tell(job_id, running=True)
        payload = Payload(
            kind=JobKind(row.kind),
            problem=Problem.model_validate_json(row.problem),
            formalization=Formalization.model_validate_json(row.formalization) if row.formalization else None,
            memos=memos,
        )
        return Lease(job_id, fence, row.deliveries, payload, row.trace)

    @staticmethod
    def _memos(connection: Connection, job_id: str, generation: int) -> JsonDict:
        since = 0
        if generation > 1:
            since = connection.execute(
                select(func.coalesce(func.max(events.c.seq), 0)).where(
                    events.c.job == job_id, events.c.kind == "requeued"
                )
            ).scalar_one()
        rows = connection.execute(
            select(events.c.data)
            .where(events.c.job == job_id, events.c.kind == "memo", events.c.seq > since)
            .order_by(events.c.seq)
        )
        stored = [json.loads(row.data) for row in rows]
        return {memo["key"]: memo["value"] for memo in stored}

    def renew(self, fences: dict[str, str]) -> dict[str, bool]:
        """Renew leases (job id to fence). Gives those still held, each with whether it is to be cancelled."""
        held: dict[str, bool] = {}
        with self._db.writing() as connection:
            for job_id, fence in fences.items():
                row = connection.execute(
                    update(jobs)
                    .where(*_mine(job_id, fence))
                    .values(lease_expires=time.time() + self.seconds)
                    .returning(jobs.c.cancel_requested)
                ).one_or_none()
                if row is not None:
                    held[job_id] = bool(row.cancel_requested)
        return held

    def look(self, fences: dict[str, str]) -> dict[str, bool]:
        """As :meth:`renew`, without renewing."""
        query = select(jobs.c.id, jobs.c.lease_owner, jobs.c.cancel_requested).where(
            jobs.c.id.in_(list(fences)), jobs.c.state == JobState.RUNNING
        )
        with self._db.reading() as connection:
            rows = connection.execute(query).all()
        return {row.id: bool(row.cancel_requested) for row in rows if fences[row.id] == row.lease_owner}

    def emit(self, job_id: str, fence: str, kind: str, data: JsonDict, uid: str, *, again: bool = False) -> int:
        """Append an event under a lease, renewing it. Raises LeaseLost.

        ``again`` says that an earlier call failed without a word: had it got through after all, which its ``uid``
        tells, nothing is appended and the number is that of the first.
        """
        values = {"job": job_id, "fence": fence, "until": time.time() + self.seconds}
        formalism = data.get("formalism")
        statement = _EVENT
        if kind == "routed" and isinstance(formalism, str):
            statement, values["routed_to"] = _EVENT_ROUTED, formalism
        with self._db.writing() as connection:
            if again:
                known = connection.execute(_KNOWN, {"job": job_id, "uid": uid}).scalar_one_or_none()
                if known is not None:
                    return int(known)
            seq = connection.execute(statement, values).scalar_one_or_none()
            if seq is None:
                raise LeaseLost("another worker has taken the job over")
            write(connection, job_id, seq, kind, data, uid=uid)
        self._log.tell(job_id, running=True)
        return int(seq)

    def finish(self, job_id: str, fence: str, state: JobState, answer: Answer) -> None:
        """End a job, once. Repeating the call of the lease that ended it is harmless. Raises LeaseLost otherwise."""
        with self._db.writing(durable=True) as connection:
            if not self._end(connection, _mine(job_id, fence), job_id, state, answer):
                row = connection.execute(
                    select(jobs.c.state, jobs.c.lease_owner).where(jobs.c.id == job_id)
                ).one_or_none()
                if row is None or row.lease_owner != fence or row.state != state:
                    raise LeaseLost("another worker has taken the job over")
        self._log.tell(job_id)

    @staticmethod
    def _end(connection: Connection, conditions: list[Any], job_id: str, state: JobState, answer: Answer) -> bool:
        values = answer_columns(answer)
        if answer.formalism is not None:
            values["formalism"] = answer.formalism.value
        row = connection.execute(
            update(jobs)
            .where(*conditions)
            .values(state=state, finished=time.time(), lease_expires=None, last_seq=jobs.c.last_seq + 1, **values)
            .returning(jobs.c.last_seq, jobs.c.webhook)
        ).one_or_none()
        if row is None:
            return False
        kind = {JobState.DONE: "answered", JobState.CANCELLED: "cancelled"}.get(state, "failed")
        data: JsonDict = {"state": state.value, "status": answer.status.value, "conclusion": values["conclusion"]}
        write(connection, job_id, row.last_seq, kind, data)
        if row.webhook is not None:
            schedule(connection, job_id)
        return True

    def release(
        self, job_id: str, fence: str, *, why: str, delay: float = 0.0, queue: str | None = None, counted: bool = True
    ) -> None:
        """Give a job back unfinished. ``counted=False`` takes back the delivery (an orderly hand-over)."""
        values: dict[str, Any] = {
            "state": JobState.QUEUED,
            "lease_owner": None,
            "lease_expires": None,
            "not_before": time.time() + delay if delay else 0,
            "enqueued": 0,
        }
        if queue is not None:
            values["queue"] = queue
        if not counted:
            values["deliveries"] = jobs.c.deliveries - 1
        with self._db.writing() as connection:
            changed = connection.execute(update(jobs).where(*_mine(job_id, fence)).values(**values))
            if changed.rowcount:
                append(connection, job_id, "released", {"why": why})
                self._bury_spent(connection, job_id, why)
        self._log.tell(job_id)

    def reap(self) -> list[str]:
        """Take jobs back from workers that are gone, bury the hopeless ones; gives the ids changed."""
        now = time.time()
        with self._db.reading() as connection:
            rows = connection.execute(
                select(jobs.c.id, jobs.c.lease_owner, jobs.c.lease_expires).where(jobs.c.state == JobState.RUNNING)
            ).all()
        gone = [r for r in rows if (r.lease_expires or 0) < now or is_dead(r.lease_owner)]
        changed = [row.id for row in gone if self._take_back(row.id, row.lease_owner, row.lease_expires)]
        for job_id in changed:
            self._log.tell(job_id)
        return changed

    def _take_back(self, job_id: str, fence: str, expires: float | None) -> bool:
        with self._db.writing() as connection:
            row = connection.execute(
                update(jobs)
                .where(*_mine(job_id, fence), jobs.c.lease_expires == expires)
                .values(state=JobState.QUEUED, lease_owner=None, lease_expires=None, not_before=0, enqueued=0)
                .returning(jobs.c.cancel_requested)
            ).one_or_none()
            if row is None:
                return False
            append(connection, job_id, "released", {"why": "its worker is gone"})
            if row.cancel_requested:
                end_if_waiting(connection, job_id)
            else:
                self._bury_spent(connection, job_id, "its worker went silent")
        return True

    def _bury_spent(self, connection: Connection, job_id: str, last: str) -> None:
        row = connection.execute(select(jobs.c.deliveries, jobs.c.state).where(jobs.c.id == job_id)).one()
        if row.state == JobState.QUEUED and row.deliveries >= self.max_deliveries:
            waiting = [jobs.c.id == job_id, jobs.c.state == JobState.QUEUED]
            self._end(connection, waiting, job_id, JobState.DEAD, dead_answer(row.deliveries, last))

    def due(self, queues: tuple[str, ...], *, silent_for: float, limit: int = 1000) -> list[tuple[str, str]]:
        """(id, queue) of waiting jobs not given to the broker for ``silent_for`` seconds, oldest first; marks them."""
        now = time.time()
        late = (jobs.c.state == JobState.QUEUED) & (jobs.c.not_before <= now) & (jobs.c.enqueued <= now - silent_for)
        with self._db.reading() as connection:
            ids = (
                connection.execute(
                    select(jobs.c.id).where(late, jobs.c.queue.in_(queues)).order_by(jobs.c.id).limit(limit)
                )
                .scalars()
                .all()
            )
        if not ids:
            return []
        found: list[tuple[str, str]] = []
        with self._db.writing() as connection:
            for start in range(0, len(ids), 400):
                rows = connection.execute(
                    update(jobs)
                    .where(late, jobs.c.id.in_(ids[start : start + 400]))
                    .values(enqueued=now)
                    .returning(jobs.c.id, jobs.c.queue)
                )
                found += [(row.id, row.queue) for row in rows]
        return sorted(found)

    def forget_broker(self) -> None:
        """Treat every waiting job as unknown to the broker (which has just started empty)."""
        with self._db.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.state == JobState.QUEUED).values(enqueued=0))

    def waiting(self) -> dict[str, int]:
        """Queue to jobs that could be claimed now."""
        query = (
            select(jobs.c.queue, func.count())
            .where(jobs.c.state == JobState.QUEUED, jobs.c.not_before <= time.time())
            .group_by(jobs.c.queue)
        )
        with self._db.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def cancel_all_asked(self) -> None:
        """End waiting jobs whose cancellation was asked between a claim and a release."""
        query = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED, jobs.c.cancel_requested.is_(True))
        with self._db.reading() as connection:
            asked = connection.execute(query).scalars().all()
        for job_id in asked:
            with self._db.writing() as connection:
                end_if_waiting(connection, job_id)
            self._log.tell(job_id)


def _mine(job_id: str, fence: str) -> list[Any]:
    return [jobs.c.id == job_id, jobs.c.state == JobState.RUNNING, jobs.c.lease_owner == fence]
