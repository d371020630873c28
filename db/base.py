"""The base of every table: names of constraints and types of columns."""

import enum
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Constraint,
    Date,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator


class Hours(TypeDecorator[Decimal]):
    """Hours with one decimal place, kept as whole tenths so that sums are exact on both databases."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        tenths = Decimal(value) * 10
        if tenths != int(tenths):
            raise ValueError(f"hours have one decimal place, not {value}")
        return int(tenths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-1)


class ManyHours(Hours):
    """The same for sums over everybody, which PostgreSQL's own INTEGER does not hold."""

    impl = BigInteger
    cache_ok = True


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is given back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


BigId = BigInteger().with_variant(Integer, "sqlite")
# Nothing is NULL, not the word null of JSON: checks and restored rows then mean the same.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True)]
Code = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(100))]
Text = Annotated[str, mapped_column(String(500))]
Digest = Annotated[str, mapped_column(String(64))]
TotalHours = Annotated[Decimal, mapped_column(ManyHours())]
DivisionCode = Annotated[str, mapped_column(String(6))]


def one_where(name: str, condition: str, *columns: str) -> Index:
    """At most one row for each value of the columns among the rows that meet the condition."""
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


def _coded_column(constraint: Constraint, _table: Table[Any]) -> str:
    """The column whose codes a check lists, because two columns of one table may hold the same codes."""
    return "".join(f"{column.name}_" for column in getattr(constraint, "columns", ()))


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "coded_column": _coded_column,
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(coded_column)s%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=True, length=32, values_callable=_values),
        datetime: UtcDateTime(),
        date: Date(),
        Decimal: Hours(),
        int: BigId,
        dict[str, Any]: Json,
    }


class Versioned:
    """Of two writers who read the same state the second one is refused (StaleDataError)."""

    version: Mapped[int]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]  # set by SQLAlchemy
