"""The verbs that look after a service: keys, jobs that died, the story of a job."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quod.core.problem import Problem
from quod.workers.records import Submission
from quod.workers.settings import ServiceSettings
from quod.workers.states import JobState
from quod.workers.store import Store


def test_a_key_is_shown_once_kept_as_a_hash_and_revoked(quod_command: Callable[..., Any], tmp_path: Path) -> None:
    made = quod_command("keys", "create", "nightly", "--scope", "check", "--per-minute", "5")
    secret = made.out.strip()
    settings = ServiceSettings(home=tmp_path / "home")
    assert secret.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "home").glob("quod.db*"))
    with Store(settings) as store:
        key = store.keys.find(secret)
        assert key is not None
        assert (key.name, {str(scope) for scope in key.scopes}, key.per_minute) == ("nightly", {"check"}, 5)
        listed = quod_command("keys", "list").out
        assert key.id in listed
        assert secret not in listed
        quod_command("keys", "revoke", key.id)
        assert store.keys.find(secret) is None
    assert "revoked" in quod_command("keys", "list").out


def test_a_dead_job_is_listed_told_of_queued_again_and_purged(quod_command: Callable[..., Any], tmp_path: Path) -> None:
    with Store(ServiceSettings(home=tmp_path / "home", max_deliveries=1)) as store:
        job = store.jobs.submit(Submission(Problem(text="p")))[0].id
        assert store.leases.claim(job, "gone") is not None
        store.leases.release(job, "gone", why="its worker fell over")
        assert store.jobs.get(job).state is JobState.DEAD
        assert job in quod_command("jobs", "dead").out
        story = quod_command("replay", job, "--json").out.splitlines()
        assert [json.loads(line)["kind"] for line in story] == ["submitted", "claimed", "released", "failed"]
        quod_command("jobs", "requeue", job)
        assert store.jobs.get(job).state is JobState.QUEUED
        assert job not in quod_command("jobs", "dead").out
        refused = quod_command("jobs", "requeue", job)
        assert (refused.status, "job.conflict" in refused.err) == (2, True)
        store.jobs.cancel(job)
        assert "1 jobs deleted" in quod_command("jobs", "purge", "--days", "0").err
