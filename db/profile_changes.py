"""Changes of the basic information that the employer confirms: an open draft, and those that were decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, PrimaryKey, Text, Versioned, one_where
from db.organisations import Organisation
from db.people import Person


class ProfilePart(StrEnum):
    """What an employer answers for: one's work there, and the entries of three tables."""

    WORK = "work"
    TITLE = "title"
    DEGREE = "degree"
    LICENCE = "licence"


class ProfileChangeStatus(StrEnum):
    DRAFT = "draft"
    REQUESTED = "requested"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class ProfileChangeAction(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    CONFIRM = "confirm"
    RETURN = "return"


class ProfileChange(Versioned, Base):
    """What a professional means to change, item by item. Nothing of it holds before it is confirmed."""

    __tablename__ = "profile_change"
    __table_args__ = (
        CheckConstraint("status <> 'requested' OR requested_at IS NOT NULL", name="requested_once"),
        CheckConstraint("status NOT IN ('returned', 'confirmed') OR decided_at IS NOT NULL", name="decided_once"),
        one_where("uq_profile_change_one_open", "status IN ('draft', 'requested', 'returned')", "person_id"),
        Index("ix_profile_change_person_id", "person_id"),
        Index("ix_profile_change_decided", "employer_id", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ProfileChangeStatus] = mapped_column(default=ProfileChangeStatus.DRAFT)
    reason: Mapped[Text] = mapped_column(default="")
    requested_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation | None] = relationship(lazy="raise")
    items: Mapped[list["ProfileChangeItem"]] = relationship(
        lazy="raise", order_by="ProfileChangeItem.id", cascade="all, delete-orphan", passive_deletes=True
    )


class ProfileChangeItem(Base):
    """One thing before and after: nothing before what is added, nothing after what is removed; dates as ISO text.

    `entry_id` is a row of the part's table (`db.qualifications`), or the person himself for his work.
    """

    __tablename__ = "profile_change_item"
    __table_args__ = (
        CheckConstraint("part <> 'work' OR entry_id IS NOT NULL", name="work_is_the_persons"),
        one_where("uq_profile_change_item_once", "entry_id IS NOT NULL", "change_id", "part", "entry_id"),
        Index("ix_profile_change_item_change_id", "change_id"),
    )

    id: Mapped[PrimaryKey]
    change_id: Mapped[int] = mapped_column(ForeignKey("profile_change.id", ondelete="CASCADE"))
    part: Mapped[ProfilePart]
    entry_id: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
