"""Alembic's entry: migrates the database that the application itself uses."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import BigInteger, Connection, Enum
from sqlalchemy.types import JSON

from db import Base, session
from db.base import Hours, UtcDateTime

NAMES: dict[type[Any], str] = {BigInteger: "BIG_ID", Hours: "HOURS", JSON: "JSON", UtcDateTime: "MOMENT"}


def plain_type(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration names what is stored and not our types, which may change after it was written."""
    if kind != "type" or not (isinstance(item, Enum) or type(item) in NAMES):
        return False
    name = "one_of" if isinstance(item, Enum) else NAMES[type(item)]
    autogenerate.imports.add(f"from db.migrations.types import {name}")
    return f"one_of{(item.name, *item.enums)!r}" if isinstance(item, Enum) else name


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=plain_type,
        render_as_batch=True,  # SQLite alters a table only by copying it
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    with session.engine.begin() as own:
        run(own)
else:
    run(given)
