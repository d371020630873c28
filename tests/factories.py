"""Invented people, employers and claims; a test names only what it is about."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import bcrypt
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from db.accounts import Account, Grant, Role
from db.claims import ActivityType, Category, Claim, ClaimAction, ClaimStatus, ClaimStep, Evidence
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus, EndReason, Person
from services import identity
from services.clock import now, today
from services.permissions import Actor, Scope

PASSWORD = "Pilot-2026"
DIVISION = "440104"
SURNAMES = "林陈黄苏许沈谢温杜叶"
# None that a test gives somebody in order to find him by it.
GIVEN_NAMES = ("一鸣", "修远", "明轩", "子谦", "思远", "文博", "梓涵", "欣然", "浩宇", "睿哲")
BORN = date(1985, 3, 17)
_numbers = itertools.count(1)


def invented_name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN_NAMES[number // len(SURNAMES) % len(GIVEN_NAMES)]


def invented_id_number(number: int | None = None, *, born: date = BORN) -> str:
    """A number with a right check digit, in a county code that exists; odd numbers are men."""
    day, order = divmod(next(_numbers) if number is None else number, 1000)
    body = f"{DIVISION}{born + timedelta(days=day):%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def invented_uscc(number: int | None = None) -> str:
    body = f"91{DIVISION}{next(_numbers) if number is None else number:09d}"
    return body + uscc.calc_check_digit(body)


@cache
def password_hash() -> str:
    """The cheapest that bcrypt makes; signing in is tested with accounts that the services made."""
    return bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


def create_account(session: Session, *roles: Role, username: str | None = None, name: str | None = None) -> Account:
    """With roles that hold everywhere; `grant` adds those of an organisation or a division."""
    number = next(_numbers)
    account = Account(
        username=username or f"account{number}",
        display_name=name or invented_name(number),
        password_hash=password_hash(),
        must_change_password=False,
        created_at=now(),
    )
    session.add(account)
    session.flush()
    for role in roles:
        grant(session, account, role)
    return account


def grant(
    session: Session,
    account: Account,
    role: Role,
    *,
    organisation: Organisation | None = None,
    division: str | None = None,
) -> None:
    organisation_id = organisation.id if organisation else None
    row = Grant(account_id=account.id, role=role, organisation_id=organisation_id, division=division, granted_at=now())
    session.add(row)
    session.flush()


def create_organisation(
    session: Session,
    *,
    kind: OrganisationKind = OrganisationKind.EMPLOYER,
    name: str | None = None,
    division: str = DIVISION,
    status: OrganisationStatus = OrganisationStatus.APPROVED,
) -> Organisation:
    number = next(_numbers)
    organisation = Organisation(
        uscc=invented_uscc(number),
        name=name or f"晴川第{number}设计院",
        kind=kind,
        division=division,
        contact_name=invented_name(number),
        contact_phone=f"020-8{number:07d}",
        status=status,
        applied_at=now(),
    )
    session.add(organisation)
    session.flush()
    return organisation


def create_employer(session: Session, *, name: str | None = None, division: str = DIVISION) -> Organisation:
    return create_organisation(session, name=name, division=division)


def create_holding_employer(session: Session, *, division: str = DIVISION) -> Organisation:
    """For people of a division without an employer of their own."""
    employer = create_employer(session, name=f"{division}代管单位", division=division)
    employer.uscc = None
    session.flush()
    return employer


def create_reviewer(session: Session, employer: Organisation) -> Account:
    """The account that acts for an employer."""
    account = create_account(session)
    grant(session, account, Role.EMPLOYER, organisation=employer)
    return account


def create_supervisor(session: Session, division: str = DIVISION) -> Account:
    account = create_account(session)
    grant(session, account, Role.SUPERVISOR, division=division)
    return account


def create_person(
    session: Session,
    *,
    name: str | None = None,
    employer: Organisation | None = None,
    account: Account | None = None,
    id_number: str | None = None,
) -> Person:
    """With an employer: confirmed there."""
    account = account or create_account(session, name=name)
    grant(session, account, Role.PROFESSIONAL)
    person = Person(
        account_id=account.id,
        name=account.display_name,
        mobile=f"139{account.id:08d}",
        email=f"{account.username}@example.com",
        registered_at=now(),
        **identity.columns(id_number or invented_id_number()),
    )
    session.add(person)
    session.flush()
    if employer:
        create_binding(session, person, employer)
    return person


def create_binding(
    session: Session, person: Person, employer: Organisation, *, status: BindingStatus = BindingStatus.ACTIVE
) -> Binding:
    """Begun, ended or to begin today, as the status asks for."""
    ended = status is BindingStatus.ENDED
    binding = Binding(
        person_id=person.id,
        organisation_id=employer.id,
        status=status,
        requested_at=now(),
        started_on=today() if ended or status in {BindingStatus.ACTIVE, BindingStatus.SCHEDULED} else None,
        ended_on=today() if ended else None,
        end_reason=EndReason.LEFT if ended else None,
    )
    session.add(binding)
    session.flush()
    return binding


def create_claim(
    session: Session,
    person: Person,
    *,
    employer: Organisation | None = None,
    status: ClaimStatus = ClaimStatus.DRAFT,
    category: Category = Category.GENERAL,
    hours: Decimal = Decimal(8),
    awarded: Decimal | None = None,
    year: int | None = None,
    title: str | None = None,
    on: date | None = None,
    second_level: bool = False,
    endorsed: bool = False,
) -> Claim:
    """In this year unless told; sent ones need the employer or the person's confirmed one, approved ones award all."""
    day = on or (today() if year is None else date(year, 1, 5))
    counts = status in {ClaimStatus.APPROVED, ClaimStatus.REVOKED}
    claim = Claim(
        person_id=person.id,
        year=year or day.year,
        category=category,
        activity_type=ActivityType.TRAINING,
        title=title or f"岗位能力提升课程{next(_numbers)}",
        organiser="晴川继续教育中心",
        start_on=day,
        end_on=day,
        hours_claimed=hours,
        hours_awarded=(awarded or hours) if counts else None,
        status=status,
        second_level=second_level,
        created_at=now(),
    )
    if status is not ClaimStatus.DRAFT:
        claim.employer_id = employer.id if employer else _employer_id(session, person)
    _pass_what_lies_before(claim, endorsed=endorsed or status is ClaimStatus.ENDORSED)
    session.add(claim)
    session.flush()
    return claim


def _pass_what_lies_before(claim: Claim, *, endorsed: bool) -> None:
    """The moments of the steps that a claim of this status has behind it."""
    if claim.status is not ClaimStatus.DRAFT:
        claim.attested_at = claim.submitted_at = claim.queued_at = now()
    if claim.status not in {ClaimStatus.DRAFT, ClaimStatus.SUBMITTED}:
        claim.decided_at = now()
    if endorsed:
        claim.second_level, claim.hours_endorsed, claim.endorsed_at = True, claim.hours_claimed, now()


def create_step(
    session: Session,
    claim: Claim,
    reached: ClaimStatus,
    *,
    action: ClaimAction = ClaimAction.APPROVE,
    by: Account | None = None,
) -> ClaimStep:
    """A step that led to a status, now."""
    step = ClaimStep(
        claim_id=claim.id,
        at=now(),
        actor_id=by.id if by else None,
        actor_name=by.display_name if by else "系统",
        action=action,
        to_status=reached,
    )
    session.add(step)
    session.flush()
    return step


def _employer_id(session: Session, person: Person) -> int:
    active = (Binding.person_id == person.id) & (Binding.status == BindingStatus.ACTIVE)
    return session.scalars(select(Binding.organisation_id).where(active)).one()


def create_evidence(session: Session, claim: Claim, *, file_name: str = "结业证明.pdf") -> Evidence:
    """A row alone, of a file that was never stored."""
    evidence = Evidence(claim_id=claim.id, file_name=file_name, uploaded_at=now(), **unstored_file())
    session.add(evidence)
    session.flush()
    return evidence


def unstored_file() -> dict[str, object]:
    """The columns of a file that was never stored."""
    digest = f"{next(_numbers):064x}"
    return {"media_type": "application/pdf", "size": 1024, "sha256": digest, "original_sha256": digest}


def actor_of(session: Session, account: Account) -> Actor:
    """The account as the services see it, with what the database grants it now."""
    granted = select(Grant, Organisation.status).outerjoin(Organisation, Organisation.id == Grant.organisation_id)
    grants = session.execute(granted.where(Grant.account_id == account.id).order_by(Grant.id))
    return Actor(
        account_id=account.id,
        name=account.display_name,
        username=account.username,
        scopes=tuple(
            Scope(grant.role, grant.organisation_id, grant.division, status in {None, OrganisationStatus.APPROVED})
            for grant, status in grants
        ),
        person_id=session.scalar(select(Person.id).where(Person.account_id == account.id)),
        must_change_password=account.must_change_password,
        language=account.language,
    )


def actor_for(session: Session, person: Person) -> Actor:
    return actor_of(session, session.get_one(Account, person.account_id))


def person_of(session: Session, account: Account) -> Person:
    return session.scalars(select(Person).where(Person.account_id == account.id)).one()
