"""The form of an exemption: of which year and why, how far each category is reduced, and what proves it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db.claims import Category
from db.exemptions import WHOLE, ExemptionReason
from services import fields
from services.exemption_form import ExemptionForm, Given
from services.rules import Standing, plain
from services.standing import YearStanding
from web.exemption_view import hours_in_words
from web.file_upload import choose_files
from web.i18n import _
from web.labels import word


class Filled(NamedTuple):
    """What was typed, and whether it is to be sent."""

    form: ExemptionForm
    files: Sequence[UploadedFile]
    pressed: bool


def draw_form(key: str, years: Mapping[int, YearStanding], button: str) -> Filled:
    year = st.selectbox(_("年度"), list(years), key=f"year_{key}", placeholder=_("请选择"), width=160)
    chosen = years[year]
    if chosen.exemption is not None:
        granted = {"year": year, "hours": hours_in_words(chosen.exemption)}
        st.info(
            _("%(year)s 年度已批准：%(hours)s。新的申请批准后代替它，请填写合计要减免的学时。") % granted,
            icon=":material/info:",
        )
    with st.form(key, enter_to_submit=False):
        reason = st.selectbox(
            _("减免事由"),
            list(ExemptionReason),
            None,
            format_func=word,
            key=f"reason_{key}",
            placeholder=_("请选择"),
        )
        hours = _draw_hours(key, chosen.official)
        explanation = st.text_area(
            _("情况说明"),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"explanation_{key}",
            placeholder=_("请写明起止日期，以及为什么不能参加学习。"),
        )
        files = choose_files(f"files_{key}", _("证明材料（PDF、JPG、PNG，每个不超过 5 MB，可多选）"))
        pressed = st.form_submit_button(button, type="primary")
    return Filled(ExemptionForm(year, reason, explanation, hours), files, pressed)


def _draw_hours(key: str, lines: Sequence[Standing]) -> Mapping[Category, Given]:
    hours: dict[Category, Given] = {}
    for column, line in zip(st.columns(len(lines)), lines, strict=True):
        with column.container(border=True):
            asked = {"category": word(line.category), "hours": plain(line.required + line.exempted)}
            st.markdown(_("**%(category)s**（要求 %(hours)s 学时）") % asked)
            is_whole = st.checkbox(_("全部减免"), key=f"whole_{line.category}_{key}")
            part = st.number_input(
                _("或减免部分学时"), 0.0, None, None, 0.5, format="%.1f", key=f"part_{line.category}_{key}"
            )
            hours[line.category] = WHOLE if is_whole else part
    return hours
