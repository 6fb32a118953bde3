"""schemathesis over every operation of the description, seeded: the short form of benchmarks/fuzz.py."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import positive_data_acceptance

sys.path.insert(0, str(Path(__file__).parent))

from openapi_fuzzing import SERVER, description, refused_with_a_reason

schema = schemathesis.openapi.from_dict(description())


@pytest.fixture(scope="module")
def fuzzed(serve: Callable[..., Any]) -> Iterator[str]:
    with serve(**SERVER) as started:
        deadline = time.monotonic() + 30
        while httpx.get(f"{started.url}/readyz", trust_env=False).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield started.url


@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_to_its_description(fuzzed: str, case: Any) -> None:
    case.call_and_validate(
        base_url=fuzzed,
        excluded_checks=[positive_data_acceptance],
        additional_checks=[refused_with_a_reason],
        timeout=20,
    )
