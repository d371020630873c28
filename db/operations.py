"""How the application itself is doing: how long its pages take, and what its jobs did last. Nothing about anybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class PageTime(Base):
    """How often a page took so long in one hour; what a bucket stands for is said by `services.page_times`."""

    __tablename__ = "page_time"
    __table_args__ = (CheckConstraint("runs > 0", name="counts_something"),)

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    runs: Mapped[int]


class JobRun(Base):
    """The last turn of a job, in whichever process it was, its last failure, and its last report.

    `incident` is the number of the failure in the log. Most turns find nothing to do and report nothing.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime]
    milliseconds: Mapped[int]
    failed_at: Mapped[datetime | None]
    incident: Mapped[str] = mapped_column(String(8))
    reported_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]
