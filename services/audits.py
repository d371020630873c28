"""Random samples of approved hours: planned, drawn by a seed that is kept, and counted."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.audits import Audit, AuditItem, AuditOutcome
from db.claims import Category, Claim, ClaimSource, ClaimStatus
from db.organisations import Organisation
from services import divisions, fields, sampling
from services.clock import midnight, now, today
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
MOST_ITEMS = 2000
LONGEST_SEED = 32
SEED = N_("随机种子")
PERIOD = N_("通过日期")
RATE = N_("抽查比例")
AT_LEAST = N_("每个单位至少")
STREAMED = 5000

# One rule for lists and counts. Whatever else happened to it, a claim that was revoked has failed.
outcome_of = case(
    (Claim.status == ClaimStatus.REVOKED, AuditOutcome.REVOKED.value),
    (AuditItem.checked_at.is_not(None), AuditOutcome.PASSED.value),
    (Claim.status == ClaimStatus.APPROVED, AuditOutcome.PENDING.value),
    else_=AuditOutcome.LAPSED.value,
)


class NothingToDraw(DomainError):
    message = N_("没有符合条件的学时，请放宽通过日期或其他条件后再抽取。")


class TooMuchToDraw(DomainError):
    message = N_("将抽取 %(drawn)s 条，超过每次最多 %(most)s 条。请降低比例，或分区划、分时段抽取。")


class AlreadyChecked(DomainError):
    message = N_("这次抽查已有结果，不能作废；请继续完成抽查。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a sample is drawn from, and how much: `rate` percent of each employer's claims, and at least so many."""

    division: str
    approved_from: date
    approved_to: date
    rate: int
    at_least: int = 1
    category: Category | None = None
    source: ClaimSource | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan comes to: so many claims of so many employers, of which so many are drawn."""

    claims: int
    employers: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a sample, or one employer's part of it, has come."""

    outcomes: dict[AuditOutcome, int]

    @property
    def drawn(self) -> int:
        return sum(self.outcomes.values())

    @property
    def pending(self) -> int:
        return self.outcomes.get(AuditOutcome.PENDING, 0)

    @property
    def failed(self) -> int:
        return self.outcomes.get(AuditOutcome.REVOKED, 0)

    @property
    def checked(self) -> int:
        return self.outcomes.get(AuditOutcome.PASSED, 0) + self.failed


def together(tallies: Iterable[Tally]) -> Tally:
    """Of several employers."""
    counted = Counter[AuditOutcome]()
    for tally in tallies:
        counted.update(tally.outcomes)
    return Tally(dict(counted))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The samples of the actor's divisions and of those below; one of a division above is not his."""
    return divisions.within_any(Audit.division, actor.divisions)


def waiting(actor: Actor) -> Select[int]:
    """How many drawn claims wait for the actor's check."""
    drawn = select(func.count(AuditItem.id)).join(AuditItem.audit).join(AuditItem.claim)
    return drawn.where(visible_to(actor), Audit.withdrawn_at.is_(None), outcome_of == AuditOutcome.PENDING)


def forecast(session: Session, actor: Actor, plan: Plan) -> Forecast:
    """Without drawing anything. Raises InvalidField, and NotFound for a division that is not the actor's."""
    _check(actor, plan)
    numbers = select(func.count()).where(*_population(plan)).group_by(Claim.employer_id)
    counts = session.scalars(numbers).all()
    return Forecast(sum(counts), len(counts), sum(sampling.size(n, plan.rate, plan.at_least) for n in counts))


def _check(actor: Actor, plan: Plan) -> None:
    require(actor, Permission.CLAIM_AUDIT)
    is_below = any(divisions.covers(above, plan.division) for above in actor.divisions)
    if divisions.find(plan.division) is None or not is_below:
        raise NotFound
    if plan.approved_from > plan.approved_to:
        raise InvalidField(PERIOD, N_("结束日期不能早于开始日期。"))
    if not 1 <= plan.rate <= 100:
        raise InvalidField(RATE, N_("应为 1 至 100 的整数。"))
    if not 1 <= plan.at_least <= MOST_ITEMS:
        raise InvalidField(AT_LEAST, N_("应为 1 至 %(most)s 的整数。"), most=MOST_ITEMS)


def _population(plan: Plan) -> Iterator[ColumnElement[bool]]:
    below = select(Organisation.id).where(divisions.within(Organisation.division, plan.division))
    end = min(plan.approved_to, today()) + timedelta(days=1)
    yield Claim.status == ClaimStatus.APPROVED
    yield and_(Claim.decided_at >= midnight(plan.approved_from), Claim.decided_at < midnight(end))
    yield Claim.employer_id.in_(below)
    if plan.category is not None:
        yield Claim.category == plan.category
    if plan.source is not None:
        yield Claim.source == plan.source


def draw(session: Session, actor: Actor, plan: Plan, *, seed: str = "") -> Audit:
    """Keep a new sample; the same seed draws the same claims again, as long as they are still approved.

    Raises the refusals of `forecast`, NothingToDraw, TooMuchToDraw.
    """
    foreseen = forecast(session, actor, plan)
    if not foreseen.drawn:
        raise NothingToDraw
    if foreseen.drawn > MOST_ITEMS:
        raise TooMuchToDraw(drawn=foreseen.drawn, most=MOST_ITEMS)
    audit = Audit(
        **asdict(plan),
        seed=fields.optional_text(SEED, seed, LONGEST_SEED) or secrets.token_hex(8),
        drawn_at=now(),
        drawn_by_id=actor.account_id,
        drawn_by_name=actor.name,
    )
    picked, audit.claims = _pick(session, plan, audit.seed)
    session.add(audit)
    session.flush()
    session.execute(insert(AuditItem), [{"audit_id": audit.id, "claim_id": claim_id} for claim_id in picked])
    said = {name: str(value) for name, value in asdict(plan).items() if value is not None}
    after = {**said, "seed": audit.seed, "claims": audit.claims, "drawn": len(picked)}
    record(session, actor, "audit_draw", audit, after=after)
    return audit


def _pick(session: Session, plan: Plan, seed: str) -> tuple[list[int], int]:
    """The drawn claims, employer by employer, and how many there were to draw from."""
    picked: list[int] = []
    population = 0
    found = select(Claim.employer_id, Claim.id).where(*_population(plan)).order_by(Claim.employer_id, Claim.id)
    with session.execute(found.execution_options(yield_per=STREAMED)) as rows:
        for _, claims in groupby(rows, key=itemgetter(0)):
            numbers = [claim_id for _, claim_id in claims]
            population += len(numbers)
            picked += sampling.pick(seed, numbers, sampling.size(len(numbers), plan.rate, plan.at_least))
    return picked, population


def get(session: Session, actor: Actor, audit_id: int) -> Audit:
    """Raises NotFound outside the actor's divisions."""
    require(actor, Permission.CLAIM_AUDIT)
    audit = session.scalar(select(Audit).where(Audit.id == audit_id, visible_to(actor)))
    if audit is None:
        raise NotFound
    return audit


def list_drawn(session: Session, actor: Actor, *, before_id: int = 0) -> Sequence[tuple[Audit, Tally]]:
    """One page of the samples, newest first."""
    require(actor, Permission.CLAIM_AUDIT)
    drawn = select(Audit).where(visible_to(actor)).order_by(Audit.id.desc()).limit(PAGE_SIZE)
    found = session.scalars(drawn.where(Audit.id < before_id) if before_id else drawn).all()
    tallies = _tallies(session, AuditItem.audit_id, AuditItem.audit_id.in_([audit.id for audit in found]))
    return [(audit, tallies.get(audit.id, Tally({}))) for audit in found]


def by_employer(session: Session, actor: Actor, audit_id: int) -> list[tuple[str, Tally]]:
    """The employers of a sample by name with their results, those with most failures first. Raises NotFound."""
    get(session, actor, audit_id)
    tallies = _tallies(session, Claim.employer_id, AuditItem.audit_id == audit_id)
    named = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(tallies)))
    results = [(name, tallies[employer_id]) for employer_id, name in named]
    return sorted(results, key=lambda result: (-result[1].failed, result[0]))


def _tallies(session: Session, by: InstrumentedAttribute[Any], which: ColumnElement[bool]) -> dict[int, Tally]:
    """By what `by` says of an item, in one query."""
    counted = select(by, outcome_of, func.count()).select_from(AuditItem).join(AuditItem.claim).where(which)
    tallies: dict[int, Tally] = {}
    for key, outcome, count in session.execute(counted.group_by(by, outcome_of)):
        tallies.setdefault(key, Tally({})).outcomes[AuditOutcome(outcome)] = count
    return tallies


def withdraw(session: Session, actor: Actor, audit_id: int) -> None:
    """Give up a sample drawn by mistake; it stays in the list. Raises NotFound, WrongStatus, AlreadyChecked."""
    audit = get(session, actor, audit_id)
    session.refresh(audit, with_for_update=True)
    if audit.withdrawn_at is not None:
        raise WrongStatus
    tallies = _tallies(session, AuditItem.audit_id, AuditItem.audit_id == audit_id)
    if any(tally.checked for tally in tallies.values()):
        raise AlreadyChecked
    audit.withdrawn_at = now()
    record(session, actor, "audit_withdraw", audit)
