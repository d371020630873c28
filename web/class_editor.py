"""A class that is still planned: its form, its attachments and publishing it, in this order."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from sqlalchemy.orm import Session

from db.classes import ClassAction, ClassFile, CourseClass
from db.organisations import Organisation
from services import class_files, class_form, classes
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.errors import DomainError, LeftOut
from services.evidence_files import CheckedFile
from services.permissions import Actor
from web import file_upload, filters, pause
from web.class_fields import draw_form
from web.class_view import draw_files
from web.command import command
from web.i18n import _, explain
from web.text import escape_markdown

KEPT = "classes_kept"


def draw_new(actor: Actor, providers: Sequence[Organisation]) -> None:
    """Once it is kept, the page shows it with what is still to do."""
    provider = _choose_provider(providers)
    form = draw_form(_blank(provider), f"new{st.session_state.get(KEPT, '')}_{provider.id}")
    if _save_button("new"):
        with command(_("培训班已保存为草稿"), before_redraw=lambda: _open_kept(kept)) as session:
            kept = classes.create(session, actor, provider.id, form)


def _choose_provider(providers: Sequence[Organisation]) -> Organisation:
    if len(providers) == 1:
        return providers[0]
    return st.radio(_("施教机构"), providers, format_func=lambda each: escape_markdown(each.name), horizontal=True)


def _blank(provider: Organisation) -> ClassForm:
    """What is most likely: the provider's own division, and whom one calls about it."""
    return ClassForm(
        divisions=(provider.division,), contact_name=provider.contact_name, contact_phone=provider.contact_phone
    )


def _open_kept(course_class: CourseClass) -> None:
    """The next new form is another one."""
    st.session_state[KEPT] = st.session_state.get(KEPT, 0) + 1
    open_class(course_class.id)


def open_class(class_id: int) -> None:
    filters.show(**{filters.CLASS: class_id})


def show_list() -> None:
    filters.show(**{filters.CLASS: ""})


def _save_button(key: str) -> bool:
    return st.button(_("保存"), type="primary", icon=":material/save:", key=f"save_{key}")


def draw_draft(actor: Actor, course_class: CourseClass) -> None:
    saved = class_form.form_of(course_class)
    key = f"{course_class.id}_{course_class.version}"
    form = draw_form(saved, key)
    if _save_button(key):
        with command(_("已保存")) as session:
            classes.update(session, actor, course_class.id, form, seen=course_class.version)
    st.markdown(f"**{_('附件（选填）')}**")
    draw_attachments(actor, course_class)
    _draw_publication(actor, course_class, is_saved=_said(form) == _said(saved))
    with st.container(horizontal=True):
        draw_copy(actor, course_class)
        _draw_deletion(actor, course_class)


def _said(form: ClassForm) -> ClassForm:
    """Rows that say nothing say nothing, and no order of what is chosen says more than another."""
    rows = sorted((each for each in form.sessions if each != SessionForm()), key=repr)
    return replace(form, sessions=rows, divisions=sorted(form.divisions), audience=sorted(form.audience))


def _draw_publication(actor: Actor, course_class: CourseClass, *, is_saved: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{_('发布')}**")
        _draw_readiness(course_class)
        st.caption(
            _(
                "发布后人员可以按报名时间报名。学时类别、学时、服务区划、适用职称系列和上课时间不能再修改；"
                "联系方式、教师、介绍、附件、名额、报名截止时间和上课地点仍可修改。"
            )
        )
        if not is_saved:
            st.warning(_("有修改还没有保存，请先点击“保存”。"), icon=":material/warning:")
        resting = pause.is_on()
        if st.button(_("发布"), type="primary", icon=":material/publish:", disabled=resting or not is_saved):
            with command(_("已发布，人员可以在“培训班报名申请”中看到。"), before_redraw=pause.begin) as session:
                classes.act(session, actor, course_class.id, ClassAction.PUBLISH, seen=course_class.version)


def _draw_readiness(course_class: CourseClass) -> None:
    """What still stands between the draft and its publication, before the button instead of after it."""
    try:
        class_form.refuse_unfinished(course_class)
    except LeftOut as refusal:
        labels = _("、").join(map(_, refusal.labels))
        st.info(_("发布前还需要填写：%(labels)s。") % {"labels": labels}, icon=":material/checklist:")
    except DomainError as refusal:
        st.warning(escape_markdown(explain(refusal)), icon=":material/checklist:")
    else:
        st.success(_("内容已填写完整，可以发布。"), icon=":material/task_alt:")


def draw_attachments(actor: Actor, course_class: CourseClass) -> None:
    """With what the provider may do to them, as long as it may."""

    def attach(session: Session, file: CheckedFile) -> None:
        class_files.attach(session, actor, course_class.id, file)

    def draw_tools(file: ClassFile) -> None:
        pressed = st.button(
            _("移除"), key=f"remove_{file.id}", type="tertiary", icon=":material/close:", disabled=pause.is_on()
        )
        if pressed:
            with command(_("附件已移除"), before_redraw=pause.begin) as session:
                class_files.remove(session, actor, file.id)

    draw_files(course_class, draw_tools)
    file_upload.draw_uploader(
        f"class_{course_class.id}",
        attach,
        label=_("先点击 Upload 选择文件（PDF、JPG、PNG，每个不超过 5 MB，可多选），再点击“上传附件”"),
        advice=_("如培训通知、课程表。看得到培训班的人员都可以下载。"),
        button=_("上传附件"),
    )


def draw_copy(actor: Actor, course_class: CourseClass) -> None:
    if st.button(_("复制为新的培训班"), icon=":material/content_copy:", disabled=pause.is_on()):
        with command(_("已复制为草稿，请修改日期后发布。"), before_redraw=lambda: _open_copy(copied)) as session:
            copied = classes.copy(session, actor, course_class.id)


def _open_copy(course_class: CourseClass) -> None:
    pause.begin()
    open_class(course_class.id)


def _draw_deletion(actor: Actor, course_class: CourseClass) -> None:
    with st.popover(_("删除"), icon=":material/delete:"):
        st.markdown(_("删除后不能恢复，已上传的附件也一并删除。"))
        if st.button(_("确认删除"), type="primary"):
            with command(_("已删除"), before_redraw=show_list) as session:
                classes.delete(session, actor, course_class.id, seen=course_class.version)
