"""What the employer answers for, with the change of it that is open."""

import streamlit as st

from db.people import BindingStatus, Person
from db.profile_changes import ProfileChange
from services import binding_steps, people, profile_changes
from services.permissions import Actor
from services.profile_fields import Values
from services.qualifications import Entries
from web.i18n import _
from web.profile_change_card import draw_open_change
from web.profile_parts import Editing, draw_tables, draw_work

CONFIRMED = binding_steps.ACTIVE | {BindingStatus.SCHEDULED}


def draw_profile(actor: Actor, person: Person, entries: Entries, change: ProfileChange | None) -> Values | None:
    """What was typed about one's work and is not saved yet."""
    binding = people.find_binding(person, CONFIRMED) or people.find_binding(person, binding_steps.REQUESTED)
    tied = binding.status if binding else None
    locked = change.status not in profile_changes.EDITABLE if change else tied is BindingStatus.REQUESTED
    editing = Editing(actor, change, drafts=change is not None or tied in CONFIRMED, locked=locked)
    if change is not None:
        draw_open_change(actor, change, people.find_binding(person, binding_steps.ACTIVE))
    else:
        st.caption(_explain(tied))
    work = draw_work(editing, person)
    draw_tables(editing, entries)
    return work


def _explain(tied: BindingStatus | None) -> str:
    if tied in CONFIRMED:
        return _("修改这些内容需要单位确认：先修改并保存，再点击“提交”。")
    if tied is BindingStatus.REQUESTED:
        return _("单位正在核对您提交的内容；如需修改，请先在下面撤回申请。")
    return _("保存后立即生效；选择单位并提交后，由单位一并核对。")
