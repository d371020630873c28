"""What an import has found: how many rows of which kind, and why some were not let in."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.imports import ImportRow
from db.legacy import LegacyRow
from web.i18n import _
from web.import_reasons import explained
from web.text import escape_markdown

MOST_SHOWN = 100
HEIGHT, MOST_ROWS = 400, 8


def draw_counts(counts: Mapping[str, int]) -> None:
    with st.grid(len(counts), min_column_width=110):
        for name, count in counts.items():
            st.metric(name, f"{count:,}", border=True)


def draw_rejections(rows: Sequence[ImportRow | LegacyRow], of: int, download: str) -> None:
    """The first of them; the download has all."""
    # Not a data frame, which would cut the sentences off.
    shown = [{_("行"): str(row.line), _("原因"): escape_markdown(explained(row))} for row in rows]
    with st.container(height=HEIGHT if len(shown) > MOST_ROWS else "content"):
        st.table(shown, border="horizontal", hide_index=True)
    if of > len(shown):
        st.caption(_("只显示前 %(count)s 行，全部错误请下载。") % {"count": len(shown)})
    st.link_button(
        _("下载错误行（%(count)s）") % {"count": of},
        download,
        icon=":material/download:",
        help=_("每行后面写明原因，改正后可以直接再次上传，已导入的不会重复。"),
    )
