"""A supervisor proposes an exemption for somebody in his divisions, which another supervisor decides about."""

import streamlit as st

from db import reading
from services import exemption_form
from services.errors import DomainError
from services.permissions import Actor
from web import filters
from web.command import command, refuse
from web.exemption_form import draw_form
from web.file_upload import check_files
from web.i18n import _
from web.person_choice import PERSON, draw_chosen, draw_search


def draw(actor: Actor) -> None:
    number, text = filters.number(PERSON), filters.text()
    try:
        with reading() as session:
            found = exemption_form.find_people(session, actor, text)
            chosen = exemption_form.find_person(session, actor, number) if number else None
            standings = exemption_form.years_of(session, actor, number) if number else []
    except DomainError as refusal:
        refuse(refusal)
        return
    if chosen is None:
        draw_search(found, text, _("在您管理的单位工作或曾工作过的人员中查找。提出后由主管部门其他人员审批。"))
        return
    draw_chosen(chosen)
    st.caption(_("提出后由主管部门其他人员审批；本人会看到是谁提出的、为什么，以及审批结果。"))
    years = {of_year.year: of_year for of_year in standings}
    filled = draw_form(f"propose_{chosen.person.id}", years, _("提出减免"))
    files = check_files(filled.files) if filled.pressed else None
    if files is not None:
        with command(_("已提出减免，等待其他人员审批"), before_redraw=lambda: filters.show(person="")) as session:
            exemption_form.propose(session, actor, chosen.person.id, filled.form, files)
