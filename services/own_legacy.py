"""What somebody finds of the old systems' data: his own rows, once an employer has confirmed who he is."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind, LegacyMatch, LegacyRow
from db.people import Binding
from services.errors import NotFound
from services.events import record
from services.legacy_totals import passed
from services.permissions import Actor, Permission, require

MOST = 500  # of one person; nobody has had that many
YEAR_OF_CHANGE = 2018


class Period(StrEnum):
    """As the old system of the province was divided, and what others know besides."""

    THAT_YEAR = "2018"
    BEFORE = "2017"
    LATER = "later"


def is_confirmed(session: Session, actor: Actor) -> bool:
    """Anybody can register under a name and a number; an employer knows whose they are."""
    require(actor, Permission.LEGACY_VIEW)
    return bool(session.scalar(select(_confirmed(actor))))


def _confirmed(actor: Actor) -> ColumnElement[bool]:
    return exists().where(Binding.person_id == actor.person_id, Binding.started_on.is_not(None))


def _visible_to(actor: Actor) -> Select[LegacyRow]:
    """Of whole files only: not while one is being imported or taken back."""
    require(actor, Permission.LEGACY_VIEW)
    own = (LegacyRow.person_id == actor.person_id, LegacyRow.matching == LegacyMatch.MATCHED, _confirmed(actor))
    whole = LegacyRow.source.has(LegacyImport.status == LegacyImportStatus.IMPORTED)
    return select(LegacyRow).where(*own, whole)


def certificates(session: Session, actor: Actor) -> Sequence[LegacyRow]:
    """Newest year first, with their source."""
    found = _visible_to(actor).where(LegacyRow.kind == LegacyKind.CERTIFICATE).options(_SOURCE)
    return session.scalars(found.order_by(LegacyRow.year.desc(), LegacyRow.id).limit(MOST)).all()


_SOURCE = joinedload(LegacyRow.source).joinedload(LegacyImport.system)


def records(session: Session, actor: Actor, period: Period) -> Sequence[LegacyRow]:
    """What the old system had let pass, newest year first."""
    found = _records(actor).where(_PERIODS[period], passed()).options(_SOURCE)
    order = (LegacyRow.year.desc(), LegacyRow.starts_on.desc(), LegacyRow.id)
    return session.scalars(found.order_by(*order).limit(MOST)).all()


def _records(actor: Actor) -> Select[LegacyRow]:
    return _visible_to(actor).where(LegacyRow.kind == LegacyKind.RECORD)


_PERIODS = {
    Period.THAT_YEAR: LegacyRow.year == YEAR_OF_CHANGE,
    Period.BEFORE: LegacyRow.year < YEAR_OF_CHANGE,
    Period.LATER: LegacyRow.year > YEAR_OF_CHANGE,
}


def periods(session: Session, actor: Actor) -> Sequence[Period]:
    """The two of the province, and the third only for whoever has rows of it."""
    later = select(_records(actor).where(_PERIODS[Period.LATER]).exists())
    return [each for each in Period if each is not Period.LATER or session.scalar(later)]


def not_passed(session: Session, actor: Actor, period: Period) -> int:
    """How many rows the old system had not let pass."""
    counted = _records(actor).where(_PERIODS[period], ~passed()).with_only_columns(func.count())
    return session.scalar(counted) or 0


def take(session: Session, actor: Actor, row_id: int) -> LegacyRow:
    """A certificate that is about to be printed; that it was is noted. Raises NotFound for anybody else's."""
    found = _visible_to(actor).where(LegacyRow.id == row_id, LegacyRow.kind == LegacyKind.CERTIFICATE)
    row = session.scalar(found.options(_SOURCE))
    if row is None:
        raise NotFound
    record(session, actor, "legacy_print", row, after={"number": row.number})
    return row
