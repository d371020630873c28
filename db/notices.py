"""Notices of administrators to those who use the system, and who has taken note of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.accounts import Role
from db.base import Base, DivisionCode, Name, PrimaryKey, Versioned

LONGEST = 2000


class NoticeStatus(StrEnum):
    """An ended one was taken back before its time and may be published again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"
    DISCARDED = "discarded"


class NoticeAction(StrEnum):
    PUBLISH = "publish"
    END = "end"
    RESTORE = "restore"
    DISCARD = "discard"


class Notice(Versioned, Base):
    """Plain text for some roles, everywhere or in one division and all below it, from one day to another one."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("show_from <= show_until", name="ends_after_it_begins"),
        CheckConstraint("(status IN ('published', 'ended')) = (published_at IS NOT NULL)", name="published_once"),
        Index("ix_notice_shown", "status", "show_until"),
        {"sqlite_autoincrement": True},  # events name a notice by its number
    )

    id: Mapped[PrimaryKey]
    title: Mapped[Name]
    text: Mapped[str] = mapped_column(String(LONGEST))
    show_from: Mapped[date]
    show_until: Mapped[date]
    division: Mapped[DivisionCode | None]
    status: Mapped[NoticeStatus] = mapped_column(default=NoticeStatus.DRAFT)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    audience: Mapped[list["NoticeAudience"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="NoticeAudience.role"
    )


class NoticeAudience(Base):
    """A role that a notice is for."""

    __tablename__ = "notice_audience"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class NoticeDismissal(Base):
    """That somebody has taken note of a notice, which then leaves his home page."""

    __tablename__ = "notice_dismissal"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    noted_at: Mapped[datetime]
