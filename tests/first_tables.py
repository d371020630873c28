"""Rows as the first tables held them, for tests of what later migrations make of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, MetaData

from db import migrate, session
from tests.database import bound, new

FIRST = "5b1e0c7d2f4a"
AT, DAY = datetime(2026, 1, 5, 8, tzinfo=UTC), date(2026, 1, 5)
PEOPLE = {1: "林知夏", 2: "陈望舒", 3: "黄景行"}


def accounts() -> list[dict[str, Any]]:
    same = {"password_hash": "", "must_change_password": False, "status": "active", "language": "zh_CN"}
    return [
        {**same, "id": number, "username": f"account{number}", "display_name": name, "created_at": AT}
        for number, name in PEOPLE.items()
    ]


def people() -> list[dict[str, Any]]:
    texts = dict.fromkeys(("id_number_masked", "mobile", "email", "department", "title_name"), "")
    same = {**texts, "id_number": b"", "birth_date": DAY, "sex": "male", "title_level": "none", "version": 1}
    return [
        {**same, "id": number, "account_id": number, "name": name, "id_number_digest": name, "registered_at": AT}
        for number, name in PEOPLE.items()
    ]


def organisation() -> dict[str, Any]:
    texts = dict.fromkeys(("uscc", "name", "contact_name", "contact_phone", "opinion"), "")
    said = {"kind": "employer", "division": "440104", "status": "approved", "applied_at": AT}
    return {**texts, **said, "id": 1, "version": 1}


@contextmanager
def filled(kind: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Engine]:
    """A database that was migrated no further than the first tables, with these rows in them."""
    with bound(session.make_engine(new(kind))) as engine:
        migrate.migrate_to(FIRST)
        stored = MetaData()
        stored.reflect(engine)
        with engine.begin() as connection:
            for table, content in rows.items():
                connection.execute(stored.tables[table].insert(), content)
        yield engine
