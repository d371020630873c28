"""The column types of the migrations: what is stored, whatever becomes of the models' own types."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
HOURS = sa.Integer()  # tenths of an hour
MOMENT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """A code: VARCHAR with a CHECK, on both databases."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
