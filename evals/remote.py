"""Cases put to a running quod over HTTP: jobs for words, checks for formal text. Same answers, same scoring.

A server that is busy (429) or restarting (503, no connection) is asked again until the row's time is over; after
that the row is an infrastructure error and is run again when the run is taken up.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import Any

import httpx

from quod.core.answer import Answer
from quod.core.errors import InfrastructureError, InputError
from quod.core.run import Cancel
from quod.evals.benchmark import Case

__all__ = ["Remote"]

_WAIT_SECONDS = 20
_SLACK_SECONDS = 60.0
_MOST_WORDS = 20_000
_BUSY = {429, 502, 503, 504}


class Remote:
    """Drives cases through a server. One instance serves many threads."""

    def __init__(self, url: str, key: str | None = None) -> None:
        key = key or os.environ.get("QUOD_API_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=httpx.Timeout(_WAIT_SECONDS + 30), follow_redirects=False
        )
        self._url = url

    def __call__(self, case: Case, cancel: Cancel) -> Answer:
        """The answer to a case. Raises Cancelled, InputError and InfrastructureError."""
        deadline = time.monotonic() + case.problem.budget.seconds + _SLACK_SECONDS
        path, body = _request(case)
        reply = self._send("POST", path, body, deadline, cancel)
        if reply.status_code == 200 and path.startswith("/v1/check"):
            return Answer.model_validate_json(reply.content)
        job = reply.json()
        try:
            while job.get("answer") is None:
                if time.monotonic() > deadline:
                    raise InfrastructureError(f"job {job['id']} did not end in time")
                job = self._send("GET", f"/v1/jobs/{job['id']}", None, deadline, cancel).json()
        except BaseException:
            self._forget(str(job.get("id", "")))
            raise
        answer = Answer.model_validate(job["answer"])
        if job["state"] in {"failed", "dead"}:  # the pipeline raised: the answer only says so
            said = answer.diagnostics[0].message if answer.diagnostics else answer.statement
            raise InfrastructureError(f"job {job['id']} ended as {job['state']}: {said}")
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, method: str, path: str, body: Any, deadline: float, cancel: Cancel) -> httpx.Response:
        pause = threading.Event()
        headers = {"Prefer": f"wait={_WAIT_SECONDS}"}
        if body is not None:
            headers["Idempotency-Key"] = uuid.uuid4().hex  # so that asking again after a broken line costs nothing
        while True:
            cancel.check()
            try:
                reply = self._client.request(method, path, json=body, headers=headers)
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
            else:
                if reply.status_code < 300:
                    return reply
                if reply.status_code not in _BUSY:
                    raise _refusal(reply)
                reason = f"it answers {reply.status_code}"
            if time.monotonic() > deadline:
                raise InfrastructureError(f"cannot use the quod at {self._url}: {reason}")
            pause.wait(1.0)

    def _forget(self, job: str) -> None:
        """Ask the server to stop a job nobody waits for."""
        if job:
            try:
                self._client.post(f"/v1/jobs/{job}/cancel")
            except httpx.HTTPError:
                return


def _request(case: Case) -> tuple[str, dict[str, Any]]:
    problem = case.problem.model_dump(mode="json")
    if case.gold is not None and case.problem.options.translator != "llm":
        body = {key: problem[key] for key in ("context", "budget", "options")}
        return f"/v1/check/{case.gold.formalism}", {
            **body,
            "text": case.gold.text,
            "words": problem["text"][:_MOST_WORDS],
        }
    return "/v1/jobs", problem


def _refusal(reply: httpx.Response) -> InputError | InfrastructureError:
    try:
        said = reply.json()
    except ValueError:
        said = {}
    message = str(said.get("detail") or said.get("title") or reply.reason_phrase)
    if reply.status_code in {400, 404, 409, 413, 422}:
        return InputError(f"the server refused the row: {message}", code=str(said.get("code") or "input.refused"))
    return InfrastructureError(f"the server answered {reply.status_code}: {message}")
