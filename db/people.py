"""Professionals and the employers that confirm them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, Name, PrimaryKey, Text, Versioned, one_where
from db.organisations import Organisation


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
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Person(Versioned, Base):
    """A professional. The ID number is encrypted; its keyed hash finds it again and keeps it unique."""

    __tablename__ = "person"

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
    bindings: Mapped[list["Binding"]] = relationship(
        lazy="raise", back_populates="person", order_by="Binding.id.desc()"
    )


class Binding(Versioned, Base):
    """A professional's tie to an employer: asked for by the one, confirmed by the other."""

    __tablename__ = "binding"
    __table_args__ = (
        one_where("uq_binding_one_active", "status = 'active'", "person_id"),
        one_where("uq_binding_one_request", "status = 'requested'", "person_id"),
        Index("ix_binding_person_id", "person_id"),
        Index("ix_binding_staff", "organisation_id", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[BindingStatus] = mapped_column(default=BindingStatus.REQUESTED)
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[Text] = mapped_column(default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="raise", back_populates="bindings")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
