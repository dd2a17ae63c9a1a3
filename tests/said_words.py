"""What the product says, read from its source: codes with the facts given, and codes put together while running."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

import fuxiao
from fuxiao.base.permissions import Permission, Reach, Role
from fuxiao.base.wording import catalogue
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.piece import Work
from fuxiao.core.case_life import State, Verb
from fuxiao.core.clock.ledger import CLOCKS, Reason
from fuxiao.core.cycle import Step
from fuxiao.core.fairness.classes import Class
from fuxiao.core.fairness.funnel import Verdict
from fuxiao.core.fairness.xmr import Rule
from fuxiao.core.gaming.learning import SIDE
from fuxiao.core.gaming.registry import DETECTORS, KINDS
from fuxiao.core.indicator import Direction, Standing
from fuxiao.core.law import STEPS
from fuxiao.core.score.card import Status
from fuxiao.core.score.event import VetoMode
from fuxiao.core.service_level.outcome import Status as Promise
from fuxiao.core.warranty.claims import Right
from fuxiao.core.warranty.claims import Standing as Claimed
from fuxiao.core.warranty.cover import Origin
from fuxiao.core.warranty.cover import State as Cover
from fuxiao.datasets.connecting.query import Kind as ColumnKind
from fuxiao.datasets.connecting.query import Test as ColumnTest
from fuxiao.datasets.importing.progress import Stage
from fuxiao.engine.definition import Statistic
from fuxiao.engine.fact_tables import CLOCK_REASONS, FACT_TABLES, Kind
from fuxiao.engine.reading import UNITS
from fuxiao.engine.schema import COST_KINDS, FILLED_FROM, VISIT_OUTCOMES
from fuxiao.incentives.carrying import CARRIED, LATE
from fuxiao.performance.cycles.parts import JobKind
from fuxiao.performance.process.charged import Cause
from fuxiao.performance.signals.limits import OVER_COMPENSATION, CompensationLimits
from fuxiao.service.models import CostState, MoveKind, Mover

ROOT = Path(fuxiao.__file__).parent
OWN_WORDS = ("report/", "web/", "config/", "core/gaming/words.py", "datasets/importing/words.py")
"""Folders and files that keep their words beside them."""

DOTTED = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FILES = re.compile(r".+\.(yaml|toml|json|html|css|xlsx|lock|log|md|pid|conf|csv|sqlite3|key|png|xml)")
TABLES = (*FACT_TABLES, "case_events", "memberships", "records(?!.key_missing)", "fuxiao")
NO_CODES = re.compile(
    rf"({'|'.join(TABLES)})\..+"  # columns of tables; packages
    r"|[a-z]\.[a-z_]+"  # columns in SQL
    r"|spark\.(driver|sql|ui)\..+"  # settings of Spark
    r"|data\.(jobs|loads|database)|org\.user"  # topics, kinds of the audit trail
    r"|service\.(case|casetitle|customer|device|part|location|cost|survey|complaint)"
    r"|auth\.permission|base\.announcement"  # tables of the database
    r"|file\.(header|quote)|curve\.type|hold_back\.(of|release)|benchmark\.(value|source)"  # places in a definition
)
ADDED = {"line", "column", "shown", "near"}
"""Facts that a helper adds to those of the place where a code is written."""

NO_WORDS = ("apps.py", "models.py", "base/permissions.py")
TABLES_OF_DJANGO = ("/models/", "/migrations/")
ERRORS = ("NotPermitted", "InputError", "Conflict", "StoreError", "CalculationError", "SealError")
RECORDING = (
    "record",
    "record_change",
    "record_row",
    "record_visit",
    "note_own_change",
    "_tell",
    "_record",
    "save_case",
    "_told",
)
TELLING = ("notify", "notify_people", "_tell_person")
NAMING = (*RECORDING, *TELLING, "announce", "announce_alone", "history_of", "setdefault", "filter")
"""Calls whose texts name things for programs: actions and kinds of the audit trail, topics, variables."""
SCANNED = ("text_not_closed", "character")
SCORE_MISSING = ("no_value", "no_norm", "few_raters", "no_team_score", "not_judged")
CYCLES = (
    *(f"cycle.{step}" for step in tuple(Step)[1:]), "scorecard.self", "scorecard.lead", "scorecard.remark",
    "scorecard.answered",
)  # fmt: skip
"""What the audit trail tells of cycles: the steps taken, what is written on scorecards."""
HEADINGS = (
    "dataset", "record", "case_id", "person", "team", "company", "period", "numerator", "denominator", "reason",
)  # fmt: skip
"""Headings of rows that no fact table names."""
FLAGS = (
    "not_rated", "no_base", "role_not_in_plan", "not_eligible", "team_score_missing", "gate", "capped", "carried",
    "hold_reduced", "only_corrections", "wage_unknown",
)  # fmt: skip


@dataclass
class Place:
    """One place in the code where a code is written, and every name around it that may be a fact."""

    where: str
    names: set[str] = field(default_factory=set)


@dataclass
class Said:
    """What the code of the product says: codes with their places, by how they are said."""

    codes: dict[str, list[Place]] = field(default_factory=dict)
    traces: dict[str, list[Place]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    whats: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    """The texts that may stand in a place: a literal, or both of a choice."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from texts([node.body, node.orelse])


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that may be facts: every text and every keyword."""
    found = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return found | {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


def read(path: Path, said: Said) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    where = path.relative_to(ROOT).as_posix()
    own, not_codes = where.startswith(OWN_WORDS) or where.endswith(NO_WORDS), apart(tree)
    own = own or any(folder in where for folder in TABLES_OF_DJANGO)
    for nodes in by_function(tree):
        place = Place(where, names_in(nodes))
        for node in nodes:
            if isinstance(node, ast.Call):
                read_call(node, place, said)
                if name_of(node) in RECORDING:
                    said.done |= {text for text in texts(node.args[1:2]) if is_code(text)}
                elif name_of(node) in TELLING:
                    said.told |= {text for text in texts(node.args[:2]) if is_code(text)}
            elif isinstance(node, ast.Constant) and not (own or id(node) in not_codes) and is_code(node.value):
                said.codes.setdefault(str(node.value), []).append(place)


def by_function(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of each outermost function or method, and those of the module outside of them."""
    rest: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            yield list(ast.walk(node))
        else:
            rest.append(node)
            waiting.extend(ast.iter_child_nodes(node))
    yield rest


def apart(tree: ast.Module) -> set[int]:
    """Texts that are no codes by where they stand: docstrings, parts of longer texts, and the codes of traces."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values}
        elif isinstance(node, ast.Compare):
            found |= {id(part) for part in (node.left, *node.comparators)}
        elif isinstance(node, ast.Call) and name_of(node) == "Trace":
            found.add(id(node.args[0]))
        elif isinstance(node, ast.Call) and name_of(node) in NAMING:
            parts = (*node.args, *(k.value for k in node.keywords))
            found |= {id(inner) for part in parts for inner in ast.walk(part)}
    return found


def is_code(value: object) -> bool:
    if not isinstance(value, str) or not DOTTED.fullmatch(value):
        return False
    return not FILES.fullmatch(value) and not NO_CODES.fullmatch(value)


def read_call(call: ast.Call, place: Place, said: Said) -> None:
    name, first = name_of(call), list(texts(call.args[:1]))
    if name in {"Trace", "replace"}:
        for code in first if name == "Trace" else texts([k.value for k in call.keywords if k.arg == "code"]):
            said.traces.setdefault(code, []).append(place)
    for code in codes_of(name, first, place):
        said.codes.setdefault(code, []).append(place)
    said.kinds |= set(kinds_of(name, call, place))
    said.whats |= set(first) if name == "DefinitionError" else set()
    if place.where.startswith("datasets/importing/"):
        said.types |= {t for k in call.keywords if k.arg == "expected" for t in texts([k.value])}
    if place.where.startswith("core/gaming/") and name == "share_signal":
        said.evidence |= {k.arg for k in call.keywords if k.arg} - {"limits"}


def codes_of(name: str, first: list[str], place: Place) -> list[str]:
    """Codes that may have no dot, or get their beginning from a helper."""
    if name in ("say", "tell") or name in ERRORS:
        return first
    if place.where.startswith("engine/expression/") and name in ("refused", "refuse"):
        # The scanner chooses between two codes before it refuses.
        return [f"expression.{code}" for code in first or (SCANNED if place.where.endswith("scan.py") else ())]
    return []


def kinds_of(name: str, call: ast.Call, place: Place) -> Iterator[str]:
    """What a name that nobody knows was meant to be: an indicator, a scheme, a person."""
    if name == "UnknownName":
        yield from texts(call.args[:1])
    elif name in ("unknown", "unknown_each") and place.where.startswith("core/bonus/"):
        yield from texts(call.args[1:2])
    elif name == "known" and place.where.startswith("cli/"):
        yield from texts(call.args[2:])


@cache
def said() -> Said:
    """Everything that is said anywhere, read from the source."""
    found = Said()
    for path in sorted(ROOT.rglob("*.py")):
        read(path, found)
    return found


def dynamic() -> dict[str, tuple[str, ...]]:
    """Codes put together while running: the beginning, and every ending that the product knows."""
    rules = [rule.name.lower() for rule in Rule]
    merits = ("better", "worse", "moved")
    return {
        "unit.": tuple(UNITS),
        "account_role.": tuple(Role),
        "may.": tuple(Permission),
        "reach.": tuple(Reach),
        "case_state.": tuple(State),
        "verb.": tuple(Verb),
        **{f"{kind}.": ("failed", "lost") for kind in JobKind},
"cover.": tuple(Cover),
        "warranty_from.": tuple(Origin),
        "claim.": tuple(Right),
        "claim_standing.": tuple(Claimed),
        "visit_outcome.": VISIT_OUTCOMES,
        "visit_mover.": tuple(Mover),
        "stock_move.": tuple(MoveKind),
        "filled_from.": FILLED_FROM,
        "cost_kind.": COST_KINDS,
        "cost_state.": tuple(CostState),
        "did.": (*said().done, *CYCLES),
        "did.case.": tuple(Verb),
        "notice.": tuple(said().told),
        "hear.": tuple(said().told),
        "connect.": ("unreachable", "refused", "database_unknown", "tls", "slow", "query_failed"),
        "query_kind.": tuple(ColumnKind),
        "query_test.": tuple(ColumnTest),
        "direction.": tuple(Direction),
        "standing.": tuple(Standing),
        "status.": (*Status, *Promise),
        "missing.": (*(s for s in Standing if s is not Standing.OK), *SCORE_MISSING),
        "exclusion.": tuple({*CLOCK_REASONS, *(reason for t in FACT_TABLES.values() for reason in t.exclusions)}),
        "indicator.": ("TSC",),
        "role.": packed_roles(),
        "flag.": FLAGS,
        "line.": tuple(LineKind),
        "origin.": (LATE, CARRIED),
        "procedure.": STEPS,
        "clock.": tuple(CLOCKS),
        "reason.": tuple(Reason),
        "difference.": differences(),
        "waste.": wastes(),
        "import.stage.": tuple(Stage),
        "values.unanswered.": ("values.no_table", "values.no_column", "values.no_person"),
        "evidence.": evidence(),
        "veto.": tuple(VetoMode),
        "grade_by.": ("bands", "veto", "gate", "distribution", "committee"),
        "factor.": ("own", "team", "quality", "company"),
        "safeguard.": ("confirmation", "evidence", "second_approver"),
        "level.": ("scheme", "role", "team", "person"),
        "credit.": tuple({credit for t in FACT_TABLES.values() for credit in t.credits}),
        "statistic.": tuple(Statistic),
        "piece_work.": tuple(Work),
        "anchor.": ("snapshot", *{anchor for t in FACT_TABLES.values() for anchor in t.anchors}),
        "cause.": ("pause", "hand_off", "customer", "parts", "third_party"),
        "charge.": tuple(Cause),
        "place.": tuple(Class),
        "verdict.": tuple(Verdict),
        # decisions.py names the first two by their folder; a currency's issue says what was meant, not what is near.
        "kind.": tuple(said().kinds | {"scheme", "plan", "currency"}),
        "what.": tuple(said().whats),
        "type.": (*Kind, "literal", *said().types, *settings_types()),
        "syntax.": ("operator", "value", "end"),
        "trace.sheet.": ("score", "amount"),
        "content.": ("binary", "HTML"),
        "column.": HEADINGS,
        "detector.": (*DETECTORS, OVER_COMPENSATION, f"{OVER_COMPENSATION}_proposed"),
        "threshold.": tuple(thresholds() - SIDE),
        "trace.gaming.": (*(kind.code for kind in KINDS), "P3"),
        "trace.fairness.": ("wilson", "mean_t", "mean_normal", "percentile", "difference"),
        "trace.fairness.prior_": ("moments", "likelihood"),
        "trace.trend.": ("noise", "too_few", *(f"{rule}.{merit}" for rule in rules for merit in merits)),
        "trace.change.": ("not_proven", *merits),
        "": ("number.expected", "choice.expected", "tiers.expected"),  # a curve's parameter names its kind
    }  # fmt: skip


def literals(path: str, call: str, position: int) -> tuple[str, ...]:
    """The texts at a position of all calls of a name in one file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) == call)
    return tuple(text for node in calls for text in texts(node.args[position : position + 1]))


def packed_roles() -> tuple[str, ...]:
    """The roles of all template packs."""
    packs = [*(ROOT / "performance/templates").glob("*.yaml"), *(ROOT / "incentives/templates").glob("*.yaml")]
    roles = {role for pack in packs for role in yaml.safe_load(pack.read_text(encoding="utf-8"))["roles"]}
    return tuple(sorted(roles - {"*"}))


def thresholds() -> set[str]:
    limits = [CompensationLimits(), *(each.limits for each in DETECTORS.values())]
    return {each.name for one in limits for each in fields(one)}


def differences() -> tuple[str, ...]:
    return (*literals("incentives/sealing.py", "Difference", 0), *literals("report/papers.py", "Difference", 0))


def wastes() -> tuple[str, ...]:
    return literals("performance/process/quality.py", "CostItem", 0)


def settings_types() -> tuple[str, ...]:
    from fuxiao.base.settings import WORDS

    return tuple(WORDS.values())


def evidence() -> tuple[str, ...]:
    """The names under which signals count: keys of the tables called evidence, facts, counted, shares."""
    found = {"hits", "cases", "share", "usual"} | (said().evidence - {"hits", "cases", "usual"})
    paths = [*(ROOT / "core/gaming").glob("*.py"), *(ROOT / "performance/signals").glob("*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= evidence_keys(node)
    return tuple(sorted(found))


def evidence_keys(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) or node.value is None:
        return set()
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {getattr(t, "id", getattr(getattr(t, "value", None), "id", "")) for t in targets}
    if not names & {"evidence", "facts", "counted", "shares"}:
        return set()
    keys = [key for each in ast.walk(node.value) if isinstance(each, ast.Dict) for key in each.keys if key]
    keys += [t.slice for t in targets if isinstance(t, ast.Subscript)]
    return set(texts(keys))


@cache
def all_dynamic() -> set[str]:
    return {f"{start}{end}" for start, ends in dynamic().items() for end in ends}


def places(text: str) -> list[tuple[str, str]]:
    """The places of a sentence: name and family; the word that goes with a number is no family."""
    return [
        (name, "" if "/" in (spec or "") else spec or "")
        for _, name, spec, _ in Formatter().parse(text)
        if name is not None
    ]


def codes_as_said() -> Mapping[str, list[Place]]:
    """The places of every literal code under the name that the catalogue has for it."""
    traces = {f"trace.{code}": at for code, at in said().traces.items() if f"trace.{code}" in catalogue()}
    return {code: at for code, at in said().codes.items() if code in catalogue() and code not in all_dynamic()} | traces
