"""Rules for passwords in our own words: Django's sentence about the length has no Chinese."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator

from fuxiao.web.words import t


class LongEnough(MinimumLengthValidator):
    """Refuses a password shorter than ``min_length``."""

    def get_error_message(self) -> str:
        return t(
            "密码太短，至少要 {n} 位。",
            "The password is too short: at least {n:character/characters}.",
            n=self.min_length,
        )
