"""Files of a case: kept below the home folder under names of their own, of kinds that browsers show safely."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from secrets import token_hex

from django.conf import settings
from django.db import transaction

from fuxiao.base.actions import record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.service.actions.writing import KIND, locked_case, own_person, tell
from fuxiao.service.models import Attachment, Case

FOLDER = "attachments"
LARGEST = 20 * 1024 * 1024
MOST = 50
KINDS = {
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"GIF8": ("gif", "image/gif"),
    b"%PDF-": ("pdf", "application/pdf"),
    b"PK\x03\x04": ("zip", "application/zip"),
}
"""By their first bytes: a name proves nothing. Office files are archives, and go as such."""
OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""These may be shown inside a page; everything else is only ever downloaded."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    chunks: Iterable[bytes]


@transaction.atomic
def attach(viewer: Viewer, number: str, sent: Sent, *, at: datetime, public: bool = False) -> Attachment:
    """Keep a file with a case. ``InputError`` for one that is too large or of no kind that is known."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    return keep(viewer, case, sent, at=at, public=public)


def keep(viewer: Viewer, case: Case, sent: Sent, *, at: datetime, public: bool) -> Attachment:
    """The same for a case at hand, inside the caller's transaction."""
    if case.attachments.count() >= MOST:
        raise InputError("case.files_many", most=MOST)
    content = _read(sent)
    ending, kind = _kind(sent.name, content)
    path = f"{FOLDER}/{at:%Y%m}/{token_hex(16)}.{ending}"
    file = settings.HOME / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    made = Attachment.objects.create(
        case=case, name=PurePath(sent.name.replace("\\", "/")).name[:200] or f"file.{ending}", path=path, at=at,
        size=len(content), digest=hashlib.sha256(content).hexdigest(), content_type=kind, by=own_person(viewer),
        by_name=viewer.name, public=public,
    )  # fmt: skip
    record(
        viewer, "case.file_added", kind=KIND, key=case.number, label=case.title, at=at,
        new={"name": made.name, "size": made.size, "digest": made.digest},
    )  # fmt: skip
    tell(case, at=at)
    return made


def _read(sent: Sent) -> bytes:
    content = bytearray()
    for chunk in sent.chunks:
        content += chunk
        if len(content) > LARGEST:
            raise InputError("case.file_large", name=sent.name, most=LARGEST >> 20)
    return bytes(content)


def _kind(name: str, content: bytes) -> tuple[str, str]:
    """The ending and the type that the content itself shows; plain text where it is text and nothing else."""
    for mark, (ending, kind) in KINDS.items():
        if content.startswith(mark):
            given = PurePath(name).suffix.lower().lstrip(".")
            return (given, OFFICE[given]) if ending == "zip" and given in OFFICE else (ending, kind)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp", "image/webp"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or not content:
        raise InputError("case.file_kind", name=name)
    return "txt", "text/plain; charset=utf-8"
