"""Alembic's entry point. The connection is handed in by quod.workers.schema."""

from __future__ import annotations

from alembic import context

from quod.workers.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
