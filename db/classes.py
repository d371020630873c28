"""Classes of providers: what is taught, when and for whom, and every step that a class took."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, DivisionCode, Name, PrimaryKey, Text, Versioned
from db.claims import Category
from db.files import StoredFile
from db.organisations import Organisation
from db.people import TitleSeries


class ClassStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


# Published, and neither over nor cancelled.
RUNNING = frozenset({ClassStatus.OPEN, ClassStatus.CLOSED})


class ClassAction(StrEnum):
    CREATE = "create"
    PUBLISH = "publish"
    CLOSE = "close"
    OPEN = "open"
    CANCEL = "cancel"
    COMPLETE = "complete"


class ClassMode(StrEnum):
    ONSITE = "onsite"
    ONLINE = "online"
    MIXED = "mixed"


class CourseClass(Versioned, Base):
    """A class that a provider runs: its hours are of one category and count in the year of its sessions.

    `taken` are the seats held by enrolments (db/enrolments.py), counted here so that one conditional UPDATE keeps them
    within the capacity. A draft may still lack anything but its name; what is published is complete.
    """

    __tablename__ = "course_class"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="seats_are_offered"),
        CheckConstraint("taken BETWEEN 0 AND coalesce(capacity, 0)", name="seats_are_never_oversold"),
        CheckConstraint("hours > 0", name="hours_are_positive"),
        CheckConstraint("enrol_from < enrol_until", name="enrolment_ends_after_its_start"),
        CheckConstraint("start_on <= end_on", name="ends_after_start"),
        CheckConstraint("fee_fen >= 0", name="fee_is_not_negative"),
        CheckConstraint("attendance_needed BETWEEN 1 AND 100", name="attendance_is_a_percentage"),
        CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="published_once"),
        CheckConstraint("(published_at IS NULL) = (code IS NULL)", name="published_with_its_code"),
        CheckConstraint(
            "status = 'draft' OR (category IS NOT NULL AND hours IS NOT NULL AND capacity IS NOT NULL"
            " AND enrol_from IS NOT NULL AND enrol_until IS NOT NULL AND start_on IS NOT NULL AND end_on IS NOT NULL"
            " AND year IS NOT NULL)",
            name="published_whole",
        ),
        Index("ix_course_class_provider", "provider_id", "status", "start_on", "id"),
        Index("ix_course_class_status", "status", "enrol_until", "id"),
        {"sqlite_autoincrement": True},  # the number of a deleted draft is never given again
    )

    id: Mapped[PrimaryKey]
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Name]
    category: Mapped[Category | None]
    hours: Mapped[Decimal | None]
    year: Mapped[int | None]
    mode: Mapped[ClassMode] = mapped_column(default=ClassMode.ONSITE)
    place: Mapped[Name] = mapped_column(default="")
    teacher: Mapped[Name] = mapped_column(default="")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    enrol_from: Mapped[datetime | None]
    enrol_until: Mapped[datetime | None]
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    fee_fen: Mapped[int] = mapped_column(default=0)
    attendance_needed: Mapped[int] = mapped_column(default=80)
    has_exam: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[Name] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    description: Mapped[str] = mapped_column(String(2000), default="")
    status: Mapped[ClassStatus] = mapped_column(default=ClassStatus.DRAFT)
    opinion: Mapped[Text] = mapped_column(default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    provider: Mapped[Organisation] = relationship(lazy="raise")
    sessions: Mapped[list["ClassSession"]] = relationship(
        lazy="raise",
        order_by="ClassSession.held_on, ClassSession.begins",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    divisions: Mapped[list["ClassDivision"]] = relationship(
        lazy="raise", order_by="ClassDivision.division", cascade="all, delete-orphan", passive_deletes=True
    )
    audience: Mapped[list["ClassAudience"]] = relationship(
        lazy="raise", order_by="ClassAudience.series", cascade="all, delete-orphan", passive_deletes=True
    )
    files: Mapped[list["ClassFile"]] = relationship(
        lazy="raise", order_by="ClassFile.id", cascade="all, delete-orphan", passive_deletes=True
    )
    steps: Mapped[list["ClassStep"]] = relationship(lazy="raise", order_by="ClassStep.id", viewonly=True)


class ClassSession(Base):
    """One meeting of a class, in local time; without a place of its own it is held where the class is."""

    __tablename__ = "class_session"
    __table_args__ = (
        CheckConstraint("begins < ends", name="ends_after_it_begins"),
        UniqueConstraint("class_id", "held_on", "begins"),
        Index("ix_class_session_held_on", "held_on", "class_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id", ondelete="CASCADE"))
    held_on: Mapped[date]
    begins: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    topic: Mapped[Name] = mapped_column(default="")
    place: Mapped[Name] = mapped_column(default="")


class ClassDivision(Base):
    """A division that a class serves, with all below it."""

    __tablename__ = "class_division"
    __table_args__ = (Index("ix_class_division_division", "division", "class_id"),)

    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id", ondelete="CASCADE"), primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)


class ClassAudience(Base):
    """A title series that a class is for; a class without any is for everybody."""

    __tablename__ = "class_audience"

    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id", ondelete="CASCADE"), primary_key=True)
    series: Mapped[TitleSeries] = mapped_column(primary_key=True)


class ClassFile(StoredFile, Base):
    """An attachment that whoever sees the class may read."""

    __tablename__ = "class_file"
    __table_args__ = (
        UniqueConstraint("class_id", "original_sha256"),
        Index("ix_class_file_sha256", "sha256"),
        Index("ix_class_file_original_sha256", "original_sha256"),
        {"sqlite_autoincrement": True},
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id", ondelete="CASCADE"))
    uploaded_at: Mapped[datetime]


class ClassStep(Base):
    """One step of a class's way, as its provider and its supervisor see it."""

    __tablename__ = "class_step"
    __table_args__ = (Index("ix_class_step_class_id", "class_id", "id"),)

    id: Mapped[PrimaryKey]
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[ClassAction]
    from_status: Mapped[ClassStatus | None]
    to_status: Mapped[ClassStatus]
    opinion: Mapped[Text] = mapped_column(default="")
