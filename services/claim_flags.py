"""What is noticed about a claim. Nothing of it refuses anything: it tells the claimant and the reviewer where to look.

Noticed live before the claim is sent; kept when it is sent, so that the queue can be ordered and filtered by it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from statistics import median
from unicodedata import normalize

from sqlalchemy import ColumnElement, Row, and_, delete, literal, not_, or_, select
from sqlalchemy.orm import Session

from db.claim_flags import ClaimFlag, FlagKind
from db.claims import Claim, ClaimSource, ClaimStatus, Evidence
from db.statistics import ClaimYear
from services.claim_access import visible_ones
from services.clock import now, today
from services.permissions import Actor

# How many days of waiting a flag counts for in the queue.
WEIGHTS: Mapping[FlagKind, timedelta] = {
    FlagKind.SAME_FILE: timedelta(days=6),
    FlagKind.SAME_CERTIFICATE: timedelta(days=6),
    FlagKind.SAME_TITLE: timedelta(days=4),
    FlagKind.OVERLAP: timedelta(days=4),
    FlagKind.UNUSUAL_HOURS: timedelta(days=2),
    FlagKind.LATE: timedelta(0),  # is true of everybody at the same time
}
LATE = timedelta(days=7)
# More than so many times the median of what the employer approved lately for the same type of activity.
UNUSUAL_TIMES, COMPARED_WITH, FEWEST_TO_COMPARE = 3, 200, 10
MOST_OTHERS = 5
_STANDING = (ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED, ClaimStatus.APPROVED)
_NOT_SENT = (ClaimStatus.DRAFT,)

Sibling = Row[int, int, str, bool]


@dataclass(frozen=True, slots=True)
class Noticed:
    """One kind of flag: the claims it points to that the reader may see, and how many others it points to."""

    kind: FlagKind
    others: Sequence[Claim] = ()
    hidden: int = 0


def before_sending(session: Session, actor: Actor, claim: Claim, employer_id: int | None) -> list[Noticed]:
    """What would be noticed if the claim, loaded with its evidence, were sent to that employer now."""
    return _as_seen(session, actor, _notice(session, claim, employer_id))


def of_claim(session: Session, actor: Actor, claim: Claim) -> list[Noticed]:
    """What was noticed when the claim was sent."""
    kept = select(ClaimFlag).where(ClaimFlag.claim_id == claim.id).order_by(ClaimFlag.id)
    return _as_seen(session, actor, session.scalars(kept).all())


def keep(session: Session, claim: Claim, employer_id: int) -> None:
    """Note down what is noticed about a claim that is being sent to an employer, and give it its place in the queue."""
    # Half a step is not to be stored: it would count as a version of its own.
    with session.no_autoflush:
        flags = _notice(session, claim, employer_id)
        session.execute(delete(ClaimFlag).where(ClaimFlag.claim_id == claim.id))
    session.add_all(flags)
    claim.queued_at = now() - sum((WEIGHTS[kind] for kind in {flag.kind for flag in flags}), timedelta(0))


def _notice(session: Session, claim: Claim, employer_id: int | None) -> list[ClaimFlag]:
    found = [
        *_pointing(claim, FlagKind.SAME_FILE, _with_its_files(session, claim)),
        *_pointing(claim, FlagKind.SAME_CERTIFICATE, _with_its_certificate(session, claim)),
        *_beside_its_siblings(session, claim),
    ]
    if _has_unusual_hours(session, claim, employer_id):
        found.append(ClaimFlag(claim_id=claim.id, kind=FlagKind.UNUSUAL_HOURS))
    if _is_late(session, claim):
        found.append(ClaimFlag(claim_id=claim.id, kind=FlagKind.LATE))
    return found


def _pointing(claim: Claim, kind: FlagKind, others: Iterable[int]) -> Iterator[ClaimFlag]:
    for other in sorted(others, reverse=True)[:MOST_OTHERS]:
        yield ClaimFlag(claim_id=claim.id, kind=kind, other_claim_id=other)


def _with_its_files(session: Session, claim: Claim) -> Iterable[int]:
    """Whoever sent one of its files before, whatever became of it."""
    files = [file.original_sha256 for file in claim.evidence]
    using = select(Evidence.claim_id).join(Evidence.claim).where(Evidence.original_sha256.in_(files))
    elsewhere = using.where(Claim.id != claim.id, Claim.status.not_in(_NOT_SENT), not_(_entered_together(claim)))
    return session.scalars(elsewhere.distinct().order_by(Evidence.claim_id.desc()).limit(MOST_OTHERS))


def _with_its_certificate(session: Session, claim: Claim) -> Iterable[int]:
    if claim.certificate_key is None:
        return []
    same = select(Claim.id).where(Claim.certificate_key == claim.certificate_key, Claim.status.in_(_STANDING))
    elsewhere = same.where(Claim.id != claim.id, not_(_entered_together(claim)))
    return session.scalars(elsewhere.order_by(Claim.id.desc()).limit(MOST_OTHERS))


def _entered_together(claim: Claim) -> ColumnElement[bool]:
    """One training that an employer entered for several people proves all of them with the same papers."""
    return and_(
        literal(claim.source is ClaimSource.EMPLOYER),
        Claim.source == ClaimSource.EMPLOYER,
        Claim.employer_id == claim.employer_id,
        Claim.person_id != claim.person_id,
        Claim.title == claim.title,
        Claim.start_on == claim.start_on,
        Claim.end_on == claim.end_on,
    )


def _beside_its_siblings(session: Session, claim: Claim) -> Iterator[ClaimFlag]:
    """What else the person has sent that still stands: on the same days, or of the same title in the year."""
    overlapping = and_(Claim.start_on <= claim.end_on, Claim.end_on >= claim.start_on)
    standing = select(Claim.id, Claim.year, Claim.title, overlapping).where(
        Claim.person_id == claim.person_id, Claim.id != claim.id, Claim.status.in_(_STANDING)
    )
    siblings: Sequence[Sibling] = session.execute(standing.where(or_(overlapping, Claim.year == claim.year))).all()
    title = _plain(claim.title)
    same = [number for number, year, other, _ in siblings if year == claim.year and _plain(other) == title]
    yield from _pointing(claim, FlagKind.SAME_TITLE, same)
    yield from _pointing(claim, FlagKind.OVERLAP, [number for number, _, _, overlaps in siblings if overlaps])


def _plain(title: str) -> str:
    """A title by its letters and digits alone."""
    return "".join(filter(str.isalnum, normalize("NFKC", title))).casefold()


def _has_unusual_hours(session: Session, claim: Claim, employer_id: int | None) -> bool:
    lately = (
        select(Claim.activity_type, Claim.hours_claimed)
        .where(Claim.employer_id == employer_id, Claim.status == ClaimStatus.APPROVED)
        .order_by(Claim.submitted_at.desc(), Claim.id.desc())
        .limit(COMPARED_WITH)
    )
    alike = [hours for kind, hours in session.execute(lately) if kind is claim.activity_type]
    return len(alike) >= FEWEST_TO_COMPARE and claim.hours_claimed > UNUSUAL_TIMES * median(alike)


def _is_late(session: Session, claim: Claim) -> bool:
    """Whether the year's window closes within days."""
    window = session.get(ClaimYear, claim.year)
    return window is not None and window.claim_to - today() < LATE


def _as_seen(session: Session, actor: Actor, flags: Sequence[ClaimFlag]) -> list[Noticed]:
    """The same for everybody but for the details of what is out of the reader's scope."""
    numbers = {flag.other_claim_id for flag in flags if flag.other_claim_id}
    seen = visible_ones(session, actor, numbers) if numbers else {}
    noticed = []
    for kind, of_kind in groupby(flags, key=attrgetter("kind")):
        pointed_to = [flag.other_claim_id for flag in of_kind if flag.other_claim_id]
        others = [seen[number] for number in pointed_to if number in seen]
        noticed.append(Noticed(kind, others, hidden=len(pointed_to) - len(others)))
    return noticed
