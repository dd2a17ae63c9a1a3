"""The frame in a real browser: palette, keys, live updates, theme, language."""

from __future__ import annotations

import subprocess
import sys

from e2e import conftest
from e2e.conftest import environment


def test_a_person_is_found_from_anywhere_by_initials_without_the_mouse(company, visit):
    visitor = visit(company)
    visitor.sign_in("owner")
    visitor.open("/org/people/")
    name = visitor.page.inner_text("main tbody tr:first-child th")
    wanted = visitor.page.inner_text("main tbody tr:first-child td")
    visitor.open("/")
    visitor.page.keyboard.press("Control+k")
    visitor.page.keyboard.type("zz")
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_selector("#palette", state="hidden")
    visitor.page.keyboard.press("Control+k")
    visitor.page.keyboard.type(wanted)
    visitor.page.wait_for_selector("#palette-found a[href*='/org/people/']")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**/org/people/{wanted}/")
    assert name.strip().splitlines()[-1] in visitor.page.inner_text("h1")


def test_a_key_after_g_goes_somewhere_and_none_does_while_writing(company, visit):
    visitor = visit(company)
    visitor.sign_in("owner")
    visitor.page.clock.set_fixed_time(conftest.NOW)  # the second key follows at once, however busy the machine is
    visitor.page.keyboard.press("g")
    visitor.page.keyboard.press("p")
    visitor.page.wait_for_url("**/org/people/")
    visitor.page.fill("main input[type=search]", "")
    visitor.page.keyboard.type("gt?")
    assert visitor.page.input_value("main input[type=search]") == "gt?"
    assert "/org/people/" in visitor.page.url


def test_a_change_shows_on_an_open_page_without_a_reload(company, visit, tmp_path):
    visitor = visit(company)
    visitor.sign_in("owner")
    visitor.open("/org/people/")
    visitor.page.wait_for_timeout(1_500)
    home = visitor.page.request.get(f"{company}/healthz")
    assert home.ok
    with visitor.page.expect_response(lambda answer: "/org/people/" in answer.url):
        change(company)


def test_what_changed_between_a_page_and_its_stream_shows_as_well(company, visit):
    visitor = visit(company)
    visitor.sign_in("owner")
    held = []
    visitor.page.route("**/live*", lambda route: held.append(route))  # noqa: PLW0108 - a function of ours is wanted
    with visitor.page.expect_request("**/live*"):
        visitor.open("/org/people/")
    while not held:
        visitor.page.wait_for_timeout(50)
    change(company)
    with visitor.page.expect_response(lambda answer: "/org/people/" in answer.url):
        held[-1].continue_()


def test_what_somebody_is_writing_stays_until_it_is_left_and_what_they_opened_to_read_stays_open(company, visit):
    visitor = visit(company)
    visitor.sign_in("lead")
    visitor.open("/desk/new")
    visitor.page.fill("main [name=title]", "空调不制冷")
    visitor.page.click("main form button.primary")
    visitor.page.wait_for_selector("#case")
    topic = f"case:{visitor.page.url.rstrip('/').rsplit('/', 1)[1]}"
    adding = visitor.page.locator("details.adding").first
    adding.locator("summary").click()
    adding.locator("[name=title]").fill("带上梯子")
    visitor.page.click("h1")  # nothing has the focus any more
    visitor.page.evaluate("document.querySelector('#case').firstElementChild.dataset.before = 'yes'")
    old = "#case > [data-before]"
    change(company, topic)
    visitor.page.wait_for_timeout(2_000)
    assert visitor.page.locator(old).count() == 1
    assert adding.locator("[name=title]").input_value() == "带上梯子"
    adding.locator("[name=title]").fill("")
    visitor.page.click("h1")
    visitor.page.wait_for_selector(old, state="detached")
    visitor.page.wait_for_selector("details.adding[open] [name=title]")


def change(company: str, topic: str = "org.people") -> None:
    """Somebody else, in another process, announces that something of this name changed."""
    code = "import django; django.setup(); from fuxiao.base.actions import announce_alone; "
    code += f"from django.utils.timezone import now; announce_alone({topic!r}, at=now())"
    env = {**environment(conftest.HOMES[company]), "DJANGO_SETTINGS_MODULE": "fuxiao.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)


def test_dark_is_kept_from_page_to_page(company, visit):
    visitor = visit(company)
    visitor.sign_in("engineer")
    visitor.page.click("[data-theme-switch]")
    visitor.open("/values/")
    assert visitor.page.get_attribute("html", "data-theme") == "dark"


def test_the_language_is_switched_and_kept_in_the_account(company, visit):
    visitor = visit(company)
    visitor.sign_in("reader")
    visitor.page.click("form[action='/language'] button")
    visitor.page.wait_for_load_state()
    assert visitor.page.get_attribute("html", "lang") == "en"
    again = visit(company)
    again.sign_in("reader")
    assert again.page.get_attribute("html", "lang") == "en"


def test_on_a_phone_a_card_is_opened_wherever_it_is_touched_and_its_other_links_stay_their_own(company, visit):
    visitor = visit(company, width=390)
    visitor.sign_in("owner")
    visitor.open("/values/")
    card = visitor.page.locator("main tbody tr:has(td a)").first
    opens, beside = (card.locator(link).first.get_attribute("href") for link in ("th a", "td a"))
    box = card.bounding_box()
    card.tap(position={"x": box["width"] - 12, "y": box["height"] - 8})
    visitor.page.wait_for_url(f"**{opens}")
    visitor.open("/values/")
    visitor.page.locator("main tbody tr td a").first.tap()
    visitor.page.wait_for_url(f"**{beside}")
