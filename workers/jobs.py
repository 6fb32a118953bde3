"""Jobs as their owners see them: submit, read, list, cancel, retry."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from quod.core.answer import Answer
from quod.core.errors import InputError, NotFoundError
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.workers.database import Database
from quod.workers.endings import cancelled_answer
from quod.workers.hooks import schedule
from quod.workers.log import Log, append, write
from quod.workers.records import Job, Submission, answer_columns, job_of, new_id, summary_columns
from quod.workers.states import MOVES, TERMINAL, JobState, queue_of
from quod.workers.tables import batches, events, hooks, jobs

__all__ = ["Conflict", "Filter", "Jobs"]


class Conflict(InputError):  # noqa: N818
    """The job's state, or an earlier request, does not allow this."""

    code = "job.conflict"


@dataclass(frozen=True)
class Filter:
    """Which jobs to list. None means any."""

    key_id: str | None = None
    states: tuple[JobState, ...] = ()
    formalism: str | None = None
    status: str | None = None
    batch_id: str | None = None
    before: str | None = None
    """Only jobs submitted before the one with this id (a cursor)."""


# Built once: these run for every request, and putting a statement together costs as much as running it.
_ONE = select(*summary_columns()).where(jobs.c.id == bindparam("job"))
_ANSWER = select(jobs.c.answer).where(jobs.c.id == bindparam("job"))
_INSERT = insert(jobs)


class Jobs:
    """One row a job."""

    def __init__(self, database: Database, log: Log) -> None:
        self._db = database
        self._log = log

    def submit(self, submission: Submission) -> tuple[Job, bool]:
        """Store a job; False says that this request was stored before (same idempotency key and body).

        Raises Conflict when the idempotency key was used with another body.
        """
        try:
            with self._db.writing(durable=True) as connection:
                earlier = self._earlier(connection, submission)
                if earlier is not None:
                    return earlier, False
                job_id = self._insert(connection, submission)
                job = self._one(connection, job_id)
        except IntegrityError:  # the same key in another transaction, which was faster
            with self._db.reading() as connection:
                earlier = self._earlier(connection, submission)
            if earlier is None:
                raise
            return earlier, False
        self._log.tell(job.id, running=True)
        return job, True

    def submit_batch(
        self, submissions: list[Submission], *, key_id: str, idempotency_key: str | None = None, body_hash: str = ""
    ) -> tuple[str, bool]:
        """Store a batch of jobs, all or none; gives its id. False says that this request was stored before.

        Raises Conflict when the idempotency key was used with another body.
        """
        batch_id = new_id()
        try:
            with self._db.writing(durable=True) as connection:
                earlier = self._earlier_batch(connection, key_id, idempotency_key, body_hash)
                if earlier is not None:
                    return earlier, False
                connection.execute(
                    insert(batches).values(
                        id=batch_id,
                        created=time.time(),
                        key_id=key_id,
                        total=len(submissions),
                        idempotency_key=idempotency_key,
                        body_hash=body_hash if idempotency_key else None,
                    )
                )
                for index, submission in enumerate(submissions):
                    self._insert(connection, submission, batch_id=batch_id, batch_index=index)
        except IntegrityError:  # the same key in another transaction, which was faster
            with self._db.reading() as connection:
                earlier = self._earlier_batch(connection, key_id, idempotency_key, body_hash)
            if earlier is None:
                raise
            return earlier, False
        return batch_id, True

    def earlier_batch(self, key_id: str, idempotency_key: str | None, body_hash: str) -> str | None:
        """The batch that was made of this request before, if it was. Raises Conflict as :meth:`submit_batch` does."""
        with self._db.reading() as connection:
            return self._earlier_batch(connection, key_id, idempotency_key, body_hash)

    @staticmethod
    def _earlier_batch(connection: Connection, key_id: str, idempotency_key: str | None, body_hash: str) -> str | None:
        if idempotency_key is None:
            return None
        row = connection.execute(
            select(batches.c.id, batches.c.body_hash).where(
                batches.c.key_id == key_id, batches.c.idempotency_key == idempotency_key
            )
        ).one_or_none()
        if row is not None and row.body_hash != body_hash:
            raise _reused()
        return None if row is None else str(row.id)

    def _earlier(self, connection: Connection, submission: Submission) -> Job | None:
        if submission.idempotency_key is None:
            return None
        row = connection.execute(
            select(*summary_columns(), jobs.c.body_hash).where(
                jobs.c.key_id == submission.key_id, jobs.c.idempotency_key == submission.idempotency_key
            )
        ).one_or_none()
        if row is None:
            return None
        if row.body_hash != submission.body_hash:
            raise _reused()
        return job_of(row[:-1])

    def _insert(
        self, connection: Connection, s: Submission, batch_id: str | None = None, batch_index: int | None = None
    ) -> str:
        job_id = new_id()
        formalism = s.formalization.formalism if s.formalization else s.problem.formalism
        connection.execute(
            _INSERT,
            {
                "id": job_id,
                "kind": s.kind,
                "state": JobState.QUEUED,
                "queue": queue_of(formalism),
                "formalism": formalism,
                "problem": s.problem.model_dump_json(),
                "formalization": s.formalization.model_dump_json() if s.formalization else None,
                "submitted": time.time(),
                "enqueued": time.time(),
                "key_id": s.key_id,
                "idempotency_key": s.idempotency_key,
                "body_hash": s.body_hash,
                "batch_id": batch_id or s.batch_id,
                "batch_index": batch_index if batch_index is not None else s.batch_index,
                "parent": s.parent,
                "webhook": json.dumps(s.webhook) if s.webhook else None,
                "trace": s.trace,
                "last_seq": 1,
            },
        )
        write(connection, job_id, 1, "submitted", {"kind": s.kind.value, "queue": queue_of(formalism)})
        return job_id

    def _one(self, connection: Connection, job_id: str) -> Job:
        row = connection.execute(_ONE, {"job": job_id}).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no job {job_id}")
        return job_of(row)

    def get(self, job_id: str) -> Job:
        """A job by id. Raises NotFoundError."""
        with self._db.reading() as connection:
            return self._one(connection, job_id)

    def problem(self, job_id: str) -> tuple[Problem, Formalization | None]:
        """What was asked."""
        with self._db.reading() as connection:
            row = connection.execute(
                select(jobs.c.problem, jobs.c.formalization).where(jobs.c.id == job_id)
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no job {job_id}")
        formal = Formalization.model_validate_json(row.formalization) if row.formalization else None
        return Problem.model_validate_json(row.problem), formal

    def answer_json(self, job_id: str) -> str | None:
        """The answer's JSON, or None while there is none."""
        with self._db.reading() as connection:
            return connection.execute(_ANSWER, {"job": job_id}).scalar_one_or_none()

    def answer(self, job_id: str) -> Answer | None:
        """The answer, or None while there is none."""
        text = self.answer_json(job_id)
        return Answer.model_validate_json(text) if text else None

    def page(self, which: Filter, limit: int = 50) -> list[Job]:
        """The newest jobs first; pass the last one's id as ``before`` to go on."""
        query = _filtered(select(*summary_columns()), which).order_by(jobs.c.id.desc()).limit(limit)
        with self._db.reading() as connection:
            return [job_of(row) for row in connection.execute(query)]

    def count(self, which: Filter) -> int:
        """How many jobs there are."""
        with self._db.reading() as connection:
            return int(connection.execute(_filtered(select(func.count()).select_from(jobs), which)).scalar_one())

    def waiting(self, queue: str) -> int:
        """How many jobs wait in a queue."""
        query = select(func.count()).select_from(jobs).where(jobs.c.state == JobState.QUEUED, jobs.c.queue == queue)
        with self._db.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def batch(self, batch_id: str) -> tuple[str, int, float, dict[str, int]]:
        """(owner's key id, total, created, jobs by state) of a batch. Raises NotFoundError."""
        with self._db.reading() as connection:
            row = connection.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
            if row is None:
                raise NotFoundError(f"there is no batch {batch_id}")
            states = connection.execute(
                select(jobs.c.state, func.count()).where(jobs.c.batch_id == batch_id).group_by(jobs.c.state)
            )
            return row.key_id, row.total, row.created, {row[0]: row[1] for row in states}

    def batch_results(self, batch_id: str, after: int = -1, limit: int = 100) -> list[tuple[int, Job, str | None]]:
        """(index, job, answer JSON) of a batch's jobs, in the order they were handed in."""
        query = (
            select(*summary_columns(), jobs.c.answer)
            .where(jobs.c.batch_id == batch_id, jobs.c.batch_index > after)
            .order_by(jobs.c.batch_index)
            .limit(limit)
        )
        with self._db.reading() as connection:
            return [(row.batch_index, job_of(row[:-1]), row.answer) for row in connection.execute(query)]

    def cancel(self, job_id: str) -> Job:
        """Ask for a job to stop: a waiting one is cancelled here, a running one by its worker. Idempotent."""
        with self._db.writing() as connection:
            job = self._one(connection, job_id)
            if not job.ended and not job.cancel_requested:
                connection.execute(update(jobs).where(jobs.c.id == job_id).values(cancel_requested=True))
                if not end_if_waiting(connection, job_id):
                    append(connection, job_id, "cancelling", {})
            job = self._one(connection, job_id)
        self._log.tell(job_id)
        return job

    def retry(self, job_id: str) -> Job:
        """Start an ended job afresh, forgetting its finished steps. Raises Conflict when it is done or still alive."""
        with self._db.writing(durable=True) as connection:
            job = self._one(connection, job_id)
            if JobState.QUEUED not in MOVES[job.state] or job.state is JobState.RUNNING:
                raise Conflict(
                    f"a job that is {job.state} cannot be retried", hint="only failed, dead and cancelled jobs"
                )
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.state == job.state)
                .values(
                    state=JobState.QUEUED,
                    answer=None,
                    status=None,
                    conclusion=None,
                    finished=None,
                    lease_owner=None,
                    lease_expires=None,
                    not_before=0,
                    enqueued=time.time(),
                    deliveries=0,
                    generation=jobs.c.generation + 1,
                    cancel_requested=False,
                )
            )
            append(connection, job_id, "requeued", {"generation": job.generation + 1})
            job = self._one(connection, job_id)
        self._log.tell(job_id)
        return job

    def unsent(self, ids: list[str]) -> None:
        """Note that the broker does not know of these jobs; a sweeper sends them at its next round."""
        with self._db.writing() as connection:
            for start in range(0, len(ids), 400):
                waiting = (jobs.c.state == JobState.QUEUED) & jobs.c.id.in_(ids[start : start + 400])
                connection.execute(update(jobs).where(waiting).values(enqueued=0))

    def purge(self, *, finished_before: float) -> int:
        """Delete jobs that ended before a time, with their events; returns how many."""
        old = select(jobs.c.id).where(jobs.c.state.in_(TERMINAL), jobs.c.finished < finished_before)
        with self._db.writing() as connection:
            connection.execute(delete(events).where(events.c.job.in_(old)))
            connection.execute(delete(hooks).where(hooks.c.job.in_(old)))
            gone = connection.execute(delete(jobs).where(jobs.c.state.in_(TERMINAL), jobs.c.finished < finished_before))
            alive = select(jobs.c.batch_id).where(jobs.c.batch_id.is_not(None))
            connection.execute(delete(batches).where(batches.c.created < finished_before, batches.c.id.not_in(alive)))
        return gone.rowcount

    def spent(self, key_id: str, since: float) -> tuple[float, float]:
        """(seconds, US dollars) that a key's jobs submitted since a time have cost."""
        query = select(func.coalesce(func.sum(jobs.c.seconds), 0.0), func.coalesce(func.sum(jobs.c.money), 0.0)).where(
            jobs.c.key_id == key_id, jobs.c.submitted >= since
        )
        with self._db.reading() as connection:
            row = connection.execute(query).one()
        return float(row[0]), float(row[1])


def _reused() -> Conflict:
    return Conflict(
        "this Idempotency-Key was used before with another request",
        code="job.idempotency_conflict",
        hint="use a fresh key for a new request",
    )


def end_if_waiting(connection: Connection, job_id: str) -> bool:
    """Cancel a job that no worker holds; whether it was so."""
    answer = cancelled_answer("it was cancelled before it was started")
    row = connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, finished=time.time(), **answer_columns(answer))
        .returning(jobs.c.generation)
    ).one_or_none()
    if row is None:
        return False
    append(connection, job_id, "cancelled", {"status": answer.status.value})
    schedule(connection, job_id)
    return True


def _filtered(query: Select[Any], which: Filter) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if which.key_id is not None:
        conditions.append(jobs.c.key_id == which.key_id)
    if which.states:
        conditions.append(jobs.c.state.in_(which.states))
    if which.formalism is not None:
        conditions.append(jobs.c.formalism == which.formalism)
    if which.status is not None:
        conditions.append(jobs.c.status == which.status)
    if which.batch_id is not None:
        conditions.append(jobs.c.batch_id == which.batch_id)
    if which.before is not None:
        conditions.append(jobs.c.id < which.before)
    return query.where(*conditions)
