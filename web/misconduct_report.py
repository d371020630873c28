"""The form of a dishonesty case: reporting one, and completing it until the person concerned is told."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import reading
from db.claims import Claim
from db.misconduct import MisconductKind, MisconductRecord, Severity
from services import fields, misconduct_files, misconduct_report
from services.errors import DomainError
from services.misconduct_report import Report
from services.permissions import Actor
from services.rules import plain
from web import filters
from web.command import command, refuse
from web.file_upload import check_files, choose_files
from web.i18n import _
from web.labels import word
from web.person_choice import PERSON, draw_chosen, draw_search
from web.text import escape_markdown


def draw_new(actor: Actor) -> None:
    """Whom it is about, and then what has happened."""
    number, text = filters.number(PERSON), filters.text()
    try:
        with reading() as session:
            found = misconduct_report.find_people(session, actor, text)
            chosen = misconduct_report.find_person(session, actor, number) if number else None
            claims = misconduct_report.claims_to_choose(session, actor, number) if number else []
    except DomainError as refusal:
        refuse(refusal)
        return
    if chosen is None:
        draw_search(found, text, _("在您管理的单位工作或曾工作过的人员中查找。不能登记与本人有关的线索。"))
        return
    draw_chosen(chosen)
    report, files, pressed = _draw_form("new", None, claims, _("登记线索"))
    checked = check_files(files) if pressed else None
    if checked is not None:
        with command(_("已登记线索。"), before_redraw=lambda: filters.show(person="", text="", view="")) as session:
            misconduct_report.create(session, actor, chosen.person.id, report, checked)


def draw_completion(actor: Actor, case: MisconductRecord, claims: Sequence[Claim]) -> None:
    key = f"case_{case.id}_{case.version}"
    with st.expander(_("补充案件内容"), icon=":material/edit:", key=f"open_{key}"):
        report, files, pressed = _draw_form(key, case, claims, _("保存"))
        checked = check_files(files) if pressed else None
        if checked is not None:
            with command(_("已保存。")) as session:
                misconduct_report.update(session, actor, case.id, report, checked, seen=case.version)
        for file in case.files:
            label = _("移除 %(file_name)s") % {"file_name": escape_markdown(file.file_name)}
            if st.button(label, key=f"remove_{file.id}", type="tertiary", icon=":material/close:"):
                with command(_("附件已移除")) as session:
                    misconduct_files.remove(session, actor, file.id)


def _draw_form(
    key: str, case: MisconductRecord | None, claims: Sequence[Claim], button: str
) -> tuple[Report, Sequence[UploadedFile], bool]:
    words = {claim.id: _claim(claim) for claim in [*claims, *(case.claims if case else [])]}
    with st.form(key, enter_to_submit=False):
        kind, severity = _draw_codes(key, case)
        facts = st.text_area(
            _("事实"), case.facts if case else "", max_chars=fields.LONGEST_TEXT, height=120, key=f"facts_{key}"
        )
        basis = st.text_area(
            _("认定依据"),
            case.basis if case else "",
            max_chars=fields.LONGEST_TEXT,
            height=80,
            key=f"basis_{key}",
            placeholder=_("法规、文件的名称和条款；告知本人前必须填写。"),
        )
        chosen = st.multiselect(
            _("涉及的学时（认定后撤销）"),
            list(words),
            [claim.id for claim in case.claims] if case else [],
            format_func=words.__getitem__,
            key=f"claims_{key}",
            placeholder=_("请选择"),
            select_all=False,
        )
        files = choose_files(
            f"{key}_files", _("证据材料：告知后本人可以查看，请先遮盖举报人的信息（PDF、JPG、PNG，可多选）")
        )
        pressed = st.form_submit_button(button, type="primary")
    return Report(kind, severity, facts, basis, chosen), files, pressed


def _draw_codes(key: str, case: MisconductRecord | None) -> tuple[MisconductKind | None, Severity | None]:
    kinds, severities = list(MisconductKind), list(Severity)
    left, right = st.columns(2)
    kind = left.selectbox(
        _("失信类型"),
        kinds,
        kinds.index(case.kind) if case else None,
        format_func=word,
        key=f"kind_{key}",
        placeholder=_("请选择"),
    )
    severity = right.selectbox(
        _("情节与期限"),
        severities,
        severities.index(case.severity) if case else None,
        format_func=word,
        key=f"severity_{key}",
        placeholder=_("请选择"),
    )
    return kind, severity


def _claim(claim: Claim) -> str:
    hours = plain(claim.hours_awarded or claim.hours_claimed)
    facts = {"year": claim.year, "category": word(claim.category), "title": claim.title}
    said = _("%(year)s 年度%(category)s《%(title)s》") % facts
    return f"{said} · {_('%(hours)s 学时') % {'hours': hours}} · {word(claim.status)}"
