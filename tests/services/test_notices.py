"""Notices as administrators write them: their fields, their way, and what the log keeps of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.notices import Notice, NoticeAction, NoticeDismissal, NoticeStatus
from services import clock, notice_board, notices
from services.clock import now, today
from services.errors import InvalidField, LeftOut, NotFound, PermissionDenied, WrongStatus
from services.notices import NoticeForm, NoticePhase
from services.permissions import Actor, Scope
from tests import factories
from tests.services.acting import last_event, refused


def form(
    title: str = "系统维护", *, begins: int = 0, days: int = 7, audience: tuple[Role, ...] = (Role.ANALYST,)
) -> NoticeForm:
    first = today() + timedelta(days=begins)
    return NoticeForm(title, "周六 20:00 起维护。\n请提前保存。", first, first + timedelta(days=days), audience)


def drafted(actor: Actor, given: NoticeForm | None = None) -> Notice:
    with transaction() as session:
        return notices.draft(session, actor, given or form())


def taken(actor: Actor, notice: Notice, *actions: NoticeAction) -> Notice:
    for action in actions:
        with transaction() as session:
            notice = notices.take(session, actor, notice.id, action, seen=notice.version)
    return notice


def stored(actor: Actor, notice: Notice) -> Notice:
    with reading() as session:
        return notices.get(session, actor, notice.id)


def listed(actor: Actor, phase: NoticePhase) -> list[int]:
    with reading() as session:
        return [notice.id for notice in notices.list_notices(session, actor, phase)]


class TestForm:
    def test_a_draft_keeps_what_was_typed(self, administrator: Actor) -> None:
        kept = stored(administrator, drafted(administrator, replace(form(), division="440100")))
        assert (kept.title, kept.text) == ("系统维护", "周六 20:00 起维护。\n请提前保存。")
        assert [each.role for each in kept.audience] == [Role.ANALYST]
        assert (kept.division, kept.status, kept.published_at) == ("440100", NoticeStatus.DRAFT, None)
        assert last_event().after == notices.said(kept)

    def test_everything_that_is_missing_is_named_at_once(self, administrator: Actor) -> None:
        with pytest.raises(LeftOut) as refusal, transaction() as session:
            notices.draft(session, administrator, NoticeForm(" ", "", None, None, ()))
        assert refusal.value.labels == ["标题", "内容", "开始日期", "结束日期", "发布对象"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"show_until": date(2020, 1, 1)},
            {"show_until": today() + timedelta(days=400)},
            {"division": "999999"},
            {"division": "440103999"},
            {"title": "两\n行"},
            {"title": "长" * 101},
            {"text": "长" * 2001},
            {"text": "不可见\x00"},
            {"text": "反转\u202e"},
        ],
    )
    def test_what_no_notice_can_say_is_refused(self, administrator: Actor, changes: dict[str, object]) -> None:
        given = replace(form(), **changes)  # type: ignore[arg-type]  # one field each
        assert refused(notices.draft, administrator, given) is InvalidField

    def test_one_day_is_a_period_and_so_is_a_year(self, administrator: Actor) -> None:
        assert drafted(administrator, form(days=0)).show_from == today()
        assert drafted(administrator, form(days=366)).id


WAYS = {
    NoticeStatus.DRAFT: (),
    NoticeStatus.PUBLISHED: (NoticeAction.PUBLISH,),
    NoticeStatus.ENDED: (NoticeAction.PUBLISH, NoticeAction.END),
    NoticeStatus.DISCARDED: (NoticeAction.DISCARD,),
}


class TestWay:
    @pytest.mark.parametrize("action", NoticeAction)
    @pytest.mark.parametrize("status", NoticeStatus)
    def test_each_action_from_each_status(
        self, administrator: Actor, status: NoticeStatus, action: NoticeAction
    ) -> None:
        notice = taken(administrator, drafted(administrator), *WAYS[status])
        source, target = notices.MOVES[action]
        possible = status is source
        assert (action in notices.possible_actions(notice)) is possible
        answer = refused(notices.take, administrator, notice.id, action, seen=notice.version)
        gone = status is NoticeStatus.DISCARDED
        assert answer is (NotFound if gone else None if possible else WrongStatus)
        with reading() as session:
            assert session.get_one(Notice, notice.id).status is (target if possible else status)
        if possible:
            event = last_event()
            assert (event.action, event.before, event.after) == (
                f"notice_{action}",
                {"status": source},
                {"status": target},
            )

    @pytest.mark.parametrize("status", NoticeStatus)
    def test_drafts_and_published_ones_are_edited(self, administrator: Actor, status: NoticeStatus) -> None:
        notice = taken(administrator, drafted(administrator), *WAYS[status])
        answer = refused(notices.edit, administrator, notice.id, form("改为周日"), seen=notice.version)
        expected = {NoticeStatus.ENDED: WrongStatus, NoticeStatus.DISCARDED: NotFound}
        assert answer is expected.get(status)

    @pytest.mark.parametrize("first", [form("一"), form(audience=(Role.ANALYST, Role.EMPLOYER))])
    def test_the_second_of_two_who_read_the_same_is_refused(self, administrator: Actor, first: NoticeForm) -> None:
        notice = drafted(administrator)
        assert refused(notices.edit, administrator, notice.id, first, seen=notice.version) is None
        assert refused(notices.edit, administrator, notice.id, form("二"), seen=notice.version) is WrongStatus
        published = {"action": NoticeAction.PUBLISH, "seen": notice.version}
        assert refused(notices.take, administrator, notice.id, **published) is WrongStatus

    def test_the_log_keeps_what_it_said_before(self, administrator: Actor) -> None:
        notice = drafted(administrator)
        before = notices.said(notice)
        with transaction() as session:
            changed = replace(form("改为周日"), audience=(Role.EMPLOYER, Role.ANALYST))
            notices.edit(session, administrator, notice.id, changed, seen=notice.version)
        event = last_event()
        assert (event.action, event.before) == ("notice_update", before)
        assert (event.after["title"], event.after["audience"]) == ("改为周日", ["analyst", "employer"])
        assert {each.role for each in stored(administrator, notice).audience} == {Role.EMPLOYER, Role.ANALYST}

    def test_saving_without_a_change_is_no_event(self, administrator: Actor) -> None:
        notice = drafted(administrator)
        event = last_event().id
        with transaction() as session:
            notices.edit(session, administrator, notice.id, form(), seen=notice.version)
        assert last_event().id == event

    def test_who_had_taken_note_is_told_of_a_change(self, administrator: Actor) -> None:
        everybody = form(audience=(Role.ADMINISTRATOR,))
        notice = taken(administrator, drafted(administrator, everybody), NoticeAction.PUBLISH)
        with transaction() as session:
            notice_board.take_note(session, administrator, notice.id)
        with transaction() as session:
            changed = replace(everybody, text="推迟一天。")
            notices.edit(session, administrator, notice.id, changed, seen=notice.version)
        with reading() as session:
            assert [told.is_new for told in notice_board.read(session, administrator)] == [True]
            assert session.scalar(select(func.count()).select_from(NoticeDismissal)) == 0


class TestPhases:
    def test_a_notice_stands_where_its_days_and_its_status_put_it(self, administrator: Actor) -> None:
        published = {
            name: taken(administrator, drafted(administrator, form(begins=begins, days=days)), NoticeAction.PUBLISH)
            for name, begins, days in (("last day", -3, 3), ("coming", 1, 1), ("over", -4, 3))
        }
        ended = taken(administrator, drafted(administrator), NoticeAction.PUBLISH, NoticeAction.END)
        draft = drafted(administrator)
        taken(administrator, drafted(administrator), NoticeAction.DISCARD)
        stands = {
            NoticePhase.CURRENT: [published["last day"]],
            NoticePhase.COMING: [published["coming"]],
            NoticePhase.DRAFT: [draft],
            NoticePhase.PAST: [ended, published["over"]],
        }
        for phase, expected in stands.items():
            assert listed(administrator, phase) == [notice.id for notice in expected]
            assert {notices.phase_of(notice) for notice in expected} == {phase}
        with reading() as session:
            assert notices.counts(session, administrator) == {phase: len(rows) for phase, rows in stands.items()}

    def test_pages_follow_each_other(self, administrator: Actor) -> None:
        made = [drafted(administrator).id for _ in range(3)]
        with reading() as session:
            rest = notices.list_notices(session, administrator, NoticePhase.DRAFT, after_id=made[2])
        assert [notice.id for notice in rest] == [made[1], made[0]]

    def test_the_day_is_that_of_the_installation(self, administrator: Actor) -> None:
        notice = taken(administrator, drafted(administrator, form(days=0)), NoticeAction.PUBLISH)
        with clock.at(clock.midnight(today() + timedelta(days=1)) - timedelta(seconds=1)):
            assert notices.phase_of(notice) is NoticePhase.CURRENT
        with clock.at(clock.midnight(today() + timedelta(days=1))):
            assert notices.phase_of(notice) is NoticePhase.PAST


MANAGEMENT: list[Callable[[Session, Actor], object]] = [
    lambda session, actor: notices.counts(session, actor),
    lambda session, actor: notices.list_notices(session, actor, NoticePhase.DRAFT),
    lambda session, actor: notices.get(session, actor, 1),
    lambda session, actor: notices.draft(session, actor, form()),
    lambda session, actor: notices.edit(session, actor, 1, form(), seen=1),
    lambda session, actor: notices.take(session, actor, 1, NoticeAction.PUBLISH, seen=1),
]


@pytest.mark.parametrize("role", [*(role for role in Role if role is not Role.ADMINISTRATOR), None])
def test_only_administrators_write_notices(role: Role | None) -> None:
    with transaction() as session:
        account = factories.create_account(session)
    actor = Actor(account.id, "某人", scopes=(Scope(role),) if role else ())
    assert [refused(service, actor) for service in MANAGEMENT] == [PermissionDenied] * len(MANAGEMENT)


def test_the_database_holds_no_published_notice_without_its_moment() -> None:
    odd = Notice(title="题", text="文", show_from=today(), show_until=today(), created_at=now(), audience=[])
    odd.status = NoticeStatus.PUBLISHED
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(odd)
