"""schemathesis over the whole OpenAPI description: the long form of tests/api/test_api_openapi.py.

Starts a service of its own (embedded, SQLite) and sends it what the description allows and what it does not: every
boundary, and random requests. Exit status 0 means: no 5xx, no answer that the description does not tell of, nothing
taken that it forbids, nothing refused that it allows except by a rule that no schema can say.

    .venv/bin/python benchmarks/fuzz.py [--quick] [--examples N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent.parent
sys.path.insert(0, str(HERE / "tests" / "service"))
sys.path.insert(0, str(HERE / "tests" / "api"))

from openapi_fuzzing import SERVER, description  # noqa: E402 - two folders of tests on the path first
from service_stack import Stack  # noqa: E402


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10 random requests an operation instead of 300")
    parser.add_argument("--examples", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    examples = options.examples or (10 if options.quick else 300)
    with (
        Stack(postgres=False, redis=False, test_solver="words", **SERVER) as stack,
        tempfile.TemporaryDirectory() as tmp,
    ):
        schema = Path(tmp) / "openapi.json"
        schema.write_text(json.dumps(description()), encoding="utf-8")
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "run", str(schema), "--url", stack.api_url,
            "--max-examples", str(examples), "--seed", str(options.seed), "--continue-on-failure", "--no-color",
            "--phases", "examples,coverage,fuzzing,stateful", "--exclude-checks", "positive_data_acceptance",
            "--no-shrink", "--warnings", "off",
        ]  # fmt: skip
        path = os.pathsep.join([str(HERE / "tests" / "api"), os.environ.get("PYTHONPATH", "")])
        env = {**os.environ, "SCHEMATHESIS_HOOKS": "openapi_fuzzing", "PYTHONPATH": path}
        return subprocess.run(command, cwd=tmp, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
