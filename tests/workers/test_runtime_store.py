"""The store: one winner a claim, gap-free logs, fences, ends once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from quod.core.answer import Answer, Status
from quod.core.errors import InputError, NotFoundError
from quod.core.problem import Problem
from quod.workers.database import Database
from quod.workers.jobs import Conflict, Filter
from quod.workers.keys import Scope
from quod.workers.leases import Lease, LeaseLost
from quod.workers.owner import is_dead, new_fence
from quod.workers.records import Submission
from quod.workers.settings import ServiceSettings
from quod.workers.states import JobState
from quod.workers.store import Store

ANSWER = Answer(status=Status.UNVERIFIED, statement="said")


def submit(store: Store, text: str = "echo", **more: object) -> str:
    return store.jobs.submit(Submission(Problem(text=text), **more))[0].id  # type: ignore[arg-type]


def claim(store: Store, job: str, fence: str = "") -> Lease:
    lease = store.leases.claim(job, fence or new_fence())
    assert lease is not None
    return lease


def kinds(store: Store, job: str) -> list[str]:
    return [event.kind for event in store.log.read(job)]


def test_of_many_claimants_one_wins(store: Store) -> None:
    job = submit(store)
    start = threading.Barrier(16)

    def attempt(number: int) -> bool:
        start.wait()
        return store.leases.claim(job, f"w{number}") is not None

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(16))) == 1
    assert kinds(store, job) == ["submitted", "claimed"]


def test_event_numbers_have_no_gaps_under_concurrent_writers(store: Store) -> None:
    job = submit(store)
    lease = claim(store, job)

    def write(number: int) -> None:
        for turn in range(10):
            store.leases.emit(job, lease.fence, "solving", {"n": number}, f"{number}-{turn}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    events = store.log.read(job)
    assert [event.seq for event in events] == list(range(1, 83))


def test_an_event_whose_writer_repeats_itself_is_logged_once(store: Store) -> None:
    job = submit(store)
    lease = claim(store, job)
    first = store.leases.emit(job, lease.fence, "solved", {}, "same")
    assert store.leases.emit(job, lease.fence, "solved", {}, "same", again=True) == first
    assert kinds(store, job) == ["submitted", "claimed", "solved"]


def test_who_lost_the_lease_changes_nothing(store: Store) -> None:
    job = submit(store)
    lost = claim(store, job)
    store.leases.release(job, lost.fence, why="test")
    held = claim(store, job)
    with pytest.raises(LeaseLost):
        store.leases.emit(job, lost.fence, "solved", {}, "x")
    with pytest.raises(LeaseLost):
        store.leases.finish(job, lost.fence, JobState.DONE, ANSWER)
    assert store.leases.renew({job: lost.fence}) == {}
    store.leases.finish(job, held.fence, JobState.DONE, ANSWER)
    store.leases.finish(job, held.fence, JobState.DONE, ANSWER)  # its own end, said twice
    with pytest.raises(LeaseLost):
        store.leases.finish(job, lost.fence, JobState.DONE, ANSWER)
    assert kinds(store, job).count("answered") == 1


def test_an_expired_lease_is_taken_back_and_deliveries_are_capped(settings: ServiceSettings) -> None:
    with Store(settings.model_copy(update={"lease_seconds": 0.01, "max_deliveries": 2})) as store:
        job = submit(store)
        for _ in range(2):
            claim(store, job)
            threading.Event().wait(0.03)
            assert store.leases.reap() == [job]
        assert store.jobs.get(job).state is JobState.DEAD
        answer = store.jobs.answer(job)
        assert answer is not None
        assert answer.status is Status.FAILED
        assert answer.diagnostics[0].code == "job.dead"
        assert store.leases.claim(job, new_fence()) is None
        assert store.jobs.retry(job).state is JobState.QUEUED
        assert store.jobs.answer(job) is None
        assert claim(store, job).deliveries == 1


def test_a_live_lease_is_left_alone_and_a_dead_process_is_noticed_at_once(store: Store) -> None:
    alive, dead = submit(store), submit(store)
    mine = new_fence()
    claim(store, alive, mine)
    place, _, _, _ = mine.split(":")
    claim(store, dead, f"{place}:4194000:1:abc")  # no such process in this namespace
    assert store.leases.reap() == [dead]
    assert not is_dead(mine)
    assert not is_dead("elsewhere:1:1:abc")


def test_finished_steps_come_back_and_a_retry_forgets_them(store: Store) -> None:
    job = submit(store)
    lease = claim(store, job)
    store.leases.emit(job, lease.fence, "memo", {"key": "draft", "value": {"text": "∀x"}}, "1")
    store.leases.release(job, lease.fence, why="test")
    again = claim(store, job)
    assert again.payload.memos == {"draft": {"text": "∀x"}}
    store.leases.finish(job, again.fence, JobState.FAILED, ANSWER)
    store.jobs.retry(job)
    assert claim(store, job).payload.memos == {}


def test_cancelling_a_waiting_job_ends_it_and_a_running_one_is_told(store: Store) -> None:
    waiting, running = submit(store), submit(store)
    lease = claim(store, running)
    assert store.jobs.cancel(waiting).state is JobState.CANCELLED
    assert store.jobs.cancel(waiting).state is JobState.CANCELLED
    assert store.leases.claim(waiting, new_fence()) is None
    assert store.leases.look({running: lease.fence}) == {running: False}
    assert store.jobs.cancel(running).state is JobState.RUNNING
    assert store.leases.look({running: lease.fence}) == {running: True}
    assert kinds(store, waiting) == ["submitted", "cancelled"]


def test_a_cancelled_job_whose_worker_died_ends(settings: ServiceSettings) -> None:
    with Store(settings.model_copy(update={"lease_seconds": 0.01})) as store:
        job = submit(store)
        claim(store, job)
        store.jobs.cancel(job)
        threading.Event().wait(0.03)
        store.leases.reap()
        assert store.jobs.get(job).state is JobState.CANCELLED


def test_an_idempotency_key_gives_the_same_job_or_a_conflict(store: Store) -> None:
    ask = Submission(Problem(text="echo"), idempotency_key="k", body_hash="h")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.jobs.submit(ask), range(8)))
    assert len({job.id for job, _ in answers}) == 1
    assert sum(fresh for _, fresh in answers) == 1
    with pytest.raises(Conflict) as told:
        store.jobs.submit(replace(ask, body_hash="other"))
    assert told.value.code == "job.idempotency_conflict"
    assert store.jobs.submit(replace(ask, key_id="another"))[1]


def test_listing_pages_newest_first_within_a_key(store: Store) -> None:
    mine = [submit(store, key_id="me") for _ in range(5)]
    submit(store, key_id="you")
    first = store.jobs.page(Filter(key_id="me"), limit=3)
    rest = store.jobs.page(Filter(key_id="me", before=first[-1].id), limit=3)
    assert [job.id for job in first + rest] == sorted(mine, reverse=True)


def test_a_done_job_cannot_be_retried(store: Store) -> None:
    job = submit(store)
    store.leases.finish(job, claim(store, job).fence, JobState.DONE, ANSWER)
    with pytest.raises(Conflict):
        store.jobs.retry(job)


def test_purging_keeps_what_is_young_or_alive(store: Store) -> None:
    old, alive = submit(store), submit(store)
    store.leases.finish(old, claim(store, old).fence, JobState.DONE, ANSWER)
    assert store.jobs.purge(finished_before=0) == 0
    assert store.jobs.purge(finished_before=4e9) == 1
    assert store.jobs.get(alive).state is JobState.QUEUED
    with pytest.raises(NotFoundError):
        store.jobs.get(old)
    assert store.log.read(old) == []


def test_keys_open_only_with_their_secret_and_until_revoked(store: Store) -> None:
    key, text = store.keys.create("ci", (Scope.READ,), per_minute=5)
    assert store.keys.find(text) == key
    assert store.keys.find(text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert store.keys.find("quod_" + "0" * 12 + text[17:]) is None
    assert text.split("_", 2)[2] not in repr(store.keys.list())
    store.keys.revoke(key.id)
    assert store.keys.find(text) is None
    _, stale = store.keys.create("old", days=-1)
    assert store.keys.find(stale) is None


def test_a_store_from_a_newer_quod_is_refused(settings: ServiceSettings) -> None:
    with Store(settings) as store, store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Exception, match="newer"):
        Store(settings)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_stores_that_would_lose_jobs_are_refused(url: str) -> None:
    with pytest.raises((InputError, ImportError, ModuleNotFoundError)):
        Database(url)


def test_the_database_folder_is_private(settings: ServiceSettings, store: Store) -> None:
    assert Path(settings.home_dir).stat().st_mode & 0o077 == 0
