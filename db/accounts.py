"""Accounts, what they are allowed, and their sessions in browsers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Digest, DivisionCode, Name, PrimaryKey


class Role(StrEnum):
    PROFESSIONAL = "professional"
    EMPLOYER = "employer"
    PROVIDER = "provider"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class AccountStatus(StrEnum):
    """A closed account was given up by its owner, and what it said of him is gone; a suspended one may come back."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class AttemptKind(StrEnum):
    """What is counted to slow down guessing."""

    SIGN_IN = "sign_in"
    REGISTRATION = "registration"
    VERIFICATION = "verification"
    TOTP = "totp"
    APPOINTMENT = "appointment"
    EXPORT = "export"


class Account(Base):
    """A name and a password; what it may do is said by its grants."""

    __tablename__ = "account"

    id: Mapped[PrimaryKey]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(128))
    must_change_password: Mapped[bool]
    status: Mapped[AccountStatus] = mapped_column(default=AccountStatus.ACTIVE)
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]

    grants: Mapped[list["Grant"]] = relationship(lazy="raise", foreign_keys="Grant.account_id")


class Grant(Base):
    """One role of an account, and where it holds: an organisation, a division with all below it, or everywhere."""

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('employer', 'provider')) = (organisation_id IS NOT NULL)", name="organisation_roles_name_one"
        ),
        CheckConstraint("(role = 'supervisor') = (division IS NOT NULL)", name="supervisors_name_a_division"),
        Index("uq_account_grant_scope", "account_id", "role", "organisation_id", "division", unique=True),
        Index("ix_account_grant_organisation_id", "organisation_id"),
    )

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    division: Mapped[DivisionCode | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]


class PasswordHistory(Base):
    """Hashes of earlier passwords, so that the last three are not used again."""

    __tablename__ = "password_history"
    __table_args__ = (Index("ix_password_history_account_id", "account_id", "id"),)

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    password_hash: Mapped[str] = mapped_column(String(128))
    set_at: Mapped[datetime]


class AuthSession(Base):
    """A signed-in browser; the cookie holds a token of which only the SHA-256 is kept.

    `confirmed_at` is when the password was given once more in it.
    """

    __tablename__ = "auth_session"
    __table_args__ = (Index("ix_auth_session_account_id", "account_id"),)

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    remembered: Mapped[bool]
    device: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(45))
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Ticket(Base):
    """The one-time hand-over from a right password to the cookie, bound to the browser that gave the password."""

    __tablename__ = "ticket"

    id: Mapped[PrimaryKey]
    ticket_hash: Mapped[Digest] = mapped_column(unique=True)
    browser_hash: Mapped[Digest]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    remember: Mapped[bool]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One try at something that is throttled; `key` is what was tried for (an account name), never a secret."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_key", "kind", "key", "at"),
        Index("ix_attempt_address", "kind", "address", "at"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[AttemptKind]
    key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
    succeeded: Mapped[bool]
