"""What is announced to whoever is signed in, and what he has taken note of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.accounts import Role
from db.dialects import insert_or_update
from db.notices import Notice, NoticeAudience, NoticeDismissal, NoticeStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus
from services import divisions
from services.clock import now, today
from services.errors import NotFound
from services.permissions import Actor, Permission, require

# Older ones are not looked for on a home page.
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its reader sees it; `is_new` until it is over or he has taken note of it."""

    notice_id: int
    title: str
    text: str
    on: date
    is_new: bool


def read(session: Session, actor: Actor) -> Sequence[Told]:
    """Those that are new first, then those of before, each from the newest on."""
    require(actor, Permission.ACCOUNT_OWN)
    is_new = _is_new(actor).label("is_new")
    found = select(Notice.id, Notice.title, Notice.text, Notice.show_from, is_new).where(_told_to(actor))
    newest_first = found.order_by(is_new.desc(), Notice.show_from.desc(), Notice.id.desc()).limit(MOST_SHOWN)
    return [Told(number, title, text, on, bool(new)) for number, title, text, on, new in session.execute(newest_first)]


def take_note(session: Session, actor: Actor, notice_id: int) -> None:
    """It leaves the actor's home page; twice is once. Raises NotFound for what is not told to him."""
    require(actor, Permission.ACCOUNT_OWN)
    if session.scalar(select(Notice.id).where(Notice.id == notice_id, _told_to(actor))) is None:
        raise NotFound
    noted = insert_or_update(session, NoticeDismissal).values(
        notice_id=notice_id, account_id=actor.account_id, noted_at=now()
    )
    session.execute(noted.on_conflict_do_nothing())


def _is_new(actor: Actor) -> ColumnElement[bool]:
    noted = exists().where(NoticeDismissal.notice_id == Notice.id, NoticeDismissal.account_id == actor.account_id)
    return and_(Notice.show_until >= today(), ~noted)


def _told_to(actor: Actor) -> ColumnElement[bool]:
    """Published and begun, for a role of the actor, in a place where he has it."""
    begun = and_(Notice.status == NoticeStatus.PUBLISHED, Notice.show_from <= today())
    parts = [
        and_(NoticeAudience.role == role, or_(Notice.division.is_(None), _holds_there(actor, role)))
        for role in sorted(actor.roles)
    ]
    mine = exists().where(NoticeAudience.notice_id == Notice.id, or_(false(), *parts))
    return and_(begun, mine)


def _holds_there(actor: Actor, role: Role) -> ColumnElement[bool]:
    """Whether the role has to do with the notice's division: below it, or wherever a role holds everywhere."""
    match role:
        case Role.PROFESSIONAL:
            return _of_one(_employers_of(actor))
        case Role.EMPLOYER | Role.PROVIDER:
            own = [scope.organisation_id for scope in actor.scopes if scope.role is role]
            return _of_one(select(Organisation.id).where(Organisation.id.in_(own)))
        case Role.SUPERVISOR:
            return Notice.division.in_([above for own in actor.divisions for above in divisions.upward(own)])
        case _:
            return true()


def _employers_of(actor: Actor) -> Select[int]:
    bound = Binding.person_id == actor.person_id, Binding.status == BindingStatus.ACTIVE
    return select(Binding.organisation_id).where(*bound)


def _of_one(organisations: Select[int]) -> ColumnElement[bool]:
    """Whether one of these organisations is in the notice's division or below it."""
    below = Notice.division.in_(_above(Organisation.division))
    # By itself it would look at the query right around it only, and compare with any notice.
    return exists().where(Organisation.id.in_(organisations), below).correlate(Notice)


def _above(division: InstrumentedAttribute[str]) -> list[ColumnElement[str]]:
    """The codes whose `divisions.span` holds a division."""
    return [
        division.expression,
        func.substr(division, 1, 4).concat("00"),
        func.substr(division, 1, 2).concat("0000"),
    ]
