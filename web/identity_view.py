"""A correction of name or ID number as its owner and those who decide about it see it; numbers are masked."""

import streamlit as st

from db.accounts import Role
from db.identity_changes import IdentityChange
from services import identity_changes
from services.identity_changes import Numbers
from services.permissions import Actor
from web.command import command
from web.i18n import _
from web.text import escape_markdown


def draw_before_and_after(change: IdentityChange) -> None:
    rows = {
        _("姓名"): (change.old_name, change.new_name),
        _("证件号码"): (change.old_id_number_masked, change.new_id_number_masked),
    }
    st.table(
        [
            {_("项目"): name, _("现在"): escape_markdown(old), _("更正为"): escape_markdown(new)}
            for name, (old, new) in rows.items()
            if new is not None
        ],
        border="horizontal",
    )


def draw_reveal(actor: Actor, role: Role, change: IdentityChange) -> None:
    """The numbers are gone with the next click; every look is recorded."""
    if change.new_id_number is None or not st.button(
        _("显示新旧证件号码"),
        icon=":material/visibility:",
        type="tertiary",
        key=f"reveal_change_{change.id}",
        help=_("仅供核对身份，每次查看都会记入操作日志。"),
    ):
        return
    numbers = Numbers("", "")
    with command(_("本次查看已记入操作日志。"), stay=True) as session:
        numbers = identity_changes.reveal(session, actor, role, change.id)
    if numbers.old:
        st.code(f"{numbers.old}\n{numbers.new}", language=None)
