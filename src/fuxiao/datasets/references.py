"""References that fit nothing: records whose case, device, customer or person is not in the store.

They are kept, for what they name may come with a later file; so what is open is asked of the store as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from fuxiao.datasets.importing import sql, words
from fuxiao.datasets.importing.doubtful import PERSONS
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import BLANKS, FULL_WIDTH, HALF_WIDTH
from fuxiao.engine.schema import DATASETS

CODES = {
    "cases": "no_case", "devices": "no_device", "customers": "no_customer", "people": "no_person", "teams": "no_team",
    "complaints": "no_complaint",
}  # fmt: skip
"""What an import calls a reference that fits nothing, by the dataset it names."""
OTHERS = {
    "cases": {"customer_id": "customers", "device_id": "devices", "duplicate_of": "cases"},
    "complaints": {"repeat_of": "complaints"},
    "devices": {"customer_id": "customers"},
    "memberships": {"team": "teams"},
    "teams": {"parent": "teams"},
}
"""The columns that name anything but a case or a person, by dataset, with the dataset they name."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a dataset that names a record of another."""

    dataset: str
    column: str
    target: str

    @property
    def key(self) -> str:
        """The column of the target that is named."""
        return DATASETS[self.target].key[0]

    @property
    def code(self) -> str:
        return CODES[self.target]

    @property
    def name(self) -> str:
        return f"{self.dataset}.{self.column}"


@dataclass(frozen=True, slots=True)
class Unfit:
    """How many records name something that is not there, the most frequent of these names, the first lines.

    ``near`` counts by reason those that would fit but for how they are written.
    """

    reference: Reference
    records: int
    near: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, int], ...]
    lines: tuple[int, ...]

    def worded(self, language: str) -> str:
        """What is wrong, in words."""
        return words.problem(self.reference.code, language, near_ones=self.near, count=self.records)


def references(dataset: str, *, among: Collection[str]) -> Iterator[Reference]:
    """What the columns of a dataset name. Of all but cases only what is ``among`` the datasets that exist at all: who
    keeps no devices has none that are missing."""
    cases = {} if dataset == "cases" else {"case_id": "cases"}
    people = dict.fromkeys(PERSONS.get(dataset, ()), "people")
    for column, target in {**cases, **OTHERS.get(dataset, {}), **people}.items():
        if column in DATASETS[dataset].names() and (target in among or target == "cases"):
            yield Reference(dataset, column, target)


def find_unfit(connection: Connection, reference: Reference, *, named: str, there: str) -> Unfit | None:
    """What fits nothing: ``named`` gives ``value`` and ``line`` of what is named, ``there`` the ``value`` of what there
    is. The table ``unfit`` holds each such value with its count, and the ``near`` one with ``how`` it differs."""
    connection.execute(
        "create or replace temp table unfit as select value, n, line from (select value, count(*) as n, "
        f"min(line) as line from ({named}) where value <> '' group by value) anti join ({there}) using (value)"
    )
    records = sql.count(connection, "select sum(n) from unfit")
    if not records:
        return None
    connection.execute(f"create or replace temp table unfit as {_with_near(there)}")
    near = sql.rows(
        connection, "select how, sum(n)::bigint from unfit where how is not null group by how order by 2 desc, 1"
    )
    examples = sql.rows(connection, f"select value, n from unfit order by n desc, line, value limit {EXAMPLES}")
    lines = sql.rows(connection, f"select line from unfit order by line limit {EXAMPLES}")
    return Unfit(reference, records, tuple(near), tuple(examples), tuple(line for (line,) in lines))


def _narrow(value: str) -> str:
    narrow = f"translate({value}, {sql.text(FULL_WIDTH)}, {sql.text(HALF_WIDTH)})"
    return f"trim(case when strlen({value}) > length({value}) then {narrow} else {value} end, {sql.text(BLANKS)})"


def _small(value: str) -> str:
    return f"lower({value})"


def _whole(value: str) -> str:
    bare = f"regexp_replace({value}, '^([0-9]+)[.]0+$', '\\1')"
    return f"(case when contains({value}, '.0') then {bare} else {value} end)"


def _bare(value: str) -> str:
    bare = f"regexp_replace({value}, '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
    return f"(case when regexp_matches({value}, '(^|[^0-9])0[0-9]') then {bare} else {value} end)"


FORMS: Mapping[str, Callable[[str], str]] = {"width": _narrow, "case": _small, "decimal": _whole, "zeros": _bare}
"""Ways in which one number is written differently: what makes both the same, in the order they are undone. Most numbers
show at a look that there is nothing to undo, which counts where millions are asked for the sake of a few."""


def _with_near(there: str) -> str:
    """The values that fit nothing, each with the only one there is that is the same number written differently."""
    arms = " ".join(f"when {form('value')} = {form('near')} then '{how}'" for how, form in FORMS.items())
    mine = _formed("select * from unfit")
    same = f"select distinct value as near, form from ({_formed(there)}) semi join ({mine}) using (form)"
    only = f"select form, min(near) as near from ({same}) group by form having count(*) = 1"
    return (
        f"select value, n, line, near, case when near is not null then (case {arms} else 'several' end) end as how "
        f"from ({mine}) left join ({only}) using (form)"
    )


def _formed(rows: str) -> str:
    """The rows with the ``form`` of their ``value``: a step for each way, so that none is worked out again."""
    query = f"select *, value as form from ({rows})"
    for undo in FORMS.values():
        query = f"select * replace ({undo('form')} as form) from ({query})"
    return query
