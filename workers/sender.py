"""Sends webhooks: signed, retried, and never to where a stranger should not reach through us.

The signature follows Standard Webhooks (standardwebhooks.com): headers ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature: v1,base64(HMAC-SHA256(secret, id + "." + timestamp + "." + body))``. A receiver must reject old
timestamps and tell repeats by the id. The body names the job and how it ended; it carries no problem and no answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
import time

import httpx

from quod.core.errors import InputError, QuodError
from quod.workers.hooks import PendingHook
from quod.workers.netguard import resolve_public
from quod.workers.store import Store

__all__ = ["Sender", "sign"]

log = logging.getLogger(__name__)


def sign(secret: str, hook_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    signed = f"{hook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


class Sender:
    """A thread in every worker."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="quod-webhooks", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _loop(self) -> None:
        while not self._ended.is_set():
            try:
                while not self._ended.is_set() and self.send_one():
                    pass
            except QuodError as error:
                log.warning("webhooks: %s", error)
            except Exception:
                log.exception("webhooks failed")
            self._ended.wait(1.0)

    def send_one(self) -> bool:
        """Send one that is due; False when none is."""
        hook = self._store.hooks.claim()
        if hook is None:
            return False
        try:
            self._post(hook)
        except InputError as error:
            self._store.hooks.failed(hook, str(error), final=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            self._store.hooks.failed(hook, f"{type(error).__name__}: {error}")
        else:
            self._store.hooks.sent(hook)
        return True

    def _post(self, hook: PendingHook) -> None:
        job = self._store.jobs.get(hook.job)
        told = {"type": "job.ended", "job": job.id, "state": job.state.value, "status": job.status}
        body = json.dumps({**told, "conclusion": job.conclusion, "finished": job.finished}).encode()
        stamp = int(time.time())
        # The name is resolved once, checked, and the connection made to that address: no second look-up to subvert.
        target = resolve_public(hook.url, allow_private=self._store.settings.webhook_private)
        headers = {
            "Host": target.host_header,
            "Content-Type": "application/json",
            "User-Agent": "quod-webhook/1",
            "webhook-id": hook.id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(hook.secret, hook.id, stamp, body),
        }
        timeout = httpx.Timeout(10.0, connect=5.0)
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", target.url, content=body, headers=headers, extensions={"sni_hostname": target.host}
            ) as response,
        ):
            if not 200 <= response.status_code < 300:
                raise httpx.HTTPStatusError(
                    f"answered {response.status_code}", request=response.request, response=response
                )
