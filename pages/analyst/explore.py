"""Rows of old systems explored: narrowed down, counted, drawn, and seen one by one."""

import streamlit as st

from db import reading
from services import exploration_files, legacy_access, saved_questions, snapshots
from web import explore_answer, explore_filters, explore_snapshot
from web.explore_answer import Own
from web.session import current_actor

actor = current_actor()
question = explore_filters.asked()

with reading() as session:
    snapshot = snapshots.newest(session, actor)
    outdated = snapshots.is_outdated(session, snapshot)
    kept = saved_questions.list_own(session, actor)
    files = exploration_files.list_own(session, actor)
    systems = legacy_access.systems(session, actor)

if snapshot is None:
    explore_snapshot.draw_missing(actor, outdated=outdated)
    st.stop()

explore_snapshot.draw(actor, snapshot, outdated=outdated)
explore_filters.draw(question, systems)
explore_filters.draw_chart_choice(question)
explore_filters.draw_figures_choice(question)
explore_answer.draw(actor, snapshot, question, Own(kept, files))
