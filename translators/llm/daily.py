"""What all jobs of this machine may spend on models in one day, kept in SQLite so that processes share it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

from quod.core.errors import InfrastructureError
from quod.translators.llm import codes
from quod.translators.llm.faults import model_error

__all__ = ["DailyLedger"]


class DailyLedger:
    """Tokens and US dollars spent today (UTC), with limits that hold before a call is made."""

    def __init__(self, path: Path, *, tokens: int | None, money: float | None) -> None:
        self.tokens = tokens
        self.money = money
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL, money REAL NOT NULL)"
            )
        except (OSError, sqlite3.Error) as error:
            raise InfrastructureError(f"cannot keep the daily budget in {path}: {error}") from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def spent(self) -> tuple[int, float]:
        """Tokens and dollars spent or promised today."""
        with self._lock:
            row = self._db.execute("SELECT tokens, money FROM spent WHERE day = ?", (_today(),)).fetchone()
        return (int(row[0]), float(row[1])) if row else (0, 0.0)

    def reserve(self, tokens: int, money: float) -> str:
        """Promise the most a call can cost, in one step across processes; gives the day it was promised on.

        Raises ModelError (``model.budget``) if that could pass a limit.
        """
        day = _today()
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO spent VALUES (?, 0, 0)", (day,))
            done = self._db.execute(
                "UPDATE spent SET tokens = tokens + ?, money = money + ? WHERE day = ?"
                " AND (? IS NULL OR tokens + ? <= ?) AND (? IS NULL OR money + ? <= ?)",
                (tokens, money, day, self.tokens, tokens, self.tokens, self.money, money, self.money),
            ).rowcount
        if not done:
            raise model_error(
                codes.BUDGET,
                "the next model call could pass the daily limit",
                hint="raise QUOD_MODEL_DAILY_TOKENS or QUOD_MODEL_DAILY_MONEY, or wait for tomorrow (UTC)",
            )
        return day

    def settle(self, day: str, tokens: int, money: float) -> None:
        """Correct a promise by what was really spent: both figures are added (give-backs are negative)."""
        with self._lock:
            self._db.execute(
                "UPDATE spent SET tokens = tokens + ?, money = money + ? WHERE day = ?", (tokens, money, day)
            )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
