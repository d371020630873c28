"""Professionals and the employers that confirm them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, Name, PrimaryKey, Text, Versioned, one_where
from db.ethnicities import Ethnicity
from db.organisations import Organisation

REQUESTED = text("status = 'requested'")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class TitleLevel(StrEnum):
    """Level of the professional title."""

    NONE = "none"
    JUNIOR = "junior"
    MIDDLE = "middle"
    ASSOCIATE_SENIOR = "associate_senior"
    SENIOR = "senior"


class TitleSeries(StrEnum):
    """The series a professional title belongs to."""

    ENGINEERING = "engineering"
    TEACHING = "teaching"
    HEALTH = "health"
    AGRICULTURE = "agriculture"
    RESEARCH = "research"
    ECONOMICS = "economics"
    ACCOUNTING = "accounting"
    STATISTICS = "statistics"
    PUBLISHING = "publishing"
    ARTS = "arts"
    LIBRARY = "library"
    LAW = "law"
    OTHER = "other"


class BindingStatus(StrEnum):
    """`SCHEDULED` is confirmed and begins by itself on its day."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class BindingAction(StrEnum):
    """A step of a binding; `START` and `DEPART` are the two sides of a transfer that takes effect.

    `ENTER` is what an employer does that makes the account of somebody new.
    """

    REQUEST = "request"
    TRANSFER = "transfer"
    ENTER = "enter"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    START = "start"
    DEPART = "depart"
    END = "end"
    MERGE = "merge"


class EndReason(StrEnum):
    LEFT = "left"
    RETIRED = "retired"
    TRANSFERRED = "transferred"


class Person(Versioned, Base):
    """A professional. The ID number is encrypted; its keyed hash finds it again and keeps it unique."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name", "name"),
        {"sqlite_autoincrement": True},  # the number of somebody who was taken back is never given again
    )

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[Name]
    id_number: Mapped[bytes] = mapped_column(LargeBinary)
    id_number_digest: Mapped[Digest] = mapped_column(unique=True)
    id_number_masked: Mapped[str] = mapped_column(String(18))
    birth_date: Mapped[date]
    sex: Mapped[Sex]
    mobile: Mapped[str] = mapped_column(String(20))
    email: Mapped[Name]
    department: Mapped[Name] = mapped_column(default="")
    title_series: Mapped[TitleSeries | None]
    title_level: Mapped[TitleLevel] = mapped_column(default=TitleLevel.NONE)
    title_name: Mapped[Name] = mapped_column(default="")
    registered_at: Mapped[datetime]
    ethnicity: Mapped[Ethnicity | None]
    native_place: Mapped[Name] = mapped_column(default="")
    position: Mapped[Name] = mapped_column(default="")
    practising_since: Mapped[int | None]
    honours: Mapped[Text] = mapped_column(default="")
    bindings: Mapped[list["Binding"]] = relationship(
        lazy="raise", back_populates="person", order_by="Binding.id.desc()"
    )


class Binding(Versioned, Base):
    """A professional's tie to an employer: asked for by the one, confirmed by the other.

    `wished_on` is when somebody who is employed elsewhere would like to change; the successor of a binding is the one
    that a transfer replaces it with.
    """

    __tablename__ = "binding"
    __table_args__ = (
        CheckConstraint("(status IN ('scheduled', 'active', 'ended')) = (started_on IS NOT NULL)", name="has_a_start"),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_on_a_day"),
        CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        CheckConstraint(
            "end_reason IS NULL OR end_reason <> 'transferred' OR successor_id IS NOT NULL",
            name="transferred_to_a_successor",
        ),
        one_where("uq_binding_one_active", "status = 'active'", "person_id"),
        one_where("uq_binding_one_coming", "status IN ('requested', 'scheduled')", "person_id"),
        Index("ix_binding_person_id", "person_id"),
        Index("ix_binding_staff", "organisation_id", "status", "id"),
        Index("ix_binding_successor_id", "successor_id"),
        Index("ix_binding_requested", "status", "requested_at", sqlite_where=REQUESTED, postgresql_where=REQUESTED),
        Index(
            "ix_binding_due",
            "started_on",
            sqlite_where=text("status = 'scheduled'"),
            postgresql_where=text("status = 'scheduled'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[BindingStatus] = mapped_column(default=BindingStatus.REQUESTED)
    requested_at: Mapped[datetime]
    wished_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[Text] = mapped_column(default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("binding.id"))
    person: Mapped[Person] = relationship(lazy="raise", back_populates="bindings")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    successor: Mapped["Binding | None"] = relationship(lazy="raise", remote_side="Binding.id")
    steps: Mapped[list["BindingStep"]] = relationship(lazy="raise", order_by="BindingStep.id", viewonly=True)


class BindingStep(Base):
    """One step of a binding's way; `effective_on` is the day that the step names, if it names one."""

    __tablename__ = "binding_step"
    __table_args__ = (Index("ix_binding_step_binding_id", "binding_id", "id"),)

    id: Mapped[PrimaryKey]
    binding_id: Mapped[int] = mapped_column(ForeignKey("binding.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[BindingAction]
    from_status: Mapped[BindingStatus | None]
    to_status: Mapped[BindingStatus]
    effective_on: Mapped[date | None]
    reason: Mapped[Text] = mapped_column(default="")
