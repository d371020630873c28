"""Rows of a list of staff: who is new, who asked to be confirmed, who is here already, and who is not for us to say."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.imports import Import, ImportRow, RowOutcome
from db.people import Binding, BindingStatus, Person
from services import binding_steps, bindings, hiring, identity, registration, staff_columns
from services.errors import N_, DomainError
from services.import_verdicts import Batch, Kind, Verdict, rejected, row_of
from services.permissions import Actor
from services.spreadsheets import Line


class NotForYou(DomainError):
    """Says no more about somebody else's number than the registration does."""

    message = N_(
        "该证件号码不能由本单位建立账号。如本人已注册，请本人登录后在“人员基本信息维护”中选择本单位提交，"
        "或申请调转到本单位，再由本单位确认。"
    )


class NameDiffers(DomainError):
    message = N_("姓名与该证件号码在本单位的登记或申请不一致，请核对姓名和证件号码。")


class AsksForTransfer(DomainError):
    message = N_("该人员申请调转到本单位，请在“人员管理”中确认并选择调转日期。")


class _Found(NamedTuple):
    """Somebody who is registered, as far as the employer may know of him."""

    person_id: int
    name: str
    binding_id: int | None
    status: BindingStatus | None
    is_transfer: bool


def hold_numbers(session: Session, lines: Sequence[Line]) -> None:
    """Nobody registers with one of these numbers meanwhile; in one order, so that two imports wait in a row."""
    for digest in sorted(_digest(line) for line in lines if not line.errors):
        registration.hold_id_number(session, digest)


def _digest(line: Line) -> str:
    return identity.digest(line.values[identity.ID_NUMBER])


def judge(session: Session, actor: Actor, batch: Batch, lines: Sequence[Line]) -> list[Verdict]:
    digests = {line.number: _digest(line) for line in lines if not line.errors}
    found = _find(session, batch.organisation_id, list(digests.values()))
    return [_verdict(batch, line, digests.get(line.number), found) for line in lines]


def _find(session: Session, organisation_id: int, digests: Sequence[str]) -> Mapping[str, _Found]:
    here = (Binding.organisation_id == organisation_id) & Binding.status.in_(binding_steps.OPEN)
    people_found = (
        select(Person.id_number_digest, Person.id, Person.name, Binding.id, Binding.status, Binding.wished_on)
        .outerjoin(Binding, (Binding.person_id == Person.id) & here)
        .where(Person.id_number_digest.in_(digests))
    )
    return {
        digest: _Found(person_id, name, binding_id, status, wished_on is not None)
        for digest, person_id, name, binding_id, status, wished_on in session.execute(people_found)
    }


def _verdict(batch: Batch, line: Line, digest: str | None, found: Mapping[str, _Found]) -> Verdict:
    if digest is None:
        return rejected(line, *line.errors)
    if repeated := batch.repeated(digest, line):
        return rejected(line, repeated)
    if digest not in found:
        return Verdict(line, RowOutcome.ACCEPTED)
    return _verdict_on_registered(line, found[digest])


def _verdict_on_registered(line: Line, known: _Found) -> Verdict:
    if known.binding_id is None:
        return rejected(line, NotForYou())
    if known.name != line.values[registration.NAME]:
        return rejected(line, NameDiffers())
    if known.status is not BindingStatus.REQUESTED:
        return Verdict(line, RowOutcome.KNOWN)
    if known.is_transfer:
        return rejected(line, AsksForTransfer())
    return Verdict(line, RowOutcome.ACCEPTED, person_id=known.person_id, binding_id=known.binding_id)


def make(session: Session, actor: Actor, importing: Import, verdicts: Sequence[Verdict]) -> list[ImportRow]:
    rows = {verdict.line.number: row_of(verdict) for verdict in verdicts}
    for verdict in verdicts:
        if verdict.binding_id is not None:
            rows[verdict.line.number] = _confirmed(session, actor, verdict)
    new = [verdict.line for verdict in verdicts if verdict.outcome is RowOutcome.ACCEPTED and not verdict.person_id]
    for line, binding, account in zip(new, *hiring.hire(session, actor, importing, new), strict=True):
        row = rows[line.number]
        row.binding_id, row.account_id = binding.id, account.id
    return list(rows.values())


def _confirmed(session: Session, actor: Actor, verdict: Verdict) -> ImportRow:
    """What keeps the employer from confirming by hand keeps it from confirming so, too."""
    try:
        bindings.confirm(session, actor, verdict.binding_id or 0)
    except DomainError as refusal:
        return row_of(rejected(verdict.line, refusal))
    row = row_of(verdict)
    row.binding_id = verdict.binding_id
    return row


KIND = Kind(staff_columns.COLUMNS, hold_numbers, judge, make)
