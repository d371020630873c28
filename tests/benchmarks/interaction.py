"""What a user waits for in Chromium, beside Django: `python -m tests.benchmarks.interaction [--times 20]`.

Both serve a list of twelve claims with a filter by year, a second page and a form, from SQLite, to somebody who has
signed in; both are opened in the same browser, by turns. Targets (performance.md, section 1): another page and a form
at the median no slower than Django. Each is timed from the click until the page shows what was asked for.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from db.settings import PROJECT
from services.clock import today
from tests.benchmarks.serving import CAPTCHA, CLAIMS_EACH, PASSWORD, running, username

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGES = "tests.benchmarks.django_pages"
PEER = "http://127.0.0.1:8690"
OF_A_YEAR = CLAIMS_EACH // 2
MOST_LISTED = 50
REST = 500  # milliseconds in which the browser finishes what it is about
Spent = dict[str, dict[str, list[float]]]

OUR_CLAIMS = "count => document.querySelectorAll('[class*=st-key-open_]').length === count"
OUR_PROFILE = (
    "() => document.querySelector('h1')?.innerText === '人员基本信息维护' && !!document.querySelector('button[kind]')"
)
OUR_SAVED = "() => document.body.innerText.includes('基本信息已保存')"
THEIR_CLAIMS = "count => document.querySelectorAll('tr').length === count"
THEIR_FORM = "() => document.querySelector('h1')?.innerText === '学时记录添加'"
THEIR_SAVED = "() => document.body.innerText.includes('已保存')"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=20)
    times = asked.parse_args().times
    with running(1, 1) as servers, peer(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(browser, servers[0].url, times)
        browser.close()


@contextmanager
def peer() -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="hourbook-peer-")
    environment = {**os.environ, "PEER_FOLDER": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.django_settings"}
    work = (
        f"import django; django.setup(); from {PAGES} import fill; fill({username(0)!r}, {PASSWORD!r}, {CLAIMS_EACH})"
    )
    subprocess.run([sys.executable, "-c", work], cwd=PROJECT, env=environment, check=True)
    served = ["--factory", "django.core.asgi:get_asgi_application", "--port", PEER.rsplit(":", 1)[1]]
    command = [sys.executable, "-m", "uvicorn", *served, "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        time.sleep(5)
        yield
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def measure(browser: Browser, url: str, times: int) -> None:
    spent: Spent = defaultdict(lambda: defaultdict(list))
    ours, theirs = sign_in_here(browser, url), sign_in_there(browser)
    for _ in range(times):
        use_ours(ours, spent["Hourbook"])
        use_theirs(theirs, spent["Django"])
    for step, taken in spent["Hourbook"].items():
        here, there = median(taken) * 1000, median(spent["Django"][step]) * 1000
        print(f"{step}: {here:.0f} ms, Django {there:.0f} ms, {here / there:.2f} times")
    report("Hourbook", first_load(browser, ours, OUR_CLAIMS, CLAIMS_EACH))
    report("Django", first_load(browser, theirs, THEIR_CLAIMS, theirs.locator("tr").count()))


def report(name: str, first: tuple[float, int]) -> None:
    print(f"first load of {name}: {first[0] * 1000:.0f} ms, {first[1] / 1e3:.0f} kB")


def sign_in_here(browser: Browser, url: str) -> Page:
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(url)
    for label, said in (("用户名", username(0)), ("密码", PASSWORD), ("验证码", CAPTCHA)):
        page.get_by_label(label, exact=True).fill(said)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出登录").wait_for()
    page.goto(f"{url}/personal-claims")
    page.wait_for_function(OUR_CLAIMS, arg=CLAIMS_EACH)
    return page


def sign_in_there(browser: Browser) -> Page:
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{PEER}/login?next=/claims")
    page.locator("input[name=username]").fill(username(0))
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_function("() => document.querySelectorAll('tr').length > 0")
    return page


def timed(page: Page, step: Callable[[], object], shown: str, count: int = 0) -> float:
    """Seconds until the page shows it."""
    began = time.perf_counter()
    step()
    page.wait_for_function(shown, arg=count)
    return time.perf_counter() - began


def use_ours(page: Page, spent: dict[str, list[float]]) -> None:
    years = page.get_by_role("combobox", name="年度", exact=True)
    for option, rows in ((str(today().year), OF_A_YEAR), ("全部年度", CLAIMS_EACH)):
        years.click()
        choice = page.get_by_role("option", name=option, exact=True)
        choice.wait_for()
        spent["a filter"].append(timed(page, choice.click, OUR_CLAIMS, rows))
    to_profile = page.get_by_role("link", name="人员基本信息维护").first
    spent["another page"].append(timed(page, to_profile.click, OUR_PROFILE))
    page.wait_for_timeout(REST)
    page.get_by_label("籍贯（选填）").fill(f"肇庆 {time.monotonic_ns()}")
    saving = page.get_by_role("button", name="保存").first
    spent["a form"].append(timed(page, saving.click, OUR_SAVED))
    page.wait_for_timeout(REST)
    back = page.get_by_role("link", name="继续教育记录").first
    spent["another page"].append(timed(page, back.click, OUR_CLAIMS, CLAIMS_EACH))


def use_theirs(page: Page, spent: dict[str, list[float]]) -> None:
    years, before = page.locator("select"), page.locator("tr").count()
    for option, rows in ((str(today().year), OF_A_YEAR), ("", before)):
        spent["a filter"].append(timed(page, partial(years.select_option, option), THEIR_CLAIMS, rows))
    to_form = page.get_by_role("link", name="学时记录添加")
    spent["another page"].append(timed(page, to_form.click, THEIR_FORM))
    page.get_by_label("名称").fill("研修班")
    saving = page.get_by_role("button", name="保存")
    spent["a form"].append(timed(page, saving.click, THEIR_SAVED))
    back = page.get_by_role("link", name="继续教育记录")
    spent["another page"].append(timed(page, back.click, THEIR_CLAIMS, min(before + 1, MOST_LISTED)))


def first_load(browser: Browser, known: Page, shown: str, count: int) -> tuple[float, int]:
    """Of the page that is open, in a browser that has its cookies and nothing else: seconds and bytes."""
    context = browser.new_context(locale="zh-CN")
    context.add_cookies(known.context.cookies())  # type: ignore[arg-type]  # what it gives is what it takes
    page, sizes = context.new_page(), list[int]()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.on("Network.loadingFinished", lambda said: sizes.append(int(said["encodedDataLength"])))
    seconds = timed(page, partial(page.goto, known.url), shown, count)
    page.wait_for_timeout(REST)
    context.close()
    return seconds, sum(sizes)


if __name__ == "__main__":
    main()
