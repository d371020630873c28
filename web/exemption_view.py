"""An exemption as the person it is for and the supervisors see it: how far, why, its proof, and who decided what."""

from collections.abc import Iterator

import streamlit as st

from db.claims import Category
from db.exemptions import WHOLE, Exemption
from services.rules import plain
from web.facts import with_label
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time

FILES = "/files/exemptions"


def hours_in_words(exemption: Exemption) -> str:
    """What is reduced, category by category."""
    reduced = [category for category in Category if exemption.hours(category)]
    return _("、").join(_in_words(exemption, category) for category in reduced)


def _in_words(exemption: Exemption, category: Category) -> str:
    hours = exemption.hours(category)
    if hours == WHOLE:
        return _("%(category)s全部减免") % {"category": word(category)}
    return _("%(category)s减免 %(hours)s 学时") % {"category": word(category), "hours": plain(hours)}


def draw_exemption(exemption: Exemption) -> None:
    """Loaded with its files."""
    lines = [
        with_label(word(exemption.reason), hours_in_words(exemption)),
        with_label(_("情况说明"), escape_markdown(exemption.explanation)),
        *_history(exemption),
    ]
    st.markdown("  \n".join(lines))
    links = [
        f"- :material/attach_file: [{escape_markdown(file.file_name)}]({FILES}/{file.id}/inline)"
        for file in exemption.files
    ]
    st.markdown("\n".join([f"**{_('证明材料')}**", "", *links]))


def _history(exemption: Exemption) -> Iterator[str]:
    asked = {"name": escape_markdown(exemption.requested_by_name), "time": local_time(exemption.requested_at)}
    yield f":gray[{_('%(name)s 于 %(time)s 提出') % asked}]"
    if exemption.decided_at is not None:
        decided = {"name": escape_markdown(exemption.decided_by_name), "time": local_time(exemption.decided_at)}
        yield f":gray[{_('%(name)s 于 %(time)s 审批') % decided}]"
        if exemption.opinion:
            yield with_label(_("审核意见"), escape_markdown(exemption.opinion))
    if exemption.ended_at is not None:
        ended = {"name": escape_markdown(exemption.ended_by_name), "time": local_time(exemption.ended_at)}
        yield f":gray[{_('%(name)s 于 %(time)s 终止') % ended}]"
        if exemption.ended_because:
            yield with_label(_("撤销原因"), escape_markdown(exemption.ended_because))
