"""Choosing an employer by its division and name, or a holding employer by who finds none."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.organisations import Organisation
from db.settings import settings
from services import divisions, employer_choice
from services.permissions import Actor
from web.division_field import choose_division
from web.i18n import _
from web.organisation_view import code
from web.text import escape_markdown


def choose_employer(actor: Actor) -> int | None:
    """The number of the employer that was chosen, or None."""
    division = choose_division("employer")
    text = st.text_input(
        _("单位名称"), key="employer_name", placeholder=_("输入名称中的几个字即可查找"), type="search", live=True
    )
    if not division:
        st.caption(_("请至少选择省级行政区划。"))
        return None
    with reading() as session:
        found = employer_choice.list_registered(session, actor, division=division, text=text.strip())
    place = st.container()
    if found and not st.checkbox(_("名单中没有我的单位"), key="employer_missing"):
        with place:
            return _pick_registered(found)
    return _choose_without(actor, division)


def _pick_registered(found: Sequence[Organisation]) -> int | None:
    picked = _pick(_("选择工作单位"), found, "employer")
    if len(found) == employer_choice.LONGEST:
        st.caption(_("只列出前 %(count)s 个单位，请输入单位名称缩小范围。") % {"count": employer_choice.LONGEST})
    return picked


def _pick(label: str, offered: Sequence[Organisation], key: str) -> int | None:
    names = {employer.id: escape_markdown(employer.name) for employer in offered}
    picked: int | None = st.radio(
        label,
        names,
        index=None,
        format_func=names.__getitem__,
        captions=[f"{divisions.name(employer.division)} · {code(employer)}" for employer in offered],
        key=key,
    )
    return picked


def _choose_without(actor: Actor, division: str) -> int | None:
    """What to do without an employer in the list: have it register, or go to a holding employer."""
    st.warning(
        _("没有找到您的单位。请核对行政区划和名称；如果单位还没有注册，请本单位先注册，经主管部门审核通过后再来选择。"),
        icon=":material/search_off:",
    )
    st.caption(_("可以把下面的“单位/机构注册”网址发给本单位的负责人："))
    st.code(f"{settings().public_url}/account-organisations", language=None)
    with reading() as session:
        offered = employer_choice.list_holding(session, actor, division=division)
    if not offered:
        return None
    st.markdown(_("没有单位，或单位一时不会注册的，可以先由主管部门的代管单位管理，以后再调转到自己的单位。"))
    return _pick(_("选择代管单位"), offered, "holding_employer")
