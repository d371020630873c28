"""Copies of the old systems' rows that are made for questions over all of them, and the questions that are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Code, Digest, Name, PrimaryKey


class Snapshot(Base):
    """The accepted rows as they were at one moment, in a Parquet file of the storage; the same rows give the same file.

    `last_event_id` is the last event about the old systems' data that the file knows of.
    """

    __tablename__ = "snapshot"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[PrimaryKey]
    made_at: Mapped[datetime]
    row_count: Mapped[int]
    sha256: Mapped[Digest]
    last_event_id: Mapped[int]


class SavedQuestion(Base):
    """What somebody wants to ask again: `words` as they stand in the address, and what the answer was then."""

    __tablename__ = "saved_question"
    __table_args__ = (UniqueConstraint("account_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[Name]
    words: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    snapshot_id: Mapped[int]
    snapshot_hash: Mapped[Digest]
    figure: Mapped[Code]
    figure_hash: Mapped[Digest]
