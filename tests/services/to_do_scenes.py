"""What happens, and for whom it waits then."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.certificates import CertificateStatus
from db.claims import ClaimStatus
from db.classes import ClassStatus
from db.enrolments import EnrolmentStatus
from db.exemptions import ExemptionStatus
from db.identity_changes import IdentityChangeStatus
from db.legacy import LegacyKind, LegacyMatch
from db.misconduct import MisconductStatus
from db.missing_records import MissingRecordStatus
from db.organisation_changes import OrganisationChange
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, Person
from db.profile_changes import ProfileChangeStatus
from db.statistics import RunStatus, StatisticsRun
from services.clock import now, today
from services.to_do import ToDo
from tests import classes, factories, legacy_rows, profiles
from tests.certificates import create_certificate
from tests.exemption_cases import create_exemption
from tests.misconduct_cases import create_case
from tests.missing_cases import create_missing
from tests.samples import create_audit

Scene = Callable[[Session, Person, Organisation], object]
Stage = tuple[Person, Organisation, dict[Role, Account]]


def claim(status: ClaimStatus) -> Scene:
    return lambda session, person, employer: factories.create_claim(session, person, employer=employer, status=status)


def binding(status: BindingStatus) -> Scene:
    return lambda session, person, employer: factories.create_binding(session, person, employer, status=status)


def organisation(status: OrganisationStatus) -> Scene:
    return lambda session, _person, _employer: factories.create_organisation(session, status=status)


def colleagues_profile(session: Session, _person: Person, employer: Organisation) -> None:
    profiles.create_profile_change(session, factories.create_person(session, employer=employer))


def colleagues_identity(status: IdentityChangeStatus) -> Scene:
    def scene(session: Session, _person: Person, employer: Organisation) -> None:
        endorser = None if status is IdentityChangeStatus.REQUESTED else factories.create_reviewer(session, employer)
        colleague = factories.create_person(session, employer=employer)
        profiles.create_identity_change(session, colleague, status=status, employer=employer, endorsed_by=endorser)

    return scene


def renamed(session: Session, _person: Person, employer: Organisation) -> None:
    same = {"old_uscc": employer.uscc, "new_uscc": employer.uscc}
    divisions = {"old_division": employer.division, "new_division": employer.division}
    names = {"old_name": employer.name, "new_name": f"{employer.name}有限公司"}
    session.add(
        OrganisationChange(
            organisation_id=employer.id, explanation="改制", requested_at=now(), **same, **divisions, **names
        )
    )


def sample(session: Session, person: Person, employer: Organisation) -> None:
    drawn = factories.create_claim(session, person, employer=employer, status=ClaimStatus.APPROVED)
    create_audit(session, session.get_one(Account, person.account_id), drawn)


def colleague_enrols(session: Session, _person: Person, provider: Organisation) -> None:
    """The organisation that the accounts act for runs a class of its own."""
    course_class = classes.create_class(session, provider)
    classes.create_enrolment(session, course_class, factories.create_person(session), employer=provider)


def class_is_over(session: Session, _person: Person, provider: Organisation) -> None:
    classes.create_class(session, provider, status=ClassStatus.CLOSED, starts=today() - timedelta(days=3))


def broken_off(session: Session, _person: Person, _employer: Organisation) -> None:
    session.add(StatisticsRun(started_by="系统", started_at=now(), status=RunStatus.FAILED))


def enrolled(status: EnrolmentStatus, *, offered: bool = False, news: bool = False) -> Scene:
    def scene(session: Session, person: Person, employer: Organisation) -> None:
        course_class = classes.create_class(session, classes.create_provider(session, division="440300"))
        until = now() + timedelta(hours=1) if offered else None
        enrolment = classes.create_enrolment(
            session, course_class, person, employer=employer, status=status, offered_until=until
        )
        enrolment.news_at = now() if news else None

    return scene


def exemption(session: Session, _person: Person, employer: Organisation) -> None:
    create_exemption(session, factories.create_person(session, employer=employer), employer)


def own_exemption(session: Session, person: Person, employer: Organisation) -> None:
    create_exemption(session, person, employer, status=ExemptionStatus.GRANTED).news_at = now()


def case(status: MisconductStatus, *, about_a_colleague: bool = True) -> Scene:
    """Told just now, where it is told."""

    def scene(session: Session, person: Person, employer: Organisation) -> None:
        concerned = factories.create_person(session, employer=employer) if about_a_colleague else person
        create_case(session, concerned, employer, status=status, at=now())

    return scene


def missed(kind: LegacyKind, status: MissingRecordStatus) -> Scene:
    """By the professional, who has not read the answer; one that waits by a colleague."""

    def scene(session: Session, person: Person, employer: Organisation) -> None:
        waits = status is MissingRecordStatus.REPORTED
        missing = factories.create_person(session, employer=employer) if waits else person
        create_missing(session, missing, kind=kind, status=status)

    return scene


# What happens to a professional without an employer, and what then waits for whom.
UNBOUND = {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1}}
SCENES: dict[str, tuple[Scene, dict[Role, dict[ToDo, int]]]] = {
    "a draft": (
        claim(ClaimStatus.DRAFT),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.CLAIMS_UNSENT: 1}},
    ),
    "a claim is sent": (claim(ClaimStatus.SUBMITTED), {**UNBOUND, Role.EMPLOYER: {ToDo.CLAIMS_TO_REVIEW: 1}}),
    "a claim is returned": (
        claim(ClaimStatus.RETURNED),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.CLAIMS_RETURNED: 1}},
    ),
    "a claim is approved": (claim(ClaimStatus.APPROVED), UNBOUND),
    "a claim is rejected": (claim(ClaimStatus.REJECTED), UNBOUND),
    "a claim is endorsed": (claim(ClaimStatus.ENDORSED), {**UNBOUND, Role.SUPERVISOR: {ToDo.CLAIMS_TO_RECOGNISE: 1}}),
    "a sample is drawn": (sample, {**UNBOUND, Role.SUPERVISOR: {ToDo.CLAIMS_TO_AUDIT: 1}}),
    "a place on the waiting list": (enrolled(EnrolmentStatus.WAITLISTED), UNBOUND),
    "a seat is offered": (
        enrolled(EnrolmentStatus.WAITLISTED, offered=True, news=True),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.SEATS_OFFERED: 1}},
    ),
    "an enrolment is declined": (
        enrolled(EnrolmentStatus.DECLINED, news=True),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.ENROLMENTS_DECIDED: 1}},
    ),
    "an enrolment was accepted and noted": (enrolled(EnrolmentStatus.ACCEPTED), UNBOUND),
    "an employer is asked": (binding(BindingStatus.REQUESTED), {Role.EMPLOYER: {ToDo.STAFF_TO_CONFIRM: 1}}),
    "an employer confirms": (binding(BindingStatus.ACTIVE), {}),
    "an employer refuses": (binding(BindingStatus.REFUSED), UNBOUND),
    "a request is withdrawn": (binding(BindingStatus.WITHDRAWN), UNBOUND),
    "somebody leaves": (binding(BindingStatus.ENDED), UNBOUND),
    "a change is drafted": (
        lambda session, person, _employer: profiles.create_profile_change(
            session, person, status=ProfileChangeStatus.DRAFT
        ),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.PROFILE_TO_SUBMIT: 1}},
    ),
    "a colleague submits a change": (colleagues_profile, {**UNBOUND, Role.EMPLOYER: {ToDo.PROFILES_TO_CONFIRM: 1}}),
    "a name is sent back": (
        lambda session, person, _employer: profiles.create_identity_change(
            session, person, status=IdentityChangeStatus.RETURNED
        ),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.IDENTITY_RETURNED: 1}},
    ),
    "a colleague asks for another name": (
        colleagues_identity(IdentityChangeStatus.REQUESTED),
        {**UNBOUND, Role.EMPLOYER: {ToDo.IDENTITIES_TO_ENDORSE: 1}},
    ),
    "another name is endorsed": (
        colleagues_identity(IdentityChangeStatus.ENDORSED),
        {**UNBOUND, Role.SUPERVISOR: {ToDo.IDENTITIES_TO_APPROVE: 1}},
    ),
    "another name is approved": (colleagues_identity(IdentityChangeStatus.APPROVED), UNBOUND),
    "an organisation asks for another name": (
        renamed,
        {**UNBOUND, Role.SUPERVISOR: {ToDo.ORGANISATION_CHANGES_TO_DECIDE: 1}},
    ),
    "the statistics break off": (
        broken_off,
        {
            **UNBOUND,
            Role.SUPERVISOR: {ToDo.STATISTICS_LATE: 1},
            Role.ADMINISTRATOR: {ToDo.STATISTICS_TO_CHECK: 1},
        },
    ),
    "somebody else asks for an exemption": (exemption, {**UNBOUND, Role.SUPERVISOR: {ToDo.EXEMPTIONS_TO_DECIDE: 1}}),
    "an exemption is granted": (
        own_exemption,
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.EXEMPTIONS_DECIDED: 1}},
    ),
    "a case is reported": (
        case(MisconductStatus.REPORTED),
        {**UNBOUND, Role.SUPERVISOR: {ToDo.MISCONDUCT_TO_HANDLE: 1}},
    ),
    "somebody is told of a case": (
        case(MisconductStatus.NOTIFIED, about_a_colleague=False),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.MISCONDUCT_TO_ANSWER: 1}},
    ),
    "a record is objected to": (
        case(MisconductStatus.OBJECTED),
        {**UNBOUND, Role.SUPERVISOR: {ToDo.MISCONDUCT_TO_REVIEW: 1}},
    ),
    "a certificate ends": (
        lambda session, person, _employer: create_certificate(session, person, CertificateStatus.SUPERSEDED),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.CERTIFICATES_ENDED: 1}},
    ),
    "a certificate is printed": (lambda session, person, _employer: create_certificate(session, person), UNBOUND),
    "an old record may be about somebody": (
        lambda session, _person, _employer: legacy_rows.create_row(session, matching=LegacyMatch.AMBIGUOUS),
        {**UNBOUND, Role.ANALYST: {ToDo.LEGACY_TO_RECONCILE: 1}},
    ),
    "somebody else misses an old record": (
        missed(LegacyKind.RECORD, MissingRecordStatus.REPORTED),
        {**UNBOUND, Role.ANALYST: {ToDo.MISSING_TO_ANSWER: 1}},
    ),
    "a missing certificate is found": (
        missed(LegacyKind.CERTIFICATE, MissingRecordStatus.FOUND),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.MISSING_CERTIFICATES_ANSWERED: 1}},
    ),
    "a missing record is not found": (
        missed(LegacyKind.RECORD, MissingRecordStatus.NOT_FOUND),
        {Role.PROFESSIONAL: {ToDo.EMPLOYER_TO_CHOOSE: 1, ToDo.MISSING_RECORDS_ANSWERED: 1}},
    ),
    "an organisation applies": (
        organisation(OrganisationStatus.APPLIED),
        {**UNBOUND, Role.SUPERVISOR: {ToDo.ORGANISATIONS_TO_DECIDE: 1}},
    ),
    "somebody else enrols": (colleague_enrols, {**UNBOUND, Role.PROVIDER: {ToDo.ENROLMENTS_TO_REVIEW: 1}}),
    "a class is over": (class_is_over, {**UNBOUND, Role.PROVIDER: {ToDo.CLASSES_TO_COMPLETE: 1}}),
    "an organisation is approved": (organisation(OrganisationStatus.APPROVED), UNBOUND),
    "an organisation is returned": (organisation(OrganisationStatus.RETURNED), UNBOUND),
}
