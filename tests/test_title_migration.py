"""The one title that a person could say before there were several."""

from typing import Any

import pytest
from sqlalchemy import select

from db import migrate, reading
from db.qualifications import Title
from tests.database import KINDS
from tests.first_tables import accounts, filled, people

SAID: list[dict[str, Any]] = [
    {"title_series": "teaching", "title_level": "senior", "title_name": "正高级教师"},
    {"title_series": None, "title_level": "junior", "title_name": ""},
    {"title_series": None, "title_level": "none", "title_name": ""},
]


@pytest.mark.parametrize("kind", KINDS)
def test_it_becomes_the_current_one(kind: str) -> None:
    said = [{**person, **title} for person, title in zip(people(), SAID, strict=True)]
    with filled(kind, {"account": accounts(), "person": said}):
        migrate.upgrade()
        with reading() as current:
            titles = current.scalars(select(Title).order_by(Title.person_id)).all()
        kept = [(title.person_id, title.series, title.level, title.name, title.is_current) for title in titles]
        assert kept == [(1, "teaching", "senior", "正高级教师", True), (2, "other", "junior", "", True)]
