"""Asking for another name or ID number.

What no employer has confirmed yet its owner corrects at once, because nobody has relied on it: with a slip in the name
no employer would ever confirm him. After that it needs proof, his employer and the supervisor.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import AttemptKind
from db.identity_changes import IdentityChange, IdentityFile
from db.locks import hold
from db.people import Binding, Person
from db.session import Recorded
from services import (
    evidence,
    fields,
    identity,
    identity_changes,
    legacy_settling,
    people,
    profile_changes,
    registration,
    stored_files,
    throttle,
)
from services.clock import now
from services.errors import N_, DomainError, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.permissions import Actor

EXPLANATION = N_("更正说明")


class NothingToCorrect(DomainError):
    message = N_("填写的内容与现在登记的相同，没有需要更正的内容。")


class NoProof(DomainError):
    message = N_("请上传至少一份证明材料，例如身份证照片、户口簿变更页或公安机关的证明。")


class AlreadyAsked(DomainError):
    message = N_("您已有一项更正申请正在办理。请等待结果，或先撤回再重新提交。")


class NumberUnavailable(Recorded, DomainError):
    """Says nothing about whose number it is."""

    message = N_("该证件号码不能使用，请逐位核对；确认无误的，请联系所在区划的主管部门。")


@dataclass(frozen=True, slots=True)
class Correction:
    """What the owner typed; an empty number means that it stays."""

    name: str
    id_number: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class _Other:
    """What is really another one than now, None where nothing changes."""

    name: str | None
    number: str | None


def was_ever_confirmed(person: Person) -> bool:
    """Of a person loaded with his bindings."""
    return any(binding.started_on is not None for binding in person.bindings)


def correct(session: Session, actor: Actor, correction: Correction) -> None:
    """At once, for somebody whom no employer has confirmed yet.

    Raises WrongStatus for others, EmployerIsReading, NothingToCorrect, NumberUnavailable, TooManyAttempts,
    InvalidField.
    """
    person = profile_changes.own_person(session, actor)
    if _tied_at_some_time(session, person):
        raise WrongStatus
    profile_changes.has_employer(session, person.id)
    other = _other(session, actor, person, correction)
    if other.name:
        identity_changes.rename(session, person, other.name)
    if other.number:
        identity_changes.renumber(person, other.number)
    legacy_settling.find_rows_of(session, [person])
    record(session, actor, "identity_correct", person, after=_what(other))


def _tied_at_some_time(session: Session, person: Person) -> bool:
    tied = select(Binding.id).where(Binding.person_id == person.id, Binding.started_on.is_not(None))
    return session.scalar(tied.limit(1)) is not None


def request(
    session: Session,
    actor: Actor,
    correction: Correction,
    files: Sequence[CheckedFile],
    *,
    kept: Collection[int] = (),
) -> IdentityChange:
    """Ask the employer; `kept` are files of the actor's own earlier requests that are to prove this one too.

    Raises NoEmployer, AlreadyAsked, NothingToCorrect, NoProof, NumberUnavailable, TooManyAttempts, InvalidField,
    and the refusals of `evidence.check_room`.
    """
    person = profile_changes.own_person(session, actor)
    earlier = identity_changes.own_changes(session, actor)
    if any(change.status in identity_changes.OPEN for change in earlier):
        raise AlreadyAsked
    people.employer_of(session, person.id)
    explanation = fields.required_text(EXPLANATION, correction.explanation, fields.LONGEST_TEXT)
    other = _other(session, actor, person, correction)
    change = _change(person, other, explanation)
    change.files = [_copy(file) for before in earlier for file in before.files if file.id in kept]
    for file in files:
        evidence.check_room(change.files, file)
        change.files.append(IdentityFile(uploaded_at=now(), **stored_files.keep_checked(session, file)))
    if not change.files:
        raise NoProof
    session.add(change)
    session.flush()
    record(session, actor, "identity_change_request", change, after=_what(other))
    return change


def _other(session: Session, actor: Actor, person: Person, correction: Correction) -> _Other:
    name = registration.person_name(correction.name)
    number = identity.parse(correction.id_number) if correction.id_number.strip() else ""
    is_other = bool(number) and identity.digest(number) != person.id_number_digest
    if name == person.name and not is_other:
        raise NothingToCorrect
    if is_other:
        _refuse_taken(session, actor, number)
    return _Other(name if name != person.name else None, number if is_other else None)


def _refuse_taken(session: Session, actor: Actor, number: str) -> None:
    """Who asks for one number after the other would learn which are registered. Raises TooManyAttempts."""
    kind, key = AttemptKind.REGISTRATION, throttle.key_for(f"id number of account {actor.account_id}")
    hold(session, f"{kind}/{key}")
    throttle.refuse_beyond(session, throttle.REFUSED_REGISTRATIONS, throttle.failures_of_key(kind, key))
    if registration.id_number_taken(session, number):
        attempt = throttle.note(session, kind, key, actor.address, succeeded=False)
        record(session, actor, "id_number_refuse", attempt)
        raise NumberUnavailable


def _what(other: _Other) -> dict[str, object]:
    return {"name": other.name, "id_number": identity.mask(other.number) if other.number else None}


def _change(person: Person, other: _Other, explanation: str) -> IdentityChange:
    number = other.number
    return IdentityChange(
        person_id=person.id,
        old_name=person.name,
        new_name=other.name,
        old_id_number=person.id_number,
        old_id_number_masked=person.id_number_masked,
        new_id_number=identity.encrypt(number) if number else None,
        new_id_number_masked=identity.mask(number) if number else None,
        explanation=explanation,
        requested_at=now(),
    )


def _copy(file: IdentityFile) -> IdentityFile:
    return IdentityFile(uploaded_at=file.uploaded_at, **stored_files.copied(file))
