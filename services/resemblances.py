"""Organisations that may be registered twice: found by their names, kept until the supervisor has looked at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from db.locks import hold
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.resemblances import NameGram, Resemblance, ResemblanceStatus
from services import divisions, organisation_names, queues
from services.clock import now
from services.errors import NotFound, WrongStatus
from services.events import record
from services.organisation_names import ALIKE, Essence
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
# Two characters that so many organisations of a city have in their names tell nothing, such as 科技.
COMMON = 300
# So many of those that have most in common are compared in full, and the most similar ones are kept.
CANDIDATES = 100
MOST = 10
BATCH = 200


@dataclass(frozen=True, slots=True)
class Lookalike:
    """What anybody may know of an organisation whose name is similar: nothing of its people."""

    id: int
    name: str
    uscc: str | None
    division: str
    status: OrganisationStatus
    likeness: Fraction


def find(
    session: Session, name: str, division: str, kind: OrganisationKind, *, besides: int | None = None
) -> list[Lookalike]:
    """Organisations of the same kind in the same city whose names are nearly the same, the most similar first."""
    wanted = organisation_names.essence(name, division)
    candidates = _sharing(_telling(session, wanted, division, kind), division, kind)
    numbers = session.scalars(candidates.where(candidates.selected_columns[0] != (besides or 0))).all()
    return [each for each in _compared(session, numbers, wanted) if each.likeness >= ALIKE][:MOST]


def _telling(session: Session, wanted: Essence, division: str, kind: OrganisationKind) -> list[str]:
    """The rarest grams, so many that whatever is alike has one of them, but none that too many names have.

    However many organisations there are, of each gram only so many are counted.
    """
    counts = [
        select(literal(gram), func.count()).select_from(_with([gram], division, kind).limit(COMMON).subquery())
        for gram in sorted(wanted.grams)
    ]
    rarest = sorted(session.execute(union_all(*counts)).all(), key=lambda row: (row[1], row[0]))
    enough = rarest[: len(rarest) - organisation_names.least_shared(wanted) + 1]
    return [gram for gram, count in enough if count < COMMON] or [enough[0][0]]


def _with(grams: list[str], division: str, kind: OrganisationKind) -> Select[int]:
    """Answered from the index alone."""
    return select(NameGram.organisation_id).where(NameGram.gram.in_(grams), NameGram.kind == kind, _nearby(division))


def _sharing(grams: list[str], division: str, kind: OrganisationKind) -> Select[int]:
    """Those that share most of the grams first."""
    found = _with(grams, division, kind).limit(COMMON * len(grams)).subquery()
    number = found.c.organisation_id
    return select(number).group_by(number).order_by(func.count().desc(), number).limit(CANDIDATES)


def _nearby(division: str) -> ColumnElement[bool]:
    """The same city, and what belongs to the province as a whole."""
    province, city = division[:2] + "0000", division[:4] + "00"
    return or_(divisions.within(NameGram.division, city), NameGram.division == province)


def _compared(session: Session, numbers: Collection[int], wanted: Essence) -> list[Lookalike]:
    """The most similar first."""
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(numbers)))
    return sorted((_lookalike(row, wanted) for row in rows), key=lambda each: (-each.likeness, each.id))


def _lookalike(row: Organisation, wanted: Essence) -> Lookalike:
    likeness = organisation_names.likeness(wanted, organisation_names.essence(row.name, row.division))
    return Lookalike(row.id, row.name, row.uscc, row.division, row.status, likeness)


def note(session: Session, organisation: Organisation) -> None:
    """Keep the name for later look-ups, and whom it resembles now; for whoever stores a new or changed name.

    Of two that come at the same moment the second one finds the first.
    """
    hold(session, f"names in {organisation.division[:4]}")
    forget(session, organisation)
    grams = organisation_names.essence(organisation.name, organisation.division).grams
    session.execute(insert(NameGram), [_gram(organisation, gram) for gram in sorted(grams)])
    decided = {_other_id(pair, organisation) for pair in session.scalars(_pairs_of(organisation))}
    for other in find(session, organisation.name, organisation.division, organisation.kind, besides=organisation.id):
        if other.id not in decided:
            first, second = sorted((other.id, organisation.id))
            session.add(Resemblance(first_id=first, second_id=second, found_at=now()))


def _gram(organisation: Organisation, gram: str) -> dict[str, object]:
    place = {"kind": organisation.kind, "division": organisation.division}
    return {"gram": gram, "organisation_id": organisation.id} | place


def forget(session: Session, organisation: Organisation, *, decided: bool = False) -> None:
    """Its name is found no more; what was decided about its resemblances stays, unless that goes as well."""
    session.execute(delete(NameGram).where(NameGram.organisation_id == organisation.id))
    pairs = delete(Resemblance).where(_is_of(organisation))
    session.execute(pairs if decided else pairs.where(Resemblance.status == ResemblanceStatus.OPEN))


def _is_of(organisation: Organisation) -> ColumnElement[bool]:
    return or_(Resemblance.first_id == organisation.id, Resemblance.second_id == organisation.id)


def _pairs_of(organisation: Organisation) -> Select[Resemblance]:
    return select(Resemblance).where(_is_of(organisation))


def _other_id(pair: Resemblance, organisation: Organisation) -> int:
    return pair.second_id if pair.first_id == organisation.id else pair.first_id


def note_missing(session: Session) -> int:
    """Note one batch of organisations that were stored before names were noted; how many there were."""
    noted = exists().where(NameGram.organisation_id == Organisation.id)
    named = Organisation.status != OrganisationStatus.MERGED, Organisation.uscc.is_not(None)
    missing = select(Organisation).where(*named, ~noted)
    found = session.scalars(missing.order_by(Organisation.id).limit(BATCH)).all()
    for organisation in found:
        note(session, organisation)
    return len(found)


def of(session: Session, organisation: Organisation) -> list[Lookalike]:
    """Whom an organisation resembles that the caller found in the actor's scope, the most similar first."""
    wanted = organisation_names.essence(organisation.name, organisation.division)
    pairs = session.scalars(_pairs_of(organisation).where(Resemblance.status == ResemblanceStatus.OPEN))
    others = {_other_id(pair, organisation) for pair in pairs}
    return _compared(session, others, wanted) if others else []


def _visible_to(actor: Actor) -> Select[Resemblance]:
    """Pairs of which the actor supervises both."""
    first, second = aliased(Organisation), aliased(Organisation)
    over_both = [
        and_(divisions.within(first.division, division), divisions.within(second.division, division))
        for division in actor.divisions
    ]
    found = select(Resemblance).join(first, Resemblance.first).join(second, Resemblance.second)
    return found.where(or_(False, *over_both)).options(
        joinedload(Resemblance.first).joinedload(Organisation.merged_into),
        joinedload(Resemblance.second).joinedload(Organisation.merged_into),
    )


def queue(session: Session, actor: Actor, *, status: ResemblanceStatus, after_id: int = 0) -> Sequence[Resemblance]:
    """One page of the pairs in a status with both organisations, found longest ago first."""
    require(actor, Permission.ORGANISATION_DECIDE)
    found = _visible_to(actor).where(Resemblance.status == status, Resemblance.id > after_id)
    return session.scalars(found.order_by(Resemblance.id).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[ResemblanceStatus, int]:
    require(actor, Permission.ORGANISATION_DECIDE)
    visible = _visible_to(actor).with_only_columns(Resemblance.status, func.count(), maintain_column_froms=True)
    rows = session.execute(visible.group_by(Resemblance.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type


def get(session: Session, actor: Actor, resemblance_id: int) -> Resemblance:
    """Raises NotFound outside the actor's divisions."""
    require(actor, Permission.ORGANISATION_DECIDE)
    pair = session.scalar(_visible_to(actor).where(Resemblance.id == resemblance_id))
    if pair is None:
        raise NotFound
    return pair


def opened(session: Session, actor: Actor, listed: Sequence[Resemblance], named: int | None) -> Resemblance | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def set_status(session: Session, actor: Actor, resemblance_id: int, status: ResemblanceStatus) -> None:
    """The two are different, or it is open again whether they are. Raises NotFound, WrongStatus."""
    pair = get(session, actor, resemblance_id)
    if pair.status is status:
        raise WrongStatus
    before, pair.status = pair.status, status
    pair.decided_at, pair.decided_by_id = now(), actor.account_id
    record(session, actor, f"resemblance_{status}", pair, before={"status": before}, after={"status": status})
