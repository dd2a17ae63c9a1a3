"""Fields for numbers and amounts as people type them, or paste them from a sheet."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from django import forms

from fuxiao.core.numbers import written_number
from fuxiao.web.metrics.wording import formats
from fuxiao.web.org.labels import digits, minor
from fuxiao.web.words import t

GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
"""A number with commas between thousands."""
YUAN = "元"
LARGEST = Decimal(10) ** 12


class NumberField(forms.DecimalField):
    """A number: ``20,000.00``, full-width; no ``1e9``.

    A text in the browser: of a number field with a comma in it some send an empty one, and nobody would be told.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> Any:
        text = self.bare(unicodedata.normalize("NFKC", str("" if value is None else value)).strip())
        text = text.replace(",", "") if GROUPED.fullmatch(text) else text
        number = written_number(text)
        if text and number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(number)

    def bare(self, text: str) -> str:
        """The text without what may stand beside the digits."""
        return text


class AmountField(NumberField):
    """An amount, with the sign of the organisation's currency or without."""

    def bare(self, text: str) -> str:
        sign = formats().symbol.strip()
        short = sign.lstrip(ascii_uppercase)  # people in Hong Kong write $ for HK$
        bare = text.removeprefix(sign).removeprefix(short).removesuffix(YUAN if sign == "¥" else sign).strip()
        return bare or text  # a sign alone is no amount, and does not take one away


class MoneyField(AmountField):
    """An amount that need not be known; cleaned to minor units."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST, required=False, **options)

    def clean(self, value: object) -> int | None:
        amount = super().clean(value)
        if amount is not None and amount != round(amount, digits()):
            raise forms.ValidationError(t("最多 {n} 位小数。", "At most {n:decimal/decimals}.", n=digits()))
        return minor(amount)
