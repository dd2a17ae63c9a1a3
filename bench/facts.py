"""Facts from raw records: the product's expressions against hand-written SQL for the same columns of a case."""

from __future__ import annotations

from pathlib import Path

from bench.data import CUT_OFF
from bench.homes import AS_OF, MEMORY, bare, fact_inputs, twin
from bench.values import sql
from bench.way import Work
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store
from fuxiao.engine.facts import SORTED_BY, fact_tables

RECORDS = ("cases", "case_events", "visits", "costs", "memberships")


class _Enough(Exception):
    """Nothing that was measured shall stay in the store."""


def cases_by_product(home: Path) -> Work:
    """The fact table of cases with all stages before it, sorted and written as Parquet."""

    def work() -> None:
        with Store.open(home, memory=MEMORY) as store:
            try:
                with store.change() as change:
                    name, table = next(fact_tables(fact_inputs(store)))
                    change.put_facts(name, table, sort_by=SORTED_BY[name])
                    raise _Enough  # noqa: TRY301 -- the way a change is given up
            except _Enough:
                store.forget()

    return work


def all_by_product(home: Path) -> Work:
    """All thirteen fact tables, from records to the replaced manifest."""

    def work() -> dict[str, object]:
        with twin(home) as other, Store.open(other, memory=MEMORY) as store:
            report = build_facts(store, cut_off=AS_OF)
            return {"rows": sum(report.rows.values())}

    return work


def cases_by_hand(home: Path) -> Work:
    def work() -> None:
        hand_written(home, home.parent / f"{home.name}-by-hand.parquet")

    return work


def hand_written(home: Path, target: Path) -> None:
    """The same columns by SQL written for DuckDB, to a Parquet file."""
    with Store.open(home, memory=MEMORY) as store:
        work = fact_inputs(store).work
        raw = bare(store, records=RECORDS)
        for table in ("days", "spans"):
            kept = store.execute(getattr(work, table))
            raw.register("looked_up", kept)
            raw.execute(f"CREATE TEMP TABLE {table} AS FROM looked_up")
        base = work.numbers[store.settings.calendar] * 1_000_000
        whole = sql("facts", cut_off=CUT_OFF, base=base, w_cut_off=_worked(raw, base), target=target)
        for statement in whole.split(";\n"):
            if statement.strip():
                raw.execute(statement).fetchall()
        store.forget()


def _worked(raw: object, base: int) -> int:
    day, second = divmod(CUT_OFF, 86_400)
    query = f"SELECT pref + greatest(least({second} - s0, l0), 0) + greatest(least({second} - s1, l1), 0) FROM days"
    [(worked,)] = raw.execute(f"{query} WHERE day_key = {base + day}").fetchall()  # type: ignore[attr-defined]
    return int(worked)


def differences(home: Path) -> dict[str, int]:
    """Cells in which the two ways differ, by column."""
    target = home.parent / f"{home.name}-by-hand.parquet"
    hand_written(home, target)
    with Store.open(home, memory=MEMORY) as store:
        raw, mine = store.scratch(), store.facts_path("cases")
        columns = [name for name, *_ in raw.execute(f"DESCRIBE FROM '{mine}'").fetchall() if name != "case_id"]
        counts = ", ".join(f'count(*) FILTER (a."{c}" IS DISTINCT FROM b."{c}")' for c in columns)
        [found] = raw.execute(f"SELECT {counts} FROM '{mine}' a FULL JOIN '{target}' b USING (case_id)").fetchall()
    target.unlink()
    return {column: count for column, count in zip(columns, found, strict=True) if count}
