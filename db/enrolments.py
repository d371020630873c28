"""Who takes part in which class: enrolments, their steps, and who was present when."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned
from db.classes import ClassSession, CourseClass
from db.organisations import Organisation
from db.people import Person

APPLIED = text("status = 'applied'")
OFFERED = text("offered_until IS NOT NULL")
UNREAD = text("news_at IS NOT NULL")


class EnrolmentStatus(StrEnum):
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


UNDECIDED = frozenset({EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED})
POSTED = frozenset({EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED})
# Those who take part in a class that is not over, or would like to.
LIVE = UNDECIDED | {EnrolmentStatus.ACCEPTED}


class EnrolmentAction(StrEnum):
    """`ENROL` takes a seat and `WAIT` a place behind the others; `OFFER` and `EXPIRE` happen by themselves.

    `REMOVE` is the provider's word against somebody accepted, `CANCEL_CLASS` what a cancelled class does to all, and
    `INFORM` tells all what has changed about the class, wherever each of them stands.
    """

    ENROL = "enrol"
    WAIT = "wait"
    OFFER = "offer"
    TAKE = "take"
    EXPIRE = "expire"
    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    RECONSIDER = "reconsider"
    REMOVE = "remove"
    INFORM = "inform"
    CANCEL_CLASS = "cancel_class"
    COMPLETE = "complete"
    FAIL = "fail"
    CORRECT = "correct"


class Enrolment(Versioned, Base):
    """One person in one class, one row for ever; who enrols again goes on in the same row.

    A seat is held by everybody applied, accepted, completed or not completed, and by the offer of a freed seat
    (`offered_until`) to somebody on the waiting list, who stand in the order of `waiting_since` and id.
    The employer is the one at the time of enrolling. `passed` is the result of an exam, `hours_awarded` what attendance
    earned when the hours were posted. `news_at` is set while the person has not taken note of the last decision.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id"),
        CheckConstraint("(status = 'waitlisted') = (waiting_since IS NOT NULL)", name="waits_since_a_moment"),
        CheckConstraint("offered_until IS NULL OR status = 'waitlisted'", name="offered_to_somebody_waiting"),
        CheckConstraint(
            "(status IN ('completed', 'not_completed')) = (posted_at IS NOT NULL)", name="ends_with_posting"
        ),
        CheckConstraint("(status = 'completed') = (hours_awarded IS NOT NULL)", name="completed_with_hours"),
        CheckConstraint("hours_awarded > 0", name="hours_are_positive"),
        Index("ix_enrolment_queue", "class_id", "status", "applied_at", "id"),
        Index("ix_enrolment_waiting", "class_id", "waiting_since", "id"),
        Index("ix_enrolment_person", "person_id", "status"),
        Index("ix_enrolment_applied", "status", "applied_at", sqlite_where=APPLIED, postgresql_where=APPLIED),
        Index("ix_enrolment_offered", "offered_until", sqlite_where=OFFERED, postgresql_where=OFFERED),
        Index("ix_enrolment_news", "person_id", "news_at", sqlite_where=UNREAD, postgresql_where=UNREAD),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[EnrolmentStatus]
    applied_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    opinion: Mapped[Text] = mapped_column(default="")
    passed: Mapped[bool | None]
    hours_awarded: Mapped[Decimal | None]
    posted_at: Mapped[datetime | None]
    news_at: Mapped[datetime | None]
    course_class: Mapped[CourseClass] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation] = relationship(lazy="raise")
    steps: Mapped[list["EnrolmentStep"]] = relationship(lazy="raise", order_by="EnrolmentStep.id", viewonly=True)
    attendance: Mapped[list["Attendance"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class EnrolmentStep(Base):
    """One step of an enrolment's way; `hours` are those of a step that posts or corrects them."""

    __tablename__ = "enrolment_step"
    __table_args__ = (Index("ix_enrolment_step_enrolment_id", "enrolment_id", "id"),)

    id: Mapped[PrimaryKey]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[EnrolmentAction]
    from_status: Mapped[EnrolmentStatus | None]
    to_status: Mapped[EnrolmentStatus]
    opinion: Mapped[Text] = mapped_column(default="")
    hours: Mapped[Decimal | None]
    offered_until: Mapped[datetime | None]


class Attendance(Base):
    """Whether somebody was present at a session; without a row it has not been registered yet."""

    __tablename__ = "attendance"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), primary_key=True)
    present: Mapped[bool]
    session: Mapped[ClassSession] = relationship(lazy="raise")
