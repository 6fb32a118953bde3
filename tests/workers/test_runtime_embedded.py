"""The embedded runtime: a real Celery worker in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from runtime_solvers import WordSolver

from quod.core.answer import Status
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.workers.embedded import Embedded, Runtime
from quod.workers.process import _worn
from quod.workers.records import Submission
from quod.workers.settings import ServiceSettings
from quod.workers.states import JobState


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    settings = ServiceSettings(
        home=tmp_path_factory.mktemp("home"), lease_seconds=15, overrun_seconds=0.3, max_deliveries=2, concurrency=3
    )
    with Embedded(settings, solver=WordSolver()) as started:
        yield started


def ask(runtime: Runtime, text: str, **budget: float) -> str:
    return runtime.submit(Submission(Problem(text=text, budget=Budget.model_validate(budget)))).id


def test_a_job_is_answered_and_its_log_tells_the_story(runtime: Runtime) -> None:
    job = ask(runtime, "echo hello")
    events = list(runtime.follow(job, timeout=20))
    assert [event.kind for event in events] == ["submitted", "claimed", "routed", "answered"]
    answer = runtime.answer(job)
    assert answer is not None
    assert answer.answer == "hello"
    summary = runtime.store.jobs.get(job)
    assert (summary.state, summary.formalism, summary.seconds) == (JobState.DONE, "fol", 1.5)
    assert runtime.store.jobs.spent("local", 0)[1] >= 0.25


def test_a_check_runs_the_formal_text(runtime: Runtime) -> None:
    formal = Formalization(formalism=Formalism.FOL, text="p", language="quod-fol")
    job = runtime.submit(Submission(Problem(text="formal text"), formalization=formal))
    assert job.queue == "fol"
    answer = runtime.answer(job.id, timeout=20)
    assert answer is not None
    assert answer.data["digest"] == formal.digest


def test_many_jobs_end_once_each(runtime: Runtime) -> None:
    ids = [ask(runtime, f"echo {number}") for number in range(40)]
    words = {job: runtime.answer(job, timeout=30) for job in ids}
    assert [a.answer for a in words.values() if a] == [str(number) for number in range(40)]
    for job in ids:
        assert [event.kind for event in runtime.store.log.read(job)].count("claimed") == 1


def test_a_cancelled_job_stops_within_a_second(runtime: Runtime, soonest: Callable[..., None]) -> None:
    def once() -> float:
        job = ask(runtime, "sleep 30")
        while runtime.store.jobs.get(job).state is JobState.QUEUED:
            time.sleep(0.02)
        runtime.cancel(job)
        asked = time.monotonic()
        answer = runtime.answer(job, timeout=20)
        assert answer is not None
        assert answer.status is Status.CANCELLED
        assert runtime.store.jobs.get(job).state is JobState.CANCELLED
        return time.monotonic() - asked

    soonest(once, within=1.5)


@pytest.mark.parametrize(
    ("text", "code"), [("crash now", "job.crashed"), ("refuse it", "job.refused"), ("flaky thing", "job.unavailable")]
)
def test_a_failure_is_an_answer_that_says_why(runtime: Runtime, text: str, code: str) -> None:
    job = ask(runtime, text)
    answer = runtime.answer(job, timeout=30)
    assert answer is not None
    assert answer.status is Status.FAILED
    assert [d.code for d in answer.diagnostics] == [code]
    assert "secret detail" not in answer.model_dump_json()
    assert runtime.store.jobs.get(job).state is JobState.FAILED
    assert runtime.store.jobs.get(job).deliveries == (2 if code == "job.unavailable" else 1)


def test_a_job_far_past_its_budget_is_stopped(runtime: Runtime) -> None:
    answer = runtime.answer(ask(runtime, "sleep 30", seconds=0.3), timeout=15)
    assert answer is not None
    assert answer.status is Status.EXHAUSTED
    assert answer.diagnostics[0].code == "job.overran"


def test_a_job_queued_again_by_another_process_is_run_at_once(runtime: Runtime) -> None:
    job = ask(runtime, "crash now")
    assert runtime.answer(job, timeout=20)
    with Runtime(runtime.settings, worker=False) as command_line:  # `quod jobs requeue`: its broker is not ours
        asked = time.monotonic()
        command_line.retry(job)
    assert runtime.answer(job, timeout=20)
    assert runtime.store.jobs.get(job).generation == 2
    assert time.monotonic() - asked < 18  # a sweeper's round is a second; the rest is for a busy machine


@pytest.mark.parametrize(
    ("jobs", "megabytes", "finished", "worn"),
    [(3, 0, 2, False), (3, 0, 3, True), (0, 0, 10**6, False), (0, 1, 1, True), (0, 1, 0, False), (0, 10**6, 5, False)],
)
def test_a_worker_is_worn_by_jobs_or_memory_but_never_before_its_first_job(
    jobs: int, megabytes: int, finished: int, worn: bool
) -> None:
    limits = ServiceSettings(max_jobs_per_worker=jobs, max_worker_mb=megabytes)
    assert _worn(limits, finished) is worn


def test_a_worker_hands_a_job_of_another_kind_to_its_queue(settings: ServiceSettings, tmp_path: Path) -> None:
    with Runtime(settings, solver=WordSolver(), worker=True, queues=("translate", "fol")) as here:
        job = here.submit(Submission(Problem(text="route lean"))).id
        deadline = time.monotonic() + 15
        while here.store.jobs.get(job).queue != "lean" and time.monotonic() < deadline:
            time.sleep(0.05)
        moved = here.store.jobs.get(job)
        assert (moved.queue, moved.state, moved.deliveries) == ("lean", JobState.QUEUED, 0)


def test_a_stopped_worker_hands_its_job_back_and_the_next_one_finishes_it(
    settings: ServiceSettings, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    with Embedded(settings, solver=WordSolver(trail)) as first:
        job = first.submit(Submission(Problem(text="steps 20"))).id
        while not trail.exists():
            time.sleep(0.02)
        time.sleep(0.3)
        first.stop(drain=0)
    with Embedded(settings, solver=WordSolver(trail)) as second:
        answer = second.answer(job, timeout=30)
        assert answer is not None
        assert answer.data == {"total": sum(range(20))}
        done = [event.kind for event in second.store.log.read(job)]
        assert second.store.jobs.get(job).deliveries == 1  # an orderly hand-over does not count
    assert done.count("answered") == 1
    assert done.count("memo") == 20
    assert len(trail.read_text().split()) in {20, 21}  # the step it was stopped in may run twice
