"""What the columns of an old system's file mean: proposed by their headers, corrected by hand, kept for the system."""

import pytest

from db import transaction
from db.accounts import Role
from services import identity, legacy_access, legacy_fields, legacy_imports
from services.errors import InvalidField, WrongStatus
from services.legacy_fields import LegacyField
from services.permissions import SYSTEM, Actor
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import counts, receive, received, rows


@pytest.fixture
def analyst() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_account(session, Role.ANALYST))


def test_a_mapping_is_proposed_corrected_and_kept_for_the_system(analyst: Actor) -> None:
    header = ["XM", "号码", "GZDW", "ND", "LB", "XS"]
    row = ["林知夏", factories.invented_id_number(7), "晴川设计院", "2015", "公需课", "24"]
    first = receive(files.text([header, row]), analyst)
    assert first.places == {"name": 0, "employer": 2, "year": 3, "category": 4, "hours": 5}
    places = {**legacy_access.places_of(first), LegacyField.ID_NUMBER: 1}
    with transaction() as session:
        legacy_imports.set_places(session, analyst, first.id, places)
    assert counts(legacy_imports.run(transaction, analyst, first.id)) == (1, 0, 0)
    assert rows(first)[0].id_number_digest == identity.digest(row[1])
    reordered = [["号码", *header[:1], *header[2:]], [row[1], row[0], *row[2:5], "25"]]
    assert receive(files.text(reordered), analyst).places["id_number"] == 0


def test_a_mapping_that_leaves_out_what_is_needed_is_refused(analyst: Actor) -> None:
    kept = receive(files.text(files.records(1)), analyst)
    places = dict(legacy_access.places_of(kept))

    def refusal(changed: dict[LegacyField, int]) -> str:
        with transaction() as session, pytest.raises(InvalidField) as refused:
            legacy_imports.set_places(session, analyst, kept.id, changed)
        return str(refused.value)

    without: dict[LegacyField, int] = {field: place for field, place in places.items() if field is not LegacyField.NAME}
    assert refusal(without) == "姓名：请指定文件中对应的列。"
    twice = places | {LegacyField.TITLE: places[LegacyField.NAME]}
    assert refusal(twice) == "姓名、活动名称：指定了文件中的同一列，请分别指定。"
    legacy_imports.run(transaction, analyst, kept.id)
    with transaction() as session, pytest.raises(WrongStatus):
        legacy_imports.set_places(session, analyst, kept.id, places)


def test_certificates_without_any_hours_are_not_mapped() -> None:
    kept = received([["证书编号", "姓名", "年度"], ["A1", "林知夏", "2015"]])
    with pytest.raises(legacy_fields.NoHours):
        legacy_imports.run(transaction, SYSTEM, kept.id)
