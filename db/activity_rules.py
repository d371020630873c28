"""How the hours of each type of activity are reckoned, edition by edition."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, Name, PrimaryKey, Text
from db.claims import ActivityType


class Unit(StrEnum):
    """What the hours of an activity are counted by."""

    CLOCK = "clock"  # the time it took, as far as its days hold it
    DAY = "day"
    ITEM = "item"
    THOUSAND_CHARACTERS = "thousand_characters"
    TEN_THOUSAND_CHARACTERS = "ten_thousand_characters"


class DetailField(StrEnum):
    """What a claim can be asked besides what every claim says."""

    PUBLISHER = "publisher"
    SUBJECT = "subject"
    NUMBER = "number"
    LEVEL = "level"
    RANK = "rank"
    PATENT_KIND = "patent_kind"
    PROJECT_ROLE = "project_role"
    PRIZE = "prize"
    ITEMS = "items"
    CHARACTERS = "characters"


class Level(StrEnum):
    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class AuthorRank(StrEnum):
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    LATER = "later"


class PatentKind(StrEnum):
    INVENTION = "invention"
    UTILITY = "utility"
    DESIGN = "design"


class ProjectRole(StrEnum):
    LEADER = "leader"
    MEMBER = "member"


class Prize(StrEnum):
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    OTHER = "other"


class ActivityRule(Base):
    """One edition of the rule of a type of activity; it holds from a year on until a later edition takes its place.

    `rate` is the hours of one unit. Where the answer to `graded_by` has a rate of its own in `grades`, that one holds.
    """

    __tablename__ = "activity_rule"
    __table_args__ = (
        UniqueConstraint("activity_type", "edition"),
        CheckConstraint("(unit = 'clock') = (rate IS NULL)", name="the_clock_has_no_rate"),
        CheckConstraint("rate > 0", name="rate_is_positive"),
        CheckConstraint("most_per_item > 0", name="item_cap_is_positive"),
        CheckConstraint("most_per_year > 0", name="yearly_cap_is_positive"),
        CheckConstraint("edition > 0", name="editions_are_counted"),
    )

    id: Mapped[PrimaryKey]
    activity_type: Mapped[ActivityType]
    edition: Mapped[int]
    from_year: Mapped[int]
    unit: Mapped[Unit]
    rate: Mapped[Decimal | None]
    graded_by: Mapped[DetailField | None]
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    most_per_item: Mapped[Decimal | None]
    most_per_year: Mapped[Decimal | None]
    asks: Mapped[list[str]] = mapped_column(Json, default=list)
    evidence: Mapped[Text] = mapped_column(default="")
    basis: Mapped[Text]
    is_example: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_by_name: Mapped[Name]
