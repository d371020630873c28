"""How many users one process holds: `python -m tests.benchmarks.users [--users 50 100 200] [--processes 1]`.

Professionals who sign in with their passwords and then click every ten seconds on the average: another page, a claim,
a year, and now and then something that is stored. Each stays on the process he began with, as behind the proxy.
Target: 200 users on one process and 400 on two, the 95th percentile of an interaction below one second; less than
half a megabyte of memory for a user who only looks (performance.md, section 1). The users' own work is done on the
same machine and takes part of it: the server alone would hold more.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from random import Random
from statistics import median, quantiles

from tests.benchmarks.serving import CAPTCHA, PASSWORD, Server, running, username
from tests.benchmarks.visitor import Visitor

PAUSE = 10.0  # seconds between an answer and the next click, on the average
PAGES = ("", "personal-claims", "personal-classes", "personal-certificates", "personal-enrolments", "personal-profile")
WARM_UP = 25.0  # seconds of clicks that are not counted: after them nobody clicks in step with anybody else
AT_ONCE = 4  # sign-ins: passwords are checked by one core at a time
TARGET = 1.0
Spent = dict[str, list[float]]


class User:
    """One person at work; `seed` makes what he does the same in every measurement."""

    def __init__(self, url: str, number: int) -> None:
        self.visitor, self.number, self.random = Visitor(url), number, Random(number)
        self.menu: dict[str, str] = {}

    async def sign_in(self, spent: Spent) -> None:
        answer = await self.visitor.sign_in(username(self.number), PASSWORD, CAPTCHA)
        self.menu = dict(answer.menu)
        spent["first page after the sign-in"].append(answer.seconds)

    async def work(self, begin: float, end: float, spent: Spent) -> None:
        """From now to `end`, of which counts what he does after `begin`, both by the monotonic clock."""
        await self.visitor.rest(self.random.uniform(0, 2 * PAUSE))
        while (now := time.monotonic()) < end:
            name, taken = await self._click()
            if now >= begin:
                spent[name].append(taken)
            await self.visitor.rest(self.random.uniform(0, 2 * PAUSE))

    async def _click(self) -> tuple[str, float]:
        chance = self.random.random()
        if chance < 0.6:
            page = self.menu[self.random.choice(PAGES)]
            return "another page", (await self.visitor.run(page=page)).seconds
        claims = self.menu["personal-claims"]
        if chance < 0.75:
            return "a year of the claims", (await self.visitor.run(page=claims, query="year=2026")).seconds
        shown = await self.visitor.run(page=claims)
        if chance < 0.95 or not shown.buttons("撤回"):
            opened = await self.visitor.run(page=claims, pressed=shown.buttons("查看")[0])
            return "a claim opened", opened.seconds
        return "a claim taken back", (await self.visitor.run(page=claims, pressed=shown.buttons("撤回")[0])).seconds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--users", type=int, nargs="+", default=[50, 100, 200])
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=60)
    arguments = asked.parse_args()
    with running(arguments.processes, max(arguments.users)) as servers:
        asyncio.run(measure(servers, arguments.users, arguments.seconds))


async def measure(servers: list[Server], steps: list[int], seconds: float) -> None:
    users: list[User] = []
    first = 0, 0  # users and bytes: what the first of them load is not theirs
    for step in sorted(steps):
        added = [User(servers[number % len(servers)].url, number) for number in range(len(users), step)]
        spent: Spent = defaultdict(list)
        await sign_in(added, spent)
        users += added
        first = report_memory(servers, len(users), first)
        begin = time.monotonic() + WARM_UP
        cores = asyncio.create_task(cores_used(servers, seconds))
        await asyncio.gather(*(user.work(begin, begin + seconds, spent) for user in users))
        report(len(users), spent, await cores)
    await asyncio.gather(*(user.visitor.close() for user in users))


async def cores_used(servers: list[Server], seconds: float) -> float:
    await asyncio.sleep(WARM_UP)
    before = sum(server.cpu for server in servers)
    await asyncio.sleep(seconds)
    return (sum(server.cpu for server in servers) - before) / seconds


async def sign_in(users: list[User], spent: Spent) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(user: User) -> None:
        async with turn:
            await user.sign_in(spent)

    await asyncio.gather(*map(one, users))


def report_memory(servers: list[Server], users: int, first: tuple[int, int]) -> tuple[int, int]:
    taken = sum(server.memory for server in servers)
    if not first[0]:
        return users, taken
    each = (taken - first[1]) / (users - first[0]) / 1e6
    print(f"{users} users signed in: {each:.2f} MB of memory for each more (target 0.50)")
    return first


def report(users: int, spent: Spent, cores: float) -> None:
    every = sorted(taken for name, all_taken in spent.items() for taken in all_taken if "sign-in" not in name)
    p95 = quantiles(every, n=20)[-1]
    print(
        f"{users} users: {len(every)} interactions, median {median(every) * 1000:.0f} ms, "
        f"95th percentile {p95 * 1000:.0f} ms, {p95 / TARGET:.2f} of the target; {cores:.2f} cores",
        flush=True,
    )
    for name, taken in sorted(spent.items()):
        print(f"    {name}: {len(taken)}, median {median(taken) * 1000:.0f} ms, slowest {max(taken) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
