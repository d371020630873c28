"""One decision about many claims: each is checked and stored by itself, and whichever was refused is told why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.orm.exc import StaleDataError

from db.claims import ClaimAction, ReviewReason
from db.session import UnitOfWork
from services import claims
from services.errors import DomainError, WrongStatus
from services.permissions import Actor


class Choice(NamedTuple):
    """A claim that was chosen, at the version that was seen, and what is to be done with it."""

    claim_id: int
    seen: int
    action: ClaimAction


@dataclass(frozen=True, slots=True)
class Results:
    """By the claims' numbers."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, DomainError] = field(default_factory=dict)


def decide_each(
    transaction: UnitOfWork,
    actor: Actor,
    choices: Iterable[Choice],
    *,
    reason: ReviewReason | None = None,
    opinion: str = "",
) -> Results:
    """One transaction for each choice, so that a refused one keeps nobody else's decision back."""
    results = Results()
    for claim_id, seen, action in choices:
        try:
            with transaction() as session:
                claims.act(session, actor, claim_id, action, seen=seen, reason=reason, opinion=opinion)
        except DomainError as refusal:
            results.refused[claim_id] = refusal
        except StaleDataError:
            results.refused[claim_id] = WrongStatus()
        else:
            results.done.append(claim_id)
    return results
