"""What is stored: tables, their types, and the transaction that changes them."""

from db import (
    accounts,
    audits,
    certificates,
    claims,
    events,
    installation,
    organisation_changes,
    organisations,
    people,
    reminders,
    statistics,
)
from db.base import Base
from db.session import reading, transaction

__all__ = [
    "Base",
    "accounts",
    "audits",
    "certificates",
    "claims",
    "events",
    "installation",
    "organisation_changes",
    "organisations",
    "people",
    "reading",
    "reminders",
    "statistics",
    "transaction",
]
