"""Which column of an old system's file is read as what: proposed, and corrected by hand."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.legacy import LegacyImport, LegacyImportStatus
from services import identity, legacy_access, legacy_fields, legacy_imports
from services.legacy_fields import FIELDS, LegacyField
from services.permissions import Actor
from services.spreadsheet_cells import Value, text
from web.command import command
from web.i18n import _

NONE = -1
COLUMNS_WIDTH = 220  # pixels
LONGEST_SAMPLE = 12


def draw(actor: Actor, opened: LegacyImport, sample: Sequence[Sequence[Value]]) -> None:
    """`sample` are the first rows of the file."""
    is_new = opened.status is LegacyImportStatus.RECEIVED
    with st.expander(_("列的对应关系"), expanded=is_new, icon=":material/view_column:"):
        st.caption(_("系统已按表头提出建议，请逐项核对。标 * 的必须指定；不需要的留空。"))
        with st.form(f"mapping_{opened.id}", border=False):
            chosen = _draw_fields(opened, _columns(opened, sample))
            saved = st.form_submit_button(_("保存对应关系"), icon=":material/save:")
        if saved:
            with command(_("已保存，下次上传该系统的文件时自动采用。")) as session:
                legacy_imports.set_places(session, actor, opened.id, chosen)


def _draw_fields(opened: LegacyImport, columns: Mapping[int, str]) -> dict[LegacyField, int]:
    places = legacy_access.places_of(opened)
    chosen: dict[LegacyField, int] = {}
    with st.grid(3, min_column_width=COLUMNS_WIDTH):
        for field in legacy_fields.of_kind(opened.kind):
            mark = " *" if opened.kind in FIELDS[field].needed_for else ""
            place = st.selectbox(
                _(FIELDS[field].title) + mark,
                list(columns),
                index=list(columns).index(places.get(field, NONE)),
                format_func=columns.__getitem__,
                key=f"place_{opened.id}_{field}",
            )
            if place != NONE:
                chosen[field] = place
    return chosen


def _columns(opened: LegacyImport, sample: Sequence[Sequence[Value]]) -> dict[int, str]:
    """Every column with its number as Excel's users count, its header and a value."""
    named = {NONE: "—"}
    for place, title in enumerate(opened.header):
        values = (text(row[place]) for row in sample if place < len(row))
        example = _masked(next((value for value in values if value), ""))[:LONGEST_SAMPLE]
        shown = _("%(number)s. %(title)s（如 %(example)s）") if example else "%(number)s. %(title)s"
        named[place] = shown % {"number": place + 1, "title": title or "?", "example": example}  # shown as plain text
    return named


def _masked(value: str) -> str:
    """Whatever may be an ID number; which column holds them is just being asked."""
    return identity.mask(value) if sum(map(str.isdigit, value)) >= identity.FIRST_GENERATION_LENGTH - 1 else value
