"""Words for codes, and stored text on its way to the screen."""

import inspect
from enum import StrEnum
from types import ModuleType

import pytest

import db
from db import accounts, claims, notices, requirements
from services import (
    attendance_upload,
    class_figures,
    dashboard_figures,
    explanation,
    exploration_files,
    housekeeping,
    legacy_candidates,
    legacy_totals,
    own_legacy,
    progress,
    questions,
    reconciliation,
    requirement_trials,
    review_queue,
    statistics_state,
    system_state,
)
from services import misconduct as misconduct_service
from services import notices as notices_service
from services.errors import InvalidField, NotFound
from web.i18n import explain
from web.labels import LABELS, badge_text, word
from web.text import escape_markdown

pytestmark = pytest.mark.no_database
TABLES = [getattr(db, name) for name in db.__all__ if inspect.ismodule(getattr(db, name))]
NEVER_SHOWN = {accounts.AttemptKind, notices.NoticeStatus, requirements.EditionStatus}
NEVER_STORED = {
    attendance_upload.ExamResult,
    attendance_upload.Presence,
    class_figures.Mark,
    dashboard_figures.Age,
    explanation.Verdict,
    exploration_files.Exported,
    exploration_files.FileFormat,
    legacy_candidates.Trait,
    legacy_totals.Difference,
    housekeeping.Removed,
    misconduct_service.Stage,
    notices_service.NoticePhase,
    own_legacy.Period,
    progress.Reached,
    questions.Chart,
    questions.Dimension,
    questions.Measure,
    reconciliation.Decided,
    reconciliation.ReconciliationAction,
    requirement_trials.Flip,
    review_queue.QueueOrder,
    statistics_state.Punctuality,
    system_state.Care,
    system_state.Queue,
}
WORD_JOINER = "\u2060"  # keeps an address from becoming a link


def codes_of(module: ModuleType) -> set[type[StrEnum]]:
    classes = (member for _, member in inspect.getmembers(module, inspect.isclass))
    return {kind for kind in classes if issubclass(kind, StrEnum) and kind is not StrEnum}


def test_every_code_that_is_shown_has_its_word() -> None:
    codes = set().union(*map(codes_of, TABLES)) - NEVER_SHOWN
    assert set(LABELS) == codes | NEVER_STORED
    for kind, labels in LABELS.items():
        assert set(labels) == set(kind), kind


def test_no_two_states_of_one_thing_have_one_word() -> None:
    for labels in LABELS.values():
        assert len({label.word for label in labels.values()}) == len(labels)


def test_a_code_is_shown_by_its_word_and_colour() -> None:
    assert word(claims.ClaimStatus.SUBMITTED) == "待审核"
    assert badge_text(claims.ClaimStatus.SUBMITTED) == ":orange-badge[待审核]"


@pytest.mark.parametrize(
    "evil",
    ["![x](http://elsewhere.example/a.png)", "[x](javascript:alert(1))", "<b>x</b>", "**x**", ":red[x]", "$x$", "`x`"],
)
def test_what_somebody_typed_is_no_markdown(evil: str) -> None:
    escaped = escape_markdown(evil)
    assert escaped.replace("\\", "").replace(WORD_JOINER, "") == evil
    assert all(escaped[i - 1] == "\\" for i, character in enumerate(escaped) if character in "![]()<>*:$`{}")


def test_names_of_people_stay_as_they_are() -> None:
    assert escape_markdown("阿卜杜拉·买买提") == "阿卜杜拉·买买提"


def test_a_refusal_is_explained_in_its_sentence() -> None:
    assert explain(NotFound()) == "没有找到该内容，可能已被删除或不属于您的管理范围。"
    refusal = InvalidField("姓名", "不能超过 %(longest)s 个字。", longest=50)
    assert explain(refusal) == "姓名：不能超过 50 个字。"
