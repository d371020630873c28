"""Basic information of professionals, and who employs them now."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from db.ethnicities import Ethnicity
from db.locks import hold
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus, Person
from services import divisions, fields, identity, own_account
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.permissions import Actor, Permission, require

MOBILE = N_("手机号码")
EMAIL = N_("电子邮箱")
NATIVE_PLACE = N_("籍贯")
DEPARTMENT = N_("所在部门")
TITLE_NAME = N_("职称名称")


class NoEmployer(DomainError):
    message = N_("您还没有确认的工作单位。请先在“人员基本信息维护”中选择单位并提交，由单位确认。")


class EmployerSuspended(DomainError):
    message = N_(
        "您的工作单位已被停用，暂时不能办理需要单位审核的事项。已保存的内容不会丢失，恢复后再提交；请咨询%(division)s的主管部门。"
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """The part of the basic information that is the person's own affair, and holds as soon as it is saved."""

    mobile: str
    email: str
    ethnicity: Ethnicity | None = None
    native_place: str = ""


def own_profile(session: Session, actor: Actor) -> Person:
    """The actor's basic information, with every binding, its organisation and its steps. Raises NotFound."""
    require(actor, Permission.PROFILE_WRITE)
    bindings = joinedload(Person.bindings)
    history = bindings.joinedload(Binding.organisation), bindings.joinedload(Binding.steps)
    own = select(Person).where(Person.id == actor.person_id).options(*history)
    person = session.scalars(own).unique().one_or_none()
    if person is None:
        raise NotFound
    return person


def find_binding(person: Person, states: Collection[BindingStatus]) -> Binding | None:
    """The newest in one of the states, of a person loaded with his bindings."""
    return next((binding for binding in person.bindings if binding.status in states), None)


def update_profile(session: Session, actor: Actor, profile: Profile) -> None:
    require(actor, Permission.PROFILE_WRITE)
    own_account.keep_open(session, actor)
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    person.mobile = fields.phone(MOBILE, profile.mobile)
    person.email = fields.email(EMAIL, profile.email)
    person.ethnicity = profile.ethnicity
    person.native_place = fields.optional_text(NATIVE_PLACE, profile.native_place)
    record(session, actor, "profile_update", person, after={"part": "contact"})


def hold_employment(session: Session, person_id: int | None) -> None:
    """Nobody else changes who employs this person until this transaction ends."""
    hold(session, f"employment/{person_id}")


def employer_of(session: Session, person_id: int | None) -> Organisation:
    """The employer that confirmed this person and may act, until this transaction ends.

    Raises NoEmployer, EmployerSuspended.
    """
    hold_employment(session, person_id)
    confirmed = _confirmed_by(person_id).with_for_update(read=True, of=Organisation)
    employer = session.scalar(confirmed)
    if employer is not None and employer.status is OrganisationStatus.MERGED:
        employer = session.scalar(confirmed)  # merged while this waited: the person has gone over
    if employer is None:
        raise NoEmployer
    if employer.status is not OrganisationStatus.APPROVED:
        raise EmployerSuspended(division=divisions.name(employer.division))
    return employer


def _confirmed_by(person_id: int | None) -> Select[Organisation]:
    return (
        select(Organisation)
        .join(Binding, Binding.organisation_id == Organisation.id)
        .where(Binding.person_id == person_id, Binding.status == BindingStatus.ACTIVE)
    )


def confirmed_employer(session: Session, person_id: int | None) -> Organisation | None:
    """Where somebody works, even while it is suspended."""
    return session.scalar(_confirmed_by(person_id))


def find_employer(session: Session, person_id: int | None) -> Organisation | None:
    """The one that may act; none while it is suspended."""
    working = Organisation.status == OrganisationStatus.APPROVED
    return session.scalar(_confirmed_by(person_id).where(working))


def reveal_own_id_number(session: Session, actor: Actor) -> str:
    """The full ID number for its owner; the look is recorded."""
    return reveal(session, actor, own_profile(session, actor))


def reveal(session: Session, actor: Actor, person: Person) -> str:
    """For services that know that the actor may see this number."""
    record(session, actor, "id_number_reveal", person)
    return identity.decrypt(person.id_number)
