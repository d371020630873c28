"""Random samples of approved hours that a supervisor checks again."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, DivisionCode, Name, PrimaryKey, Text
from db.claims import Category, Claim, ClaimSource


class AuditOutcome(StrEnum):
    """What has become of a drawn claim; it is not stored, but follows from the item and the claim's status."""

    PENDING = "pending"
    PASSED = "passed"
    REVOKED = "revoked"
    LAPSED = "lapsed"


class Audit(Base):
    """A sample as it was drawn: from what, at which rate, and the seed with which it can be drawn again."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("approved_from <= approved_to", name="ends_after_start"),
        CheckConstraint("rate BETWEEN 1 AND 100", name="rate_is_a_percentage"),
        CheckConstraint("at_least >= 1", name="every_employer_is_drawn"),
        Index("ix_audit_division", "division", "id"),
    )

    id: Mapped[PrimaryKey]
    division: Mapped[DivisionCode]
    approved_from: Mapped[date]
    approved_to: Mapped[date]
    category: Mapped[Category | None]
    source: Mapped[ClaimSource | None]
    rate: Mapped[int]
    at_least: Mapped[int]
    seed: Mapped[str] = mapped_column(String(32))
    claims: Mapped[int]
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    drawn_by_name: Mapped[Name]
    withdrawn_at: Mapped[datetime | None]


class AuditItem(Base):
    """One claim of a sample. That it failed is not kept here: a claim that fails is revoked."""

    __tablename__ = "audit_item"
    __table_args__ = (
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="checked_by_somebody"),
        UniqueConstraint("audit_id", "claim_id"),
        Index("ix_audit_item_claim_id", "claim_id"),
    )

    id: Mapped[PrimaryKey]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    # An approval can be taken back, and what is then a draft again can be deleted.
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_by_name: Mapped[Name] = mapped_column(default="")
    opinion: Mapped[Text] = mapped_column(default="")
    audit: Mapped[Audit] = relationship(lazy="raise")
    claim: Mapped[Claim] = relationship(lazy="raise")
