"""Corrections of a name or an ID number, and the files that prove them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, Versioned, one_where
from db.files import StoredFile
from db.organisations import Organisation
from db.people import Person


class IdentityChangeStatus(StrEnum):
    REQUESTED = "requested"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class IdentityChangeAction(StrEnum):
    WITHDRAW = "withdraw"
    ENDORSE = "endorse"
    APPROVE = "approve"
    RETURN = "return"


class IdentityChange(Versioned, Base):
    """Who somebody was and is: both numbers are encrypted, and what stays has no new one."""

    __tablename__ = "identity_change"
    __table_args__ = (
        CheckConstraint("new_name IS NOT NULL OR new_id_number IS NOT NULL", name="changes_something"),
        CheckConstraint("(new_id_number IS NULL) = (new_id_number_masked IS NULL)", name="number_with_mask"),
        CheckConstraint(
            "status NOT IN ('endorsed', 'approved') OR (employer_id IS NOT NULL AND endorsed_by_id IS NOT NULL)",
            name="endorsed_by_an_employer",
        ),
        CheckConstraint("endorsed_by_id <> decided_by_id OR status <> 'approved'", name="approved_by_another"),
        one_where("uq_identity_change_one_open", "status IN ('requested', 'endorsed')", "person_id"),
        Index("ix_identity_change_person_id", "person_id"),
        Index("ix_identity_change_queue", "employer_id", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[IdentityChangeStatus] = mapped_column(default=IdentityChangeStatus.REQUESTED)
    old_name: Mapped[Name]
    new_name: Mapped[Name | None]
    old_id_number: Mapped[bytes] = mapped_column(LargeBinary)
    old_id_number_masked: Mapped[str] = mapped_column(String(18))
    new_id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    new_id_number_masked: Mapped[str | None] = mapped_column(String(18))
    explanation: Mapped[Text]
    reason: Mapped[Text] = mapped_column(default="")
    requested_at: Mapped[datetime]
    endorsed_at: Mapped[datetime | None]
    endorsed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    person: Mapped[Person] = relationship(lazy="raise")
    employer: Mapped[Organisation | None] = relationship(lazy="raise")
    files: Mapped[list["IdentityFile"]] = relationship(
        lazy="raise", order_by="IdentityFile.id", back_populates="change"
    )


class IdentityFile(StoredFile, Base):
    """A file that proves a correction, kept like the evidence of a claim."""

    __tablename__ = "identity_file"
    __table_args__ = (
        UniqueConstraint("change_id", "original_sha256"),
        Index("ix_identity_file_sha256", "sha256"),
        Index("ix_identity_file_original_sha256", "original_sha256"),
        {
            "sqlite_autoincrement": True
        },  # who closes his account takes them along, and events name them by their numbers
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("identity_change.id"))
    uploaded_at: Mapped[datetime]
    change: Mapped[IdentityChange] = relationship(lazy="raise", back_populates="files")
