"""The tables of the store. Times are seconds since the epoch, UTC; JSON is kept as text.

A change here needs a migration (``workers/migrations``); a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

__all__ = ["api_keys", "audit", "batches", "counters", "events", "hooks", "jobs", "metadata", "workers"]

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),  # sortable by time of submission
    Column("kind", String(8), nullable=False),
    Column("state", String(10), nullable=False),
    Column("queue", String(16), nullable=False),
    Column("formalism", String(8)),
    Column("problem", Text, nullable=False),
    Column("formalization", Text),
    Column("answer", Text),
    Column("status", String(24)),
    Column("conclusion", String(24)),
    Column("submitted", Double, nullable=False),
    Column("started", Double),
    Column("finished", Double),
    Column("not_before", Double, nullable=False, server_default="0"),
    Column("enqueued", Double, nullable=False, server_default="0"),  # when its id was last given to the broker
    Column("lease_owner", String(200)),
    Column("lease_expires", Double),
    Column("deliveries", Integer, nullable=False, server_default="0"),
    Column("generation", Integer, nullable=False, server_default="1"),  # a retry by a person starts a new one
    Column("last_seq", Integer, nullable=False, server_default="0"),
    Column("cancel_requested", Boolean, nullable=False, server_default=false()),
    Column("key_id", String(16)),
    Column("idempotency_key", String(255)),
    Column("body_hash", String(64)),
    Column("batch_id", String(32)),
    Column("batch_index", Integer),
    Column("parent", String(32)),  # the job whose question this one answers
    Column("webhook", Text),
    Column("trace", String(64)),
    Column("seconds", Double, nullable=False, server_default="0"),
    Column("engine_seconds", Double, nullable=False, server_default="0"),
    Column("tokens", Integer, nullable=False, server_default="0"),
    Column("money", Double, nullable=False, server_default="0"),
    UniqueConstraint("key_id", "idempotency_key", name="jobs_idempotency"),
)
Index("jobs_by_state", jobs.c.state, jobs.c.queue, jobs.c.id)
Index("jobs_by_key", jobs.c.key_id, jobs.c.id)
Index("jobs_by_batch", jobs.c.batch_id, jobs.c.batch_index)
Index("jobs_by_finish", jobs.c.finished)

events = Table(
    "events",
    metadata,
    Column("job", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("time", Double, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("data", Text, nullable=False),
    Column("uid", String(32)),  # lets a writer that lost its connection tell whether the event arrived
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created", Double, nullable=False),
    Column("key_id", String(16)),
    Column("total", Integer, nullable=False),
    Column("idempotency_key", String(255)),
    Column("body_hash", String(64)),
)
# An index, not a constraint: SQLite cannot add one of those to a table that is there.
Index("batches_idempotency", batches.c.key_id, batches.c.idempotency_key, unique=True)

hooks = Table(
    "hooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("job", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", String(10), nullable=False),  # pending, sent, failed
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try", Double, nullable=False),
    Column("lease_expires", Double, nullable=False, server_default="0"),
    Column("detail", Text, nullable=False, server_default=""),
    UniqueConstraint("job", "generation", name="hooks_once"),
)
Index("hooks_due", hooks.c.state, hooks.c.next_try)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("per_minute", Integer),
    Column("daily_seconds", Double),
    Column("daily_money", Double),
    Column("created", Double, nullable=False),
    Column("expires", Double),
    Column("revoked", Double),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("time", Double, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("target", String(64), nullable=False),
    Column("remote", String(64), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
)
Index("audit_by_time", audit.c.time)

workers = Table(
    "workers",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("queues", Text, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("busy", Integer, nullable=False),
    Column("started", Double, nullable=False),
    Column("seen", Double, nullable=False),  # its sweeper is alive
    Column("consumed", Double, nullable=False),  # it took something from the broker
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("label", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),  # only ever grows
)
