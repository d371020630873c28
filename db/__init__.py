"""What is stored: tables, their types, and the transaction that changes them."""

from db import (
    accounts,
    activity_rules,
    audits,
    certificates,
    claims,
    events,
    files,
    identity_changes,
    imports,
    installation,
    organisation_changes,
    organisations,
    people,
    profile_changes,
    qualifications,
    reminders,
    resemblances,
    statistics,
)
from db.base import Base
from db.session import reading, transaction

__all__ = [
    "Base",
    "accounts",
    "activity_rules",
    "audits",
    "certificates",
    "claims",
    "events",
    "files",
    "identity_changes",
    "imports",
    "installation",
    "organisation_changes",
    "organisations",
    "people",
    "profile_changes",
    "qualifications",
    "reading",
    "reminders",
    "resemblances",
    "statistics",
    "transaction",
]
