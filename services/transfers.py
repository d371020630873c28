"""The day on which somebody goes from one employer to the next."""

from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, EndReason
from db.session import UnitOfWork
from services import binding_steps, people
from services.clock import today
from services.errors import N_, InvalidField
from services.permissions import SYSTEM, Actor

STARTS_ON = N_("生效日期")
# A typing error must not tie anybody to a far future.
LONGEST_NOTICE = timedelta(days=366)


def checked_start(on: date | None) -> date:
    """Raises InvalidField."""
    if on is None:
        raise InvalidField(STARTS_ON, N_("请填写。"))
    if on < today():
        raise InvalidField(STARTS_ON, N_("不能早于今天。"))
    if on > today() + LONGEST_NOTICE:
        raise InvalidField(STARTS_ON, N_("不能晚于一年以后。"))
    return on


def start(session: Session, actor: Actor, binding: Binding) -> None:
    """The change from one employer to the next is one step: nobody is without one in between, or has two."""
    if current := binding_steps.current(session, binding):
        current.successor_id, current.end_reason = binding.id, EndReason.TRANSFERRED
        current.ended_on = binding.started_on
        binding_steps.take(session, actor, current, BindingAction.DEPART, on=binding.started_on)
        session.flush()  # the database allows no second employer, not even for a moment
    binding_steps.take(session, actor, binding, BindingAction.START, on=binding.started_on)


def start_due(transaction: UnitOfWork) -> int:
    """Let begin whatever is confirmed for today or earlier, each in a transaction of its own; how many there were.

    An employer that was suspended meanwhile takes nobody over until it is reinstated.
    """
    with transaction() as session:
        due = session.execute(_due().with_only_columns(Binding.id, Binding.person_id)).all()
    return sum(_start_if_due(transaction, *one) for one in due)


def _due() -> Select[Binding]:
    confirmed = Binding.status == BindingStatus.SCHEDULED, Binding.started_on <= today()
    ready = select(Binding).join(Binding.organisation).where(*confirmed)
    return ready.where(Organisation.status == OrganisationStatus.APPROVED).order_by(Binding.id)


def _start_if_due(transaction: UnitOfWork, binding_id: int, person_id: int) -> bool:
    """False for what somebody called off, or another process started, a moment before."""
    with transaction() as session:
        people.hold_employment(session, person_id)
        binding = session.scalar(_due().where(Binding.id == binding_id))
        if binding is not None:
            start(session, SYSTEM, binding)
        return binding is not None
