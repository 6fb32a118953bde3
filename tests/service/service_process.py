"""One process of a service under test: ``service_process.py api PORT`` or ``service_process.py worker [QUEUES]``.

Settings come from the environment (QUOD_*). QUOD_TEST_SOLVER=words runs the word solver of tests/workers (its trail
in QUOD_TEST_TRAIL); otherwise the real pipeline runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "workers"))

from quod.core.settings import get_settings


def main() -> None:
    solver = None
    if os.environ.get("QUOD_TEST_SOLVER") == "words":
        from runtime_solvers import WordSolver

        trail = os.environ.get("QUOD_TEST_TRAIL")
        solver = WordSolver(Path(trail) if trail else None)
    if sys.argv[1] == "api":
        import uvicorn

        from quod.api.app import create_app
        from quod.workers.logs import setup_logging
        from quod.workers.tracing import export_traces

        setup_logging(get_settings().log_level)
        export_traces()
        app = create_app(get_settings(), solver=solver)
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_config=None, access_log=False)
    else:
        from quod.workers.process import run_worker

        queues = {"queues": tuple(sys.argv[2].split(","))} if len(sys.argv) > 2 else {}
        run_worker(get_settings(), solver=solver, **queues)


main()
