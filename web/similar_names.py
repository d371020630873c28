"""Organisations of a similar name: before an application is sent, and beside it when the supervisor decides."""

from collections.abc import Sequence

import streamlit as st

from services import divisions
from services.errors import DomainError
from services.organisations import SimilarRegistered
from services.resemblances import Lookalike
from web.command import refuse
from web.i18n import _
from web.labels import badge_text
from web.text import escape_markdown

SHOWN, TICK = "similar_organisations", "different_organisation"


def different_from() -> frozenset[int]:
    """The organisations that were shown, once the applicant has said that his is another one."""
    return frozenset(st.session_state.get(SHOWN, {})) if st.session_state.get(TICK) else frozenset()


def explain(refusal: DomainError) -> None:
    """For `command`: similar names are listed in the form, with the box to tick."""
    if isinstance(refusal, SimilarRegistered):
        found = {each.id: _line(each) for each in refusal.found}
        if st.session_state.get(SHOWN) == found:
            st.error(_("请先核对名称相近的单位：确认不是同一单位的，请勾选后再提交。"), icon=":material/error:")
        st.session_state[SHOWN] = found
        st.session_state[TICK] = False
    else:
        refuse(refusal)


def draw_question() -> None:
    """In the form that was refused for similar names; nothing in any other."""
    shown: dict[int, str] = st.session_state.get(SHOWN, {})
    if not shown:
        return
    st.warning(
        "\n".join([_("名称相近的单位已经注册，请先核对："), "", *(f"- {line}" for line in shown.values())]),
        icon=":material/content_copy:",
    )
    st.markdown(
        _(
            "是同一单位的，请不要重复注册：请联系该单位的管理员，在“单位信息”中增加您为审核人；不清楚是谁时，请联系所在区划的主管部门。"
        )
    )
    st.checkbox(_("我已核对：本单位与上述单位不是同一单位。"), key=TICK)


def forget() -> None:
    st.session_state.pop(SHOWN, None)


def _line(each: Lookalike) -> str:
    code = escape_markdown(each.uscc or "")
    return f"**{escape_markdown(each.name)}** · {divisions.name(each.division)} · {code}"


def draw_lookalikes(found: Sequence[Lookalike]) -> None:
    """Beside an organisation that the supervisor looks at."""
    if found:
        lines = [f"- {_line(each)} {badge_text(each.status)}" for each in found]
        st.warning("\n".join([_("名称相近的单位，请核对是否重复注册："), "", *lines]), icon=":material/content_copy:")
