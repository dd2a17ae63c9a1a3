"""Django's rows as JSON with moments to the microsecond: its own encoder cuts them off at the millisecond.

The digests of the audit trail are made of moments as the database has them, so a backup that shortened them would not
hold.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.serializers import json
from django.core.serializers.json import Deserializer, DjangoJSONEncoder

__all__ = ["Deserializer", "Serializer"]


class Whole(DjangoJSONEncoder):
    """Moments and times of day with every digit that they have."""

    def default(self, o: object) -> Any:  # noqa: ANN401 -- what JSON can say
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


class Serializer(json.Serializer):
    """The same rows, said by that encoder."""

    def serialize(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- as Django's own
        return super().serialize(*args, **{"cls": Whole, **options})
