"""Who may do what: the table of roles, and the actor every service is handed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from db.accounts import Role
from services.errors import N_, PermissionDenied


class Permission(StrEnum):
    """Kinds of action; which objects they reach is decided by each service's scope."""

    ACCOUNT_MANAGE = "account_manage"
    ACCOUNT_OWN = "account_own"
    CERTIFICATE_PRINT = "certificate_print"
    CERTIFICATE_REVOKE = "certificate_revoke"
    CLAIM_AUDIT = "claim_audit"
    CLAIM_RECOGNISE = "claim_recognise"
    CLAIM_REVIEW = "claim_review"
    CLAIM_WRITE = "claim_write"
    CLASS_ENROL = "class_enrol"
    CLASS_MANAGE = "class_manage"
    CLASS_SUPERVISE = "class_supervise"
    DASHBOARD_VIEW = "dashboard_view"
    EVENTS_READ = "events_read"
    EXEMPTION_DECIDE = "exemption_decide"
    EXEMPTION_REQUEST = "exemption_request"
    IDENTITY_DECIDE = "identity_decide"
    LEGACY_EXPLORE = "legacy_explore"
    LEGACY_IMPORT = "legacy_import"
    LEGACY_RECONCILE = "legacy_reconcile"
    LEGACY_VIEW = "legacy_view"
    MISCONDUCT_ANSWER = "misconduct_answer"
    MISCONDUCT_HANDLE = "misconduct_handle"
    NOTICE_MANAGE = "notice_manage"
    ORGANISATION_DECIDE = "organisation_decide"
    ORGANISATION_OWN = "organisation_own"
    PASSWORD_CHANGE = "password_change"  # noqa: S105  # a permission's code, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105  # likewise
    PROFILE_WRITE = "profile_write"
    RULES_EDIT = "rules_edit"
    STAFF_CERTIFICATES = "staff_certificates"
    STAFF_CONFIRM = "staff_confirm"
    STAFF_IMPORT = "staff_import"
    STAFF_PROGRESS = "staff_progress"
    SYSTEM_WATCH = "system_watch"
    TOTP_ENROL = "totp_enrol"


EVERYBODY = frozenset({Permission.ACCOUNT_OWN, Permission.PASSWORD_CHANGE, Permission.TOTP_ENROL})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROFESSIONAL: EVERYBODY
    | {Permission.CERTIFICATE_PRINT, Permission.CLAIM_WRITE, Permission.CLASS_ENROL, Permission.MISCONDUCT_ANSWER}
    | {Permission.EXEMPTION_REQUEST, Permission.LEGACY_VIEW, Permission.PROFILE_WRITE},
    Role.EMPLOYER: EVERYBODY
    | {Permission.CLAIM_REVIEW, Permission.ORGANISATION_OWN, Permission.PASSWORD_RESET, Permission.STAFF_CONFIRM}
    | {Permission.STAFF_CERTIFICATES, Permission.STAFF_IMPORT, Permission.STAFF_PROGRESS},
    Role.PROVIDER: EVERYBODY | {Permission.CLASS_MANAGE, Permission.ORGANISATION_OWN},
    Role.SUPERVISOR: EVERYBODY
    | {Permission.CERTIFICATE_REVOKE, Permission.CLAIM_AUDIT, Permission.CLAIM_RECOGNISE, Permission.CLASS_SUPERVISE}
    | {Permission.DASHBOARD_VIEW, Permission.EXEMPTION_DECIDE, Permission.IDENTITY_DECIDE}
    | {Permission.MISCONDUCT_HANDLE, Permission.ORGANISATION_DECIDE, Permission.RULES_EDIT},
    Role.ANALYST: EVERYBODY | {Permission.LEGACY_EXPLORE, Permission.LEGACY_IMPORT, Permission.LEGACY_RECONCILE},
    Role.ADMINISTRATOR: EVERYBODY
    | {Permission.ACCOUNT_MANAGE, Permission.EVENTS_READ, Permission.NOTICE_MANAGE, Permission.PASSWORD_RESET}
    | {Permission.SYSTEM_WATCH},
}

# What the people of an organisation that may not work keep: to see where it stands, to correct what was returned.
OUT_OF_WORK = EVERYBODY | {Permission.ORGANISATION_OWN}


@dataclass(frozen=True, slots=True)
class Scope:
    """One role and where it holds; not in force for an organisation that may not work, such as a suspended one."""

    role: Role
    organisation_id: int | None = None
    division: str | None = None
    in_force: bool = True

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLE_PERMISSIONS[self.role] if self.in_force else ROLE_PERMISSIONS[self.role] & OUT_OF_WORK


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the database said at the beginning of this very call."""

    account_id: int | None
    name: str
    username: str = ""
    scopes: tuple[Scope, ...] = ()
    person_id: int | None = None
    session_id: int | None = None
    must_change_password: bool = False
    language: str = "zh_CN"
    address: str = ""
    must_enrol_totp: bool = False
    seen_at: datetime | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(scope.role for scope in self.scopes)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What stands between the sign-in and the work leaves one thing to do: to get it out of the way."""
        if self.account_id is None:
            return frozenset()
        if self.must_change_password:
            return frozenset({Permission.PASSWORD_CHANGE})
        if self.must_enrol_totp:
            return frozenset({Permission.TOTP_ENROL})
        return EVERYBODY.union(*(scope.permissions for scope in self.scopes))

    def organisation_ids(self, role: Role) -> list[int]:
        """The organisations this actor acts for in a role, as far as they may work now."""
        return [
            scope.organisation_id
            for scope in self.scopes
            if scope.role is role and scope.organisation_id is not None and scope.in_force
        ]

    @property
    def own_organisation_ids(self) -> list[int]:
        """The organisations this actor belongs to, whether they may work or not."""
        return [scope.organisation_id for scope in self.scopes if scope.organisation_id is not None]

    @property
    def divisions(self) -> list[str]:
        """The divisions this actor supervises, each with all below it."""
        return [scope.division for scope in self.scopes if scope.division is not None]


SYSTEM = Actor(account_id=None, name=N_("系统"))
STRANGER = N_("访客")


def visitor(address: str) -> Actor:
    """Somebody who has not signed in."""
    return Actor(account_id=None, name=STRANGER, address=address)


def allowed(actor: Actor, permission: Permission) -> bool:
    return permission in actor.permissions


def require(actor: Actor, permission: Permission) -> None:
    """Raises PermissionDenied."""
    if not allowed(actor, permission):
        raise PermissionDenied
