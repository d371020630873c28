"""Name and ID number of a professional, and the correction that he asks for."""

from collections.abc import Sequence

import streamlit as st

from db.accounts import Role
from db.identity_changes import IdentityChange, IdentityChangeAction, IdentityChangeStatus
from db.people import Person
from services import binding_steps, identity_changes, identity_requests, people
from services.people import NoEmployer
from services.permissions import Actor
from web.command import command
from web.facts import draw_facts
from web.i18n import _, explain
from web.identity_form import draw_correction_at_once, draw_request
from web.identity_view import draw_before_and_after, draw_reveal
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time


def draw_identity(actor: Actor, person: Person, corrections: Sequence[IdentityChange]) -> None:
    """What is registered; the full number is gone with the next click."""
    with st.container(border=True):
        draw_facts(
            {
                _("姓名"): person.name,
                _("性别"): word(person.sex),
                _("出生日期"): f"{person.birth_date:%Y-%m-%d}",
                _("证件号码"): person.id_number_masked,
            }
        )
        if st.button(_("显示完整证件号码"), icon=":material/visibility:", type="tertiary"):
            with command(_("已显示完整的证件号码，本次查看已记入日志"), stay=True) as session:
                number = people.reveal_own_id_number(session, actor)
            st.code(number, language=None)
    last = corrections[0] if corrections else None
    if last is not None and last.status in identity_changes.OPEN:
        _draw_open(actor, last)
    else:
        if last is not None and last.status is IdentityChangeStatus.RETURNED:
            _draw_returned(actor, last)
        _draw_new(actor, person, last)


def _draw_returned(actor: Actor, change: IdentityChange) -> None:
    text = _("更正申请已退回，请补充后重新提交。退回原因：%(reason)s")
    st.error(text % {"reason": escape_markdown(change.reason)}, icon=":material/undo:")
    _draw_withdrawal(actor, change, _("不再更正"))


def _draw_new(actor: Actor, person: Person, last: IdentityChange | None) -> None:
    with st.expander(_("更正姓名或证件号码"), icon=":material/edit:"):
        if not identity_requests.was_ever_confirmed(person):
            draw_correction_at_once(actor, person)
        elif people.find_binding(person, binding_steps.ACTIVE):
            draw_request(actor, person, last)
        else:
            st.info(explain(NoEmployer()), icon=":material/domain_disabled:")


def _draw_open(actor: Actor, change: IdentityChange) -> None:
    with st.container(border=True):
        st.markdown(f"{badge_text(change.status)} **{_('更正姓名或证件号码')}**")
        st.caption(_waits_for(change))
        draw_before_and_after(change)
        draw_reveal(actor, Role.PROFESSIONAL, change)
        st.markdown(f":gray[{_('更正说明')}]  \n{escape_markdown(change.explanation)}")
        for file in change.files:
            st.markdown(f":material/attach_file: [{escape_markdown(file.file_name)}](/files/identity/{file.id})")
        _draw_withdrawal(actor, change, word(IdentityChangeAction.WITHDRAW))


def _draw_withdrawal(actor: Actor, change: IdentityChange, label: str) -> None:
    if st.button(label, icon=":material/undo:", key=f"withdraw_identity_{change.id}"):
        with command(_("已撤回更正申请")) as session:
            identity_changes.act(
                session, actor, Role.PROFESSIONAL, change.id, IdentityChangeAction.WITHDRAW, seen=change.version
            )


def _waits_for(change: IdentityChange) -> str:
    if change.status is IdentityChangeStatus.REQUESTED or change.employer is None:
        return _("%(time)s 提交，等待单位核实，再由主管部门批准。批准前登记的内容不变。") % {
            "time": local_time(change.requested_at)
        }
    return _("%(employer)s 已核实，等待主管部门批准。批准前登记的内容不变。") % {
        "employer": escape_markdown(change.employer.name)
    }
