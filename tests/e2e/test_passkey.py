"""A passkey in a real browser: added, then signed in with, without a password."""

from __future__ import annotations

from e2e.conftest import PASSWORD

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
"""A virtual authenticator that lets its owner through."""


def test_a_passkey_signs_in_without_a_password(company, visit):
    address = company.replace("127.0.0.1", "localhost")  # browsers know passkeys of names, not of numbers
    visitor = visit(address)
    page = visitor.page
    devices = visitor.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    visitor.sign_in("auditor")

    visitor.open("/account/2fa/webauthn/add/")
    once_more(page)
    page.wait_for_url("**/account/2fa/webauthn/add/")
    page.fill("[name=name]", "办公室的电脑")
    assert page.is_checked("[name=passwordless]")
    page.click("[data-ask]")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    visitor.open("/account/2fa/webauthn/")
    assert "办公室的电脑" in page.inner_text("main")

    sign_out(visitor)
    page.click("form[data-passkey=sign-in] [data-ask]")
    page.wait_for_url(address + "/")
    assert page.locator("nav.side a[href='/audit/']").count() == 1

    visitor.open("/account/2fa/webauthn/")
    page.click("main a.danger")
    once_more(page)
    page.click("main button.danger")
    page.wait_for_url("**/account/2fa/**")
    sign_out(visitor)
    visitor.sign_in("auditor")  # asked for nothing but the password again


def once_more(page) -> None:
    """Who adds or removes a key says once more who they are."""
    page.wait_for_url("**/account/reauthenticate/**")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def sign_out(visitor) -> None:
    visitor.open("/account/logout/")
    visitor.page.click("main form button")
    visitor.page.wait_for_url("**/account/login/**")
