"""Why a claim is not let through: a reason from the list, and words of one's own."""

import streamlit as st

from db.claims import ReviewReason
from services import fields
from web.i18n import _
from web.labels import word


def draw_opinion(key: str, *, hint: str) -> tuple[ReviewReason | None, str]:
    """For a form; `key` names what is decided about, at the version that is seen."""
    reason = st.selectbox(
        _("原因"), list(ReviewReason), None, key=f"reason_{key}", format_func=word, placeholder=_("请选择")
    )
    opinion = st.text_area(
        _("审核意见"), max_chars=fields.LONGEST_TEXT, height=100, key=f"opinion_{key}", placeholder=hint
    )
    return reason, opinion
