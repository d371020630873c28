"""The form of a claim follows the type of activity; evidence is seen and replaced; a claim is copied into a new one."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.activity_rules import AuthorRank, Level
from db.claims import ActivityType, Category, Claim, ClaimAction, ClaimStatus, Evidence, ReviewReason
from db.organisations import Organisation
from services import activity_rules, claims
from services.clock import today
from tests import factories, hostile_files
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/claims"
PDF = "application/pdf"


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session, name="晴川设计院"))
        return session.get_one(Account, person.account_id)


def keep(account: Account, status: ClaimStatus = ClaimStatus.DRAFT, *, files: int = 0, hours: int = 8) -> Claim:
    with transaction() as session:
        person = factories.person_of(session, account)
        claim = factories.create_claim(session, person, status=status, title="研修班", hours=Decimal(hours))
        for _ in range(files):
            factories.create_evidence(session, claim)
        return claim


def stored() -> list[Claim]:
    with reading() as session:
        return list(session.scalars(select(Claim).order_by(Claim.id)))


def choose(app: AppTest, activity: ActivityType) -> None:
    app.selectbox(key="activity_new").set_value(activity).run()


def fill_in_paper(app: AppTest, *, hours: float = 18) -> None:
    choose(app, ActivityType.PAPER)
    app.selectbox(key="category_new").set_value(Category.PROFESSIONAL)
    app.text_input(key="title_new").set_value("拱桥检测综述")
    app.text_input(key="organiser_new").set_value("晴川学会")
    app.text_input(key="publisher_new").set_value("晴川学报")
    app.selectbox(key="level_new").set_value(Level.PROVINCIAL)
    app.selectbox(key="rank_new").set_value(AuthorRank.FIRST)
    app.date_input(key="start_new").set_value(today())
    app.number_input(key="hours_new").set_value(hours)


def labels(app: AppTest) -> list[str]:
    return [box.label for boxes in (app.selectbox, app.text_input, app.number_input, app.date_input) for box in boxes]


def test_each_type_asks_for_its_own_fields_and_says_what_proves_it(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    assert "级别" not in labels(app)
    choose(app, ActivityType.PAPER)
    assert {"期刊或出版社", "级别", "本人排名", "发表、授权或取得日期"} <= set(labels(app))
    assert not {"结束日期", "证书编号（选填）"} & set(labels(app))
    assert "- 期刊封面\n- 目录页\n- 论文正文" in said(app)
    assert "示例，非广东省官方标准" in said(app)
    choose(app, ActivityType.TRAINING)
    assert {"结束日期", "证书编号（选填）"} <= set(labels(app))
    assert "级别" not in labels(app)


def test_what_was_typed_is_there_again_when_the_type_is_changed_back(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill_in_paper(app)
    choose(app, ActivityType.TRAINING)
    app.text_input(key="certificate_new").set_value("QC-17").run()
    choose(app, ActivityType.PAPER)
    assert app.text_input(key="publisher_new").value == "晴川学报"
    assert app.selectbox(key="level_new").value is Level.PROVINCIAL
    choose(app, ActivityType.TRAINING)
    assert app.text_input(key="certificate_new").value == "QC-17"


def test_the_arithmetic_of_a_paper_is_the_one_of_its_refusal(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill_in_paper(app, hours=19)
    app.run()
    sum_ = "1 项 × 18 = 18 学时；此类活动每年最多 36 学时，本年度已有 0 学时，还可申报 36 学时"
    assert f"{sum_}。最多可申报 18 学时，现在填写的超出了。" in app.warning[0].value
    button(app, "保存基本信息").click().run()
    assert "1 项 × 18 = 18 学时，填写的 19 学时超出了" in app.error[0].value.replace("\\", "")
    assert app.text_input(key="publisher_new").value == "晴川学报"
    app.number_input(key="hours_new").set_value(18)
    button(app, "保存基本信息").click().run()
    assert [claim.details for claim in stored()] == [{"publisher": "晴川学报", "level": "provincial", "rank": "first"}]


def test_all_that_was_left_out_is_named_at_once(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill_in_paper(app)
    app.text_input(key="publisher_new").set_value("")
    app.selectbox(key="rank_new").set_value(None)
    app.text_input(key="title_new").set_value(" ")
    button(app, "保存基本信息").click().run()
    assert "活动名称、期刊或出版社、本人排名：请填写。" in app.error[0].value


def test_what_others_have_used_up_is_said_before_it_is_refused(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        used = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, hours=Decimal(15))
        used.activity_type = ActivityType.SELF_STUDY
    app = open_page(PAGE, account, id="new")
    choose(app, ActivityType.SELF_STUDY)
    app.date_input(key="start_new").set_value(today())
    app.date_input(key="end_new").set_value(today())
    app.number_input(key="hours_new").set_value(8).run()
    assert "每年最多 20 学时，本年度已有 15 学时，还可申报 5 学时。最多可申报 5 学时" in app.warning[0].value


def test_a_kept_paper_is_sent_as_it_was_kept(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill_in_paper(app)
    button(app, "保存基本信息").click().run()
    (claim,) = stored()
    with transaction() as session:
        factories.create_evidence(session, claim)
    app = open_page(PAGE, account, id=str(claim.id))
    app.checkbox[0].check()
    button(app, "确认送审").click().run()
    assert [claim.status for claim in stored()] == [ClaimStatus.SUBMITTED]
    app = open_page(PAGE, account, id=str(claim.id))
    assert "晴川学报" in said(app)
    assert "独立或第一" in said(app)


def test_a_file_of_a_draft_is_replaced_and_of_a_sent_claim_only_seen(open_page: OpenPage, account: Account) -> None:
    claim = keep(account, files=1)
    app = open_page(PAGE, account, id=str(claim.id))
    replacement = next(box for box in app.file_uploader if box.label == "选择新的文件")
    replacement.set_value([("坏的.pdf", b"MZ\x90", PDF)]).run()
    _press_replace(app)
    assert any("坏的" in error.value or "内容" in error.value for error in app.error)
    assert _files() == ["结业证明.pdf"]
    next(box for box in app.file_uploader if box.label == "选择新的文件").set_value(
        [("新的.pdf", hostile_files.pdf(), PDF)]
    ).run()
    _press_replace(app)
    assert _files() == ["新的.pdf"]
    sent = keep(account, ClaimStatus.SUBMITTED, files=1)
    app = open_page(PAGE, account, id=str(sent.id))
    assert "结业证明.pdf" in said(app)
    assert not {"替换", "移除"} & set(buttons(app))


def _press_replace(app: AppTest) -> None:
    next(found for found in app.button if found.key and found.key.startswith("replace_")).click().run()


def _files() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Evidence.file_name)))


def test_a_rejected_claim_is_copied_into_a_new_draft_with_its_evidence(open_page: OpenPage, account: Account) -> None:
    original = keep(account, ClaimStatus.REJECTED, files=2)
    app = open_page(PAGE, account, id=str(original.id))
    button(app, "复制为新记录").click().run()
    assert "内容来自“研修班”" in said(app)
    assert "原来的 2 个附件会一并复制" in said(app)
    assert len(stored()) == 1, "nothing is kept before it is saved"
    button(app, "保存基本信息").click().run()
    _, copy = stored()
    assert (copy.title, copy.status) == ("研修班", ClaimStatus.DRAFT)
    assert app.query_params["id"] == str(copy.id)
    assert _files() == ["结业证明.pdf"] * 4


def test_a_copy_of_a_year_that_is_over_is_for_a_year_that_is_open(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        over = factories.create_claim(session, person, status=ClaimStatus.REJECTED, year=today().year - 3)
    app = open_page(PAGE, account, id="new", **{"from": str(over.id)})
    assert app.selectbox(key=f"claim_year_new_{over.id}").value in {None, today().year}
    assert app.text_input(key=f"title_new_{over.id}").value == over.title


def test_nobody_elses_claim_is_copied(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        other = factories.create_claim(session, factories.create_person(session), title="别人的课")
    app = open_page(PAGE, account, id="new", **{"from": str(other.id)})
    assert "没有找到" in app.error[0].value
    assert "别人的课" not in said(app)


def test_what_waits_for_the_supervisor_says_where(open_page: OpenPage, account: Account) -> None:
    keep(account, ClaimStatus.ENDORSED)
    assert "广东省广州市越秀区主管部门认定中" in said(open_page(PAGE, account))


def test_the_way_of_a_claim_says_who_when_what_and_why(open_page: OpenPage, account: Account) -> None:
    claim = keep(account, ClaimStatus.SUBMITTED, files=1)
    with transaction() as session:
        employer = session.get_one(Organisation, claim.employer_id)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        claims.act(
            session,
            reviewer,
            claim.id,
            ClaimAction.RETURN,
            seen=claim.version,
            reason=ReviewReason.UNREADABLE,
            opinion="请重新扫描",
        )
    text = said(open_page(PAGE, account, id=str(claim.id)))
    assert f"· {reviewer.name} · 8 学时" in text
    assert ":orange-badge[待审核] → :violet-badge[退回]" in text
    assert "原因：附件材料看不清" in text
    assert "这条记录被退回，审核意见：附件材料看不清；请重新扫描" in text


def test_the_next_page_goes_on_where_the_first_one_ends(
    open_page: OpenPage, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "PAGE_SIZE", 2)
    numbers = [keep(account).id for _ in range(3)]
    app = open_page(PAGE, account)
    assert [box.key for box in app.button if box.key and box.key.startswith("open_")] == [
        f"open_{number}" for number in reversed(numbers[1:])
    ]
    button(app, "下一页").click().run()
    assert f"open_{numbers[0]}" in [box.key for box in app.button]
    assert f"open_{numbers[1]}" not in [box.key for box in app.button]


def test_hostile_texts_of_a_rule_are_only_text(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        rule = activity_rules.find(session, today().year, ActivityType.PAPER)
        assert rule is not None
        rule.evidence = "<b>x</b>\n![x](http://elsewhere.example/a.png)"
    app = open_page(PAGE, account, id="new")
    choose(app, ActivityType.PAPER)
    assert "![x](" not in said(app)
