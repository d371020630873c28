"""The imports of old systems' files: one of them open, with what was found and what can be done, and all as a list."""

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from db import reading, transaction
from db.legacy import LegacyImport, LegacyImportStatus, LegacyOutcome
from services import legacy_access, legacy_imports, legacy_parts, legacy_undo
from services.permissions import Actor
from web import filters, import_result, legacy_mapping, long_work, worklist
from web.download import address
from web.i18n import _
from web.import_result import MOST_SHOWN
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time

SAMPLE = 20
DIGITS = 8  # of the SHA-256, enough to see that two files are the same
COUNTED = frozenset(LegacyImportStatus) - {LegacyImportStatus.RECEIVING, LegacyImportStatus.RECEIVED}
TO_TRY = legacy_imports.BEGINS[LegacyImportStatus.CHECKING]
TO_RUN = frozenset({LegacyImportStatus.CHECKED, LegacyImportStatus.RUNNING})


def draw_imports(actor: Actor) -> None:
    named, after = filters.opened("legacy"), filters.after()
    with reading() as session:
        listed = legacy_access.list_(session, actor, after_id=after)
        opened = legacy_access.find(session, actor, named) or (listed[0] if listed else None)
    if opened is not None:
        filters.remember_opened("legacy", opened.id)
        _draw_import(actor, opened)
    st.header(_("导入记录"), anchor=False)
    if listed:
        worklist.draw({each.id: _row(each) for each in listed}, opened.id if opened else None, alt=_("导入记录"))
        worklist.draw_pages(len(listed), legacy_access.PAGE_SIZE, listed[-1].id)
    else:
        st.caption(_("还没有导入过旧系统的文件。上传后，结果会出现在这里。"))


def _row(each: LegacyImport) -> Mapping[str, object]:
    return {
        _("上传时间"): local_time(each.uploaded_at),
        _("来源系统"): each.system.name,
        _("内容"): word(each.kind),
        _("文件"): each.file_name,
        _("状态"): word(each.status),
        _("行数"): each.row_count,
        word(LegacyOutcome.ACCEPTED): each.accepted,
        word(LegacyOutcome.REJECTED): each.rejected,
        word(LegacyOutcome.DUPLICATE): each.duplicates,
        _("上传人"): each.uploaded_by_name,
        "SHA-256": each.content_digest[:DIGITS],
    }


def _draw_import(actor: Actor, opened: LegacyImport) -> None:
    with reading() as session:
        rejected = legacy_access.rejections(session, actor, opened.id, most=MOST_SHOWN)
        sample = legacy_parts.sample(session, opened, SAMPLE)
    with st.container(border=True):
        st.header(f"{escape_markdown(opened.file_name)} {badge_text(opened.status)}", anchor=False)
        st.caption(escape_markdown(f"{opened.system.name} · {word(opened.kind)}"))
        if opened.status in COUNTED:
            import_result.draw_counts(
                {
                    _("文件行数"): opened.row_count,
                    word(LegacyOutcome.ACCEPTED): opened.accepted,
                    word(LegacyOutcome.REJECTED): opened.rejected,
                    word(LegacyOutcome.DUPLICATE): opened.duplicates,
                }
            )
        if rejected:
            import_result.draw_rejections(rejected, opened.rejected, address("legacy-errors", id=opened.id))
        if opened.status is LegacyImportStatus.RECEIVING:
            st.info(_("上传中断，请再次上传同一文件，将从中断处继续。"), icon=":material/info:")
        if opened.status in legacy_imports.UNMAPPED:
            legacy_mapping.draw(actor, opened, sample)
        _draw_actions(actor, opened)


def _draw_actions(actor: Actor, opened: LegacyImport) -> None:
    if opened.status in TO_TRY:
        again = opened.status is LegacyImportStatus.CHECKED
        label = _("重新试算") if again else _("试算")
        kind: Literal["primary", "secondary"] = "secondary" if again else "primary"
        if st.button(label, type=kind, icon=":material/rule:", key=f"try_{opened.id}"):
            _carry_out(
                _("正在试算，请不要关闭页面…"), legacy_imports.try_out, actor, opened, _("试算完成，还没有导入。")
            )
    if opened.status is LegacyImportStatus.CHECKED and not opened.accepted:
        st.info(_("没有可以导入的行。请改正对应关系或文件后重新试算。"), icon=":material/info:")
    elif opened.status in TO_RUN:
        label = _("导入") if opened.status is LegacyImportStatus.CHECKED else _("继续导入")
        if st.button(label, type="primary", icon=":material/playlist_add_check:", key=f"run_{opened.id}"):
            _carry_out(_("正在导入，请不要关闭页面…"), legacy_imports.run, actor, opened, _("导入完成。"))
    if opened.status in legacy_undo.UNDOABLE:
        _draw_undo(actor, opened)


def _draw_undo(actor: Actor, opened: LegacyImport) -> None:
    label = _("删除文件") if opened.status in legacy_undo.UNUSED else _("撤销导入")
    with st.expander(label, icon=":material/undo:"):
        st.markdown(
            _("将删除这个文件的全部 %(count)s 行及其导入结果，只保留导入记录。之后可以重新上传。")
            % {"count": opened.row_count}
        )
        if st.button(label, key=f"undo_{opened.id}"):
            _carry_out(_("正在撤销，请稍候…"), legacy_undo.undo, actor, opened, _("已删除该文件的全部行。"))


def _carry_out(begins_with: str, work: Callable[..., object], actor: Actor, opened: LegacyImport, success: str) -> None:
    long_work.carry_out(begins_with, lambda show: work(transaction, actor, opened.id, on_progress=show), success)
