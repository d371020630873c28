"""Enrolments: moved along by the only functions that do so, each step with its seat."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.accounts import Role
from db.claims import Claim, ClaimStatus
from db.classes import CourseClass
from db.enrolments import LIVE, Enrolment, EnrolmentAction, EnrolmentStatus
from services import enrolment_moves, enrolment_steps, fields, people, seats
from services.clock import now
from services.enrolment_moves import Move, OwnEnrolment
from services.errors import N_, DomainError, NotFound, PermissionDenied, WrongStatus
from services.organisations import OPINION
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
# Posting hours has a module of its own, and a class is cancelled for everybody at once.
ONE_BY_ONE = frozenset(
    {
        EnrolmentAction.TAKE,
        EnrolmentAction.CANCEL,
        EnrolmentAction.ACCEPT,
        EnrolmentAction.DECLINE,
        EnrolmentAction.RECONSIDER,
        EnrolmentAction.REMOVE,
    }
)


class NoSeatFree(DomainError):
    message = N_("名额已满，不能恢复。请先增加名额，或等有人取消报名。")


def visible_to(actor: Actor) -> Select[Enrolment]:
    """One's own, and those in the classes of the providers that the actor works for, as far as one may work now."""
    own = and_(literal(allowed(actor, Permission.CLASS_ENROL)), Enrolment.person_id == actor.person_id)
    providers = actor.organisation_ids(Role.PROVIDER) if allowed(actor, Permission.CLASS_MANAGE) else []
    runs = CourseClass.provider_id.in_(providers)
    return select(Enrolment).join(Enrolment.course_class).where(or_(own, runs))


def get(session: Session, actor: Actor, enrolment_id: int) -> Enrolment:
    """With its person, employer, class, provider and steps. Raises NotFound out of scope."""
    everything = (
        joinedload(Enrolment.person),
        joinedload(Enrolment.employer),
        joinedload(Enrolment.course_class).joinedload(CourseClass.provider),
        selectinload(Enrolment.steps),
    )
    found = visible_to(actor).where(Enrolment.id == enrolment_id).options(*everything)
    enrolment = session.scalar(found.execution_options(populate_existing=True))
    if enrolment is None:
        raise NotFound
    return enrolment


def get_own(session: Session, actor: Actor, enrolment_id: int) -> Enrolment:
    """Like `get`. Raises NotFound for somebody else's."""
    require(actor, Permission.CLASS_ENROL)
    enrolment = get(session, actor, enrolment_id)
    if enrolment.person_id != actor.person_id:
        raise NotFound
    return enrolment


def get_accepted(session: Session, actor: Actor, enrolment_id: int) -> Enrolment:
    """Like `get_own`. Raises NotFound unless the provider has accepted it."""
    enrolment = get_own(session, actor, enrolment_id)
    if enrolment.status is not EnrolmentStatus.ACCEPTED:
        raise NotFound
    return enrolment


def list_mine(session: Session, actor: Actor, *, after_id: int = 0) -> Sequence[Enrolment]:
    """One page of the actor's enrolments with their classes and providers, those he enrolled in last first."""
    require(actor, Permission.CLASS_ENROL)
    mine = select(Enrolment).where(Enrolment.person_id == actor.person_id)
    if after_id:
        last = aliased(Enrolment)
        place = select(last.applied_at, last.id).where(last.id == after_id).scalar_subquery()
        mine = mine.where(tuple_(Enrolment.applied_at, Enrolment.id) < place)
    loaded = mine.options(joinedload(Enrolment.course_class).joinedload(CourseClass.provider))
    return session.scalars(loaded.order_by(Enrolment.applied_at.desc(), Enrolment.id.desc()).limit(PAGE_SIZE)).all()


def posted_claims(session: Session, actor: Actor, listed: Sequence[Enrolment]) -> dict[int, Claim]:
    """The claims of the actor's that hours were posted with and that still count, by the number of the enrolment."""
    require(actor, Permission.CLASS_ENROL)
    numbers = [each.id for each in listed if each.posted_at is not None]
    found = session.scalars(select(Claim).where(Claim.person_id == actor.person_id, Claim.enrolment_id.in_(numbers)))
    # Not asked of the database: SQLite would rather look at everybody's approved claims than at this person's.
    counted = (claim for claim in found if claim.status is ClaimStatus.APPROVED)
    return {claim.enrolment_id: claim for claim in counted if claim.enrolment_id is not None}


def get_to_change(session: Session, actor: Actor, enrolment_id: int) -> Enrolment:
    """Like `get`; whoever else means to change anything about this class's enrolments waits. Raises NotFound."""
    class_id = session.scalar(
        visible_to(actor).with_only_columns(Enrolment.class_id).where(Enrolment.id == enrolment_id)
    )
    if class_id is None:
        raise NotFound
    seats.hold_class(session, class_id)
    return get(session, actor, enrolment_id)


def act(
    session: Session, actor: Actor, enrolment_id: int, action: EnrolmentAction, *, seen: int, opinion: str = ""
) -> Enrolment:
    """Take one step; `seen` is the version the actor decided about.

    Raises PermissionDenied, NotFound, OwnEnrolment, WrongStatus, NoSeatFree, InvalidField for an opinion that is
    missing, the refusals of `enrolment_moves`, and of `people.employer_of` for who takes an offer.
    """
    enrolment, move = _to_move(session, actor, enrolment_id, action, seen)
    checked = fields.required_text if move.needs_opinion else fields.optional_text
    text = checked(OPINION, opinion, fields.LONGEST_TEXT)
    if action is EnrolmentAction.TAKE:
        enrolment.employer_id = people.employer_of(session, enrolment.person_id).id
    _take(session, actor, enrolment, move, text)
    return enrolment


def _take(session: Session, actor: Actor, enrolment: Enrolment, move: Move, opinion: str = "") -> None:
    if move.seat > 0 and not seats.take(session, enrolment.class_id):
        raise NoSeatFree
    enrolment_steps.go(session, actor, enrolment, move, opinion=opinion)
    if move.seat < 0:
        seats.give_back(session, enrolment.class_id)


def _to_move(
    session: Session, actor: Actor, enrolment_id: int, action: EnrolmentAction, seen: int
) -> tuple[Enrolment, Move]:
    if not any(
        allowed(actor, move.permission) for move in enrolment_moves.MOVES if move.action is action and move.permission
    ):
        raise PermissionDenied
    enrolment = get_to_change(session, actor, enrolment_id)
    move = enrolment_moves.find(action, enrolment)
    if move is None or move.permission is None or action not in ONE_BY_ONE or enrolment.version != seen:
        raise WrongStatus
    if not enrolment_moves.stands_right(actor, enrolment, move.permission):
        raise OwnEnrolment if enrolment.person_id == actor.person_id else NotFound
    if refusal := enrolment_moves.refusal(enrolment, move):
        raise refusal
    return enrolment, move


def cancel_all(session: Session, actor: Actor, course_class: CourseClass, opinion: str) -> None:
    """Everybody of a class that does not take place is told why. The caller has decided that, and checked the words."""
    seats.give_all_back(session, course_class.id)
    for enrolment in _live_in(session, course_class):
        if move := enrolment_moves.find(EnrolmentAction.CANCEL_CLASS, enrolment):
            enrolment_steps.go(session, actor, enrolment, move, opinion=opinion)


def leave_all(session: Session, actor: Actor) -> None:
    """Give back every seat and place of somebody who closes his account, even in a class that has begun."""
    mine = select(Enrolment.id).where(Enrolment.person_id == actor.person_id, Enrolment.status.in_(LIVE))
    for enrolment_id in session.scalars(mine.order_by(Enrolment.class_id)).all():
        enrolment = get_to_change(session, actor, enrolment_id)
        if move := enrolment_moves.find(EnrolmentAction.CANCEL, enrolment):
            _take(session, actor, enrolment, move)


def inform_all(session: Session, actor: Actor, course_class: CourseClass, news: str) -> None:
    """Everybody who takes part, or would like to, is told what has changed. The caller holds the class."""
    for enrolment in _live_in(session, course_class):
        enrolment_steps.note_step(session, actor, enrolment, EnrolmentAction.INFORM, enrolment.status, said=news)


def _live_in(session: Session, course_class: CourseClass) -> Sequence[Enrolment]:
    live = Enrolment.class_id == course_class.id, Enrolment.status.in_(LIVE)
    return session.scalars(select(Enrolment).where(*live).order_by(Enrolment.id)).all()


def note_seen(session: Session, actor: Actor, enrolment_id: int) -> None:
    """The actor has taken note of what was decided about him. Raises NotFound."""
    require(actor, Permission.CLASS_ENROL)
    enrolment = get_to_change(session, actor, enrolment_id)
    if enrolment.person_id != actor.person_id:
        raise NotFound
    enrolment.news_at = None


def waiting_offers(actor: Actor) -> Select[int]:
    """How many freed seats are held for the actor until he answers."""
    return select(func.count()).where(Enrolment.person_id == actor.person_id, Enrolment.offered_until > now())


def waiting_news(actor: Actor) -> Select[int]:
    """How many decisions about himself the actor has not taken note of, offers apart."""
    unread = Enrolment.news_at.is_not(None), Enrolment.offered_until.is_(None)
    return select(func.count()).where(Enrolment.person_id == actor.person_id, *unread)
