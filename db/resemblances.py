"""Organisations whose names are nearly the same, and the index that finds them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, DivisionCode, PrimaryKey
from db.organisations import Organisation, OrganisationKind


class ResemblanceStatus(StrEnum):
    """Whether the two may be one organisation; merged ones leave the list."""

    OPEN = "open"
    DIFFERENT = "different"


class NameGram(Base):
    """Two neighbouring characters of an organisation's name, in the order in which names are looked for."""

    __tablename__ = "name_gram"
    __table_args__ = (Index("ix_name_gram_organisation_id", "organisation_id"),)

    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(primary_key=True)
    division: Mapped[DivisionCode] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class Resemblance(Base):
    """A pair of organisations of one kind; the second one came later."""

    __tablename__ = "resemblance"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="each_pair_once"),
        Index("uq_resemblance_pair", "first_id", "second_id", unique=True),
        Index("ix_resemblance_second_id", "second_id"),
        Index("ix_resemblance_queue", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ResemblanceStatus] = mapped_column(default=ResemblanceStatus.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    first: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[first_id])
    second: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[second_id])
