"""Reminding the staff of what is missing: at most once a week, until it is there or the year is closed."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import literal
from sqlalchemy.orm import Session

from db.accounts import Role
from db.base import UtcDateTime
from db.dialects import insert_or_update
from db.organisations import Organisation
from db.people import Binding
from db.reminders import Reminder
from services import progress, requirements
from services.clock import now, today
from services.errors import N_, DomainError
from services.events import record
from services.permissions import Actor, Permission, require
from services.progress import Wanted


class NobodyToRemind(DomainError):
    message = N_("没有需要提醒的人员：已达标的不提醒，本周提醒过的不再重复。")


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def remind(session: Session, actor: Actor, wanted: Wanted, binding_ids: Collection[int] | None = None) -> int:
    """Remind the named ones, or everybody in the list, who are behind; how many were, without those of this week.

    Raises NoRequirement, WindowClosed, NobodyToRemind.
    """
    require(actor, Permission.STAFF_PROGRESS)
    requirements.open_claim_year(session, wanted.year)
    employers = actor.organisation_ids(Role.EMPLOYER)
    count = sum(_remind(session, actor, employer, wanted, binding_ids) for employer in employers)
    if not count:
        raise NobodyToRemind
    return count


def _remind(
    session: Session, actor: Actor, organisation_id: int, wanted: Wanted, binding_ids: Collection[int] | None
) -> int:
    required = progress.required_of(session, wanted.year)
    staff = progress.narrowed(progress.staff_of(actor, wanted.year), wanted, required)
    staff = staff.where(Binding.organisation_id == organisation_id, progress.behind(required))
    if binding_ids is not None:
        staff = staff.where(Binding.id.in_(binding_ids))
    columns = {
        "person_id": Binding.person_id,
        "organisation_id": Binding.organisation_id,
        "year": literal(wanted.year),
        "week_of": literal(week_of(today())),
        "sent_at": literal(now(), UtcDateTime()),
        "sent_by_id": literal(actor.account_id),
    }
    insert = insert_or_update(session, Reminder).from_select(list(columns), staff.with_only_columns(*columns.values()))
    # Without the option SQLAlchemy forgets the count of an INSERT on PostgreSQL.
    once = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    count = session.connection().execute(once).rowcount
    if count:
        organisation = session.get_one(Organisation, organisation_id)
        record(session, actor, "staff_remind", organisation, after={"year": wanted.year, "count": count})
    return count
