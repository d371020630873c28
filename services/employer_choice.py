"""The employers among which a professional chooses; where he works already is none of them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus
from services import divisions, fields
from services.permissions import Actor, Permission, require

LONGEST = 50


def _open_to(actor: Actor) -> Select[Organisation]:
    """Whoever looks for his employer may see which ones there are."""
    here = Binding.person_id == actor.person_id, Binding.status == BindingStatus.ACTIVE
    return select(Organisation).where(
        Organisation.kind == OrganisationKind.EMPLOYER,
        Organisation.status == OrganisationStatus.APPROVED,
        Organisation.id.not_in(select(Binding.organisation_id).where(*here)),
    )


def list_registered(session: Session, actor: Actor, *, division: str, text: str = "") -> Sequence[Organisation]:
    """Those of a division and below, by part of the name; at most LONGEST."""
    require(actor, Permission.PROFILE_WRITE)
    found = _open_to(actor).where(Organisation.uscc.is_not(None), divisions.within(Organisation.division, division))
    if wanted := fields.search_text(text):
        found = found.where(Organisation.name.contains(wanted, autoescape=True))
    return session.scalars(found.order_by(Organisation.name, Organisation.id).limit(LONGEST)).all()


def list_holding(session: Session, actor: Actor, *, division: str) -> Sequence[Organisation]:
    """Holding employers of a division and above it, the nearest first."""
    require(actor, Permission.PROFILE_WRITE)
    upward = Organisation.division.in_(divisions.upward(division))
    found = _open_to(actor).where(Organisation.uscc.is_(None), upward)
    return session.scalars(found.order_by(Organisation.division.desc())).all()
