"""Reporting what is missing of one's own in the old systems' data, and what was answered."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from db.claims import Category
from db.legacy import LegacyKind
from db.missing_records import MissingRecord, MissingRecordAction
from services import fields, missing_record_form, missing_records
from services.clock import today
from services.legacy_cells import FIRST_YEAR
from services.missing_record_form import EMPLOYER, EXPLANATION, HOURS, SYSTEM, TITLES, YEAR, Given, MissingRecordForm
from services.permissions import Actor
from web.command import command
from web.file_upload import check_files, choose_files
from web.i18n import _
from web.labels import badge_text
from web.missing_record_view import FILES, answered, said
from web.text import escape_markdown


def draw(actor: Actor, kind: LegacyKind, own: Sequence[MissingRecord]) -> None:
    """Below the list of what was found; `own` are the reports of this kind."""
    with st.expander(_("缺少记录？"), icon=":material/contact_support:"):
        st.markdown(_("如果旧系统中应有的数据没有出现在上面，请申报并上传证明材料，由数据分析员查找后答复。"))
        _draw_form(actor, kind, f"missing_{kind}_{len(own)}")
    if own:
        st.header(_("我的缺失申报"), anchor=False)
    for report in own:
        _draw_own(actor, report)


def _draw_form(actor: Actor, kind: LegacyKind, key: str) -> None:
    """The next one has another key, and so begins empty."""
    longest = fields.LONGEST_NAME
    with st.form(key, border=False, enter_to_submit=False):
        left, right = st.columns(2)
        year = left.number_input(_(YEAR), FIRST_YEAR, today().year, None, 1, key=f"year_{key}")
        optional = _("不记得可不填") if kind is LegacyKind.CERTIFICATE else None
        title = right.text_input(_(TITLES[kind]), max_chars=longest, key=f"title_{key}", placeholder=optional)
        employer = left.text_input(_(EMPLOYER), max_chars=longest, key=f"employer_{key}")
        system = right.text_input(_(SYSTEM), max_chars=longest, key=f"system_{key}", placeholder=_("可不填"))
        hours = _draw_hours(key)
        explanation = st.text_area(
            _(EXPLANATION),
            max_chars=fields.LONGEST_TEXT,
            height=80,
            key=f"explanation_{key}",
            placeholder=_("可不填，如曾用名、当时的证件号码、在哪里参加的学习。"),
        )
        files = choose_files(f"files_{key}", _("证明材料（PDF、JPG、PNG，每个不超过 5 MB，可多选）"))
        pressed = st.form_submit_button(_("提交申报"), type="primary")
    checked = check_files(files) if pressed else None
    if checked is not None:
        form = MissingRecordForm(kind, year, title, system, employer, hours, explanation)
        with command(_("已提交申报，请等待数据分析员答复")) as session:
            missing_record_form.report(session, actor, form, checked)


def _draw_hours(key: str) -> Mapping[Category, Given]:
    hours: dict[Category, Given] = {}
    for column, category in zip(st.columns(len(Category)), Category, strict=True):
        hours[category] = column.number_input(
            _(HOURS[category]), 0.0, None, None, 0.5, format="%.1f", key=f"{category}_{key}", placeholder=_("可不填")
        )
    return hours


def _draw_own(actor: Actor, report: MissingRecord) -> None:
    key = f"{report.id}_{report.version}"
    with st.container(border=True):
        year = _("%(year)s 年度") % {"year": report.year}
        heading = f"{badge_text(report.status)} **{year}**"
        st.markdown("  \n".join([heading, *said(report), *answered(report), *_found_in(report)]))
        links = [f"[{escape_markdown(file.file_name)}]({FILES}/{file.id}/inline)" for file in report.files]
        st.markdown("  \n".join(f":material/attach_file: {each}" for each in links))
        with st.container(horizontal=True):
            if MissingRecordAction.WITHDRAW in missing_records.possible_actions(actor, report):
                _draw_withdrawal(actor, report, key)
            if report.news_at and st.button(_("知道了"), key=f"seen_{key}", icon=":material/done:"):
                with command(_("已标记为知道")) as session:
                    missing_records.note_seen(session, actor, report.id)


def _found_in(report: MissingRecord) -> Sequence[str]:
    return [_("已匹配到您，列在本页的查询结果中。")] if report.row_key else []


def _draw_withdrawal(actor: Actor, report: MissingRecord, key: str) -> None:
    with st.popover(_("撤回申报"), icon=":material/undo:", key=f"open_{key}"):
        st.markdown(_("撤回后不再查找；仍然缺少的，要重新申报。"))
        if st.button(_("确认撤回"), type="primary", key=f"withdraw_{key}"):
            act = partial(missing_records.withdraw, seen=report.version)
            with command(_("已撤回申报")) as session:
                act(session, actor, report.id)
