"""Which imports of old systems' files somebody may see: analysts all of them, and whoever may start a command."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from db.legacy import LegacyImport, LegacyMapping, LegacyOutcome, LegacyRow, LegacySystem
from services.errors import NotFound
from services.legacy_fields import LegacyField, Places
from services.permissions import SYSTEM, Actor, Permission, require

PAGE_SIZE = 50
LAST_LINE = 2**31 - 1


def require_analyst(actor: Actor) -> None:
    """Raises PermissionDenied. Whoever can start a command on the machine need not sign in."""
    if actor is not SYSTEM:
        require(actor, Permission.LEGACY_IMPORT)


def _visible_to(actor: Actor) -> Select[LegacyImport]:
    require_analyst(actor)
    return select(LegacyImport).options(joinedload(LegacyImport.system))


def get(session: Session, actor: Actor, import_id: int) -> LegacyImport:
    """Raises NotFound."""
    found = find(session, actor, import_id)
    if found is None:
        raise NotFound
    return found


def find(session: Session, actor: Actor, import_id: int | None) -> LegacyImport | None:
    return session.scalar(_visible_to(actor).where(LegacyImport.id == import_id))


def get_to_change(session: Session, actor: Actor, import_id: int) -> LegacyImport:
    """Locked until the transaction ends. Raises NotFound."""
    wanted = _visible_to(actor).where(LegacyImport.id == import_id).with_for_update(of=LegacyImport)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def list_(session: Session, actor: Actor, *, after_id: int = 0) -> Sequence[LegacyImport]:
    """One page, newest first."""
    found = _visible_to(actor)
    if after_id:
        found = found.where(LegacyImport.id < after_id)
    return session.scalars(found.order_by(LegacyImport.id.desc()).limit(PAGE_SIZE)).all()


def systems(session: Session, actor: Actor) -> Sequence[str]:
    require_analyst(actor)
    return session.scalars(select(LegacySystem.name).order_by(LegacySystem.name)).all()


def rejections(
    session: Session,
    actor: Actor,
    import_id: int,
    *,
    most: int | None = None,
    between: tuple[int, int] = (0, LAST_LINE),
) -> Sequence[LegacyRow]:
    """The rows that were not let in, in the order of the file."""
    importing = get(session, actor, import_id)
    refused = (LegacyRow.import_id == importing.id, LegacyRow.outcome == LegacyOutcome.REJECTED)
    found = select(LegacyRow).where(*refused, LegacyRow.line.between(*between))
    return session.scalars(found.order_by(LegacyRow.line).limit(most)).all()


def kept_headers(session: Session, importing: LegacyImport) -> dict[str, str]:
    """How the system headed its columns the last time, by our fields."""
    kept = session.get(LegacyMapping, (importing.system_id, importing.kind))
    return dict(kept.headers) if kept else {}


def places_of(importing: LegacyImport) -> Places:
    return {LegacyField(code): place for code, place in importing.places.items()}


def said(importing: LegacyImport) -> dict[str, Any]:
    """What the event log says about it."""
    return {
        "status": importing.status,
        "sha256": importing.content_digest,
        "rows": importing.row_count,
        "accepted": importing.accepted,
        "rejected": importing.rejected,
        "duplicates": importing.duplicates,
    }
