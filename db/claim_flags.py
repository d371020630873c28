"""What was noticed about a claim when it was sent."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, PrimaryKey


class FlagKind(StrEnum):
    SAME_FILE = "same_file"
    SAME_CERTIFICATE = "same_certificate"
    SAME_TITLE = "same_title"
    OVERLAP = "overlap"
    UNUSUAL_HOURS = "unusual_hours"
    LATE = "late"


class ClaimFlag(Base):
    """One thing noticed, and the other claim it points to where it points to one."""

    __tablename__ = "claim_flag"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('unusual_hours', 'late')) = (other_claim_id IS NULL)", name="points_to_another_claim"
        ),
        UniqueConstraint("claim_id", "kind", "other_claim_id"),
        Index("ix_claim_flag_other_claim_id", "other_claim_id"),
    )

    id: Mapped[PrimaryKey]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    kind: Mapped[FlagKind]
    other_claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
