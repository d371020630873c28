"""What becomes of somebody's data when he closes his account.

Hours that were approved, and certificates, must be provable for good, and nobody may begin anew beside them: for them
the name and the ID number stay, encrypted as ever. Of somebody without them nothing is left that tells who he was.
The event log is a chain and stays in either case.
"""

import secrets
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from db.accounts import Account, AccountStatus, Attempt, AuthSession, Grant, PasswordHistory
from db.claims import Claim, Evidence
from db.enrolments import Enrolment, EnrolmentStep
from db.exemptions import Exemption, ExemptionFile, ExemptionStatus
from db.identity_changes import IdentityChange, IdentityFile
from db.misconduct import MisconductFile, MisconductRecord, MisconductStatus, MisconductStep
from db.missing_records import MissingRecord, MissingRecordFile
from db.notices import NoticeDismissal
from db.people import Binding, BindingStep, Person, TitleLevel
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfileChangeStatus
from db.qualifications import Degree, Licence, Title
from db.reminders import Reminder
from db.snapshots import SavedQuestion
from db.statistics import AnnualSummary
from services import (
    identity,
    own_password,
    passwords,
    profile_changes,
    sessions,
    stored_files,
    throttle,
)
from services.claim_access import COUNTED
from services.permissions import Actor

NOBODY = "—"
NO_BIRTH_DATE = date(1900, 1, 1)
# Emptied for everybody: neither hours nor certificates need it.
BASIC_INFORMATION: dict[InstrumentedAttribute[Any], object] = {
    Person.mobile: "",
    Person.email: "",
    Person.department: "",
    Person.position: "",
    Person.title_series: None,
    Person.title_level: TitleLevel.NONE,
    Person.title_name: "",
    Person.ethnicity: None,
    Person.native_place: "",
    Person.practising_since: None,
    Person.honours: "",
}
# A case that came to nothing holds on to nobody.
UNFOUNDED = (MisconductStatus.DISMISSED, MisconductStatus.CANCELLED)
# An exemption that held once may be what a certificate rests on.
HELD = (ExemptionStatus.GRANTED, ExemptionStatus.REPLACED, ExemptionStatus.REVOKED)
QUALIFICATIONS = (Title, Degree, Licence)


def forget(session: Session, actor: Actor, account: Account, *, keeps_record: bool) -> None:
    """The account is closed for good; `keeps_record` says whether hours or certificates hold on to the person."""
    _forget_browsers(session, account)
    session.execute(delete(Grant).where(Grant.account_id == account.id))
    session.execute(delete(SavedQuestion).where(SavedQuestion.account_id == account.id))
    session.execute(delete(NoticeDismissal).where(NoticeDismissal.account_id == account.id))
    session.execute(delete(PasswordHistory).where(PasswordHistory.account_id == account.id))
    if actor.person_id is not None:
        _forget_corrections(session, actor)
        _forget_person(session, actor.person_id, keeps_record=keeps_record)
    account.status, account.username = AccountStatus.CLOSED, closed_username(account.id)
    account.password_hash, account.totp_secret = passwords.nobodys_hash(), None
    account.must_change_password = False
    if not keeps_record:
        account.display_name = NOBODY


def closed_username(account_id: int) -> str:
    """No name that anybody could register or sign in with."""
    return f"#{account_id}"


def _forget_browsers(session: Session, account: Account) -> None:
    """The rows go with the daily sweep; events name them by their numbers, which must not be given again before."""
    sessions.end_all(session, account.id)
    own = AuthSession.account_id == account.id
    session.execute(update(AuthSession).where(own).values(device="", address=""))
    keys = throttle.key_for(account.username), own_password.throttle_key(account.id)
    session.execute(update(Attempt).where(Attempt.key.in_(keys)).values(address=""))


def _forget_person(session: Session, person_id: int, *, keeps_record: bool) -> None:
    _forget_claims(session, person_id)
    _forget_employments(session, person_id)
    _forget_enrolments(session, person_id)
    _forget_profile(session, person_id)
    _forget_exemptions(session, person_id, keeps_record=keeps_record)
    _forget_cases(session, person_id)
    _forget_missing(session, person_id)
    session.execute(delete(Reminder).where(Reminder.person_id == person_id))
    values = {column.key: value for column, value in BASIC_INFORMATION.items()}
    if not keeps_record:
        values |= _nobody()
        session.execute(delete(AnnualSummary).where(AnnualSummary.person_id == person_id))
    session.execute(update(Person).where(Person.id == person_id).values(**values, version=Person.version + 1))


def _forget_claims(session: Session, person_id: int) -> None:
    """What was never approved, with its files."""
    idle = select(Claim.id).where(Claim.person_id == person_id, Claim.status.not_in(COUNTED))
    stored_files.discard(session, session.scalars(select(Evidence).where(Evidence.claim_id.in_(idle))))
    session.execute(delete(Claim).where(Claim.id.in_(idle)))


def _forget_employments(session: Session, person_id: int) -> None:
    """Where he worked and when stays; what employers wrote about him, and his own name in it, goes."""
    own = select(Binding.id).where(Binding.person_id == person_id)
    session.execute(update(Binding).where(Binding.id.in_(own)).values(reason="", version=Binding.version + 1))
    his = select(Person.account_id).where(Person.id == person_id).scalar_subquery()
    steps = BindingStep.binding_id.in_(own)
    session.execute(update(BindingStep).where(steps).values(reason=""))
    session.execute(update(BindingStep).where(steps, BindingStep.actor_id == his).values(actor_name=NOBODY))


def _forget_enrolments(session: Session, person_id: int) -> None:
    """That a seat was taken stays for the class; what was written about him, and his own name in it, goes."""
    own = select(Enrolment.id).where(Enrolment.person_id == person_id)
    session.execute(update(Enrolment).where(Enrolment.id.in_(own)).values(opinion="", version=Enrolment.version + 1))
    his = select(Person.account_id).where(Person.id == person_id).scalar_subquery()
    steps = EnrolmentStep.enrolment_id.in_(own)
    session.execute(update(EnrolmentStep).where(steps).values(opinion=""))
    session.execute(update(EnrolmentStep).where(steps, EnrolmentStep.actor_id == his).values(actor_name=NOBODY))


def _forget_exemptions(session: Session, person_id: int, *, keeps_record: bool) -> None:
    """What never held, or holds on to nobody, with its files; of the others his own name goes."""
    own = Exemption.person_id == person_id
    idle = select(Exemption.id).where(own, Exemption.status.not_in(HELD if keeps_record else ()))
    stored_files.discard(session, session.scalars(select(ExemptionFile).where(ExemptionFile.exemption_id.in_(idle))))
    session.execute(delete(ExemptionFile).where(ExemptionFile.exemption_id.in_(idle)))
    session.execute(delete(Exemption).where(Exemption.id.in_(idle)))
    his = select(Person.account_id).where(Person.id == person_id).scalar_subquery()
    by_himself = own, Exemption.requested_by_id == his
    unnamed = {"requested_by_name": NOBODY, "version": Exemption.version + 1}
    session.execute(update(Exemption).where(*by_himself).values(**unnamed))


def _forget_cases(session: Session, person_id: int) -> None:
    """That there was a case stays; of one that came to nothing, what was said in it and its files go."""
    unfounded = MisconductRecord.status.in_(UNFOUNDED), MisconductRecord.person_id == person_id
    own = select(MisconductRecord.id).where(*unfounded)
    files = select(MisconductFile).where(MisconductFile.record_id.in_(own))
    stored_files.discard(session, session.scalars(files))
    session.execute(delete(MisconductFile).where(MisconductFile.record_id.in_(own)))
    steps, his = MisconductStep.record_id.in_(own), select(Person.account_id).where(Person.id == person_id)
    session.execute(update(MisconductStep).where(steps).values(opinion=""))
    by_himself = MisconductStep.actor_id == his.scalar_subquery()
    session.execute(update(MisconductStep).where(steps, by_himself).values(actor_name=NOBODY))
    emptied = {"facts": "", "basis": "", "version": MisconductRecord.version + 1}
    session.execute(update(MisconductRecord).where(*unfounded).values(**emptied))


def _forget_missing(session: Session, person_id: int) -> None:
    """What he missed of the old systems' data, with its files: what was found is there by itself."""
    own = select(MissingRecord.id).where(MissingRecord.person_id == person_id)
    files = MissingRecordFile.missing_record_id.in_(own)
    stored_files.discard(session, session.scalars(select(MissingRecordFile).where(files)))
    session.execute(delete(MissingRecordFile).where(files))
    session.execute(delete(MissingRecord).where(MissingRecord.person_id == person_id))


def _forget_profile(session: Session, person_id: int) -> None:
    """That something was changed stays, what it was does not."""
    for table in QUALIFICATIONS:
        session.execute(delete(table).where(table.person_id == person_id))
    own = ProfileChange.person_id == person_id
    items = ProfileChangeItem.change_id.in_(select(ProfileChange.id).where(own))
    session.execute(delete(ProfileChangeItem).where(items))
    session.execute(update(ProfileChange).where(own).values(reason="", version=ProfileChange.version + 1))
    unsent = ProfileChange.status.in_(profile_changes.EDITABLE)
    session.execute(update(ProfileChange).where(own, unsent).values(status=ProfileChangeStatus.DISCARDED))


def _forget_corrections(session: Session, actor: Actor) -> None:
    """That a name or number was corrected stays, without either of them and without the proof."""
    own = (
        select(IdentityChange)
        .where(IdentityChange.person_id == actor.person_id)
        .options(joinedload(IdentityChange.files))
    )
    for change in session.scalars(own).unique():
        stored_files.discard(session, change.files)
        session.execute(delete(IdentityFile).where(IdentityFile.change_id == change.id))
        change.old_name, change.old_id_number, change.old_id_number_masked = NOBODY, identity.encrypt(""), NOBODY
        if change.new_name is not None:
            change.new_name = NOBODY
        if change.new_id_number is not None:
            change.new_id_number, change.new_id_number_masked = identity.encrypt(""), NOBODY
        change.explanation = change.reason = ""
    session.flush()


def _nobody() -> dict[str, object]:
    """A number that is nobody's, so that the real one can be registered anew."""
    return {
        "name": NOBODY,
        "id_number": identity.encrypt(""),
        "id_number_digest": secrets.token_hex(32),
        "id_number_masked": NOBODY,
        "birth_date": NO_BIRTH_DATE,
    }
