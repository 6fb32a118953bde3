"""The price table: what a model's tokens cost. The shipped one is a start; the user's own comes first."""

from __future__ import annotations

import fnmatch
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from quod.core.errors import InputError
from quod.core.model import Frozen

__all__ = ["Price", "PriceTable"]

SHIPPED = Path(__file__).parent / "prices.yaml"


class Price(Frozen):
    """US dollars for a million tokens."""

    model: str
    """A model's name, or a pattern with ``*`` and ``?``."""
    input: float = Field(ge=0)
    output: float = Field(ge=0)
    base_url: str = "*"
    """A pattern for the server's base URL; the provider's own servers are ``openai`` and ``anthropic``."""


class PriceTable(Frozen):
    """Prices in order: the first line that matches counts."""

    prices: tuple[Price, ...] = ()

    @classmethod
    def read(cls, user: Path | None = None) -> PriceTable:
        """The user's table, if there is one, before the shipped one. Raises InputError if a table is wrong."""
        lines: list[Price] = []
        for path in (user, SHIPPED):
            if path is None:
                continue
            try:
                content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
                lines += cls.model_validate({"prices": content.get("prices", ())}).prices
            except OSError as error:
                raise InputError(f"cannot read the price table {path}: {error.strerror}") from None
            except (yaml.YAMLError, AttributeError) as error:
                raise InputError(f"the price table {path} is not YAML with a list 'prices': {error}") from None
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise InputError(f"the price table {path} is wrong at {where}: {first['msg']}") from None
        return cls(prices=tuple(lines))

    def of(self, model: str, base_url: str) -> Price | None:
        """The price of a model on a server; None if no line matches."""
        for price in self.prices:
            if fnmatch.fnmatchcase(model, price.model) and fnmatch.fnmatchcase(base_url, price.base_url):
                return price
        return None
