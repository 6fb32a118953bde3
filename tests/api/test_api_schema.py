"""The published description of the API is the true one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quod.api.schema import openapi_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def described() -> dict[str, dict[str, dict[str, object]]]:
    paths: dict[str, dict[str, dict[str, object]]] = json.loads(openapi_text())["paths"]
    return paths


def test_the_snapshot_is_up_to_date() -> None:
    command = ".venv/bin/python -m quod.api.schema > docs/openapi.json"
    assert PUBLISHED.read_text(encoding="utf-8") == openapi_text(), f"run: {command}"


def test_operation_ids_are_stable_and_unique(described: dict[str, dict[str, dict[str, object]]]) -> None:
    ids = [operation["operationId"] for path in described.values() for operation in path.values()]
    assert len(set(ids)) == len(ids)
    assert {"submitJob", "getJob", "listJobs", "cancelJob", "retryJob", "clarifyJob", "streamEvents", "check"} <= set(
        ids
    )
    assert {"checkBatch", "submitBatch", "getBatch", "getBatchResults", "cancelBatch", "health", "readiness"} <= set(
        ids
    )


def test_every_operation_says_how_it_fails(described: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, operations in described.items():
        for operation in operations.values():
            if path.startswith("/v1/"):
                responses = operation["responses"]
                assert isinstance(responses, dict)
                assert {"401", "422", "429", "503"} <= set(responses), path
                assert list(responses["422"]["content"]) == ["application/problem+json"]
