"""Taking rows or figures along: what is in the file, how it is written, and the files of today."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from db import reading, transaction
from db.snapshots import Snapshot
from services import exploration_files, explored_rows
from services.exploration_files import Exported, FileFormat, KeptFile
from services.long_work import Progress
from services.permissions import Actor
from services.questions import Chart, Question
from services.suppression import FEWEST
from web import explore_files, long_work
from web.download import Download, address
from web.explore_files import Wanted
from web.i18n import _
from web.import_exports import number_of
from web.labels import word
from web.text import escape_markdown
from web.times import local_time

EXPORT = "explored"
Code = TypeVar("Code", Exported, FileFormat)


def draw(actor: Actor, snapshot: Snapshot, question: Question, kept: Sequence[KeptFile]) -> None:
    with st.expander(_("导出"), icon=":material/download:"):
        offered = [Exported.ROWS] if question.chart is Chart.COMPLETION else list(Exported)
        content = _choose(_("导出内容"), offered, "export_content")
        file_format = _choose(_("文件格式"), list(FileFormat), "export_format")
        protecting = content is Exported.FIGURES and st.checkbox(
            _("不显示少于 %(fewest)s 人的分组") % {"fewest": FEWEST},
            value=True,
            key="export_protecting",
            help=_("同时隐去能推算出它们的其他数字，以“*”表示。"),
        )
        if content is Exported.ROWS:
            st.caption(_("每次最多导出 %(most)s 条记录，证件号码已遮挡。") % {"most": f"{explored_rows.MOST_ROWS:,}"})
        if st.button(_("生成文件"), icon=":material/file_export:", key="export_make"):
            wanted = Wanted(content, file_format, protecting)
            long_work.carry_out(
                _("正在生成文件，请不要关闭页面…"),
                lambda show: _make(actor, snapshot, question, wanted, show),
                _("文件已生成，请下载。"),
            )
        for file in kept:
            label = _("下载 %(file)s（%(rows)s 行，%(time)s）")
            said = {"file": file.name, "rows": f"{file.rows:,}", "time": local_time(file.made_at)}
            st.link_button(escape_markdown(label % said), address(EXPORT, id=file.id), icon=":material/download:")


def _choose(label: str, offered: Sequence[Code], key: str) -> Code:
    return st.radio(label, offered, format_func=word, horizontal=True, key=key)


def _make(actor: Actor, snapshot: Snapshot, question: Question, wanted: Wanted, show: Progress) -> None:
    """The file is made before the transaction begins, for which all other writers would wait."""
    file = explore_files.make(actor, snapshot, question, wanted, show)
    with transaction() as session:
        exploration_files.keep(session, actor, snapshot, question, file)


def download(actor: Actor, parameters: Mapping[str, str]) -> Download:
    number = number_of(parameters)
    with reading() as session:
        file, content = exploration_files.read(session, actor, number)
    return Download(file.name, content, file.media_type)
