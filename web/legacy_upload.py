"""An old system's file to be uploaded: kept as it came, nothing else."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import reading, transaction
from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind
from services import legacy_access, legacy_files, legacy_reception
from services.errors import DomainError
from services.legacy_reception import SYSTEM_NAME, Delivery
from services.permissions import Actor
from web import filters
from web.command import refuse, say_when_drawn
from web.i18n import _
from web.labels import word
from web.long_work import following

UPLOADS = "legacy_uploads"
SYSTEM, KIND = "legacy_system", "legacy_kind"


def draw(actor: Actor) -> None:
    with reading() as session:
        systems = legacy_access.systems(session, actor)
    st.markdown(
        _("上传旧系统导出的文件，核对各列的含义，先试算，再导入；导入后可以整批撤销。同一文件重复上传不会重复导入。")
    )
    with st.container(horizontal=True):
        system = st.selectbox(
            _(SYSTEM_NAME),
            systems,
            index=None,
            key=SYSTEM,
            accept_new_options=True,
            placeholder=_("选择，或输入新的名称"),
            help=_("列的对应关系按来源系统保存，下次自动采用。"),
        )
        kind = st.segmented_control(_("内容"), list(LegacyKind), format_func=word, key=KIND)
    file = st.file_uploader(
        _("旧系统文件（CSV、xlsx 或 xls，不超过 100 MB）"),
        type=[ending.removeprefix(".") for ending in legacy_files.ENDINGS],
        max_upload_size=legacy_files.MOST_MEGABYTES,
        key=f"legacy_file_{st.session_state.get(UPLOADS, 0)}",
    )
    if st.button(_("上传文件"), icon=":material/upload:", type="primary" if file else "secondary"):
        if file is None or kind is None or not system:
            st.warning(_("请填写来源系统、选择内容和文件。"), icon=":material/info:")
        else:
            _receive(actor, system, kind, file)


def _receive(actor: Actor, system: str, kind: LegacyKind, file: UploadedFile) -> None:
    """A refusal leaves the form as it was filled in."""
    try:
        with st.spinner(_("正在检查文件…")):
            checked = legacy_files.check(file.name, file)
        with following(_("正在读取文件，请不要关闭页面…")) as show:
            received = legacy_reception.receive(transaction, actor, Delivery(system, checked, kind), on_progress=show)
    except DomainError as refusal:
        refuse(refusal)
        return
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
    say_when_drawn(_said(received))
    filters.open_row(received.id)
    st.rerun()


def _said(received: LegacyImport) -> str:
    if received.status is LegacyImportStatus.RECEIVED and not received.accepted:
        return _("已上传 %(count)s 行，还没有导入。") % {"count": received.row_count}
    return _("该文件以前上传过，已打开那一次。")
