"""Texts that nobody may read where they are kept: passwords of other systems, under a key of the installation's own."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from fuxiao.core.errors import InputError

PURPOSE = b"fuxiao: passwords of other systems"
"""What the key is derived for: no other use of the installation's secret comes to the same key."""


def hide(text: str) -> str:
    """The text encrypted and authenticated; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def reveal(kept: str) -> str:
    """The text again. ``InputError`` (``secret.unreadable``) where the installation's secret is another one now."""
    if not kept:
        return ""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise InputError("secret.unreadable") from error


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
