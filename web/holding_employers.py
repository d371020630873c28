"""The holding employers of a supervisor's divisions: which there are, and founding one."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from services import divisions, holding_employers
from services.holding_employers import Holding
from services.permissions import Actor
from web.command import command
from web.i18n import _
from web.labels import word
from web.navigation import link


def draw(actor: Actor) -> None:
    with reading() as session:
        found = holding_employers.list_all(session, actor)
    st.markdown(
        _(
            "单位没有注册的人员，可以先由所在区划的代管单位管理：确认人员、审核学时，与其他单位相同；以后可以调转到自己的单位。"
        )
    )
    if found:
        st.dataframe([_row(holding) for holding in found], hide_index=True, alt=_("代管单位名单"))
        st.caption(_("由您管理的代管单位，在菜单“单位业务”中办理；在“单位信息”中可以增加其他审核人。"))
        link("employer/people")
    else:
        st.caption(_("您主管的区划还没有代管单位。设立后，找不到单位的人员就可以选择它。"))
    _draw_form(actor, found)


def _row(holding: Holding) -> dict[str, object]:
    employer = holding.employer
    return {
        _("行政区划"): divisions.name(employer.division),
        _("状态"): word(employer.status),
        _("在职人员"): holding.staff,
        _("待确认"): holding.requests,
        _("联系人"): employer.contact_name,
        _("联系电话"): employer.contact_phone,
    }


def _draw_form(actor: Actor, found: Sequence[Holding]) -> None:
    taken = {holding.employer.division for holding in found}
    free = [place.code for place in holding_employers.possible_divisions(actor) if place.code not in taken]
    key = f"holding_{len(found)}"  # the next one begins with an empty form
    with st.form(key, enter_to_submit=False):
        st.markdown(f"**{_('设立代管单位')}**")
        division = st.selectbox(
            _("行政区划"), free, None, format_func=divisions.name, key=f"{key}_division", placeholder=_("请选择")
        )
        left, right = st.columns(2)
        contact = left.text_input(_("联系人"), max_chars=50, key=f"{key}_contact")
        phone = right.text_input(
            _("联系电话"), max_chars=20, key=f"{key}_phone", placeholder=_("员工在待审核的学时中会看到")
        )
        founded = st.form_submit_button(_("设立"), type="primary")
    if founded:
        with command(_("已设立代管单位，由您管理。")) as session:
            holding_employers.found(session, actor, division, contact_name=contact, contact_phone=phone)
