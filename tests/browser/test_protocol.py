"""What a browser reaches that ignores the screens and speaks Streamlit's own protocol."""

from datetime import date

from sqlalchemy import delete
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from db import reading, transaction
from db.accounts import Account, Grant, Role
from db.claims import Claim, ClaimStatus
from services import sessions
from services.permissions import Actor
from tests import factories, profiles, signing_in
from tests.browser.conftest import Open
from tests.browser.talk import Talk, button, drawn, fragments, led_to, menu, session_of, shown
from tests.web.client import token_for
from web.navigation import SCREENS, screens_for

EVIDENCE = "结业证明.pdf"


def everybody() -> dict[str, Account]:
    """An account of every role, and one that must change its password first."""
    with transaction() as session:
        employer = factories.create_employer(session)
        accounts = {
            "employer": factories.create_reviewer(session, employer),
            "supervisor": factories.create_supervisor(session),
            "newcomer": factories.create_account(session, Role.ADMINISTRATOR),
            **{str(role): factories.create_account(session, role) for role in (Role.ANALYST, Role.ADMINISTRATOR)},
        }
        accounts["newcomer"].must_change_password = True
        for role in (Role.PROFESSIONAL, Role.PROVIDER):
            accounts[str(role)] = factories.create_account(session)
        factories.create_person(session, account=accounts[Role.PROFESSIONAL], employer=employer)
        factories.grant(session, accounts[Role.PROVIDER], Role.PROVIDER, organisation=employer)
    return accounts


def opened(open_browser: Open, token: str, *, resuming: str = "") -> Talk:
    page = open_browser()
    page.goto("/not-there")  # no page of ours, yet it marks the browser
    if token:
        page.context.add_cookies([{"name": "hourbook", "value": token, "domain": "127.0.0.1", "path": "/"}])
    return Talk(page, resuming=resuming)


def expected_menu(token: str) -> set[str]:
    """What the permission table says; the home page has no address."""
    with reading() as session:
        actor: Actor | None = sessions.resolve(session, token)
    return {"", *(screen.url_path for screen in screens_for(actor)[1:])}


def test_nobody_reaches_a_page_outside_his_menu(open_browser: Open) -> None:
    tokens = {"nobody": "", **{name: token_for(account) for name, account in everybody().items()}}
    talks = {name: opened(open_browser, token) for name, token in tokens.items()}
    menus = {name: menu(talk.run()) for name, talk in talks.items()}
    assert {name: set(found) for name, found in menus.items()} == {
        name: expected_menu(token) for name, token in tokens.items()
    }
    every = {page: address for found in menus.values() for address, page in found.items()}
    assert len(every) == len(SCREENS)
    claims = menus["professional"]["personal-claims"]
    assert shown(talks["professional"].run(page_hash=claims)) == {claims}
    for name, talk in talks.items():
        own = set(menus[name].values())
        for page in every.keys() - own:
            assert shown(talk.run(page_hash=page)) <= own, (name, every[page])
        for screen in SCREENS:
            assert shown(talk.run(page_name=screen.url_path)) <= own, (name, screen.path)


def reviewer_with_a_claim() -> tuple[str, Claim]:
    with transaction() as session:
        employer = factories.create_employer(session)
        claim = factories.create_claim(
            session, factories.create_person(session, employer=employer), status=ClaimStatus.SUBMITTED
        )
        factories.create_evidence(session, claim, file_name=EVIDENCE)
        reviewer = factories.create_reviewer(session, employer)
    return token_for(reviewer), claim


def test_a_page_that_is_still_open_does_nothing_once_the_session_has_ended(open_browser: Open) -> None:
    """Fragments and buttons run without whatever stands at the beginning of a page."""
    token, claim = reviewer_with_a_claim()
    talk = opened(open_browser, token)
    page = menu(talk.run())["employer-claims"]
    seen = talk.run(page_hash=page)
    with transaction() as session:
        sessions.sign_out(session, signing_in.actor_of(token))
    attacks = [talk.run(fragment=each) for each in fragments(seen)]
    attacks.append(talk.run(page_hash=page, pressed=button(seen, "通过")))
    assert len(attacks) == 3
    for answer in attacks:
        assert (led_to(answer), drawn(answer)) == (["/session/end"], [])
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.SUBMITTED


def test_a_stolen_name_of_a_connection_opens_nothing(open_browser: Open) -> None:
    token, _ = reviewer_with_a_claim()
    victim = opened(open_browser, token)
    stolen = session_of(victim.run())
    stranger = token_for(everybody()["analyst"])
    for thief in ("", stranger):
        assert session_of(opened(open_browser, thief, resuming=stolen).run()) != stolen
    assert "employer-claims" in menu(victim.run())


def test_an_id_number_is_sent_when_its_owner_asks_for_it_and_never_else(open_browser: Open) -> None:
    number = factories.invented_id_number(born=date(1979, 5, 21))
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer, id_number=number)
        owner, reviewer = session.get_one(Account, person.account_id), factories.create_reviewer(session, employer)
    for account in (owner, reviewer):
        talk = opened(open_browser, token_for(account))
        for page in menu(talk.run()).values():
            assert not is_in(number, talk.run(page_hash=page))
    talk = opened(open_browser, token_for(owner))
    profile = menu(talk.run())["personal-profile"]
    asking = button(talk.run(page_hash=profile), "显示完整证件号码")
    assert is_in(number, talk.run(page_hash=profile, pressed=asking))
    assert not is_in(number, talk.run(page_hash=profile))
    assert signing_in.logged()[-1] == "id_number_reveal"


def test_the_numbers_of_a_correction_are_sent_when_who_decides_asks_for_them_and_never_else(open_browser: Open) -> None:
    old, new = (
        factories.invented_id_number(born=date(1979, 5, 22)),
        factories.invented_id_number(born=date(1979, 5, 23)),
    )
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer, id_number=old)
        profiles.create_identity_change(session, person, id_number=new)
        reviewer = factories.create_reviewer(session, employer)
    talk = opened(open_browser, token_for(reviewer))
    people = menu(talk.run())["employer-people"]
    seen = talk.run(page_hash=people, query="view=identities")
    assert not is_in(old, seen)
    assert not is_in(new, seen)
    shown_now = talk.run(page_hash=people, query="view=identities", pressed=button(seen, "显示新旧证件号码"))
    assert is_in(old, shown_now)
    assert is_in(new, shown_now)
    assert signing_in.logged()[-1] == "id_number_reveal"


def is_in(text: str, messages: list[ForwardMsg]) -> bool:
    return any(text.encode() in message.SerializeToString() for message in messages)


def test_who_has_lost_the_role_turns_no_more_pages_of_evidence(open_browser: Open) -> None:
    token, _ = reviewer_with_a_claim()
    talk = opened(open_browser, token)
    seen = talk.run(page_hash=menu(talk.run())["employer-claims"])
    viewers = [each for each in fragments(seen) if is_in(EVIDENCE, talk.run(fragment=each))]
    assert len(viewers) == 1
    with transaction() as session:
        session.execute(delete(Grant).where(Grant.account_id == signing_in.actor_of(token).account_id))
    assert not is_in(EVIDENCE, talk.run(fragment=viewers[0]))
