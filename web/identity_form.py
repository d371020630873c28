"""The form that asks for another name or ID number."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db.identity_changes import IdentityChange, IdentityFile
from db.people import Person
from services import fields, identity_requests
from services.identity_requests import Correction
from services.permissions import Actor
from web.command import command
from web.file_upload import check_files, choose_files
from web.i18n import _
from web.text import escape_markdown


def draw_correction_at_once(actor: Actor, person: Person) -> None:
    """For somebody whom no employer has confirmed yet."""
    st.caption(_("还没有单位确认过您的身份，更正后立即生效。"))
    key = f"correct_{person.version}"
    name, number = _draw_fields(person, key)
    if st.button(_("更正"), type="primary", key=key):
        with command(_("已更正")) as session:
            identity_requests.correct(session, actor, Correction(name, number))


def draw_request(actor: Actor, person: Person, last: IdentityChange | None) -> None:
    """Filled with what the last request said, so that one that was sent back is only completed."""
    st.caption(_("提交后先由单位核实，再由主管部门批准。已打印的证书保持原样。"))
    key = f"request_{last.id if last else 0}"
    name, number = _draw_fields(person, key, last.new_name if last else None)
    explanation = st.text_area(
        _("更正说明"),
        last.explanation if last else "",
        max_chars=fields.LONGEST_TEXT,
        height=100,
        key=f"{key}_explanation",
        placeholder=_("例如：户籍登记已更名；登记时证件号码末位填写有误。"),
        on_change="ignore",
    )
    kept = _choose_kept(last.files if last else [], key)
    files = choose_files(
        f"{key}_files",
        _("证明材料（PDF、JPG、PNG，每个不超过 5 MB，可多选）"),
        _("例如：身份证正反面照片、户口簿变更页、公安机关出具的证明。"),
    )
    if st.button(_("提交更正申请"), type="primary", icon=":material/send:", key=key):
        _send(actor, Correction(name, number, explanation), files, kept)


def _draw_fields(person: Person, key: str, name: str | None = None) -> tuple[str, str]:
    left, right = st.columns(2)
    return (
        left.text_input(
            _("正确的姓名"),
            name or person.name,
            key=f"{key}_name",
            max_chars=50,
            autocomplete="off",
            on_change="ignore",
        ),
        right.text_input(
            _("正确的证件号码"),
            key=f"{key}_number",
            max_chars=18,
            autocomplete="off",
            placeholder=_("不填写则保持不变"),
            on_change="ignore",
        ),
    )


def _choose_kept(files: Sequence[IdentityFile], key: str) -> list[int]:
    """The proofs of the last request, which need not be uploaded again."""
    return [
        file.id
        for file in files
        if st.checkbox(
            _("沿用上次的材料：%(file_name)s") % {"file_name": escape_markdown(file.file_name)},
            value=True,
            key=f"{key}_keep_{file.id}",
            on_change="ignore",
        )
    ]


def _send(actor: Actor, correction: Correction, files: Sequence[UploadedFile], kept: Sequence[int]) -> None:
    checked = check_files(files)
    if checked is None:
        return
    with command(_("已提交，请等待单位核实")) as session:
        identity_requests.request(session, actor, correction, checked, kept=kept)
