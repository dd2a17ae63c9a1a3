"""Five hundred strings that forms were not made for, and the forms of a page as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urlencode, urljoin

MARK = "xq7"
"""Part of every piece of markup sent: found raw in an answer, it was not escaped."""
MARKUP = (
    "<xq7>", "</xq7><xq7", "\"><xq7 a=\"", "'><xq7 a='", "<script>xq7()</script>", "</script><script>xq7()</script>",
    "<img src=xq7 onerror=xq7()>", "<svg/onload=xq7()>", "</textarea><xq7>", "</title><xq7>", "</style><xq7>",
    "</option></select><xq7>", "<!--<xq7>-->", "]]><xq7>", "<a href=javascript:xq7()>x</a>", "javascript:xq7()",
    "data:text/html,<xq7>", "\" onxq7=\"1", "' onxq7='1", "` onxq7=`1", "&lt;xq7&gt;", "&#60;xq7&#62;", "&amp;<xq7>",
    "<xq7\x00>", "\u003cxq7\u003e", "＜xq7＞", "<ſcript>xq7</ſcript>", "<iframe srcdoc=xq7>", "<form><button formaction=xq7>",
    "<base href=//xq7>", "<meta http-equiv=refresh content=0;url=//xq7>", "<table><xq7><tr>", "<xq7\n>", "<XQ7 xq7>",
)  # fmt: skip
TEMPLATE = (
    "{{7|add:777000}}", "{% load static %}", "{% include 'xq7' %}", "{{request}}", "{{ settings.SECRET_KEY }}", "{%", "{{",
    "{# xq7 #}", "${7*777001}", "#{7*777001}", "<%= 7*777001 %>", "{0}", "{}", "{x.__class__}", "{0.__globals__}", "%s",
    "%n%n%n", "%(x)s", "%", "{n:999999999}", "{", "}", "}}", "f'{7*777001}'", "__import__('os')", "{{''.__class__}}",
)  # fmt: skip
SQL = (
    "'", "''", "\"", "`", "\\", "';--", "' OR '1'='1", "\" OR \"\"=\"", "1; DROP TABLE org_person;--", "' UNION SELECT 1--",
    "%' AND 1=0 --", "'; VACUUM; --", "1 OR 1=1", "admin'/*", "*/", "' || pg_sleep(9)--", "$$;$$", "E'\\x00'",
    "?", ":name", "$1", "@@version", "0x27", "CHAR(39)", "'; COPY t TO '/tmp/x'; --", "read_csv('/etc/passwd')", "_", "%25",
)  # fmt: skip
PATHS = (
    "../x", "..", ".", "/", "//", "\\", "..\\..\\x", "/etc/passwd", "C:\\x", "\\\\host\\x", "file:///etc/passwd", "a/b",
    "a/../b", "%2e%2e%2fx", "..%00", "con", "NUL.txt", "~", "~root", "-rf", "--help", ".htaccess", "x.csv/../y", "....//x",
    "http://127.0.0.1:1/", "//example.invalid/x", "/\\example.invalid", "|id", "`id`", "$(id)", ";id", "&&id", "a\nb",
)  # fmt: skip
FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("x")', " =1")
NUMBERS = (
    "0", "-0", "-1", "1", "00", "1.", ".5", "1e3", "1E400", "-1E400", "1e-400", "NaN", "sNaN", "inf", "-Infinity", "1_000",
    "1,000", "1 000", "0x1f", "٣", "³", "½", "一", "２", "2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "1" + "0" * 60, "9" * 5000, "0." + "3" * 400, "1.005", "1e1000000000",
    "--1", "+-1", "1/0", "True", "None", "null", "undefined", "[]", "{}", "[1]", "999999999999", "1000000000000.01",
    "[" * 4_000, '{"id": 1}', '{"id": "x", "rawId": "!", "response": 1, "type": "public-key"}',
    '{"id": "eA", "rawId": "eA", "response": {"clientDataJSON": "e30", "attestationObject": "eA"}, "type": "public-key"}',
    '{"id": "eA", "rawId": "eA", "response": {"clientDataJSON": "eA", "authenticatorData": "", "signature": ""}}',
)  # fmt: skip
DATES = (
    "0001-01-01", "9999-12-31", "0000-00-00", "10000-01-01", "-0001-01-01", "2026-02-30", "2026-13-01", "2026-00-10",
    "1582-10-10", "1900-02-29", "2026-1-1", "26-01-01", "2026/01/01", "01.02.2026", "2026-01-01T25:00", "2026-W53-8",
    "20260101", "明天", "2026年1月1日", "today", "2026-01-01 ", "９９９９-12-31", "9999-12", "0001-W01", "2026-Q9", "0001",
    "9999", "2026-12-31T23:59:60Z", "24:00", "23:59-00:00", "99:99", "09:00-09:00", "09:00-08:00,x", "1970-01-01",
)  # fmt: skip
SIGNS = (
    "", " ", "\t", "\n", "\r\n", "\x00", "a\x00b", "\x00\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1f",
    "\x7f", "\x85", "\xa0", "\u200b", "\u200d", "\u2028", "\u2029", "\u202e", "\u202efdp.exe", "\u2066\u2067\u2068\u2069",
    "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0010ffff", "\U000e0001", "\u0301" * 60, "e\u0301", "Ａ", "ﬁ", "İ", "ı", "ß",
    "Σς", "ẞ", "مرحبا", "שלום", "a\u202bمرحبا\u202cb", "ไทย", "हिन्दी", "한국어", "日本語", "𠮷", "㐀", "😀", "👨\u200d👩\u200d👧\u200d👦", "🇨🇳",
    "🏳️\u200d🌈", "☃", "\ue000", "á\u0302\u0303", "\ud800", "\udfff", "\ud83d", "a\udc00b", "张伟\u0000", "　", "“”", "‚",
    "\\u0000", "\\x00", "\r\nSet-Cookie: xq7=1", "%0d%0aX: 1", "\n\n<xq7>", "\x1a", "\x04",
)  # fmt: skip
LONG = tuple(
    piece * (size // len(piece)) for piece, size in product(("a", "张", "😀", "1", "<", "'", "\u0301", " x"), (201, 5_000))
)  # fmt: skip
WORDS = (
    "true", "false", "on", "off", "yes", "no", "owner", "admin", "root", "system", "new", "edit", "import", "E1", "e1", "张伟",
    "company", "person", "team", "cases", "cases.case_id", "all", "-", "_", "*", "**", "a,b", "a;b", "a|b", "a=b", "a&b",
    "a b", "#", "?x=1", "&x=1", "a@b", "@", "a@b.c" + "d" * 300, "\"a b\"@x.yz", "constructor", "__proto__", "__class__",
    "self", "csrfmiddlewaretoken", "version", "id", "pk", "object", "lambda: 1", "id=1 AND 1",
)  # fmt: skip


FORMAT = (*PATHS, *FORMULAS, *NUMBERS, *DATES, *SIGNS, *LONG)
"""What is nasty as the whole of a value."""
INSIDE = (
    *MARKUP,
    *TEMPLATE,
    *SQL,
    *WORDS,
    *map("".join, product(("张伟", "E3", "2026-10-01", "1", "09:00", "=1"), MARKUP)),
)
"""What is nasty anywhere in a value."""
STRINGS = tuple(dict.fromkeys((*FORMAT, *INSIDE)))[:500]


def packed(room: int = 190) -> list[str]:
    """The 500 strings in few values: as many together as fit a field; those that are too long stand alone."""
    lines = [""]
    for string in STRINGS:
        if lines[-1] and len(lines[-1]) + len(string) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {string}" if lines[-1] else string
    return lines


@dataclass
class Field:
    """A control: its name, what a browser would send untouched (``None``: nothing), and whether it must be filled."""

    name: str
    kind: str
    value: str | None
    required: bool = False

    @property
    def plausible(self) -> str | None:
        """The value, or one that a person might write into an empty field that must be filled."""
        if self.value or not self.required:
            return self.value
        return {"date": "2026-10-01", "number": "1", "email": "a@example.com"}.get(self.kind, "E3")


@dataclass
class Form:
    """A form of a page. ``action`` is where it is sent."""

    action: str
    method: str
    uploads: bool
    fields: list[Field] = field(default_factory=list)

    @property
    def open(self) -> list[Field]:
        """The fields that can be written into by whoever sends the form, hidden ones included."""
        return [
            each for each in self.fields if each.kind not in {"file", "button"} and each.name != "csrfmiddlewaretoken"
        ]

    def sent(self, changed: dict[str, str]) -> bytes:
        """The body of the form with these values, lone surrogates and all."""
        values = {each.name: each.plausible for each in self.fields if each.plausible is not None} | changed
        return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in values.items()]).encode()


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.inside = address, [], False
        self.text: Field | None = None
        self.choice: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            uploads = given.get("enctype") == "multipart/form-data"
            self.found.append(Form(action, (given.get("method") or "get").lower(), uploads))
            self.inside = True
        elif self.inside and tag == "option" and self.choice is not None:
            if "selected" in given or self.choice.value is None:
                self.choice.value = given.get("value") or ""
        elif self.inside and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        kind = "button" if tag == "button" else (given.get("type") or "text") if tag == "input" else tag
        value = given.get("value") or ""
        if kind in {"checkbox", "radio"} and "checked" not in given:
            value = None
        made = Field(given["name"], kind, None if tag == "select" else value, "required" in given)
        known = next((each for each in self.found[-1].fields if each.name == made.name), None)
        if known is None:
            self.found[-1].fields.append(made)
        elif known.value is None:
            known.value = made.value
        self.text = made if tag == "textarea" else self.text
        self.choice = made if tag == "select" else self.choice

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.value = (self.text.value or "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            self.choice = None


def forms_of(address: str, page: str) -> Iterator[Form]:
    reader = Forms(address)
    reader.feed(page)
    yield from reader.found
