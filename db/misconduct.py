"""Dishonesty records: the case about somebody, its files, the hours concerned, its steps, and who looked at it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned
from db.claims import Claim
from db.files import StoredFile
from db.organisations import Organisation
from db.people import Person


class MisconductStatus(StrEnum):
    REPORTED = "reported"
    INVESTIGATING = "investigating"
    NOTIFIED = "notified"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    OBJECTED = "objected"
    UPHELD = "upheld"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    REPAIR_REQUESTED = "repair_requested"
    REPAIRED = "repaired"
    REFUSED = "refused"
    EXPIRED = "expired"


class MisconductAction(StrEnum):
    """`REPLY` is the word of the person concerned before anything takes effect; `EXTEND` takes more days to decide."""

    REPORT = "report"
    INVESTIGATE = "investigate"
    NOTIFY = "notify"
    REPLY = "reply"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    OBJECT = "object"
    UPHOLD = "uphold"
    AMEND = "amend"
    CANCEL = "cancel"
    REQUEST_REPAIR = "request_repair"
    REPAIR = "repair"
    REFUSE = "refuse"
    EXTEND = "extend"
    EXPIRE = "expire"


class MisconductKind(StrEnum):
    FALSE_HOURS = "false_hours"
    FORGED_EVIDENCE = "forged_evidence"
    FORGED_CERTIFICATE = "forged_certificate"
    PROXY_STUDY = "proxy_study"
    AUTOMATION = "automation"


class Severity(StrEnum):
    """On which the length of the term depends."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


class MisconductFilePurpose(StrEnum):
    EVIDENCE = "evidence"
    REPLY = "reply"
    OBJECTION = "objection"
    REPAIR = "repair"


class LookedAt(StrEnum):
    """What somebody else has seen of a record."""

    CASE = "case"
    NOTE = "note"
    FILE = "file"


class MisconductRecord(Versioned, Base):
    """A case about one person, from report to the end of its term; both of its days belong to the term.

    `asked_at` is when the objection or the request for repair came that waits for a decision, or was decided last.
    """

    __tablename__ = "misconduct_record"
    __table_args__ = (
        CheckConstraint(
            "status IN ('reported', 'investigating') OR status = 'dismissed' OR notified_at IS NOT NULL",
            name="told_before_it_takes_effect",
        ),
        CheckConstraint(
            "(status IN ('reported', 'investigating', 'notified', 'dismissed')) = (confirmed_by_id IS NULL)",
            name="confirmed_by_somebody",
        ),
        CheckConstraint("(effective_on IS NULL) = (confirmed_by_id IS NULL)", name="takes_effect_when_confirmed"),
        CheckConstraint("(effective_on IS NULL) = (ends_on IS NULL)", name="has_a_term"),
        CheckConstraint("(effective_on IS NULL) = (repair_from IS NULL)", name="repair_from_a_day"),
        CheckConstraint("effective_on < ends_on", name="ends_after_start"),
        CheckConstraint(
            "status NOT IN ('objected', 'upheld', 'amended', 'cancelled') OR objected_at IS NOT NULL",
            name="objected_before_the_answer",
        ),
        CheckConstraint(
            "status NOT IN ('upheld', 'amended', 'cancelled') OR objection_decided_by_id IS NOT NULL",
            name="objection_decided_by_somebody",
        ),
        CheckConstraint("objection_decided_by_id <> confirmed_by_id", name="objection_decided_by_another"),
        CheckConstraint(
            "status NOT IN ('objected', 'repair_requested') OR asked_at IS NOT NULL", name="asked_at_a_moment"
        ),
        CheckConstraint(
            "extended_at IS NULL OR status IN ('objected', 'repair_requested')", name="extended_while_it_waits"
        ),
        Index("ix_misconduct_record_person", "person_id", "status"),
        Index("ix_misconduct_record_queue", "employer_id", "status", "id"),
        Index("ix_misconduct_record_term", "status", "ends_on"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[MisconductStatus] = mapped_column(default=MisconductStatus.REPORTED)
    kind: Mapped[MisconductKind]
    severity: Mapped[Severity]
    facts: Mapped[Text]
    basis: Mapped[Text] = mapped_column(default="")
    reported_at: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    effective_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    repair_from: Mapped[date | None]
    objected_at: Mapped[datetime | None]
    objection_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime | None]
    extended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation] = relationship(lazy="raise")
    claims: Mapped[list[Claim]] = relationship(
        lazy="raise", secondary="misconduct_claim", order_by=Claim.id, passive_deletes=True
    )
    files: Mapped[list["MisconductFile"]] = relationship(
        lazy="raise", order_by="MisconductFile.id", back_populates="record"
    )
    steps: Mapped[list["MisconductStep"]] = relationship(lazy="raise", order_by="MisconductStep.id", viewonly=True)


class MisconductClaim(Base):
    """Hours that a case is about."""

    __tablename__ = "misconduct_claim"
    __table_args__ = (Index("ix_misconduct_claim_claim_id", "claim_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("misconduct_record.id"), primary_key=True)
    # An approval can be taken back, and what is then a draft again can be deleted.
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)


class MisconductStep(Base):
    """One step of a case, as the person concerned and the authority see it."""

    __tablename__ = "misconduct_step"
    __table_args__ = (Index("ix_misconduct_step_record_id", "record_id", "id"),)

    id: Mapped[PrimaryKey]
    record_id: Mapped[int] = mapped_column(ForeignKey("misconduct_record.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[MisconductAction]
    from_status: Mapped[MisconductStatus | None]
    to_status: Mapped[MisconductStatus]
    opinion: Mapped[Text] = mapped_column(default="")


class MisconductFile(StoredFile, Base):
    """A file of a case, kept like the evidence of a claim."""

    __tablename__ = "misconduct_file"
    __table_args__ = (
        UniqueConstraint("record_id", "purpose", "original_sha256"),
        Index("ix_misconduct_file_sha256", "sha256"),
        Index("ix_misconduct_file_original_sha256", "original_sha256"),
        {"sqlite_autoincrement": True},  # the number of a removed file is never given again
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("misconduct_record.id"))
    purpose: Mapped[MisconductFilePurpose]
    uploaded_at: Mapped[datetime]
    record: Mapped[MisconductRecord] = relationship(lazy="raise", back_populates="files")


class MisconductLook(Base):
    """That somebody else has looked at a record, for the person concerned to read."""

    __tablename__ = "misconduct_look"
    __table_args__ = (Index("ix_misconduct_look_record_id", "record_id", "id"),)

    id: Mapped[PrimaryKey]
    record_id: Mapped[int] = mapped_column(ForeignKey("misconduct_record.id"))
    at: Mapped[datetime]
    looked_at: Mapped[LookedAt]
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    office: Mapped[Name]
