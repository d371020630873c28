"""批量打印证书: the certificates of an employer's staff, issued one by one and handed out in one file."""

from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import Select, and_, not_, select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.certificates import Certificate, CertificateStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.session import UnitOfWork
from services import certificates, one_by_one, progress, signing
from services.errors import NotFound
from services.events import record
from services.long_work import Progress, unwatched
from services.one_by_one import Outcome
from services.permissions import Actor, Permission, require

# Numbers of employments; without any, everybody is meant.
Chosen = Collection[int] | None


class Form(StrEnum):
    """How the certificates are handed out: as the pages of one file, or as signed files in an archive."""

    PDF = "pdf"
    ZIP = "zip"


def issue(
    transaction: UnitOfWork,
    actor: Actor,
    year: int,
    chosen: Chosen = None,
    on_progress: Progress = unwatched,
) -> list[Outcome]:
    """What became of each of the chosen employments without a valid certificate, or of all who have met the year.

    Each is issued in a transaction of its own: what breaks off is gone on with by the next call, and whoever has one
    keeps it. Raises PermissionDenied, NoRequirement, NoSigningKeys, UnfitKeys.
    """
    require(actor, Permission.STAFF_CERTIFICATES)
    signing.sign_statement(b"")  # what keeps every certificate from being signed is said once
    with transaction() as session:
        lacking = _lacking(session, actor, year, chosen)

    def step(session: Session, binding_id: int, _seen: int) -> None:
        _issue_one(session, actor, year, binding_id)

    return one_by_one.decide(transaction, dict.fromkeys(lacking, 0), step, on_progress)


def _lacking(session: Session, actor: Actor, year: int, chosen: Chosen) -> Sequence[int]:
    """Raises NoRequirement."""
    met = not_(progress.behind(progress.required_of(session, year)))
    whose = met if chosen is None else Binding.id.in_(chosen)
    staff = progress.staff_of(actor, year).where(whose, not_(progress.has_certificate(year)))
    return session.scalars(staff.order_by(Binding.id)).all()


def _issue_one(session: Session, actor: Actor, year: int, binding_id: int) -> None:
    """Raises NotFound for who has left, and what `certificates.issue` raises."""
    # Whoever prints the same person's certificate at this moment finishes first.
    person = session.scalar(_staff(actor).where(Binding.id == binding_id).with_for_update(of=Person))
    if person is None:
        raise NotFound
    if session.scalar(certificates.valid(person.id, year)) is None:
        certificates.issue(session, actor, person, year)


def _staff(actor: Actor) -> Select[Person]:
    employed = select(Person).join(Binding, Binding.person_id == Person.id)
    mine = Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER))
    return employed.where(mine, Binding.status == BindingStatus.ACTIVE)


def names(session: Session, actor: Actor, numbers: Collection[int]) -> dict[int, str]:
    """Of the staff, by the numbers of their employments."""
    require(actor, Permission.STAFF_CERTIFICATES)
    named = _staff(actor).with_only_columns(Binding.id, Person.name).where(Binding.id.in_(numbers))
    return {row.id: row.name for row in session.execute(named)}


def hand_out(session: Session, actor: Actor, year: int, form: Form, chosen: Chosen) -> Sequence[int]:
    """The numbers of the valid certificates that are about to leave, by department and name.

    Raises NotFound if there is none.
    """
    require(actor, Permission.STAFF_CERTIFICATES)
    held = _held(actor).with_only_columns(Certificate.id, Binding.organisation_id).where(Certificate.year == year)
    if chosen is not None:
        held = held.where(Binding.id.in_(chosen))
    found = session.execute(held.order_by(Person.department, Person.name, Certificate.id)).all()
    if not found:
        raise NotFound
    counts = Counter(row.organisation_id for row in found)
    for organisation_id in actor.organisation_ids(Role.EMPLOYER):
        after = {"year": year, "form": form, "certificates": counts[organisation_id]}
        if counts[organisation_id]:
            record(session, actor, "certificates_hand_out", session.get_one(Organisation, organisation_id), after=after)
    return [row.id for row in found]


def read(actor: Actor, session: Session, numbers: Sequence[int]) -> Sequence[Certificate]:
    """In this order, without those that have ceased to stand or whose holder has left."""
    require(actor, Permission.STAFF_CERTIFICATES)
    held = _held(actor).with_only_columns(Certificate).where(Certificate.id.in_(numbers))
    found = {each.id: each for each in session.scalars(held)}
    return [found[number] for number in numbers if number in found]


def _held(actor: Actor) -> Select[Person]:
    """The staff with the certificates that stand."""
    stands = Certificate.status == CertificateStatus.ISSUED
    return _staff(actor).join(Certificate, and_(Certificate.person_id == Person.id, stands))
