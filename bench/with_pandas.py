"""Raw records to twenty indicators by person and month, in pandas: step by step the same as ``bench.with_polars``."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from bench import frames
from bench.frames import CUT, FIRST, LAST, NEEDED, RESOLUTION_LIMIT, RESPONSE_LIMIT, REST, SETS, SURVEY_WINDOW, WINDOW
from bench.way import Work

HANDED = ("assigned", "transferred")
KEYS = ["person", "period"]


def by_pandas(home: Path) -> Work:
    files = frames.paths(home)
    return lambda: values(frames.read_work(home), {name: read(files[name], NEEDED[name]) for name in files})


def read(files: list[str], columns: list[str]) -> pd.DataFrame:
    return pq.read_table(files[0] if len(files) == 1 else files, columns=columns).to_pandas()


def values(work: frames.Work, given: dict[str, pd.DataFrame]) -> pd.DataFrame:
    events = given["case_events"].sort_values(["case_id", "at", "seq"], ignore_index=True)
    stopped = stops(events)
    cases = with_gaps(with_held(work, clocked(work, joined(given, events), stopped), events, stopped))
    surveys = given["surveys"].merge(cases[["case_id", "ao", "x1"]], on="case_id", how="left")
    return wide(work, cases, surveys)


def joined(given: dict[str, pd.DataFrame], events: pd.DataFrame) -> pd.DataFrame:
    """A row a case with what its events, visits and costs say."""
    visits = given["visits"]
    visits = visits[visits["arrived_at"] <= CUT].sort_values("visit_no")
    seen = visits.drop_duplicates("case_id").set_index("case_id")[["engineer", "outcome"]]
    seen = seen.rename(columns={"engineer": "av"}).join(visits["case_id"].value_counts().rename("visits"))
    spent = given["costs"]
    spent = spent[(spent["kind"] != "refund") & (spent["spent_at"] <= CUT)]
    cost = spent.groupby("case_id")["amount"].sum().rename("cost")
    cases = given["cases"].rename(columns={"is_test": "x1"})
    for other in (told(events), seen, cost):
        cases = cases.merge(other, left_on="case_id", right_index=True, how="left")
    fixed = ((cases["outcome"] == "fixed") & (cases["visits"] == 1)).astype("boolean")
    return cases.assign(
        cost=cases["cost"].fillna(0),
        fixed=fixed.where((cases["outcome"] != "no_access") & cases["outcome"].notna()),
        response_limit=cases["priority"].map(RESPONSE_LIMIT).fillna(REST[0]).astype("int64"),
        resolution_limit=cases["priority"].map(RESOLUTION_LIMIT).fillna(REST[1]).astype("int64"),
    )


def told(events: pd.DataFrame) -> pd.DataFrame:
    """A row a case that has events: first reply and what followed, who held it when it was resolved, reopenings."""
    kind, case = events["type"], events["case_id"]
    reply, resolved = kind == "responded", kind == "resolved"
    holder = events["to_person"].where(kind.isin(HANDED)).groupby(case).ffill()
    replied = reply.groupby(case).cumsum() - reply
    steps = events.assign(holder=holder)
    first_reply = _one(steps[reply], {"at": "response_at", "actor": "a1"})
    acts = (events["actor"].notna() | resolved) & (replied > 0)
    moved = steps[kind.isin(("resolved", "reopened"))]
    found = _one(steps, {"holder": "holder"}, keep="last").join([
        first_reply,
        _one(steps[acts], {"at": "follow_at"}),
        _one(steps[resolved], {"at": "first_resolved", "holder": "ao_first"}),
        _one(steps[resolved], {"at": "last_resolved", "holder": "owner"}, keep="last"),
        _one(steps[kind == "reopened"], {"at": "reopened"}),
        _one(moved, {"type": "last"}, keep="last"),
    ])  # fmt: skip
    found["ao"] = found["owner"].fillna(found["holder"])
    found["ao_first"] = found["ao_first"].fillna(found["ao"])
    found["a1"] = found["a1"].where(found["response_at"].notna(), found["ao"])
    found["resolved_at"] = found["last_resolved"].where(found["last"] == "resolved")
    found["reopen_gap"] = found["reopened"] - found["first_resolved"]
    return found


def _one(steps: pd.DataFrame, names: dict[str, str], keep: str = "first") -> pd.DataFrame:
    """The first or last of these rows of each case."""
    return steps.drop_duplicates("case_id", keep=keep).set_index("case_id")[list(names)].rename(columns=names)


def stops(events: pd.DataFrame) -> pd.DataFrame:
    """Pauses and the time between a resolution and the reopening, cut so that none of a set overlap: case, set, start,
    end."""
    pausing = events[events["type"].isin(("pend_start", "pend_end"))]
    paused = pausing.assign(end=pausing.groupby(["case_id", "kind"])["at"].shift(-1))
    paused = paused[paused["type"] == "pend_start"]
    ending = events[events["type"].isin(("resolved", "reopened"))]
    gone = ending.assign(end=ending.groupby("case_id")["at"].shift(-1), kind="resolved")
    gone = gone[(gone["type"] == "resolved") & gone["end"].notna()]
    both = pd.concat([each[["case_id", "kind", "at", "end"]] for each in (paused, gone)])
    return free(both.assign(end=both["end"].fillna(CUT).astype("int64")))


def free(stopped: pd.DataFrame) -> pd.DataFrame:
    sets = [stopped[stopped["kind"].isin(kinds)].assign(stops=name) for name, kinds in SETS.items()]
    ordered = pd.concat(sets)[["case_id", "stops", "at", "end"]].sort_values(["case_id", "stops", "at", "end"])
    groups = [ordered["case_id"], ordered["stops"]]
    covered = ordered.groupby(groups)["end"].cummax().groupby(groups).shift(1)
    cut = ordered.assign(at=np.fmax(ordered["at"], covered.fillna(0)).astype("int64"))
    return cut[cut["at"] < cut["end"]]


def clocked(work: frames.Work, cases: pd.DataFrame, stopped: pd.DataFrame) -> pd.DataFrame:
    """Working seconds less pauses, limits kept or missed, and the moment the resolution is due."""
    answered, resolved = cases["response_at"].notna(), cases["resolved_at"].notna()
    cases["end_at"] = cases["resolved_at"].fillna(CUT).astype("int64")
    cases["response_end"] = cases["response_at"].fillna(cases["resolved_at"]).fillna(CUT).astype("int64")
    for name in ("opened_at", "response_end", "end_at"):
        cases[f"w_{name}"] = work.before(cases[name].to_numpy())
    w_follow = work.before(cases["follow_at"].fillna(CUT).astype("int64").to_numpy())
    stopped = stopped.assign(w_at=work.before(stopped["at"].to_numpy()), w_end=work.before(stopped["end"].to_numpy()))
    needed = ["case_id", "w_opened_at", "w_response_end", "w_end_at", "resolution_limit"]
    lost = lost_time(stopped.merge(cases[needed], on="case_id", how="inner"))
    cases = cases.merge(lost, left_on="case_id", right_index=True, how="left")
    cases[lost.columns] = cases[lost.columns].fillna(0).astype("int64")
    due = work.moment((cases["w_opened_at"] + cases["resolution_limit"] + cases["due"]).to_numpy())
    response = cases["w_response_end"] - cases["w_opened_at"] - cases["response"]
    unit = cases["w_end_at"] - cases["w_opened_at"] - cases["unit"]
    resolution_met = _met(unit, cases["resolution_limit"], resolved)
    late = pd.Series(due, index=cases.index).where(resolution_met.eq(other=False).fillna(value=False))
    cases = cases.assign(
        response_met=_met(response, cases["response_limit"], answered),
        resolution_met=resolution_met,
        followed=_followed(work, cases, w_follow, answered),
        response=response.where(answered),
        judged_at=cases["resolved_at"].fillna(late),
        due_day=(due + 28_800) // 86_400,
    )
    anchors = {"opened": "opened_at", "resolved": "resolved_at", "first": "first_resolved", "judged": "judged_at"}
    return cases.assign(**{name: month(work, cases[column]) for name, column in anchors.items()})


def _met(used: pd.Series, limit: pd.Series, stopped: pd.Series) -> pd.Series:
    """In time, late, or neither yet."""
    late = used > limit
    return (~late).astype("boolean").where(late | stopped)


def _followed(work: frames.Work, cases: pd.DataFrame, w_follow: frames.Ints, answered: pd.Series) -> pd.Series:
    limit, start = 2 * cases["response_limit"], cases["w_response_end"]
    w_cut = int(work.before(np.array([CUT]))[0])
    in_time = (w_follow - start <= limit).where(cases["follow_at"].notna(), other=False).astype("boolean")
    waiting = cases["follow_at"].isna() & (w_cut - start <= limit)
    return in_time.where(answered & ~waiting)


def lost_time(stopped: pd.DataFrame) -> pd.DataFrame:
    """What the stops of a case took from each clock."""
    start = np.maximum(stopped["w_at"], stopped["w_opened_at"])
    whole = (np.minimum(stopped["w_end"], stopped["w_end_at"]) - start).clip(lower=0)
    first = (np.minimum(stopped["w_end"], stopped["w_response_end"]) - start).clip(lower=0)
    customer, unit = (stopped["stops"] == name for name in ("customer", "unit"))
    before = whole.groupby([stopped["case_id"], stopped["stops"]]).cumsum() - whole
    in_time = unit & (start - stopped["w_opened_at"] - before < stopped["resolution_limit"])
    taken = pd.DataFrame({
        "response": first.where(customer, other=0), "unit": whole.where(unit, other=0),
        "due": whole.where(in_time, other=0),
    })  # fmt: skip
    return taken.groupby(stopped["case_id"]).sum()


def with_held(work: frames.Work, cases: pd.DataFrame, events: pd.DataFrame, stopped: pd.DataFrame) -> pd.DataFrame:
    """For how long the owner held a resolved case, less all stops."""
    turns = events[events["type"].isin(HANDED)]
    turns = turns.assign(until=turns.groupby("case_id")["at"].shift(-1), ao=turns["to_person"])
    done = cases.loc[cases["resolved_at"].notna(), ["case_id", "ao", "end_at", "w_opened_at", "w_end_at"]]
    mine = turns[["case_id", "ao", "at", "until"]].merge(done, on=["case_id", "ao"])
    mine = mine[mine["at"] <= mine["end_at"]]
    until = mine["until"].fillna(mine["end_at"]).astype("int64")
    low = np.maximum(work.before(mine["at"].to_numpy()), mine["w_opened_at"])
    high = np.minimum(work.before(until.to_numpy()), mine["w_end_at"])
    mine = pd.DataFrame({"case_id": mine["case_id"], "low": low, "high": high})
    stops = stopped[stopped["stops"] == "person"]
    stops = stops.assign(at=work.before(stops["at"].to_numpy()), end=work.before(stops["end"].to_numpy()))
    both = mine.merge(stops[["case_id", "at", "end"]], on="case_id")
    lost = (np.minimum(both["end"], both["high"]) - np.maximum(both["at"], both["low"])).clip(lower=0)
    held = (mine["high"] - mine["low"]).clip(lower=0).groupby(mine["case_id"]).sum()
    own = held.sub(lost.groupby(both["case_id"]).sum().reindex(held.index, fill_value=0)).rename("own")
    return cases.merge(own, left_on="case_id", right_index=True, how="left")


def month(work: frames.Work, moments: pd.Series) -> pd.Series:
    found = pd.Series(work.month(moments.fillna(CUT).astype("int64").to_numpy()), index=moments.index)
    return found.astype("Int64").where(moments.notna())


def with_gaps(cases: pd.DataFrame) -> pd.DataFrame:
    """From the resolution to the next case of the same device and fault, and of the same customer."""
    known = cases[~cases["x1"]].sort_values("opened_at")
    done = known[known["resolved_at"].notna()].sort_values("resolved_at")
    done = done.assign(until=done["resolved_at"].astype("int64"))[
        ["case_id", "until", "device_id", "fault_group", "customer_id", "category"]
    ]
    for name, by in (("fault", ["device_id", "fault_group"]), ("mine", ["customer_id", "device_id"]),
                     ("same", ["customer_id", "category"])):  # fmt: skip
        later = known[[*by, "opened_at"]].rename(columns={"opened_at": name})
        done = pd.merge_asof(done, later, left_on="until", right_on=name, by=by, direction="forward")
    gaps = pd.DataFrame({
        "case_id": done["case_id"], "fault_gap": done["fault"] - done["until"],
        "customer_gap": done[["mine", "same"]].min(axis=1) - done["until"],
    })  # fmt: skip
    return cases.merge(gaps, on="case_id", how="left")


def wide(work: frames.Work, cases: pd.DataFrame, surveys: pd.DataFrame) -> pd.DataFrame:
    counted = cases[~cases["x1"]]
    answers = surveys.assign(event=month(work, surveys["answered_at"]))[~surveys["x1"].astype("bool")]
    visited = counted[counted["fixed"].notna() & (counted["outcome"] != "parts_needed")]
    parts = [
        group(counted, "a1", "opened", vol=1, **clock("frt", counted["response"]), **rate("frs", counted["response_met"]),
              **rate("frq", counted["followed"])),
        group(counted, "ao", "resolved", res=1, **clock("ttr", counted["own"]), cost=counted["cost"],
              hrr=counted["customer_gap"] <= WINDOW, rpr=counted["fault_gap"] <= WINDOW),
        group(counted, "ao", "judged", **rate("trs", counted["resolution_met"])),
        group(counted, "ao_first", "first", reo=counted["reopen_gap"] <= SURVEY_WINDOW, reo_n=1),
        group(visited, "av", "resolved", ftf_n=1, ftf=visited["fixed"] & ~(visited["fault_gap"] <= WINDOW)),
        group(answers, "ao", "event", csat=answers["csat"] >= 4, csat_sum=answers["csat"], csat_n=answers["csat"].notna()),
        backlog(counted),
    ]  # fmt: skip
    return reduce(lambda left, right: left.join(right, how="outer"), parts)


def group(rows: pd.DataFrame, person: str, period: str, **made: pd.Series | int) -> pd.DataFrame:
    """Sums by person and month, and the percentiles of what is called ``…_values``."""
    placed = pd.DataFrame({"person": rows[person], "period": rows[period], **made})
    placed = placed[placed["person"].notna() & placed["period"].between(FIRST, LAST).fillna(value=False)]
    by = placed.groupby(KEYS)
    spread = [name for name in made if name.endswith("_values")]
    found = by[[name for name in made if name not in spread]].sum()
    for name in spread:
        found[name.replace("_values", "_n")] = by[name].count()
        shares = by[name].quantile([0.5, 0.9]).round(6).unstack()
        found[[name.replace("_values", f"_p{share}") for share in (50, 90)]] = shares
    return found


def clock(name: str, values: pd.Series) -> dict[str, pd.Series]:
    return {f"{name}_sum": values, f"{name}_values": values}


def rate(name: str, flag: pd.Series) -> dict[str, pd.Series]:
    return {name: flag.fillna(value=False).astype("int64"), f"{name}_n": flag.notna().astype("int64")}


def backlog(cases: pd.DataFrame) -> pd.DataFrame:
    until = cases["resolved"].fillna(LAST + 1).clip(upper=LAST + 1).astype("int64")
    since = cases["opened"].clip(lower=FIRST).astype("int64")
    crossing = cases["ao"].notna() & (since < until)
    since, length = since[crossing].to_numpy(), (until - since)[crossing].to_numpy()
    row = np.repeat(np.arange(len(since)), length)
    period = since[row] + np.arange(len(row)) - (np.cumsum(length) - length)[row]
    late = cases.loc[crossing, "due_day"].to_numpy()[row] <= frames.period_end(period)
    months = pd.DataFrame(
        {"person": cases.loc[crossing, "ao"].to_numpy()[row], "period": period, "bkl": 1, "bla": late}
    )
    return months.groupby(KEYS).sum()
