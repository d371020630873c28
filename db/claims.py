"""Hour claims, every step they took, and the evidence that belongs to them."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from db.base import Base, Name, PrimaryKey, Text, Versioned, one_where
from db.claim_flags import ClaimFlag
from db.files import StoredFile
from db.organisations import Organisation
from db.people import Person

if TYPE_CHECKING:
    from db.activity_rules import ActivityRule

SHORTEST_KEY, LONGEST_KEY = 4, 100
WAITS = text("status = 'submitted'")
NUMBERED = text("certificate_key IS NOT NULL")


class Category(StrEnum):
    GENERAL = "general"
    PROFESSIONAL = "professional"
    ELECTIVE = "elective"


class ActivityType(StrEnum):
    TRAINING = "training"
    CONFERENCE = "conference"
    LECTURE = "lecture"
    PAPER = "paper"
    BOOK = "book"
    PATENT = "patent"
    PROJECT = "project"
    AWARD = "award"
    EXAM = "exam"
    DEGREE = "degree"
    TEACHING = "teaching"
    PRACTICE = "practice"
    SELF_STUDY = "self_study"
    SERVICE = "service"
    OTHER = "other"


class ClaimStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    REVOKED = "revoked"


class ClaimAction(StrEnum):
    """`CORRECT` takes away what a class had posted, because its provider has corrected it.

    `FORFEIT` takes away what a dishonesty case is about, and `RESTORE` gives it back when the case did not stand.
    """

    CREATE = "create"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    ENDORSE = "endorse"
    RETURN = "return"
    REJECT = "reject"
    REVOKE = "revoke"
    UNDO = "undo"
    CORRECT = "correct"
    FORFEIT = "forfeit"
    RESTORE = "restore"


class ClaimSource(StrEnum):
    """Who brought the hours in."""

    PERSON = "person"
    EMPLOYER = "employer"
    CLASS = "class"


class ReviewReason(StrEnum):
    """Why a claim was not let through."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    MISMATCH = "mismatch"
    WRONG_CATEGORY = "wrong_category"
    WRONG_HOURS = "wrong_hours"
    WRONG_DATES = "wrong_dates"
    DUPLICATE = "duplicate"
    NOT_ELIGIBLE = "not_eligible"
    UNTRUE = "untrue"
    OTHER = "other"


def certificate_key(number: str) -> str | None:
    """By which two spellings of one certificate's number are the same; None for what numbers no single certificate."""
    key = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", number))).upper()
    tells_apart = len(key) >= SHORTEST_KEY and any(map(str.isdigit, key))
    return key[:LONGEST_KEY] if tells_apart else None


class Claim(Versioned, Base):
    """Hours that a professional says he has learned, and what was awarded for them.

    Its details are the answers to what the rule of its activity asks, and it keeps the edition it was checked under.
    With a second level the employer endorses them and the supervisor awards; otherwise the employer awards.
    What was learned in a class comes from its enrolment, at most once unless it was revoked.
    `queued_at` is its place among those that wait: when it was sent, or earlier for what was noticed about it.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("hours_claimed > 0", name="hours_are_positive"),
        CheckConstraint(
            "hours_awarded IS NULL OR hours_awarded BETWEEN 1 AND hours_claimed", name="award_within_claim"
        ),
        CheckConstraint("start_on <= end_on", name="ends_after_start"),
        CheckConstraint("(status IN ('approved', 'revoked')) = (hours_awarded IS NOT NULL)", name="approved_has_award"),
        CheckConstraint("status = 'draft' OR employer_id IS NOT NULL", name="sent_to_an_employer"),
        CheckConstraint("(submitted_at IS NULL) = (queued_at IS NULL)", name="sent_has_its_place"),
        CheckConstraint("(endorsed_at IS NULL) = (hours_endorsed IS NULL)", name="endorsed_with_hours"),
        CheckConstraint("hours_endorsed BETWEEN 1 AND hours_claimed", name="endorsed_within_claim"),
        CheckConstraint(
            "status <> 'endorsed' OR (second_level AND endorsed_at IS NOT NULL)", name="endorsed_by_somebody"
        ),
        CheckConstraint(
            "NOT second_level OR status NOT IN ('approved', 'revoked') OR endorsed_at IS NOT NULL",
            name="no_level_is_skipped",
        ),
        CheckConstraint("(source = 'class') = (enrolment_id IS NOT NULL)", name="class_hours_have_an_enrolment"),
        one_where("uq_claim_one_posted", "enrolment_id IS NOT NULL AND status <> 'revoked'", "enrolment_id"),
        # Covers the statistics: the sum over approved hours never touches the table itself.
        Index("ix_claim_statistics", "person_id", "year", "status", "category", "hours_awarded"),
        Index("ix_claim_queue", "employer_id", "status", "submitted_at", "id"),
        # Covers a supervisor's lists: whose employer is elsewhere is passed over without a look at the table.
        Index("ix_claim_decided", "status", "decided_at", "id", "employer_id"),
        Index("ix_claim_priority", "employer_id", "status", "queued_at", "id"),
        Index("ix_claim_waiting", "status", "submitted_at", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_claim_certificate_key", "certificate_key", sqlite_where=NUMBERED, postgresql_where=NUMBERED),
        {"sqlite_autoincrement": True},  # the number of a deleted draft is never given again
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    category: Mapped[Category]
    activity_type: Mapped[ActivityType]
    title: Mapped[Name]
    organiser: Mapped[Name]
    place: Mapped[Name] = mapped_column(default="")
    start_on: Mapped[date]
    end_on: Mapped[date]
    certificate_number: Mapped[Name] = mapped_column(default="")
    certificate_key: Mapped[Name | None]
    activity_rule_id: Mapped[int | None] = mapped_column(ForeignKey("activity_rule.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hours_claimed: Mapped[Decimal]
    hours_endorsed: Mapped[Decimal | None]
    hours_awarded: Mapped[Decimal | None]
    source: Mapped[ClaimSource] = mapped_column(default=ClaimSource.PERSON)
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.DRAFT)
    second_level: Mapped[bool] = mapped_column(Boolean, default=False)
    reason: Mapped[ReviewReason | None]
    opinion: Mapped[Text] = mapped_column(default="")
    attested_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    endorsed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation | None] = relationship(lazy="raise")
    activity_rule: Mapped["ActivityRule | None"] = relationship(lazy="raise")
    evidence: Mapped[list["Evidence"]] = relationship(
        lazy="raise",
        order_by="Evidence.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        back_populates="claim",
    )
    steps: Mapped[list["ClaimStep"]] = relationship(lazy="raise", order_by="ClaimStep.id", viewonly=True)
    flags: Mapped[list[ClaimFlag]] = relationship(
        lazy="raise", order_by=ClaimFlag.id, foreign_keys=ClaimFlag.claim_id, viewonly=True
    )

    @validates("certificate_number")
    def _keep_key(self, _attribute: str, number: str) -> str:
        self.certificate_key = certificate_key(number)
        return number


class ClaimStep(Base):
    """One step of a claim's way, as the claimant and the reviewers see it."""

    __tablename__ = "claim_step"
    __table_args__ = (Index("ix_claim_step_claim_id", "claim_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[PrimaryKey]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[ClaimAction]
    from_status: Mapped[ClaimStatus | None]
    to_status: Mapped[ClaimStatus]
    reason: Mapped[ReviewReason | None]
    opinion: Mapped[Text] = mapped_column(default="")
    hours: Mapped[Decimal | None]


class Evidence(StoredFile, Base):
    """A file that proves a claim."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("claim_id", "original_sha256"),
        Index("ix_evidence_original_sha256", "original_sha256"),
        Index("ix_evidence_sha256", "sha256"),
        {"sqlite_autoincrement": True},
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    uploaded_at: Mapped[datetime]

    claim: Mapped[Claim] = relationship(lazy="raise", back_populates="evidence")
