"""Thirty people at work at the same moment, in Streamlit's own protocol: each is sent his own and nobody else's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from db import transaction
from db.claims import ClaimStatus
from tests import factories
from tests.benchmarks.visitor import Visitor
from tests.browser.conftest import Server
from tests.web.client import token_for

PEOPLE, TURNS = 30, 8
PAGES = ("", "personal-claims", "personal-profile", "personal-certificates", "personal-enrolments")


@dataclass(frozen=True)
class Somebody:
    """`mark` stands in his name and in his claim."""

    token: str
    mark: str


def everybody() -> list[Somebody]:
    with transaction() as session:
        employer = factories.create_employer(session)
        found = []
        for number in range(PEOPLE):
            mark = f"归{number:02}号"
            account = factories.create_account(session, name=f"林{mark}")
            person = factories.create_person(session, account=account, name=f"林{mark}", employer=employer)
            factories.create_claim(session, person, status=ClaimStatus.DRAFT, title=f"{mark}的培训")
            found.append((account, mark))
    return [Somebody(token_for(account), mark) for account, mark in found]


async def told(url: str, somebody: Somebody, place: int) -> bytes:
    """All frames of a home page and of eight turns, each person on another page at any moment."""
    visitor = Visitor(url)
    try:
        answers = [await visitor.enter(somebody.token)]
        menu = answers[0].menu
        for turn in range(TURNS):
            page = menu[PAGES[(place + turn) % len(PAGES)]]
            answers.append(await visitor.run(page=page))
    finally:
        await visitor.close()
    return b"".join(message.SerializeToString() for answer in answers for message in answer.messages)


async def all_at_once(url: str, people: list[Somebody]) -> list[bytes]:
    return await asyncio.gather(*(told(url, each, place) for place, each in enumerate(people)))


def test_of_thirty_who_work_at_once_nobody_is_shown_anything_of_another(server: Server) -> None:
    people = everybody()
    with ThreadPoolExecutor(1) as thread:  # in this one the loop of an earlier test's browser may run
        frames = thread.submit(asyncio.run, all_at_once(server.url, people)).result()
    for somebody, heard in zip(people, frames, strict=True):
        assert {each.mark for each in people if each.mark.encode() in heard} == {somebody.mark}
