"""What the system holds about one of its users: which rows of which tables, and what of them is his to see."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.accounts import Account, AuthSession, Grant
from db.audits import AuditItem
from db.base import Base
from db.certificates import Certificate
from db.claim_flags import ClaimFlag
from db.claims import Claim, ClaimStep, Evidence
from db.enrolments import Attendance, Enrolment, EnrolmentStep
from db.events import Event
from db.exemptions import Exemption, ExemptionFile
from db.identity_changes import IdentityChange, IdentityFile
from db.legacy import LegacyRow
from db.legacy_decisions import LegacyDecision
from db.misconduct import MisconductClaim, MisconductFile, MisconductLook, MisconductRecord, MisconductStep
from db.missing_records import MissingRecord, MissingRecordFile
from db.notices import NoticeDismissal
from db.people import Binding, BindingStep, Person
from db.profile_changes import ProfileChange, ProfileChangeItem
from db.qualifications import Degree, Licence, Title
from db.reminders import Reminder
from db.snapshots import SavedQuestion
from db.statistics import AnnualSummary
from services import identity
from services.permissions import Actor

BATCH = 1000
# Whoever reads his own data learns no secret, not even in the form in which it is kept, and nothing about others.
SECRET = frozenset(
    {
        "password_hash",
        "totp_secret",
        "token_hash",
        "id_number_digest",
        "row_digest",
        "row_key",
        "key",
        "content",
        "about",
        "subject",
        "other_key",
    }
)
OF_OTHERS = frozenset(
    {
        "actor_id",
        "checked_by_id",
        "confirmed_by_id",
        "decided_by_id",
        "ended_by_id",
        "endorsed_by_id",
        "granted_by_id",
        "objection_decided_by_id",
        "other_claim_id",
        "requested_by_id",
        "revoked_by_id",
        "sent_by_id",
        "undone_by_id",
    }
)

Own = Callable[[Actor], ColumnElement[bool]]
Row = dict[str, Any]


class Part(NamedTuple):
    """One table; `own` says which rows of it are about the actor."""

    table: type[Base]
    own: Own


def _account(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column == actor.account_id


def _person(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> Own:
    return lambda actor: column == actor.person_id


def _binding(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(Binding.id).where(Binding.person_id == actor.person_id))


def _claim(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(Claim.id).where(Claim.person_id == actor.person_id))


def _enrolment(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(Enrolment.id).where(Enrolment.person_id == actor.person_id))


def _exemption(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(Exemption.id).where(Exemption.person_id == actor.person_id))


def _missing_record(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(MissingRecord.id).where(MissingRecord.person_id == actor.person_id))


def _profile_change(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(ProfileChange.id).where(ProfileChange.person_id == actor.person_id))


def _identity_change(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(IdentityChange.id).where(IdentityChange.person_id == actor.person_id))


def _told(actor: Actor) -> ColumnElement[bool]:
    """Nobody learns of a case about himself before he is told."""
    return and_(MisconductRecord.person_id == actor.person_id, MisconductRecord.notified_at.is_not(None))


def _misconduct(column: InstrumentedAttribute[int]) -> Own:
    return lambda actor: column.in_(select(MisconductRecord.id).where(_told(actor)))


PARTS = (
    Part(Account, _account(Account.id)),
    Part(Grant, _account(Grant.account_id)),
    Part(AuthSession, _account(AuthSession.account_id)),
    Part(Person, _person(Person.id)),
    Part(Title, _person(Title.person_id)),
    Part(Degree, _person(Degree.person_id)),
    Part(Licence, _person(Licence.person_id)),
    Part(ProfileChange, _person(ProfileChange.person_id)),
    Part(ProfileChangeItem, _profile_change(ProfileChangeItem.change_id)),
    Part(IdentityChange, _person(IdentityChange.person_id)),
    Part(IdentityFile, _identity_change(IdentityFile.change_id)),
    Part(Binding, _person(Binding.person_id)),
    Part(BindingStep, _binding(BindingStep.binding_id)),
    Part(Enrolment, _person(Enrolment.person_id)),
    Part(EnrolmentStep, _enrolment(EnrolmentStep.enrolment_id)),
    Part(Attendance, _enrolment(Attendance.enrolment_id)),
    Part(Claim, _person(Claim.person_id)),
    Part(ClaimStep, _claim(ClaimStep.claim_id)),
    Part(ClaimFlag, _claim(ClaimFlag.claim_id)),
    Part(Evidence, _claim(Evidence.claim_id)),
    Part(AuditItem, _claim(AuditItem.claim_id)),
    Part(AnnualSummary, _person(AnnualSummary.person_id)),
    Part(Exemption, _person(Exemption.person_id)),
    Part(ExemptionFile, _exemption(ExemptionFile.exemption_id)),
    Part(Certificate, _person(Certificate.person_id)),
    Part(MisconductRecord, _told),
    Part(MisconductStep, _misconduct(MisconductStep.record_id)),
    Part(MisconductClaim, _misconduct(MisconductClaim.record_id)),
    Part(MisconductFile, _misconduct(MisconductFile.record_id)),
    Part(MisconductLook, _misconduct(MisconductLook.record_id)),
    Part(Reminder, _person(Reminder.person_id)),
    Part(LegacyRow, _person(LegacyRow.person_id)),
    Part(LegacyDecision, _person(LegacyDecision.person_id)),
    Part(MissingRecord, _person(MissingRecord.person_id)),
    Part(MissingRecordFile, _missing_record(MissingRecordFile.missing_record_id)),
    Part(SavedQuestion, _account(SavedQuestion.account_id)),
    Part(NoticeDismissal, _account(NoticeDismissal.account_id)),
)


def tables(session: Session, actor: Actor) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every part under the name of its table, events last. To be read in this order and only once."""
    for part in PARTS:
        hidden = SECRET | OF_OTHERS
        columns = [column for column in part.table.__table__.columns if column.name not in hidden]
        yield part.table.__tablename__, _rows(session, select(*columns).where(part.own(actor)))
    yield Event.__tablename__, (_as_seen_by(actor, row) for row in _rows(session, _events(actor)))


def _rows(session: Session, statement: Select[Any]) -> Iterator[Row]:
    found = session.execute(statement, execution_options={"yield_per": BATCH}).mappings()
    return ({name: _readable(value) for name, value in row.items()} for row in found)


def _readable(value: object) -> object:
    """ID numbers, the only bytes that are stored, in full for their owner."""
    return identity.decrypt(value) if isinstance(value, bytes) else value


def _events(actor: Actor) -> Select[Any]:
    """Those the actor caused and those about what is his, each found by its index."""
    caused = select(Event.id.label("id"), literal(0).label("own")).where(Event.actor_id == actor.account_id)
    about = (_about(part, actor) for part in PARTS if "id" in part.table.__table__.columns)
    found = union_all(caused, *about).subquery()
    once = select(found.c.id, func.max(found.c.own).label("own")).group_by(found.c.id).subquery()
    hashes = {"previous_hash", "hash"}
    columns: list[Any] = [column for column in Event.__table__.columns if column.name not in hashes]
    return select(*columns, once.c.own).join(once, once.c.id == Event.id).order_by(Event.id)


def _about(part: Part, actor: Actor) -> Select[Any]:
    number = part.table.__table__.c.id
    same = (Event.object_type == part.table.__tablename__) & (Event.object_id == number)
    about: Select[Any] = select(Event.id).add_columns(literal(1)).join(part.table, same).where(part.own(actor))
    return about


def _as_seen_by(actor: Actor, event: Row) -> Row:
    """Where others were when they acted is theirs, and so is what was done to what is theirs."""
    by_another, own = event.pop("actor_id") not in {None, actor.account_id}, event.pop("own")
    hidden = {"address"} if by_another else set() if own else {"before", "after"}
    return {name: value for name, value in event.items() if name not in hidden}
