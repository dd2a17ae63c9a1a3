"""Raw records to twenty indicators by person and month, in polars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from bench import frames
from bench.frames import CUT, FIRST, LAST, NEEDED, REST, SETS, SURVEY_WINDOW, WINDOW
from bench.way import Work

RESPONSE, RESOLUTION = frames.RESPONSE_LIMIT, frames.RESOLUTION_LIMIT
HANDED = ("assigned", "transferred")
KEYS = ["person", "period"]


def by_polars(home: Path) -> Work:
    files = frames.paths(home)

    def work() -> pl.DataFrame:
        read = {name: pl.read_parquet(files[name], columns=NEEDED[name]) for name in files}
        return values(frames.read_work(home), read)

    return work


def values(work: frames.Work, read: dict[str, pl.DataFrame]) -> pl.DataFrame:
    stopped = stops(read["case_events"])
    cases = clocked(work, joined(read), stopped)
    cases = with_gaps(with_held(work, cases, read["case_events"], stopped))
    surveys = read["surveys"].join(cases.select("case_id", "ao", "x1"), on="case_id", how="left")
    return wide(work, cases, surveys)


def joined(read: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A row a case with what its events, visits and costs say."""
    visits = (
        read["visits"].filter(pl.col("arrived_at") <= CUT).sort("visit_no").group_by("case_id", maintain_order=True)
    )
    seen = visits.agg(av=pl.col("engineer").first(), outcome=pl.col("outcome").first(), visits=pl.len())
    spent = read["costs"].filter(pl.col("kind") != "refund", pl.col("spent_at") <= CUT)
    cost = spent.group_by("case_id").agg(cost=pl.col("amount").sum())
    cases = read["cases"].rename({"is_test": "x1"})
    for other in (told(read["case_events"]), seen, cost):
        cases = cases.join(other, on="case_id", how="left")
    fixed = (pl.col("outcome") == "fixed") & (pl.col("visits") == 1)
    return cases.with_columns(
        cost=pl.col("cost").fill_null(0),
        fixed=pl.when(pl.col("outcome") != "no_access").then(fixed),
        response_limit=pl.col("priority").replace_strict(RESPONSE, default=REST[0], return_dtype=pl.Int64),
        resolution_limit=pl.col("priority").replace_strict(RESOLUTION, default=REST[1], return_dtype=pl.Int64),
    )


def told(events: pl.DataFrame) -> pl.DataFrame:
    """A row a case that has events: first reply and what followed, who held it when it was resolved, reopenings."""
    kind, at = pl.col("type"), pl.col("at")
    steps = events.sort("case_id", "at", "seq").with_columns(
        holder=pl.when(kind.is_in(HANDED)).then(pl.col("to_person")).forward_fill().over("case_id"),
        replied=(kind == "responded").cum_sum().over("case_id") - (kind == "responded").cast(pl.UInt32),
    )
    resolved = kind == "resolved"
    moved = kind.is_in(("resolved", "reopened"))
    found = steps.group_by("case_id", maintain_order=True).agg(
        response_at=at.filter(kind == "responded").first(),
        a1=pl.col("actor").filter(kind == "responded").first(),
        follow_at=at.filter((pl.col("actor").is_not_null() | resolved) & (pl.col("replied") > 0)).first(),
        first_resolved=at.filter(resolved).first(),
        last_resolved=at.filter(resolved).last(),
        ao_first=pl.col("holder").filter(resolved).first(),
        owner=pl.col("holder").filter(resolved).last(),
        holder=pl.col("holder").last(),
        reopened=at.filter(kind == "reopened").first(),
        last=kind.filter(moved).last(),
    )
    done = pl.col("last") == "resolved"
    ao = pl.col("owner").fill_null(pl.col("holder"))
    return found.with_columns(
        ao=ao, ao_first=pl.col("ao_first").fill_null(ao),
        a1=pl.when(pl.col("response_at").is_null()).then(ao).otherwise(pl.col("a1")),
        resolved_at=pl.when(done).then(pl.col("last_resolved")),
        reopen_gap=pl.col("reopened") - pl.col("first_resolved"),
    )  # fmt: skip


def stops(events: pl.DataFrame) -> pl.DataFrame:
    """Pauses and the time between a resolution and the reopening, cut so that none of a set overlap: case, set, start,
    end."""
    pausing = events.filter(pl.col("type").is_in(("pend_start", "pend_end"))).sort("case_id", "at", "seq")
    paused = pausing.with_columns(end=pl.col("at").shift(-1).over("case_id", "kind")).filter(
        pl.col("type") == "pend_start"
    )
    ending = events.filter(pl.col("type").is_in(("resolved", "reopened"))).sort("case_id", "at", "seq")
    gone = ending.with_columns(end=pl.col("at").shift(-1).over("case_id"), kind=pl.lit("resolved"))
    gone = gone.filter(pl.col("type") == "resolved", pl.col("end").is_not_null())
    both = pl.concat([each.select("case_id", "kind", "at", "end") for each in (paused, gone)])
    return free(both.with_columns(end=pl.col("end").fill_null(CUT)))


def free(stopped: pl.DataFrame) -> pl.DataFrame:
    sets = [
        stopped.filter(pl.col("kind").is_in(kinds)).select("case_id", "at", "end", stops=pl.lit(name))
        for name, kinds in SETS.items()
    ]
    ordered = pl.concat(sets).sort("case_id", "stops", "at", "end")
    covered = pl.col("end").cum_max().shift(1).over("case_id", "stops")
    return ordered.with_columns(at=pl.max_horizontal("at", covered)).filter(pl.col("at") < pl.col("end"))


def clocked(work: frames.Work, cases: pl.DataFrame, stopped: pl.DataFrame) -> pl.DataFrame:
    """Working seconds less pauses, limits kept or missed, and the moment the resolution is due."""
    cases = cases.with_columns(
        response_end=pl.coalesce("response_at", "resolved_at", pl.lit(CUT)), end_at=pl.col("resolved_at").fill_null(CUT)
    )
    worked = {f"w_{name}": work.before(cases[name].to_numpy()) for name in ("opened_at", "response_end", "end_at")}
    worked["w_follow"] = work.before(cases["follow_at"].fill_null(CUT).to_numpy())
    cases = cases.with_columns(**{name: pl.Series(found) for name, found in worked.items()})
    stopped = stopped.with_columns(
        w_at=pl.Series(work.before(stopped["at"].to_numpy())), w_end=pl.Series(work.before(stopped["end"].to_numpy()))
    )
    lost = lost_time(stopped.join(cases.select("case_id", "w_opened_at", "w_response_end", "w_end_at", "resolution_limit"),
                                  on="case_id"))  # fmt: skip
    cases = cases.join(lost, on="case_id", how="left").with_columns(pl.col("response", "unit", "due").fill_null(0))
    cases = cases.with_columns(
        response=pl.col("w_response_end") - pl.col("w_opened_at") - pl.col("response"),
        unit=pl.col("w_end_at") - pl.col("w_opened_at") - pl.col("unit"),
    )
    due = work.moment((cases["w_opened_at"] + cases["resolution_limit"] + cases["due"]).to_numpy())
    return outcomes(work, cases.with_columns(due_at=pl.Series(due)))


def lost_time(stopped: pl.DataFrame) -> pl.DataFrame:
    """What the stops of a case took from each clock."""
    start = pl.max_horizontal("w_at", "w_opened_at")
    whole = (pl.min_horizontal("w_end", "w_end_at") - start).clip(lower_bound=0)
    first = (pl.min_horizontal("w_end", "w_response_end") - start).clip(lower_bound=0)
    timed = stopped.sort("case_id", "stops", "at").with_columns(
        whole=whole, first=first, since=start - pl.col("w_opened_at")
    )
    before = pl.col("whole").cum_sum().over("case_id", "stops") - pl.col("whole")
    customer, unit = (pl.col("stops") == name for name in ("customer", "unit"))
    timed = timed.with_columns(in_time=unit & (pl.col("since") - before < pl.col("resolution_limit")))
    return timed.group_by("case_id").agg(
        response=pl.col("first").filter(customer).sum(), unit=pl.col("whole").filter(unit).sum(),
        due=pl.col("whole").filter("in_time").sum(),
    )  # fmt: skip


def outcomes(work: frames.Work, cases: pl.DataFrame) -> pl.DataFrame:
    answered, resolved = pl.col("response_at").is_not_null(), pl.col("resolved_at").is_not_null()
    limit = 2 * pl.col("response_limit")
    w_cut = int(work.before(np.array([CUT]))[0])
    followed = (
        pl.when(~answered).then(None)
        .when(pl.col("follow_at").is_not_null()).then(pl.col("w_follow") - pl.col("w_response_end") <= limit)
        .when(w_cut - pl.col("w_response_end") <= limit).then(None).otherwise(statement=False)
    )  # fmt: skip
    cases = cases.with_columns(
        response_met=pl.when(pl.col("response") > pl.col("response_limit")).then(statement=False)
        .when(answered).then(statement=True),
        resolution_met=pl.when(pl.col("unit") > pl.col("resolution_limit")).then(statement=False)
        .when(resolved).then(statement=True),
        followed=followed,
        response=pl.when(answered).then(pl.col("response")),
    )  # fmt: skip
    judged = pl.when(resolved).then(pl.col("resolved_at")).when(~pl.col("resolution_met")).then(pl.col("due_at"))
    cases = cases.with_columns(judged_at=judged)
    dated = {
        name: month(work, cases[column])
        for name, column in (
            ("opened", "opened_at"),
            ("resolved", "resolved_at"),
            ("first", "first_resolved"),
            ("judged", "judged_at"),
        )
    }
    return cases.with_columns(**dated, due_day=(pl.col("due_at") + 28_800) // 86_400)  # fmt: skip


def with_held(work: frames.Work, cases: pl.DataFrame, events: pl.DataFrame, stopped: pl.DataFrame) -> pl.DataFrame:
    """For how long the owner held a resolved case, less all stops."""
    turns = events.filter(pl.col("type").is_in(HANDED)).sort("case_id", "at", "seq")
    turns = turns.with_columns(until=pl.col("at").shift(-1).over("case_id"))
    done = cases.filter(pl.col("resolved_at").is_not_null())
    mine = turns.select("case_id", "at", "until", ao="to_person").join(
        done.select("case_id", "ao", "end_at", "w_opened_at", "w_end_at"), on=["case_id", "ao"]
    )
    mine = mine.filter(pl.col("at") <= pl.col("end_at")).with_columns(pl.col("until").fill_null(pl.col("end_at")))
    low, high = (pl.Series(work.before(mine[name].to_numpy())) for name in ("at", "until"))
    mine = mine.select(
        "case_id", low=pl.max_horizontal(low, "w_opened_at"), high=pl.min_horizontal(high, "w_end_at")
    ).with_columns(length=(pl.col("high") - pl.col("low")).clip(lower_bound=0))
    stops = stopped.filter(pl.col("stops") == "person")
    stops = stops.select("case_id", **{name: pl.Series(work.before(stops[name].to_numpy())) for name in ("at", "end")})
    lost = (pl.min_horizontal("end", "high") - pl.max_horizontal("at", "low")).clip(lower_bound=0)
    less = mine.join(stops, on="case_id").group_by("case_id").agg(lost=lost.sum())
    held = mine.group_by("case_id").agg(pl.col("length").sum()).join(less, on="case_id", how="left")
    own = held.select("case_id", own=pl.col("length") - pl.col("lost").fill_null(0))
    return cases.join(own, on="case_id", how="left")


def month(work: frames.Work, moments: pl.Series) -> pl.Series:
    found = work.month(moments.fill_null(CUT).to_numpy())
    return (
        pl.DataFrame({"m": found, "t": moments})
        .select(pl.when(pl.col("t").is_not_null()).then(pl.col("m")))
        .to_series()
    )


def with_gaps(cases: pl.DataFrame) -> pl.DataFrame:
    """From the resolution to the next case of the same device and fault, and of the same customer."""
    known = cases.filter(~pl.col("x1")).sort("opened_at")
    done = known.filter(pl.col("resolved_at").is_not_null()).sort("resolved_at")
    for name, by in (("fault", ["device_id", "fault_group"]), ("mine", ["customer_id", "device_id"]),
                     ("same", ["customer_id", "category"])):  # fmt: skip
        later = known.select(*by, **{name: pl.col("opened_at")})
        done = done.join_asof(
            later, left_on="resolved_at", right_on=name, by=by, strategy="forward", check_sortedness=False
        )
    gaps = done.select("case_id", fault_gap=pl.col("fault") - pl.col("resolved_at"),
                       customer_gap=pl.min_horizontal("mine", "same") - pl.col("resolved_at"))  # fmt: skip
    return cases.join(gaps, on="case_id", how="left")


def wide(work: frames.Work, cases: pl.DataFrame, surveys: pl.DataFrame) -> pl.DataFrame:
    counted = cases.filter(~pl.col("x1"))
    event = month(work, surveys["answered_at"])
    answers = surveys.with_columns(event=event).filter(~pl.col("x1"))
    parts = [
        group(counted, "a1", "opened", vol=pl.len(), **clock("frt", "response"), **rate("frs", "response_met"),
              **rate("frq", "followed")),
        group(counted, "ao", "resolved", res=pl.len(), **clock("ttr", "own"), cost=pl.col("cost").sum(),
              hrr=(pl.col("customer_gap") <= WINDOW).sum(), rpr=(pl.col("fault_gap") <= WINDOW).sum()),
        group(counted, "ao", "judged", **rate("trs", "resolution_met")),
        group(counted, "ao_first", "first", reo=(pl.col("reopen_gap") <= SURVEY_WINDOW).sum(), reo_n=pl.len()),
        group(counted.filter(pl.col("fixed").is_not_null(), pl.col("outcome") != "parts_needed"), "av", "resolved", ftf_n=pl.len(),
              ftf=(pl.col("fixed") & ((pl.col("fault_gap") > WINDOW).fill_null(value=True))).sum()),
        group(answers, "ao", "event", csat=(pl.col("csat") >= 4).sum(), csat_sum=pl.col("csat").sum(),
              csat_n=pl.col("csat").count()),
        backlog(counted),
    ]  # fmt: skip
    table = parts[0]
    for other in parts[1:]:
        table = table.join(other, on=KEYS, how="full", coalesce=True)
    return table


def group(rows: pl.DataFrame, person: str, period: str, **aggregates: pl.Expr) -> pl.DataFrame:
    placed = rows.filter(pl.col(person).is_not_null(), pl.col(period).is_between(FIRST, LAST))
    return placed.group_by(person=pl.col(person), period=pl.col(period)).agg(**aggregates)


def clock(name: str, column: str) -> dict[str, pl.Expr]:
    value = pl.col(column)
    return {f"{name}_sum": value.sum(), f"{name}_n": value.count(),
            **{f"{name}_p{int(share * 100)}": value.quantile(share, "linear").round(6) for share in (0.5, 0.9)}}  # fmt: skip


def rate(name: str, column: str) -> dict[str, pl.Expr]:
    return {name: pl.col(column).sum(), f"{name}_n": pl.col(column).count()}


def backlog(cases: pl.DataFrame) -> pl.DataFrame:
    until = pl.min_horizontal(pl.col("resolved").fill_null(LAST + 1), pl.lit(LAST + 1))
    since = pl.max_horizontal(pl.col("opened"), pl.lit(FIRST))
    crossing = cases.filter(pl.col("ao").is_not_null(), since < until)
    months = crossing.select("ao", "due_day", period=pl.int_ranges(since, until)).explode("period")
    months = months.with_columns(last_day=pl.Series(frames.period_end(months["period"].to_numpy())))
    return months.group_by(person=pl.col("ao"), period=pl.col("period")).agg(
        bkl=pl.len(), bla=(pl.col("due_day") <= pl.col("last_day")).sum()
    )
