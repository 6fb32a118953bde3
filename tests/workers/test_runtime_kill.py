"""SIGKILL in the middle of a job: after a restart it is finished, from where it was, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from runtime_solvers import WordSolver

from quod.core.problem import Problem
from quod.workers.embedded import Embedded, Runtime
from quod.workers.records import Submission
from quod.workers.settings import ServiceSettings
from quod.workers.states import JobState

WORKER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from runtime_solvers import WordSolver
from quod.workers.embedded import Embedded
from quod.workers.settings import ServiceSettings
with Embedded(ServiceSettings(home=Path(sys.argv[2])), solver=WordSolver(Path(sys.argv[3]))):
    time.sleep(60)
"""


def test_a_killed_worker_loses_nothing(settings: ServiceSettings, tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    reader = Runtime(settings, worker=False)
    job = reader.store.jobs.submit(Submission(Problem(text="steps 12")))[0].id
    here = str(Path(__file__).parent)
    for kill_at in (3, 6):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, here, str(settings.home_dir), str(trail)])
        deadline = time.monotonic() + 40
        while not trail.exists() or len(trail.read_text().split()) < kill_at:
            assert worker.poll() is None
            assert time.monotonic() < deadline, "the worker did not get so far"
            time.sleep(0.02)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert reader.store.jobs.get(job).state is JobState.RUNNING
    reader.stop()
    with Embedded(settings, solver=WordSolver(trail)) as last:
        answer = last.answer(job, timeout=40)
        assert answer is not None
        assert answer.data == {"total": sum(range(12))}
        events = last.store.log.read(job)
    kinds = [event.kind for event in events]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert kinds.count("answered") == 1
    assert kinds.count("claimed") == 3
    assert kinds.count("memo") == 12
    assert len(trail.read_text().split()) <= 14  # at most the step under way at each kill is computed again
