"""The Celery app. A message carries a job id and nothing else; losing or repeating one is harmless."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from celery import Celery
from kombu import Queue
from kombu.exceptions import ChannelError, OperationalError

from quod.workers.settings import ServiceSettings
from quod.workers.states import QUEUES

__all__ = ["PING", "RUN", "Broker"]

log = logging.getLogger(__name__)

RUN = "quod.run"
PING = "quod.ping"


class Broker:
    """Sending job ids. Queue names carry a digest of the store's URL, so two stores never share a queue."""

    def __init__(self, settings: ServiceSettings) -> None:
        store = settings.url if settings.embedded else "quod"
        self.prefix = f"quod-{hashlib.sha256(store.encode()).hexdigest()[:8]}." if settings.embedded else "quod."
        url = "memory://localhost/" if settings.embedded else settings.broker_url  # kombu warns of a URL without a host
        self.app = Celery("quod", broker=url, backend=None, set_as_current=False)
        self.app.conf.update(_config(settings))
        self.app.conf.task_queues = [Queue(self.prefix + name, routing_key=self.prefix + name) for name in QUEUES]
        self.app.conf.task_default_queue = self.prefix + "translate"

    def send(self, job_id: str, queue: str) -> bool:
        """Give a job id to the broker; False when it is down (a sweeper will try again)."""
        return self._send(RUN, [job_id], queue)

    def ping(self, queue: str) -> bool:
        """Send something to be consumed, to see that it is."""
        return self._send(PING, [], queue, expires=30)

    def _send(self, task: str, args: list[str], queue: str, **options: Any) -> bool:
        name = self.prefix + queue
        try:
            self.app.send_task(
                task, args=args, queue=name, routing_key=name, retry=False, ignore_result=True, **options
            )
        except (OperationalError, OSError) as error:
            log.warning("the broker is not available: %s", str(error)[:200])
            return False
        return True

    def depth(self, queue: str) -> int | None:
        """How many messages wait in a queue; None when the broker cannot say."""
        try:
            with self.app.connection_for_read() as connection:
                connection.ensure_connection(max_retries=1)
                return int(connection.default_channel.queue_declare(self.prefix + queue, passive=True).message_count)
        except ChannelError:
            return 0  # no such queue: it has never held a message, or the broker has forgotten it
        except Exception as error:  # kombu's transports raise their own
            log.debug("no depth of %s: %s", queue, error)
            return None

    def close(self) -> None:
        """Close the connections."""
        self.app.close()


def _config(settings: ServiceSettings) -> dict[str, Any]:
    transport: dict[str, Any] = {}
    if settings.embedded:
        transport["polling_interval"] = 0.01
    elif settings.broker_url.startswith("redis"):
        longest = settings.max_job_seconds + settings.overrun_seconds + settings.lease_seconds
        transport = {
            "visibility_timeout": int(longest) + 60,
            "socket_connect_timeout": 3,
            "socket_timeout": 30,
            "socket_keepalive": True,
            "health_check_interval": 15,
        }
    return {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_create_missing_queues": False,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": transport,
        "broker_heartbeat": 20,
        "enable_utc": True,
    }
