"""The demo pilot as a whole: a city with two counties, its organisations, its professionals and three years."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, time
from functools import partial
from random import Random

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from db.accounts import Account, PasswordHistory, Role
from db.installation import Demo
from services import passwords, statistics, storage
from services.clock import moment, now
from services.demo import ACCOUNTS, PASSWORD, plots
from services.demo.cases import Cases
from services.demo.cast import CITY, EMPLOYERS, PROVIDERS, Cast, cast
from services.demo.claiming import Claiming
from services.demo.dates import DAY, Calendar
from services.demo.lessons import Lessons
from services.demo.old_systems import OldSystems
from services.demo.plots import HOUR
from services.demo.presence import Presence
from services.demo.story import Story
from services.demo.years import Years
from services.errors import N_, DomainError
from services.permissions import SYSTEM

SEED = 2026
LAST_RUN = time(22)


class NotEmpty(DomainError):
    message = N_("数据库中已有数据，演示数据只能装入空的数据库。")


def load(session: Session, on_progress: Callable[[int, int], None] = lambda over, all_: None) -> None:
    """All of it or, when the transaction ends otherwise, nothing. Raises NotEmpty.

    `on_progress` is told how many scenes of how many are over.
    """
    if session.scalar(select(exists(select(Account)))):
        raise NotEmpty
    with passwords.cheaply(), storage.in_bulk():
        told(Calendar.of_today()).tell(session, on_progress)
    _set_passwords(session)
    session.add(Demo(loaded_at=now()))


def told(calendar: Calendar, seed: int = SEED) -> Story:
    """The same people for the same seed, and the same story for the same day."""
    players, story = cast(seed), Story(calendar.end)
    claiming = Claiming(story, players.supervisor, Random(seed))  # noqa: S311  # decides a story, keeps no secret
    years = Years(calendar, claiming)
    _found(story, calendar, players)
    _employ(story, calendar, players, years)
    Presence(story, calendar, players, years).play()
    Lessons(story, calendar, players).play()
    Cases(story, calendar, players).play()
    OldSystems(story, calendar, players).play()
    for at in (*years.runs(), moment(calendar.days_ago(1), LAST_RUN)):
        story.add(at, run_statistics)
    return story


def run_statistics(session: Session) -> None:
    session.flush()
    statistics.recompute(lambda: nullcontext(session), SYSTEM)
    # The sums were written past the objects that the session knows.
    session.expire_all()


def _found(story: Story, calendar: Calendar, players: Cast) -> None:
    """The officials, and the organisations that are there from the beginning."""
    first = moment(date(calendar.years[0], 1, 1), time(9))
    administrator = players.administrator
    story.add(first, partial(plots.install, administrator=administrator))
    appoint = partial(plots.appoint, administrator=administrator)
    story.add(first + HOUR, partial(appoint, player=players.supervisor, role=Role.SUPERVISOR, division=CITY))
    story.add(first + 2 * HOUR, partial(appoint, player=players.analyst, role=Role.ANALYST))
    for number, office in enumerate((*players.offices[EMPLOYERS], *players.offices[PROVIDERS])):
        at = first + DAY + number * HOUR / 2
        story.add(at, partial(plots.apply, office=office))
        story.add(at + DAY, partial(plots.approve, supervisor=players.supervisor, office=office))


def _employ(story: Story, calendar: Calendar, players: Cast, years: Years) -> None:
    for office, staff in zip(players.offices, players.staff, strict=True):
        for number, professional in enumerate(staff):
            joined = _joining_day(calendar, number)
            plots.join(story, professional, office, moment(joined, time(10, 2 * number)))
            if professional.username not in ACCOUNTS:
                years.live(professional, office, joined)


def _joining_day(calendar: Calendar, number: int) -> date:
    """From the first weeks on, or from the second or third year."""
    first, second, third = calendar.years
    if number % 8 < 3:
        return date(first, 1, 5 + number)
    return calendar.within(second if number % 8 < 6 else third, 0.1)


def _set_passwords(session: Session) -> None:
    """The published accounts share one password; nobody can sign in to the others."""
    published = passwords.hash_password(PASSWORD)
    nobodys = passwords.nobodys_hash()
    for account in session.scalars(select(Account)):
        account.password_hash = published if account.username in ACCOUNTS else nobodys
    session.execute(update(PasswordHistory).values(password_hash=nobodys))
