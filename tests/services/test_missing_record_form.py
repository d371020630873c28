"""What somebody types who misses an old record, what is kept of it, and what is refused."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.accounts import Role
from db.events import pending
from db.legacy import LegacyKind
from db.missing_records import MissingRecordStatus
from db.organisations import Organisation
from db.people import Person
from services import evidence_files, missing_record_form
from services.clock import today
from services.errors import InvalidField, LeftOut, PermissionDenied
from services.evidence import SameFileTwice, TooManyFiles
from services.missing_record_form import (
    AlreadyReported,
    MissingRecordForm,
    NoProofOfRecord,
    NotConfirmedByEmployer,
    TooManyReports,
)
from services.permissions import Actor
from tests import factories
from tests.missing_cases import create_missing
from tests.services.files import checked_file
from tests.services.missing_steps import form

RECORD = form(kind=LegacyKind.RECORD, title="桥梁检测培训")


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def test_what_was_typed_is_kept_as_rows_of_old_systems_are_kept(open_session: Session, owner: Actor) -> None:
    made = missing_record_form.report(open_session, owner, form(), [checked_file()])
    assert (made.kind, made.year, made.title) == (LegacyKind.CERTIFICATE, 2016, "旧404A")
    assert (made.system, made.employer, made.explanation) == ("省旧系统", "老单位", "当时姓王。")
    assert (made.general, made.professional, made.elective) == (Decimal(18), Decimal("42.5"), None)
    assert (made.status, made.person_id) == (MissingRecordStatus.REPORTED, owner.person_id)
    assert [file.file_name for file in made.files] == ["证明.pdf"]
    assert [event.action for event in pending(open_session)] == ["missing_record_report"]


def test_of_a_certificate_the_number_and_the_hours_need_not_be_known(open_session: Session, owner: Actor) -> None:
    barely = form(title="", system="", explanation="", hours={})
    made = missing_record_form.report(open_session, owner, barely, [checked_file()])
    assert (made.title, made.general) == ("", None)


REFUSED: dict[str, tuple[MissingRecordForm, type[Exception]]] = {
    "no year": (form(year=None), LeftOut),
    "no employer": (form(employer=" "), LeftOut),
    "an activity without a name": (form(kind=LegacyKind.RECORD, title=" "), LeftOut),
    "before there were such records": (form(year=1984), InvalidField),
    "a year that has not come": (form(year=today().year + 1), InvalidField),
    "hours below nothing": (form(hours={"general": -1.0}), InvalidField),
    "too many hours": (form(hours={"general": 1000.0}), InvalidField),
    "a part of a tenth": (form(hours={"general": 0.05}), InvalidField),
    "characters nobody sees": (form(employer="老\u200b单位"), InvalidField),
    "a name without an end": (form(employer="长" * 101), InvalidField),
    "a story without an end": (form(explanation="长" * 501), InvalidField),
}


@pytest.mark.parametrize("fault", list(REFUSED))
def test_it_is_refused(open_session: Session, owner: Actor, fault: str) -> None:
    typed, refusal = REFUSED[fault]
    with pytest.raises(refusal):
        missing_record_form.report(open_session, owner, typed, [checked_file()])


def test_everything_that_is_left_out_is_named_at_once(open_session: Session, owner: Actor) -> None:
    with pytest.raises(LeftOut) as refusal:
        missing_record_form.report(open_session, owner, form(year=None, employer=""), [])
    assert "年度" in repr(refusal.value.args) + repr(vars(refusal.value))
    assert "当时的工作单位" in repr(refusal.value.args) + repr(vars(refusal.value))


def test_without_proof_nothing_is_reported(open_session: Session, owner: Actor) -> None:
    with pytest.raises(NoProofOfRecord):
        missing_record_form.report(open_session, owner, form(), [])


def test_files_are_few_and_each_comes_once(
    open_session: Session, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SameFileTwice):
        missing_record_form.report(open_session, owner, form(), [checked_file(), checked_file()])
    monkeypatch.setattr(evidence_files, "MOST_FILES", 1)
    with pytest.raises(TooManyFiles):
        missing_record_form.report(open_session, owner, form(), [checked_file(), checked_file(b"%PDF-2")])


def test_the_same_thing_is_reported_once_however_it_is_typed(open_session: Session, owner: Actor) -> None:
    missing_record_form.report(open_session, owner, form(), [checked_file()])
    with pytest.raises(AlreadyReported):
        missing_record_form.report(open_session, owner, form(title="旧404a", employer="别处"), [checked_file()])
    for different in (form(year=2015), form(title="旧405"), RECORD):
        missing_record_form.report(open_session, owner, different, [checked_file()])


def test_only_so_many_wait_at_once(
    open_session: Session, person: Person, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing_record_form, "MOST_OPEN", 2)
    create_missing(open_session, person, status=MissingRecordStatus.NOT_FOUND)
    create_missing(open_session, person, year=2014)
    missing_record_form.report(open_session, owner, form(), [checked_file()])
    with pytest.raises(TooManyReports):
        missing_record_form.report(open_session, owner, RECORD, [checked_file()])


def test_until_an_employer_has_confirmed_who_somebody_is_he_reports_nothing(open_session: Session) -> None:
    stranger = factories.actor_for(open_session, factories.create_person(open_session))
    with pytest.raises(NotConfirmedByEmployer):
        missing_record_form.report(open_session, stranger, form(), [checked_file()])


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.EMPLOYER])
def test_nobody_reports_who_is_no_professional(open_session: Session, employer: Organisation, role: Role) -> None:
    if role is Role.EMPLOYER:
        account = factories.create_reviewer(open_session, employer)
    elif role is Role.SUPERVISOR:
        account = factories.create_supervisor(open_session)
    else:
        account = factories.create_account(open_session, role)
    actor = factories.actor_of(open_session, account)
    with pytest.raises(PermissionDenied):
        missing_record_form.report(open_session, actor, form(), [checked_file()])
