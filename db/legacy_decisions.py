"""What analysts have decided about rows of old systems, for as long as nobody takes it back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Name, PrimaryKey, Text, one_where
from db.legacy import KEY
from db.people import Person


class LegacyVerdict(StrEnum):
    """That a row is about a person, about nobody who is known here, or says again what another row says."""

    PERSON = "person"
    NOBODY = "nobody"
    DUPLICATE = "duplicate"


class Confidence(StrEnum):
    """How far what a row says of its person agrees with what is known of somebody."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LegacyDecision(Base):
    """A decision, kept apart from the rows: it holds for them again when their file is imported anew.

    `subject` is the key of one row or, when `alike`, what all rows of the system have in common that say the same of
    their person (`LegacyRow.about`); `other_key` is the key of the row that says the same as this one.
    """

    __tablename__ = "legacy_decision"
    __table_args__ = (
        CheckConstraint(
            "undone_at IS NOT NULL OR (verdict = 'person') = (person_id IS NOT NULL)", name="names_somebody"
        ),
        CheckConstraint("(verdict = 'duplicate') = (other_key IS NOT NULL)", name="names_the_other"),
        CheckConstraint("(verdict = 'person') = (confidence IS NOT NULL)", name="states_its_confidence"),
        CheckConstraint("verdict <> 'duplicate' OR NOT alike", name="one_row_is_a_duplicate"),
        CheckConstraint("other_key IS NULL OR other_key <> subject", name="duplicate_of_another"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_name = '')", name="undone_by_somebody"),
        one_where("uq_legacy_decision_one_in_force", "undone_at IS NULL", "subject"),
        Index("ix_legacy_decision_subject", "subject", "id"),
        Index("ix_legacy_decision_other_key", "other_key"),
        Index("ix_legacy_decision_person_id", "person_id"),
    )

    id: Mapped[PrimaryKey]
    system_id: Mapped[int] = mapped_column(ForeignKey("legacy_system.id"))
    subject: Mapped[str] = mapped_column(String(KEY))
    alike: Mapped[bool] = mapped_column(Boolean)
    verdict: Mapped[LegacyVerdict]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    other_key: Mapped[str | None] = mapped_column(String(KEY))
    confidence: Mapped[Confidence | None]
    reason: Mapped[Text] = mapped_column(default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_name: Mapped[Name]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_by_name: Mapped[Name] = mapped_column(default="")
    undo_reason: Mapped[Text] = mapped_column(default="")
    person: Mapped[Person | None] = relationship(lazy="raise")
