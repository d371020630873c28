"""Invented qualifications, and changes of profiles and identities that are on their way."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.accounts import Account
from db.identity_changes import IdentityChange, IdentityChangeStatus, IdentityFile
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person, TitleLevel, TitleSeries
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfileChangeStatus, ProfilePart
from db.qualifications import Degree, DegreeLevel, EducationLevel, Licence, Title
from services import identity, profile_fields
from services.clock import now, today
from tests.factories import unstored_file


def end_bindings(session: Session, person: Person) -> None:
    """He has left his employer."""
    left = {"status": BindingStatus.ENDED, "ended_on": today(), "end_reason": EndReason.LEFT}
    session.execute(update(Binding).where(Binding.person_id == person.id).values(**left))


def create_title(
    session: Session, person: Person, *, series: TitleSeries = TitleSeries.ENGINEERING, name: str = "工程师"
) -> Title:
    """The current one, and the person's own columns say so."""
    title = Title(
        person_id=person.id,
        series=series,
        level=TitleLevel.MIDDLE,
        name=name,
        obtained_on=date(2020, 1, 1),
        is_current=True,
    )
    session.add(title)
    person.title_series, person.title_level, person.title_name = title.series, title.level, title.name
    session.flush()
    return title


def new_degree(person: Person, graduated_on: date) -> Degree:
    return Degree(
        person_id=person.id,
        school="晴川大学",
        major="土木工程",
        education_level=EducationLevel.UNDERGRADUATE,
        degree_level=DegreeLevel.BACHELOR,
        graduated_on=graduated_on,
    )


def new_licence(person: Person, issued_on: date) -> Licence:
    return Licence(
        person_id=person.id,
        name="注册结构工程师",
        number="S1-440000-0001",
        issuing_body="住房和城乡建设主管部门",
        issued_on=issued_on,
    )


def create_profile_change(
    session: Session,
    person: Person,
    *,
    status: ProfileChangeStatus = ProfileChangeStatus.REQUESTED,
    employer: Organisation | None = None,
    after: dict[str, object] | None = None,
) -> ProfileChange:
    """It means to add a degree, unless it is told what it should make of the person's work."""
    degree = profile_fields.said(ProfilePart.DEGREE, new_degree(person, date(2008, 6, 30)))
    added = ProfileChangeItem(part=ProfilePart.DEGREE, before={}, after=degree)
    before = profile_fields.said(ProfilePart.WORK, person)
    work = ProfileChangeItem(
        part=ProfilePart.WORK, entry_id=person.id, before=before, after={**before, **(after or {})}
    )
    change = ProfileChange(
        person_id=person.id,
        employer_id=employer.id if employer else None,
        status=status,
        requested_at=now(),
        decided_at=now() if status in {ProfileChangeStatus.RETURNED, ProfileChangeStatus.CONFIRMED} else None,
        items=[work if after else added],
    )
    session.add(change)
    session.flush()
    return change


def create_identity_change(
    session: Session,
    person: Person,
    *,
    status: IdentityChangeStatus = IdentityChangeStatus.REQUESTED,
    employer: Organisation | None = None,
    endorsed_by: Account | None = None,
    name: str | None = None,
    id_number: str | None = None,
) -> IdentityChange:
    """With the row of a file that was never stored; past the employer it needs the employer and who endorsed it."""
    change = IdentityChange(
        person_id=person.id,
        employer_id=employer.id if employer else None,
        status=status,
        old_name=person.name,
        new_name=name or (None if id_number else f"{person.name}甲"),
        old_id_number=person.id_number,
        old_id_number_masked=person.id_number_masked,
        new_id_number=identity.encrypt(id_number) if id_number else None,
        new_id_number_masked=identity.mask(id_number) if id_number else None,
        explanation="户籍登记已更正",
        requested_at=now(),
        endorsed_at=now() if endorsed_by else None,
        endorsed_by_id=endorsed_by.id if endorsed_by else None,
        files=[IdentityFile(file_name="户口簿.pdf", uploaded_at=now(), **unstored_file())],
    )
    session.add(change)
    session.flush()
    return change
