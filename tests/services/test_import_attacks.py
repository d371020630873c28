"""What happens to an organisation while one of its lists is being imported."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Grant
from db.imports import ImportStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, Person
from services import imports
from services.errors import WrongStatus
from tests import factories
from tests.services.importing import how_many, keep, staff_list, staff_row, staff_upload, stored
from web.vocabulary import vocabulary

Change = Callable[[Session, Organisation, Organisation], object]


def suspend(_session: Session, employer: Organisation, _other: Organisation) -> None:
    employer.status = OrganisationStatus.SUSPENDED


def merge(_session: Session, employer: Organisation, other: Organisation) -> None:
    employer.status, employer.merged_into_id = OrganisationStatus.MERGED, other.id


def remove_the_reviewer(session: Session, employer: Organisation, _other: Organisation) -> None:
    session.execute(delete(Grant).where(Grant.organisation_id == employer.id))


@pytest.mark.parametrize("change", [suspend, merge, remove_the_reviewer])
def test_an_import_stops_when_nobody_may_carry_it_out_any_more(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the rest of its people would be bound to an organisation that nobody acts for."""
    monkeypatch.setattr(imports, "CHUNK", 2)
    with transaction() as session:
        employer, other = factories.create_employer(session), factories.create_employer(session)
        actor = factories.actor_of(session, factories.create_reviewer(session, employer))
    kept = keep(actor, staff_upload(employer, staff_list(staff_row() for _ in range(4))))

    def interfere(_done: int, _total: int) -> None:
        with transaction() as session:
            change(session, session.get_one(Organisation, employer.id), other)

    with pytest.raises(WrongStatus):
        imports.run(transaction, actor, kept.id, vocabulary(), on_progress=interfere)
    assert how_many(Person) == how_many(Binding) == 2
    assert stored(kept).status is ImportStatus.RUNNING
