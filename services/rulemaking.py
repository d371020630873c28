"""Who may change what holds for everybody: the supervisors above whom there is no other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus, Grant, Role
from services import divisions
from services.errors import N_, DomainError
from services.permissions import Actor, Permission, require


class NotTopmost(DomainError):
    message = N_("学时规则和申报时间对所有单位有效，只能由上级主管部门（%(division)s）修改。")


def division_above(session: Session, actor: Actor) -> str | None:
    """The highest division of another supervisor that holds the actor's own; None for the topmost."""
    supervised = (
        select(Grant.division)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.SUPERVISOR, Account.status == AccountStatus.ACTIVE)
    )
    above = [higher for higher in session.scalars(supervised.distinct()) if higher and _is_above(higher, actor)]
    return min(above, default=None)


def _is_above(higher: str, actor: Actor) -> bool:
    return all(higher != own and divisions.covers(higher, own) for own in actor.divisions)


def may(session: Session, actor: Actor) -> bool:
    return division_above(session, actor) is None


def check(session: Session, actor: Actor) -> None:
    """Raises PermissionDenied or NotTopmost."""
    require(actor, Permission.RULES_EDIT)
    if above := division_above(session, actor):
        raise NotTopmost(division=divisions.name(above))
