"""The column types of revisions. They never change: a revision means the same in ten years."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql


def big_id() -> sa.types.TypeEngine[int]:
    """A 63-bit id."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def moment() -> sa.types.TypeEngine[object]:
    """A UTC moment with microseconds."""
    return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def exact(length: int) -> sa.types.TypeEngine[str]:
    """Text compared byte by byte."""
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def long_text() -> sa.types.TypeEngine[str]:
    """Text of any length: encrypted values, JSON."""
    return sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
