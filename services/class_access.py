"""Whose classes are whose."""

from sqlalchemy import Select, select

from db.accounts import Role
from db.classes import CourseClass
from services.permissions import Actor


def run_by(actor: Actor) -> Select[CourseClass]:
    """The classes of the providers that the actor works for."""
    return select(CourseClass).where(CourseClass.provider_id.in_(actor.organisation_ids(Role.PROVIDER)))
