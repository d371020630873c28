"""Files of an employer and of old systems, damaged: every row is accounted for, and nothing of a refused file stays."""

from hypothesis import given
from sqlalchemy import func, select

from db import reading, transaction
from db.imports import Import, ImportRow
from db.legacy import LegacyImport, LegacyRow
from services import legacy_imports, spreadsheets
from services.errors import DomainError
from services.permissions import SYSTEM
from tests import factories
from tests.fuzz.files import EXPORTS, LISTS, File, damaged
from tests.fuzz.strength import examples
from tests.services import importing, legacy

TABLES = (Import, ImportRow, LegacyImport, LegacyRow)


def stored() -> list[int]:
    with reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@examples(20)
@given(damaged(EXPORTS))
def test_every_row_of_an_old_system_is_accepted_rejected_or_a_duplicate(file: File) -> None:
    before = stored()
    try:
        kept = legacy.receive(file.content, name=file.name)
    except DomainError:
        assert stored() == before
        return
    before = stored()
    try:
        done = legacy_imports.run(transaction, SYSTEM, kept.id)
    except DomainError:  # whose columns nobody can guess
        assert stored() == before
        return
    assert sum(legacy.counts(done)) == done.row_count


@examples(20)
@given(damaged(LISTS))
def test_every_row_of_a_list_is_accepted_rejected_or_known(file: File) -> None:
    before = stored()
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
    try:
        upload = importing.staff_upload(employer, file.content)
        kept = importing.keep(reviewer, upload)
    except DomainError:
        assert stored() == before
        return
    done = importing.run(reviewer, kept)
    assert sum(importing.counts(done)) == done.row_count


def test_the_honest_files_are_let_in() -> None:
    """Otherwise the tests above would look at refusals alone."""
    for name, content in EXPORTS.items():
        assert legacy.receive(content, name=name).row_count
    assert list(spreadsheets.check("人员.xlsx", LISTS["人员.xlsx"]).rows())
