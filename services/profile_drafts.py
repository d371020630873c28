"""What a professional means to change of what his employer answers for, before he submits it.

Who has no employer changes it at once; it is confirmed together with the tie to the next one.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from db.people import Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfilePart
from services import profile_changes, profile_fields, qualifications
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.permissions import Actor
from services.profile_changes import EmployerIsReading
from services.profile_fields import Values


class NothingChanged(DomainError):
    message = N_("没有任何修改，无需保存。")


def put(
    session: Session, actor: Actor, part: ProfilePart, given: Mapping[str, object], *, entry_id: int | None = None
) -> None:
    """What a part should say: a new entry, or an old one with another content; the entry of one's work is oneself.

    Raises LeftOut, InvalidField, NotFound, NothingChanged, EmployerIsReading.
    """
    person = profile_changes.own_person(session, actor)
    after = profile_fields.plain(profile_fields.checked(part, given))
    _mean(session, actor, person, _item(session, person, part, entry_id, after))


def remove(session: Session, actor: Actor, part: ProfilePart, entry_id: int) -> None:
    """Raises NotFound, EmployerIsReading."""
    person = profile_changes.own_person(session, actor)
    _mean(session, actor, person, _item(session, person, part, entry_id, {}))


def rewrite(session: Session, actor: Actor, item_id: int, given: Mapping[str, object]) -> None:
    """Another content of what is meant to be added or changed. Raises what `put` raises."""
    change, item = _own_item(session, actor, item_id)
    _say(change, item, item.before, profile_fields.plain(profile_fields.checked(item.part, given)))
    _keep_one_current(change, item)


def drop(session: Session, actor: Actor, item_id: int) -> None:
    """Leave as it is what was meant to be changed. Raises NotFound, EmployerIsReading."""
    change, item = _own_item(session, actor, item_id)
    change.items.remove(item)


def _item(
    session: Session, person: Person, part: ProfilePart, entry_id: int | None, after: Values
) -> ProfileChangeItem:
    entry = None if entry_id is None else qualifications.find(session, person, part, entry_id)
    before = profile_fields.said(part, entry) if entry else {}
    return ProfileChangeItem(part=part, entry_id=entry_id, before=before, after=after)


def _mean(session: Session, actor: Actor, person: Person, item: ProfileChangeItem) -> None:
    change = profile_changes.own_change(session, actor)
    if change is None and not profile_changes.has_employer(session, person.id):
        _store_at_once(session, actor, person, item)
        return
    change = change or profile_changes.begin(session, actor, person)
    _require_editable(change)
    _take_in(change, item)


def _store_at_once(session: Session, actor: Actor, person: Person, item: ProfileChangeItem) -> None:
    if item.after == item.before:
        raise NothingChanged
    qualifications.store(session, person, item)
    record(session, actor, "profile_update", person, before=item.before, after={"part": item.part, **item.after})


def _take_in(change: ProfileChange, item: ProfileChangeItem) -> None:
    """In the place of what was meant for the same entry before."""
    earlier = next((each for each in change.items if _is_for_the_same_entry(each, item)), None)
    if earlier is None and item.after == item.before:
        raise NothingChanged
    if earlier is None:
        change.items.append(item)
    else:
        _say(change, earlier, item.before, item.after)
    _keep_one_current(change, earlier or item)


def _keep_one_current(change: ProfileChange, latest: ProfileChangeItem) -> None:
    """Of several titles that are to become the current one the latest is meant."""
    if qualifications.becomes_current(latest):
        for other in change.items:
            if other is not latest and qualifications.becomes_current(other):
                other.after = {**other.after, "is_current": False}


def _say(change: ProfileChange, item: ProfileChangeItem, before: Values, after: Values) -> None:
    """What ends as it began is no change any more."""
    item.before, item.after = before, after
    if after == before:
        change.items.remove(item)


def _is_for_the_same_entry(one: ProfileChangeItem, other: ProfileChangeItem) -> bool:
    return one.entry_id is not None and (one.part, one.entry_id) == (other.part, other.entry_id)


def _own_item(session: Session, actor: Actor, item_id: int) -> tuple[ProfileChange, ProfileChangeItem]:
    profile_changes.own_person(session, actor)
    change = profile_changes.own_change(session, actor)
    item = next((item for item in change.items if item.id == item_id), None) if change else None
    if change is None or item is None:
        raise NotFound
    _require_editable(change)
    return change, item


def _require_editable(change: ProfileChange) -> None:
    if change.status not in profile_changes.EDITABLE:
        raise EmployerIsReading
