"""Rows of a list of hours: who of the staff took part in a training of the employer, and for how long."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.claims import ActivityType, Category, Claim, Evidence
from db.imports import Import, ImportEvidence, ImportRow, RowOutcome
from db.people import Binding, BindingStatus, Person
from services import (
    claims,
    employer_claims,
    evidence,
    fields,
    identity,
    people,
    registration,
    sealing,
    spreadsheet_cells,
    stored_files,
)
from services.claim_form import ClaimForm
from services.claim_moves import OwnClaim
from services.clock import now
from services.deciding import NoEvidence, NotAttested
from services.employer_claims import NotOnTheStaff
from services.errors import N_, DomainError
from services.evidence_files import CheckedFile
from services.import_verdicts import Batch, Kind, Verdict, rejected, row_of
from services.permissions import Actor
from services.rules import plain
from services.spreadsheet_cells import Value, halfwidth, text
from services.spreadsheets import Column, Line

HOURS = N_("学时")
PURPOSE = "hours of one training"
TRAINING = ("year", "category", "activity_type", "title", "organiser", "place", "start_on", "end_on")


class NoWhom(DomainError):
    message = N_("请填写证件号码或手机号码，至少一项。")


class NameDiffers(DomainError):
    message = N_("姓名与该证件号码或手机号码在本单位的登记不一致，请核对。")


class SeveralPeople(DomainError):
    message = N_("本单位有几个人登记了这个手机号码，请改填证件号码。")


class EnteredOtherwise(DomainError):
    message = N_("这次培训已为该人员导入 %(hours)s 学时。如需更正，请先撤销原来的导入。")


def _name(value: Value) -> str:
    return registration.person_name(text(value))


def _phone(value: Value) -> str:
    return fields.phone(people.MOBILE, halfwidth(value))


COLUMNS = (
    Column(registration.NAME, _name, required=True),
    Column(identity.ID_NUMBER, spreadsheet_cells.id_number),
    Column(people.MOBILE, _phone),
    Column(HOURS, partial(spreadsheet_cells.hours, HOURS), required=True),
)


def training_of(session: Session, form: ClaimForm, *, attested: bool) -> dict[str, Any]:
    """What a list of hours is about, as it is kept. Raises NotAttested and the refusals of `claims.checked`."""
    if not attested:
        raise NotAttested
    columns, _rule = claims.checked(session, replace(form, hours_claimed=Decimal(1)))
    said = {name: columns[name] for name in TRAINING}
    return {name: str(value) if isinstance(value, date) else value for name, value in said.items()}


def evidence_of(session: Session, files: Sequence[CheckedFile]) -> list[ImportEvidence]:
    """Raises NoEvidence, TooManyFiles, TooMuchTogether, SameFileTwice."""
    if not files:
        raise NoEvidence
    kept: list[ImportEvidence] = []
    for file in files:
        evidence.check_room(kept, file)
        kept.append(ImportEvidence(**stored_files.keep_checked(session, file)))
    return kept


def _form(training: Mapping[str, Any], hours: Decimal) -> ClaimForm:
    return ClaimForm(
        year=training["year"],
        category=Category(training["category"]),
        activity_type=ActivityType(training["activity_type"]),
        title=training["title"],
        organiser=training["organiser"],
        place=training["place"],
        start_on=date.fromisoformat(training["start_on"]),
        end_on=date.fromisoformat(training["end_on"]),
        hours_claimed=hours,
    )


class _Member(NamedTuple):
    person_id: int
    name: str
    digest: str
    mobile: str


def hold_nothing(_session: Session, _lines: Sequence[Line]) -> None:
    """Each claim is checked again when it is entered."""


def judge(session: Session, actor: Actor, batch: Batch, lines: Sequence[Line]) -> list[Verdict]:
    staff = _find(session, batch.organisation_id, [line for line in lines if not line.errors])
    verdicts = [_verdict(session, actor, batch, line, staff) for line in lines]
    entered = _entered(session, [verdict.key for verdict in verdicts if verdict.key])
    return [_against_earlier(verdict, entered) for verdict in verdicts]


def _find(session: Session, organisation_id: int, lines: Sequence[Line]) -> Sequence[_Member]:
    digests = {_digest(line) for line in lines if identity.ID_NUMBER in line.values}
    mobiles = {line.values[people.MOBILE] for line in lines if people.MOBILE in line.values}
    staff = (
        select(Person.id, Person.name, Person.id_number_digest, Person.mobile)
        .join(Binding, Binding.person_id == Person.id)
        .where(Binding.organisation_id == organisation_id, Binding.status == BindingStatus.ACTIVE)
        .where(or_(Person.id_number_digest.in_(digests), Person.mobile.in_(mobiles)))
    )
    return [_Member(*row) for row in session.execute(staff)]


def _digest(line: Line) -> str:
    return identity.digest(line.values[identity.ID_NUMBER])


def _verdict(session: Session, actor: Actor, batch: Batch, line: Line, staff: Sequence[_Member]) -> Verdict:
    if line.errors:
        return rejected(line, *line.errors)
    try:
        member = _member(line, staff)
        if member.person_id == actor.person_id:
            raise OwnClaim
        if repeated := batch.repeated(str(member.person_id), line):
            raise repeated
        form = _form(batch.training, line.values[HOURS])
        employer_claims.prepared(session, batch.organisation_id, member.person_id, form)
    except DomainError as refusal:
        return rejected(line, refusal)
    key = _key(batch, member.person_id)
    return Verdict(line, RowOutcome.ACCEPTED, key=key, person_id=member.person_id)


def _member(line: Line, staff: Sequence[_Member]) -> _Member:
    """By the ID number if there is one. Raises NoWhom, NotOnTheStaff, SeveralPeople, NameDiffers."""
    if identity.ID_NUMBER in line.values:
        found = [member for member in staff if member.digest == _digest(line)]
    elif people.MOBILE in line.values:
        found = [member for member in staff if member.mobile == line.values[people.MOBILE]]
    else:
        raise NoWhom
    if not found:
        raise NotOnTheStaff
    named = [member for member in found if member.name == line.values[registration.NAME]]
    if not named:
        raise NameDiffers
    if len(named) > 1:
        raise SeveralPeople
    return named[0]


def _key(batch: Batch, person_id: int) -> str:
    told = ("year", "category", "title", "start_on", "end_on")
    said = [batch.organisation_id, person_id, *(batch.training[name] for name in told)]
    return sealing.keyed_hash(PURPOSE, json.dumps(said, ensure_ascii=False)).hex()


def _entered(session: Session, keys: Sequence[str]) -> Mapping[str, Decimal]:
    """The hours that earlier imports have entered for the same people from the same training."""
    earlier = select(ImportRow.key, Claim.hours_claimed).join(Claim, Claim.id == ImportRow.claim_id)
    return {key: hours for key, hours in session.execute(earlier.where(ImportRow.key.in_(keys))) if key}


def _against_earlier(verdict: Verdict, entered: Mapping[str, Decimal]) -> Verdict:
    earlier = entered.get(verdict.key or "")
    if earlier is None:
        return verdict
    if earlier == verdict.line.values[HOURS]:
        return Verdict(verdict.line, RowOutcome.KNOWN)
    return rejected(verdict.line, EnteredOtherwise(hours=plain(earlier)))


def make(session: Session, actor: Actor, importing: Import, verdicts: Sequence[Verdict]) -> list[ImportRow]:
    proof = session.scalars(select(ImportEvidence).where(ImportEvidence.import_id == importing.id)).all()
    return [_made(session, actor, importing, verdict, proof) for verdict in verdicts]


def _made(
    session: Session, actor: Actor, importing: Import, verdict: Verdict, proof: Sequence[ImportEvidence]
) -> ImportRow:
    """What holds for a single claim holds here too: a refusal concerns this row alone."""
    if verdict.outcome is RowOutcome.REJECTED or verdict.person_id is None:
        return row_of(verdict)
    form = _form(importing.training, verdict.line.values[HOURS])
    files = [Evidence(uploaded_at=now(), **stored_files.copied(file)) for file in proof]
    try:
        claim = employer_claims.enter(
            session, actor, importing.organisation_id, verdict.person_id, form, files, attested=True
        )
    except DomainError as refusal:
        return row_of(rejected(verdict.line, refusal))
    row = row_of(verdict)
    row.claim_id = claim.id
    return row


KIND = Kind(COLUMNS, hold_nothing, judge, make)
