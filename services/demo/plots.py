"""What accounts and organisations do in the demo; every step is one call of a service."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, Grant, Role
from db.organisations import OrganisationAction
from db.people import Person
from db.profile_changes import ProfilePart
from services import accounts, bindings, organisations, password_change, people, profile_drafts, registration
from services.clock import today
from services.demo import PASSWORD
from services.demo.cast import Office, Player, Professional
from services.demo.story import Story
from services.organisation_form import Application
from services.people import Profile
from services.permissions import Actor, Scope

# Nobody keeps it: the first thing everybody does is to change it.
FIRST_PASSWORD = "Lantern-by-the-7-rivers"  # noqa: S105  # see above
HOUR = timedelta(hours=1)
TITLE_HELD = timedelta(days=400)


def actor_of(session: Session, username: str) -> Actor:
    """The account as the services see it at this moment of the story."""
    account = session.scalars(select(Account).where(Account.username == username)).one()
    grants = session.scalars(select(Grant).where(Grant.account_id == account.id).order_by(Grant.id))
    return Actor(
        account_id=account.id,
        name=account.display_name,
        username=username,
        scopes=tuple(Scope(grant.role, grant.organisation_id, grant.division) for grant in grants),
        person_id=session.scalar(select(Person.id).where(Person.account_id == account.id)),
        must_change_password=account.must_change_password,
    )


def change_password(session: Session, player: Player, old: str = FIRST_PASSWORD) -> None:
    player.actor = actor_of(session, player.username)
    password_change.change(lambda: nullcontext(session), player.actor, old=old, new=PASSWORD)
    player.actor = replace(player.actor, must_change_password=False)


def install(session: Session, administrator: Player) -> None:
    """What `create-admin` does, and the first sign-in."""
    one_time = accounts.create_first_administrator(session, administrator.username)
    change_password(session, administrator, old=one_time)


def appoint(session: Session, administrator: Player, player: Player, role: Role, division: str | None = None) -> None:
    one_time = accounts.create_account(session, administrator.actor, username=player.username, display_name=player.name)
    account_id = actor_of(session, player.username).account_id
    accounts.grant(session, administrator.actor, account_id or 0, role, division=division)
    change_password(session, player, old=one_time)


def apply(session: Session, office: Office) -> None:
    application = Application(
        uscc=office.uscc,
        name=office.organisation,
        division=office.division,
        kind=office.kind,
        contact_name=office.name,
        contact_phone=office.phone,
    )
    organisation = organisations.register(
        session, application, username=office.username, password=FIRST_PASSWORD, address=""
    )
    office.id = organisation.id
    change_password(session, office)


def approve(session: Session, supervisor: Player, office: Office) -> None:
    seen = organisations.get(session, supervisor.actor, office.id).version
    organisations.decide(session, supervisor.actor, office.id, OrganisationAction.APPROVE, seen=seen)


def return_(session: Session, supervisor: Player, office: Office, opinion: str) -> None:
    seen = organisations.get(session, supervisor.actor, office.id).version
    organisations.decide(session, supervisor.actor, office.id, OrganisationAction.RETURN, opinion=opinion, seen=seen)


def register(session: Session, professional: Professional) -> None:
    registration.register_person(
        session,
        username=professional.username,
        password=FIRST_PASSWORD,
        name=professional.name,
        id_number=professional.id_number,
        mobile=professional.mobile,
        email=f"{professional.username}@example.com",
        address="",
    )


def fill_in_profile(session: Session, professional: Professional) -> None:
    actor = professional.actor
    people.update_profile(session, actor, Profile(professional.mobile, f"{professional.username}@example.com"))
    if professional.department:
        work = {"department": professional.department}
        profile_drafts.put(session, actor, ProfilePart.WORK, work, entry_id=actor.person_id)
    title = {
        "series": professional.series,
        "level": professional.level,
        "name": professional.title,
        "obtained_on": today() - TITLE_HELD,
        "is_current": True,
    }
    profile_drafts.put(session, actor, ProfilePart.TITLE, title)


def request(session: Session, professional: Professional, office: Office) -> None:
    professional.binding_id = bindings.request(session, professional.actor, office.id).id


def confirm(session: Session, office: Office, professional: Professional) -> None:
    bindings.confirm(session, office.actor, professional.binding_id)


def refuse(session: Session, office: Office, professional: Professional, reason: str) -> None:
    bindings.refuse(session, office.actor, professional.binding_id, reason=reason)


def withdraw(session: Session, professional: Professional) -> None:
    bindings.withdraw(session, professional.actor, professional.binding_id)


def enter(story: Story, professional: Professional, at: datetime) -> None:
    """Registers, changes the password, and fills in the basic information."""
    story.add(at, partial(register, professional=professional))
    story.add(at + HOUR / 4, partial(change_password, player=professional))
    story.add(at + HOUR / 2, partial(fill_in_profile, professional=professional))


def join(story: Story, professional: Professional, office: Office, at: datetime) -> None:
    """Enters, asks the employer, and is confirmed the next day."""
    enter(story, professional, at)
    story.add(at + HOUR, partial(request, professional=professional, office=office))
    story.add(at + 20 * HOUR, partial(confirm, office=office, professional=professional))
