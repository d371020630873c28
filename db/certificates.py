"""Certificates as they were issued, and the counters their numbers come from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, DivisionCode, PrimaryKey, Text, one_where
from db.people import Person


class CertificateStatus(StrEnum):
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class InvalidityReason(StrEnum):
    """Why a certificate no longer stands: what it rests on was taken back, or a supervisor has revoked it.

    Nobody chooses the first two.
    """

    HOURS_TAKEN_BACK = "hours_taken_back"
    EXEMPTION_REVOKED = "exemption_revoked"
    WRONG_CONTENT = "wrong_content"
    NOT_ENTITLED = "not_entitled"
    DECEIT = "deceit"
    MISUSED = "misused"
    OTHER = "other"


class Certificate(Base):
    """A certificate frozen at issue: what it says, and the hash of the PDF that is handed out again and again.

    `checks` is how often somebody has verified it, `checked_at` when last. `opinion` is what the supervisor who revoked
    it says to the holder; the public learns the reason only. `news_at` is set while the holder has not taken note.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(checks = 0) = (checked_at IS NULL)", name="checked_at_some_time"),
        CheckConstraint("(status = 'issued') = (ended_at IS NULL)", name="ended_at_some_time"),
        CheckConstraint("(status = 'issued') = (ended_for IS NULL)", name="ended_for_a_reason"),
        CheckConstraint(
            "(ended_for IS NULL OR ended_for IN ('hours_taken_back', 'exemption_revoked')) = (revoked_by_id IS NULL)",
            name="revoked_by_somebody",
        ),
        CheckConstraint("revoked_by_id IS NULL OR status = 'revoked'", name="only_revoked_by_hand"),
        one_where("uq_certificate_one_issued", "status = 'issued'", "person_id", "year"),
        Index("ix_certificate_person_id", "person_id", "year"),
        Index("ix_certificate_pdf_sha256", "pdf_sha256"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(17), unique=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int]
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.ISSUED)
    statement: Mapped[dict[str, Any]]
    pdf_sha256: Mapped[Digest]
    run_id: Mapped[int] = mapped_column(ForeignKey("statistics_run.id"))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_for: Mapped[InvalidityReason | None]
    opinion: Mapped[Text] = mapped_column(default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    news_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class CertificateSerial(Base):
    """The last serial given out in a division and year."""

    __tablename__ = "certificate_serial"

    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_serial: Mapped[int]
