"""What the employer answers for, edited in place: the work, and the tables of titles, degrees and licences."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import streamlit as st

from db.people import Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfilePart
from services import profile_drafts, profile_fields
from services.permissions import Actor
from services.profile_fields import Values
from services.qualifications import Entries, Entry
from web.command import command
from web.i18n import N_, _
from web.labels import word
from web.profile_inputs import draw_inputs
from web.profile_view import draw_values, headline

ADD = {
    ProfilePart.TITLE: N_("添加职称"),
    ProfilePart.DEGREE: N_("添加学历学位"),
    ProfilePart.LICENCE: N_("添加职业资格"),
}


@dataclass(frozen=True, slots=True)
class Editing:
    """By whom, and what he means to change already; `drafts` is false when what he saves holds at once."""

    actor: Actor
    change: ProfileChange | None
    drafts: bool
    locked: bool

    @property
    def items(self) -> Sequence[ProfileChangeItem]:
        return self.change.items if self.change else ()

    def item_for(self, part: ProfilePart, entry_id: int) -> ProfileChangeItem | None:
        return next((item for item in self.items if (item.part, item.entry_id) == (part, entry_id)), None)

    def say_saved(self) -> str:
        return _("已保存，还需点击“提交”由单位确认") if self.drafts else _("已保存")


def draw_work(editing: Editing, person: Person) -> Values | None:
    """What was typed and is not saved yet."""
    part, item = ProfilePart.WORK, editing.item_for(ProfilePart.WORK, person.id)
    stands = profile_fields.said(part, person)
    values = item.after if item else stands
    st.markdown(f"**{word(part)}**")
    if editing.locked:
        draw_values(part, stands)
        return None
    given = draw_inputs(part, values, _key(part, person.id, values))
    if st.button(_("保存任职信息"), icon=":material/save:"):
        with command(editing.say_saved()) as session:
            profile_drafts.put(session, editing.actor, part, given, entry_id=person.id)
    return given if profile_fields.plain(given) != values else None


def draw_tables(editing: Editing, entries: Entries) -> None:
    for part, rows in entries.items():
        st.markdown(f"**{word(part)}**")
        for entry in rows:
            _draw_entry(editing, part, entry)
        added = [item for item in editing.items if item.part is part and item.entry_id is None]
        for item in added:
            _draw_added(editing, item)
        if not editing.locked:
            _draw_new(editing, part, len(rows) + len(added))
        elif not rows and not added:
            st.caption(_("未填写"))


def _draw_entry(editing: Editing, part: ProfilePart, entry: Entry) -> None:
    item, stands = editing.item_for(part, entry.id), profile_fields.said(part, entry)
    values = item.after if item and item.after else stands
    with st.expander(_title(part, values, item)):
        if editing.locked or (item and not item.after):
            draw_values(part, values)
        else:
            given = draw_inputs(part, values, key := _key(part, entry.id, values))
            if st.button(_("保存"), icon=":material/save:", key=f"save_{key}"):
                with command(editing.say_saved()) as session:
                    profile_drafts.put(session, editing.actor, part, given, entry_id=entry.id)
        if not editing.locked and item:
            _draw_drop(editing, item, _("恢复原来的内容"), _("已恢复，这一项不再变更"))
        elif not editing.locked:
            _draw_removal(editing, part, entry.id)


def _draw_added(editing: Editing, item: ProfileChangeItem) -> None:
    with st.expander(_title(item.part, item.after, item)):
        if editing.locked:
            draw_values(item.part, item.after)
            return
        given = draw_inputs(item.part, item.after, key := _key(item.part, f"item_{item.id}", item.after))
        if st.button(_("保存"), icon=":material/save:", key=f"save_{key}"):
            with command(editing.say_saved()) as session:
                profile_drafts.rewrite(session, editing.actor, item.id, given)
        _draw_drop(editing, item, _("移除"), _("已移除"))


def _draw_new(editing: Editing, part: ProfilePart, number: int) -> None:
    """Keyed by the number of entries, so that the fields are empty again once one was added."""
    key = f"{part}_new_{number}"
    with st.expander(_(ADD[part]), icon=":material/add:"):
        given = draw_inputs(part, {"is_current": number == 0}, key)
        if st.button(_("保存"), icon=":material/save:", key=f"save_{key}"):
            with command(editing.say_saved()) as session:
                profile_drafts.put(session, editing.actor, part, given)


def _draw_drop(editing: Editing, item: ProfileChangeItem, label: str, done: str) -> None:
    if st.button(label, icon=":material/undo:", key=f"drop_{item.id}"):
        with command(done) as session:
            profile_drafts.drop(session, editing.actor, item.id)


def _draw_removal(editing: Editing, part: ProfilePart, entry_id: int) -> None:
    with st.popover(_("移除"), icon=":material/delete:"):
        st.markdown(_("移除后需由单位确认才生效。") if editing.drafts else _("移除后不能恢复。"))
        pressed = st.button(_("确认移除"), type="primary", key=f"remove_{part}_{entry_id}")
    if pressed:
        with command(editing.say_saved()) as session:
            profile_drafts.remove(session, editing.actor, part, entry_id)


def _title(part: ProfilePart, values: Values, item: ProfileChangeItem | None) -> str:
    badges = [f":blue-badge[{_('现职称')}]"] if values.get("is_current") else []
    if item is not None:
        badges.append(f":orange-badge[{_fate(item)}]")
    return " ".join([headline(part, values), *badges])


def _fate(item: ProfileChangeItem) -> str:
    if not item.before:
        return _("待新增")
    return _("待修改") if item.after else _("待移除")


def _key(part: ProfilePart, number: int | str, values: Values) -> str:
    """Another one as soon as what is stored is another, so that no field goes on showing what it was before."""
    return f"{part}_{number}_{crc32(repr(values).encode())}"
