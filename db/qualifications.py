"""What a professional has acquired: titles, degrees and licences."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Name, PrimaryKey, one_where
from db.people import TitleLevel, TitleSeries


class EducationLevel(StrEnum):
    SECONDARY = "secondary"
    COLLEGE = "college"
    UNDERGRADUATE = "undergraduate"
    POSTGRADUATE = "postgraduate"


class DegreeLevel(StrEnum):
    """The academic degree, which a course of study may end without."""

    NONE = "none"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class Title(Base):
    """A professional title. The person's own columns repeat the current one, by which hours are reviewed."""

    __tablename__ = "title"
    __table_args__ = (
        one_where("uq_title_one_current", "is_current", "person_id"),
        Index("ix_title_person_id", "person_id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    series: Mapped[TitleSeries]
    level: Mapped[TitleLevel]
    name: Mapped[Name]
    specialty: Mapped[Name] = mapped_column(default="")
    obtained_on: Mapped[date | None]
    approving_body: Mapped[Name] = mapped_column(default="")
    is_current: Mapped[bool] = mapped_column(default=False)


class Degree(Base):
    """A course of study that was completed."""

    __tablename__ = "degree"
    __table_args__ = (Index("ix_degree_person_id", "person_id"),)

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    school: Mapped[Name]
    major: Mapped[Name]
    education_level: Mapped[EducationLevel]
    degree_level: Mapped[DegreeLevel]
    graduated_on: Mapped[date]


class Licence(Base):
    """A licence to practise, or a certificate of a vocational qualification."""

    __tablename__ = "licence"
    __table_args__ = (
        CheckConstraint("issued_on <= valid_until", name="is_valid_after_issue"),
        Index("ix_licence_person_id", "person_id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Name]
    number: Mapped[Name]
    issuing_body: Mapped[Name]
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
