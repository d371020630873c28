"""Choosing an employer by its division and name."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.organisations import Organisation
from db.settings import settings
from services import divisions, organisations
from services.permissions import Actor
from web.division_field import choose_division
from web.i18n import _
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
        found = organisations.employers_to_choose(session, actor, division=division, text=text.strip())
    if found:
        return _pick(found)
    _say_not_found()
    return None


def _pick(found: Sequence[Organisation]) -> int | None:
    names = {employer.id: escape_markdown(employer.name) for employer in found}
    picked: int | None = st.radio(
        _("选择工作单位"),
        names,
        index=None,
        format_func=names.__getitem__,
        captions=[f"{divisions.name(employer.division)} · {employer.uscc}" for employer in found],
        key="employer",
    )
    if len(found) == organisations.CHOICES:
        st.caption(_("只列出前 %(count)s 个单位，请输入单位名称缩小范围。") % {"count": organisations.CHOICES})
    return picked


def _say_not_found() -> None:
    st.warning(
        _("没有找到您的单位。请核对行政区划和名称；如果单位还没有注册，请本单位先注册，经主管部门审核通过后再来选择。"),
        icon=":material/search_off:",
    )
    st.caption(_("可以把下面的“单位/机构注册”网址发给本单位的负责人："))
    st.code(f"{settings().public_url}/account-organisations", language=None)
