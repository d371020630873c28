"""What is known of backups: when one was made, proven or restored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Name, PrimaryKey


class BackupKind(StrEnum):
    """What was done with a backup; a proven one was restored into a place of its own and looked through there."""

    MADE = "made"
    PROVEN = "proven"
    RESTORED = "restored"


class BackupRun(Base):
    """One time that a backup was made, proven or restored, and came to its end.

    `taken_at` is the moment of the data in it, `size` the bytes of the file.
    """

    __tablename__ = "backup_run"
    __table_args__ = (Index("ix_backup_run_kind", "kind", "id"),)

    id: Mapped[PrimaryKey]
    kind: Mapped[BackupKind]
    finished_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    file_name: Mapped[Name]
    encrypted: Mapped[bool]
    size: Mapped[int]
    rows: Mapped[int]
    files: Mapped[int]
    milliseconds: Mapped[int] = mapped_column(default=0)
