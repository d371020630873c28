"""What the arguments of the services stand for."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from db.accounts import Account, AuthSession, Grant, Role
from db.audits import Audit, AuditItem
from db.base import Base
from db.certificates import Certificate
from db.claims import Claim, Evidence
from db.classes import ClassFile, ClassSession, CourseClass
from db.enrolments import Enrolment
from db.events import Event
from db.exemptions import Exemption, ExemptionFile
from db.identity_changes import IdentityChange, IdentityFile
from db.imports import Import
from db.legacy import LegacyImport, LegacyRow
from db.misconduct import MisconductFile, MisconductRecord
from db.missing_records import MissingRecord, MissingRecordFile
from db.notices import Notice
from db.organisation_changes import OrganisationChange
from db.organisations import Organisation
from db.people import Binding, Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfilePart
from db.qualifications import Title
from db.requirements import RequirementEdition
from db.resemblances import Resemblance
from db.snapshots import SavedQuestion
from services import class_moves, organisations, profile_fields
from services.clock import today
from services.forecasts import Place
from services.progress import Wanted
from tests.matrix.things import Things
from tests.services.claim_forms import FORM


class Touched(Exception):
    """A service has looked at what it was given to work with: by then it has let the actor in."""


class Glass:
    """Whatever a form, a file or a question holds is looked at only after the actor was let in, but for what is given.

    A dataclass, as far as anybody can see.
    """

    __dataclass_fields__: Mapping[str, object] = {}

    def __init__(self, **visible: object) -> None:
        self.__dict__ |= visible

    def __getattr__(self, name: str) -> Any:
        raise Touched(name)

    def __iter__(self) -> Iterator[Any]:
        raise Touched("iter")

    def __len__(self) -> int:
        raise Touched("len")

    def __bool__(self) -> bool:
        raise Touched("bool")

    def __getitem__(self, _key: object) -> Any:
        raise Touched("item")

    def __call__(self, *_args: object, **_more: object) -> Any:
        raise Touched("call")


def _upload(things: Things) -> Glass:
    return Glass(organisation_id=things.house.employer.id)


# What a number is of: `parameter`, or `module.parameter`, or `module.function.parameter`, where it is another.
NUMBERS: dict[str, type[Base]] = {
    "account_id": Account,
    "audit_id": Audit,
    "audit_items.item_id": AuditItem,
    "audit_items.named": AuditItem,
    "binding_id": Binding,
    "binding_ids": Binding,
    "certificate_id": Certificate,
    "chosen": Claim,
    "claim_id": Claim,
    "claim_ids": Claim,
    "class_files.file_id": ClassFile,
    "class_id": CourseClass,
    "class_selection.named": CourseClass,
    "copy_of": Claim,
    "draft_id": RequirementEdition,
    "edition_id": RequirementEdition,
    "employer_id": Organisation,
    "enrolment_id": Enrolment,
    "enrolment_review.chosen": Enrolment,
    "enrolment_review.named": Enrolment,
    "enrolment_review.numbers": Enrolment,
    "entry_id": Title,
    "event_id": Event,
    "evidence_id": Evidence,
    "exemption_id": Exemption,
    "exemptions.file_id": ExemptionFile,
    "exemptions.named": Exemption,
    "gone_id": Organisation,
    "grant_id": Grant,
    "identity_changes.change_id": IdentityChange,
    "identity_changes.file_id": IdentityFile,
    "identity_review.change_id": IdentityChange,
    "identity_review.named": IdentityChange,
    "import_id": Import,
    "kept_id": Organisation,
    "legacy_decisions.row_id": LegacyRow,
    "legacy_access.import_id": LegacyImport,
    "legacy_imports.import_id": LegacyImport,
    "legacy_report.import_id": LegacyImport,
    "legacy_undo.import_id": LegacyImport,
    "misconduct.named": MisconductRecord,
    "misconduct_files.file_id": MisconductFile,
    "missing_records.file_id": MissingRecordFile,
    "missing_records.named": MissingRecord,
    "notice_id": Notice,
    "organisation_changes.change_id": OrganisationChange,
    "organisation_changes.named": OrganisationChange,
    "organisation_id": Organisation,
    "organisations.named": Organisation,
    "own_legacy.row_id": LegacyRow,
    "person_id": Person,
    "profile_changes.change_id": ProfileChange,
    "profile_changes.named": ProfileChange,
    "profile_drafts.item_id": ProfileChangeItem,
    "provider_id": Organisation,
    "question_id": SavedQuestion,
    "recognition.named": Claim,
    "reconciliation.named": LegacyRow,
    "record_id": MisconductRecord,
    "record_ids": MisconductRecord,
    "report_id": MissingRecord,
    "resemblance_id": Resemblance,
    "resemblances.named": Resemblance,
    "reviewers.account_id": Account,
    "reviewing.named": Claim,
    "session_id": ClassSession,
    "sessions.session_id": AuthSession,
    "staff.named": Binding,
    "staff_certificates.chosen": Binding,
    "staff_certificates.names.numbers": Binding,
    "staff_certificates.read.numbers": Certificate,
}
# Of these every member is tried, because the way through a service depends on it.
CHOSEN = {"action", "kind", "matching", "outcome", "period", "phase", "role", "stage", "status"}
# What a function is given where its parameter's type does not say enough, once for each value.
GIVEN: dict[str, Callable[[Things], Sequence[object]]] = {
    "certificate_revocation.text": lambda things: [getattr(things.rows[Certificate], "number")],  # noqa: B009
    "class_supervision.provider_id": lambda things: [things.house.provider.id],
    "classes.action": lambda _things: list(class_moves.MOVES),
    "classes.provider_id": lambda things: [things.house.provider.id],
    "claims.form": lambda _things: [FORM],
    "dashboards.code": lambda things: [things.house.employer.division],
    "employer_choice.division": lambda things: [things.house.employer.division],
    "enrolment_review.opinion": lambda _things: ["名额已满"],
    "forecasts.place": lambda things: [Place(organisation_id=things.house.employer.id)],
    "identity_changes.role": lambda _things: [Role.PROFESSIONAL, Role.EMPLOYER, Role.SUPERVISOR],
    "identity_review.role": lambda _things: [Role.EMPLOYER, Role.SUPERVISOR],
    "imports.examined": lambda things: [Glass(upload=_upload(things), counts=Counter())],
    "imports.upload": lambda things: [_upload(things)],
    "mergers.uscc": lambda things: [things.house.employer.uscc],
    "organisations.action": lambda _things: organisations.DECISIONS,
    "profile_drafts.given": lambda things: [profile_fields.said(ProfilePart.TITLE, cast(Title, things.rows[Title]))],
    "profile_drafts.part": lambda _things: [ProfilePart.TITLE],
    "progress.wanted": lambda _things: [Wanted(today().year)],
    "reminders.wanted": lambda _things: [Wanted(today().year)],
    "reviewers.account_id": lambda things: [things.house.reviewer.id],
    "reviewers.display_name": lambda _things: ["新来的人"],
    "reviewers.username": lambda _things: ["newly.come"],
}
PLAIN: dict[Any, object] = {bool: True, int: 1, str: "晴川"}
# What the page has listed: whatever is named is then looked for beyond it.
ROWS_OF_A_PAGE = {"listed", "page", "queue"}
