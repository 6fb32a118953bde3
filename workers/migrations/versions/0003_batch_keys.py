"""Idempotency keys of batches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("batches", sa.Column("idempotency_key", sa.String(length=255)))
    op.add_column("batches", sa.Column("body_hash", sa.String(length=64)))
    op.create_index("batches_idempotency", "batches", ["key_id", "idempotency_key"], unique=True)
