"""Employers and providers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, DivisionCode, Name, PrimaryKey, Text, Versioned, one_where


class OrganisationKind(StrEnum):
    EMPLOYER = "employer"
    PROVIDER = "provider"


class OrganisationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    MERGED = "merged"


class OrganisationAction(StrEnum):
    """What is done about an organisation, as its history names it."""

    APPLY = "apply"
    FOUND = "found"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    RETURN = "return"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    MERGE = "merge"
    ABSORB = "absorb"
    CONTACT = "contact"
    CHANGE_REQUEST = "change_request"
    CHANGE_WITHDRAW = "change_withdraw"
    CHANGE_APPROVE = "change_approve"
    CHANGE_RETURN = "change_return"
    REVIEWER_ADD = "reviewer_add"
    REVIEWER_REMOVE = "reviewer_remove"


class Organisation(Versioned, Base):
    """A legal person with its unified social credit code (USCC); as employer it confirms staff and reviews hours.

    Only a holding employer has no code: the division's supervisor runs it for people without a registered employer.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("uscc IS NOT NULL OR kind = 'employer'", name="holding_ones_employ"),
        one_where("uq_organisation_one_holding", "uscc IS NULL", "division"),
        Index("uq_organisation_uscc", "uscc", "kind", unique=True),
        Index("ix_organisation_choice", "kind", "status", "division"),
        Index("ix_organisation_queue", "status", "division", "applied_at"),
    )

    id: Mapped[PrimaryKey]
    uscc: Mapped[str | None] = mapped_column(String(18))
    name: Mapped[Name]
    kind: Mapped[OrganisationKind]
    division: Mapped[DivisionCode]
    contact_name: Mapped[Name]
    contact_phone: Mapped[str] = mapped_column(String(20))
    status: Mapped[OrganisationStatus] = mapped_column(default=OrganisationStatus.APPLIED)
    opinion: Mapped[Text] = mapped_column(default="")
    applied_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    merged_into: Mapped["Organisation | None"] = relationship(lazy="raise", remote_side="Organisation.id")

    @property
    def is_holding(self) -> bool:
        return self.uscc is None
