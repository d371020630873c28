"""The state of the installation in words: backups, queues, sizes and versions."""

import streamlit as st

from db.backups import BackupKind, BackupRun
from db.operations import JobRun
from services import housekeeping
from services.system_state import Care, State
from web.facts import draw_facts
from web.i18n import N_, _
from web.labels import badge, word
from web.times import local_time, waited

CARE = {
    Care.MAKE: N_("最近两天没有备份。请每天运行 python -m services backup，并把文件复制到另一台机器。"),
    Care.PROVE: N_("最近 90 天没有试恢复过备份。请运行 python -m services check-backup，确认备份真的能用。"),
}


def draw_backups(state: State) -> None:
    for care in state.care:
        with st.container(horizontal=True, vertical_alignment="center"):
            badge(care)
            st.markdown(_(CARE[care]), width="content")
    draw_facts({word(kind): _when(state.backups.get(kind)) for kind in BackupKind})
    if run := state.backups.get(BackupKind.MADE):
        said = _("%(file)s：%(rows)s 行，%(files)s 个文件，%(size)s，%(encrypted)s") % {
            "file": run.file_name,
            "rows": run.rows,
            "files": run.files,
            "size": _bytes(run.size),
            "encrypted": _("已加密") if run.encrypted else _("未加密"),
        }
        st.text(said)


def draw_queues(state: State) -> None:
    rows = [
        {
            _("事项"): word(queue),
            _("数量"): waiting.count,
            _("最早提交"): local_time(waiting.oldest) if waiting.oldest else "",
            _("已等待"): waited(waiting.oldest) if waiting.oldest else "",
        }
        for queue, waiting in state.queues.items()
    ]
    st.dataframe(rows, hide_index=True, alt=_("待办积压"))


def draw_versions(state: State, kept: JobRun | None) -> None:
    """`kept` is the last daily sweep, which also counts what is stored."""
    draw_facts({_("数据库"): state.database, _("数据库大小"): _bytes(state.database_size)})
    free = _("由对象存储管理") if state.free is None else _bytes(state.free)
    draw_facts({_("附件材料（每日统计）"): _stored(kept), _("文件存储剩余空间"): free})
    draw_facts({"Python": state.python, "Streamlit": state.streamlit, _("数据库版本"): state.revision})


def _stored(kept: JobRun | None) -> str:
    if kept is None or kept.report is None:
        return _("尚未统计")
    files, size = kept.report[housekeeping.STORED_FILES], kept.report[housekeeping.STORED_BYTES]
    return _("%(files)s 个，%(size)s") % {"files": files, "size": _bytes(size)}


def _when(run: BackupRun | None) -> str:
    return local_time(run.finished_at) if run else _("无")


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
