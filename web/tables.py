"""Tables to be read; a list of which one row is open is `web.worklist`."""

from collections.abc import Mapping, Sequence

import streamlit as st

from web.i18n import _

HEIGHT, MOST_ROWS = 400, 10

Rows = Sequence[Mapping[str, object]]


def draw(rows: Rows, *, alt: str) -> None:
    """The first column stays in sight; of many rows the table scrolls by itself."""
    first = next(iter(rows[0]))
    st.dataframe(
        rows,
        height=HEIGHT if len(rows) > MOST_ROWS else "auto",
        hide_index=True,
        column_config={first: st.column_config.TextColumn(pinned=True)},
        alt=alt,
    )


def draw_behind(chart: str, rows: Rows) -> None:
    """What a chart shows, for those who want the figures or do not see it."""
    with st.expander(_("数据表"), icon=":material/table:"):
        draw(rows, alt=_("%(chart)s的数据表") % {"chart": chart})
