"""Names: how a column of a file is called as a dimension, a kind of files as one, and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from fuxiao.engine import schema
from fuxiao.engine.fact_tables import CASES

VARYING = re.compile(r"\d+\s*(年|月|日|周|季度)?|[\s_.\-]+")
LONG = (
    "單編號時間處員責結關閉創報維復滿級狀態類別題產戶務網點話長應響決開來電組師設備門優費額進"
    "業機構稱負區達場約復訊聯繫說與對評價資聽質檢補償領獎轉調換貨賬認證總計錄實際預選擇術屬終"
    "內線專緊註標據銷購買運輸試驗導權貼變較剛無當隊練幾並寫"
)
SHORT = (
    "单编号时间处员责结关闭创报维复满级状态类别题产户务网点话长应响决开来电组师设备门优费额进"
    "业机构称负区达场约复讯联系说与对评价资听质检补偿领奖转调换货账认证总计录实际预选择术属终"
    "内线专紧注标据销购买运输试验导权贴变较刚无当队练几并写"
)
SHORT_LETTERS = str.maketrans(LONG, SHORT)
"""The letters of Taiwan and Hong Kong that stand in names of columns, and those that synonyms are written in."""


def dimension_name(header: str, taken: Container[str]) -> str:
    """The header in lower case with ``_`` for all but letters and digits; a name that is taken gets a number."""
    base = folded(header) or "column"
    name, n = base, 1
    while name in taken:
        n += 1
        name = f"{base}_{n}"
    return name


def names_taken(dataset: str) -> set[str]:
    """The names that no dimension may have: those of the contract, and of cases those that their facts work out."""
    computed = (*CASES.schema(), *CASES.names()) if dataset == "cases" else ()
    return {*schema.dataset(dataset).names(), *computed}


@lru_cache(maxsize=50_000)
def folded(header: str) -> str:
    """``Tenure Bucket`` and ``TenureBucket`` become ``tenure_bucket``; full-width letters become half-width."""
    plain = unicodedata.normalize("NFKC", header).strip()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[\W_]+", "_", split).strip("_").lower()


@lru_cache(maxsize=50_000)
def spoken(header: str) -> str:
    """The words of a header or of an activity as synonyms are compared: in lower case, Chinese in its short letters,
    Latin letters without their accents."""
    words = folded(header).replace("_", " ")
    return words if words.isascii() else "".join(map(_plain_letter, words.casefold())).translate(SHORT_LETTERS)


def _plain_letter(letter: str) -> str:
    """``é`` is ``e``; a letter that is not Latin stays, as the が of Japanese."""
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else letter


def source_name(file: str) -> str:
    """``工单_2026-09.csv`` and ``工单_2026-10.csv`` are both ``工单``."""
    stem = file.split(".", maxsplit=1)[0]
    return VARYING.sub("", stem) or stem
