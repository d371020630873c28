"""The imports of an employer: one of them open, with what was found and what can be done, and all of them as a list."""

from collections.abc import Mapping

import streamlit as st

from db import reading, transaction
from db.imports import Import, ImportKind, ImportStatus, RowOutcome
from services import first_passwords, import_undo, imports
from services.errors import DomainError
from services.import_undo import Outlook
from services.permissions import Actor
from web import filters, import_result, long_work, worklist
from web.command import command, refuse, say_when_drawn
from web.download import address
from web.i18n import _
from web.import_result import MOST_SHOWN
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time
from web.vocabulary import vocabulary

TO_RUN = frozenset({ImportStatus.CHECKED, ImportStatus.RUNNING})
DIGITS = 8  # of the SHA-256, enough to see that two files are the same


def draw_imports(actor: Actor) -> None:
    named, after = filters.opened("imports"), filters.after()
    with reading() as session:
        listed = imports.list_(session, actor, after_id=after)
        opened = imports.find(session, actor, named) or (listed[0] if listed else None)
    if opened is not None:
        filters.remember_opened("imports", opened.id)
        _draw_import(actor, opened)
    st.header(_("导入记录"), anchor=False)
    if listed:
        worklist.draw({each.id: _row(each) for each in listed}, opened.id if opened else None, alt=_("导入记录"))
        worklist.draw_pages(len(listed), imports.PAGE_SIZE, listed[-1].id)
    else:
        st.caption(_("还没有导入过。下载模板填写后上传，检查结果会出现在这里。"))


def _row(each: Import) -> Mapping[str, object]:
    return {
        _("上传时间"): local_time(each.uploaded_at),
        _("内容"): word(each.kind),
        _("文件"): each.file_name,
        _("状态"): word(each.status),
        _("行数"): each.row_count,
        word(RowOutcome.ACCEPTED): each.accepted,
        word(RowOutcome.REJECTED): each.rejected,
        word(RowOutcome.KNOWN): each.known,
        _("上传人"): each.uploaded_by_name,
        "SHA-256": each.content_digest[:DIGITS],
    }


def _draw_import(actor: Actor, opened: Import) -> None:
    with reading() as session:
        rejections = imports.rejections(session, actor, opened.id, most=MOST_SHOWN)
        outlook = import_undo.outlook(session, actor, opened.id)
        to_hand_out = first_passwords.count(session, actor, opened.id)
    with st.container(border=True):
        st.header(f"{escape_markdown(opened.file_name)} {badge_text(opened.status)}", anchor=False)
        _draw_counts(opened)
        if rejections:
            import_result.draw_rejections(rejections, opened.rejected, address("import-errors", id=opened.id))
        if opened.status in TO_RUN:
            _draw_run(actor, opened)
        if to_hand_out:
            _draw_handouts(actor, opened, to_hand_out)
        if opened.status in import_undo.UNDOABLE:
            _draw_undo(actor, opened, outlook)
        elif outlook.staying:
            st.caption(_("撤销时已有变化而保留的：%(names)s") % {"names": _names(outlook)})


def _draw_counts(opened: Import) -> None:
    import_result.draw_counts(
        {
            _("文件行数"): opened.row_count,
            word(RowOutcome.ACCEPTED): opened.accepted,
            word(RowOutcome.REJECTED): opened.rejected,
            word(RowOutcome.KNOWN): opened.known,
        }
    )
    training = opened.training
    if opened.kind is ImportKind.HOURS:
        dates = f"{training['start_on']} – {training['end_on']}"
        st.caption(escape_markdown(f"{training['year']} · {training['title']} · {dates}"))


def _draw_run(actor: Actor, opened: Import) -> None:
    if opened.status is ImportStatus.CHECKED and not opened.accepted:
        st.info(_("没有可以导入的行。请改正后重新上传。"), icon=":material/info:")
        return
    label = _("导入") if opened.status is ImportStatus.CHECKED else _("继续导入")
    if st.button(label, type="primary", icon=":material/playlist_add_check:", key=f"run_{opened.id}"):
        long_work.carry_out(
            _("正在导入，请不要关闭页面…"),
            lambda show: imports.run(transaction, actor, opened.id, vocabulary(), on_progress=show),
            _("导入完成。"),
        )


def _draw_handouts(actor: Actor, opened: Import, count: int) -> None:
    if first_passwords.has_expired(opened):
        st.warning(_("首次登录密码已过期，请重新生成后发给还没有登录的 %(count)s 人。") % {"count": count})
    else:
        st.markdown(
            _("%(count)s 人还没有登录过，请把用户名和首次登录密码逐一交给本人，首次登录须修改密码。") % {"count": count}
        )
        st.link_button(_("下载账号发放表"), address("first-passwords", id=opened.id), icon=":material/key:")
    with st.expander(_("重新生成首次登录密码"), icon=":material/lock_reset:"):
        st.markdown(_("之前下载的发放表将全部作废。已经登录过的人员不受影响。"))
        if st.button(_("重新生成"), key=f"renew_{opened.id}"):
            with command(_("已重新生成，请下载新的发放表。")) as session:
                first_passwords.renew(session, actor, opened.id)


def _draw_undo(actor: Actor, opened: Import, outlook: Outlook) -> None:
    with st.expander(_("撤销这次导入"), icon=":material/undo:"):
        st.markdown(
            _("将撤回 %(count)s 行：没有登录过的账号关闭，主管部门尚未认定的学时删除。") % {"count": outlook.taken_back}
        )
        if outlook.staying:
            text = _("以下 %(count)s 行之后已有变化（本人已登录或申请过、学时已认定等），不会撤回：%(names)s")
            st.warning(text % {"count": outlook.staying, "names": _names(outlook)}, icon=":material/info:")
        if st.button(_("撤销导入"), key=f"undo_{opened.id}"):
            _undo(actor, opened)


def _undo(actor: Actor, opened: Import) -> None:
    try:
        with st.spinner(_("正在撤销，请稍候…")):
            import_undo.undo(transaction, actor, opened.id)
    except DomainError as refusal:
        refuse(refusal)
    else:
        say_when_drawn(_("已撤销这次导入。"))
        st.rerun()


def _names(outlook: Outlook) -> str:
    named = _("、").join(map(escape_markdown, outlook.named))
    return named + (_("等") if outlook.staying > len(outlook.named) else "")
