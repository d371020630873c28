"""Employers and providers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, DivisionCode, Name, PrimaryKey, Text, Versioned


class OrganisationKind(StrEnum):
    EMPLOYER = "employer"
    PROVIDER = "provider"


class OrganisationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    RETURNED = "returned"
    SUSPENDED = "suspended"


class Organisation(Versioned, Base):
    """A legal person with its unified social credit code (USCC); as employer it confirms staff and reviews hours."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("uq_organisation_uscc", "uscc", "kind", unique=True),
        Index("ix_organisation_choice", "kind", "status", "division"),
        Index("ix_organisation_queue", "status", "division", "applied_at"),
    )

    id: Mapped[PrimaryKey]
    uscc: Mapped[str] = mapped_column(String(18))
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
