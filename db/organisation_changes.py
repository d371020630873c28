"""Changes of what an organisation was approved with, each asked for by its people and decided by the supervisor."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, DivisionCode, Name, PrimaryKey, Text, Versioned, one_where
from db.organisations import Organisation


class OrganisationChangeStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class OrganisationChangeAction(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


class OrganisationChange(Versioned, Base):
    """Name, code and division as they were and as they are to be."""

    __tablename__ = "organisation_change"
    __table_args__ = (
        CheckConstraint(
            "new_name <> old_name OR new_uscc <> old_uscc OR new_division <> old_division", name="changes_something"
        ),
        one_where("uq_organisation_change_one_open", "status = 'requested'", "organisation_id"),
        Index("ix_organisation_change_organisation_id", "organisation_id"),
        Index("ix_organisation_change_queue", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[OrganisationChangeStatus] = mapped_column(default=OrganisationChangeStatus.REQUESTED)
    old_name: Mapped[Name]
    new_name: Mapped[Name]
    old_uscc: Mapped[str] = mapped_column(String(18))
    new_uscc: Mapped[str] = mapped_column(String(18))
    old_division: Mapped[DivisionCode]
    new_division: Mapped[DivisionCode]
    explanation: Mapped[Text]
    opinion: Mapped[Text] = mapped_column(default="")
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise")
