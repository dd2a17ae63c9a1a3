"""The life of a case: what may be done when, what it leaves behind, what is refused and what can be done instead."""

from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fuxiao.core.calendar import ALWAYS
from fuxiao.core.case_life import OPEN, Do, Happened, Life, State, Verb, after, life_of, possible, step
from fuxiao.core.clock import CLOCKS, RESOLUTION_PERSON, PauseKind, case_history, held_seconds, run_clock
from fuxiao.core.credit import CreditFacts, credit
from fuxiao.core.errors import InputError
from fuxiao.core.worktime import WorkTime
from fuxiao.engine.schema import EVENT_TYPES
from slow_clock import minutes_not_counted, minutes_with

MONDAY = 1_793_577_600 // 86_400 * 86_400
NOW = MONDAY + 3000 * 60


def lived(*acts):
    """The life and the events of these acts, a minute apart."""
    life, events = None, []
    for minute, act in enumerate(acts):
        life, made = step(life, Do(at=MONDAY + minute * 60, **{"verb": act} if isinstance(act, Verb) else act))
        events += made
    return life, events


def do(verb, **more):
    return {"verb": verb, **more}


CREATE = do(Verb.CREATE, to_unit="desk", actor="chen")
TO_LI = do(Verb.ASSIGN, actor="chen", to_person="li", to_unit="field")
LI_TAKES = do(Verb.ACCEPT, actor="li")
WAIT = do(Verb.PEND, actor="li", kind=PauseKind.PARTS, reason="compressor")


def refused(life, act, *, minute=99):
    with pytest.raises(InputError) as told:
        step(life, Do(at=MONDAY + minute * 60, **act))
    return told.value


def test_a_case_goes_from_its_intake_to_its_closing():
    life, events = lived(
        CREATE, TO_LI, LI_TAKES, do(Verb.RESPOND, actor="li"), do(Verb.VISIT_START, actor="li"),
        do(Verb.VISIT_END, actor="li"), do(Verb.RESOLVE, actor="li"), do(Verb.CLOSE, actor="chen"),
    )  # fmt: skip
    assert [event.type for event in events] == [
        "created", "assigned", "accepted", "responded", "visit_start", "visit_end", "resolved", "closed",
    ]  # fmt: skip
    assert (life.state, life.owner, life.unit, life.events) == (State.CLOSED, "li", "field", 8)
    assert not life.is_open


def test_whoever_takes_a_case_out_of_the_queue_is_marked_as_having_picked_it():
    life, events = lived(CREATE, LI_TAKES)
    assert [(e.type, e.to_person, e.to_unit, e.self_picked) for e in events[1:]] == [
        ("assigned", "li", "desk", True), ("accepted", "li", "desk", True),
    ]  # fmt: skip
    assert life.state is State.ACCEPTED
    assert not lived(CREATE, TO_LI, LI_TAKES)[1][-1].self_picked


def test_nobody_accepts_what_was_given_to_another():
    life, _ = lived(CREATE, TO_LI)
    told = refused(life, do(Verb.ACCEPT, actor="wang"))
    assert (told.code, told.params["owner"]) == ("life.given_to_another", "li")
    assert refused(life, do(Verb.ACCEPT)).code == "life.nobody_named"


def test_a_pause_has_a_kind_and_a_reason_and_ends_when_the_work_goes_on():
    life, _ = lived(CREATE, TO_LI, LI_TAKES, WAIT)
    assert (life.state, life.pause, life.work) == (State.PENDING, PauseKind.PARTS, State.ACCEPTED)
    assert refused(life, WAIT).code == "life.paused"
    resumed, events = step(life, Do(verb=Verb.RESUME, at=MONDAY + 600))
    assert (resumed.state, events[0].kind) == (State.ACCEPTED, PauseKind.PARTS)
    assert refused(resumed, do(Verb.RESUME)).code == "life.not_paused"
    assert refused(resumed, do(Verb.PEND, reason="why")).code == "life.no_kind"
    assert refused(resumed, do(Verb.PEND, kind=PauseKind.PARTS, reason=" ")).code == "life.no_reason"


@pytest.mark.parametrize("verb", [Verb.VISIT_START, Verb.RESOLVE, Verb.CANCEL, Verb.MERGE])
def test_arriving_and_ending_end_a_pause_by_themselves(verb):
    life, _ = lived(CREATE, TO_LI, LI_TAKES, WAIT)
    life, events = step(life, Do(verb=verb, at=MONDAY + 600, actor="li", reason="why"))
    assert (events[0].type, events[0].kind, life.pause) == ("pend_end", PauseKind.PARTS, None)


def test_a_case_in_nobodys_hands_is_sent_to_another_queue_without_a_transfer():
    life, events = lived(CREATE, do(Verb.ROUTE, to_unit="field"))
    assert (events[-1].type, events[-1].activity, events[-1].from_unit) == ("other", "route", "desk")
    assert (life.unit, life.state) == ("field", State.NEW)
    assert refused(life, do(Verb.ROUTE, to_unit="field")).code == "life.same_place"
    assert refused(life, do(Verb.ROUTE)).code == "life.same_place"


def test_giving_a_case_names_somebody_new():
    life, _ = lived(CREATE, TO_LI)
    assert refused(life, do(Verb.ASSIGN)).code == "life.nobody_named"
    assert refused(life, do(Verb.ASSIGN, to_person="li")).code == "life.same_place"
    assert step(life, Do(verb=Verb.ASSIGN, at=MONDAY + 600, to_person="wang"))[0].owner == "wang"


def test_a_transfer_gives_the_case_to_a_person_or_to_a_queue():
    life, _ = lived(CREATE, TO_LI, LI_TAKES)
    to_wang, events = step(life, Do(verb=Verb.TRANSFER, at=MONDAY + 600, actor="li", to_person="wang", reason="skill"))
    assert (to_wang.state, to_wang.owner, events[0].from_unit, events[0].to_unit) == (
        State.ASSIGNED, "wang", "field", "field",
    )  # fmt: skip
    to_desk, _ = step(life, Do(verb=Verb.TRANSFER, at=MONDAY + 600, actor="li", to_unit="desk", reason="no visit"))
    assert (to_desk.state, to_desk.owner, to_desk.unit) == (State.NEW, None, "desk")
    assert refused(life, do(Verb.TRANSFER, to_person="li", reason="to myself")).code == "life.same_place"


def test_an_escalation_moves_the_case_only_where_it_names_a_place():
    life, _ = lived(CREATE, TO_LI, LI_TAKES)
    told = Do(verb=Verb.ESCALATE, at=MONDAY + 600, actor="li", reason="recall")
    assert [e.type for e in step(life, told)[1]] == ["escalated"]
    moved, events = step(life, Do(verb=Verb.ESCALATE, at=MONDAY + 600, actor="li", reason="recall", to_unit="l2"))
    assert ([e.type for e in events], moved.unit, moved.owner) == (["escalated", "transferred"], "l2", None)
    stays = Do(verb=Verb.ESCALATE, at=MONDAY + 600, reason="recall", to_person="li")
    assert [e.type for e in step(life, stays)[1]] == ["escalated"]
    away, _ = step(life, Do(verb=Verb.VISIT_START, at=MONDAY + 600, actor="li"))
    on_site = Do(verb=Verb.ESCALATE, at=MONDAY + 700, reason="recall", to_unit="l2")
    assert [e.type for e in step(away, on_site)[1]] == ["escalated"]


def test_while_somebody_is_at_the_customers_the_case_stays_where_it_is():
    life, _ = lived(CREATE, TO_LI, do(Verb.VISIT_START, actor="li"))
    told = refused(life, do(Verb.RESOLVE))
    assert (told.code, told.params["possible"]) == (
        "life.on_visit", ["accept", "respond", "escalate", "visit_end", "recode"],
    )  # fmt: skip
    assert refused(lived(CREATE, TO_LI)[0], do(Verb.VISIT_END)).code == "life.no_visit"


def test_what_is_refused_says_what_can_be_done_instead():
    life, _ = lived(CREATE)
    told = refused(life, do(Verb.CLOSE))
    assert told.code == "life.not_now"
    assert told.params == {
        "verb": "close", "state": "new",
        "possible": ["route", "assign", "accept", "respond", "pend", "escalate", "recode", "merge", "cancel"],
    }  # fmt: skip
    assert refused(None, do(Verb.ASSIGN)).code == "life.no_case"
    cancelled, _ = lived(CREATE, do(Verb.CANCEL, reason="误报"))
    assert refused(cancelled, do(Verb.REOPEN, reason="又要修"), minute=9).code == "life.over"
    assert refused(life, CREATE).code == "life.not_now"


def test_nothing_happens_before_what_happened_already():
    life, _ = lived(CREATE, TO_LI)
    assert refused(life, LI_TAKES, minute=0).code == "life.before_last"


def test_a_reopened_case_is_its_last_holders_again():
    life, _ = lived(CREATE, TO_LI, LI_TAKES, do(Verb.RESOLVE), do(Verb.CLOSE), do(Verb.REOPEN, reason="again"))
    assert (life.state, life.owner, life.reopened) == (State.ASSIGNED, "li", 1)


def test_a_template_is_no_answer_to_the_clocks_and_a_wrong_transfer_is_told():
    _, events = lived(CREATE, do(Verb.RESPOND, actor="li", template=True), do(Verb.RESPOND, actor="wang"))
    history = case_history(event.on_clock(seq) for seq, event in enumerate(events))
    assert (history.first_response_at, history.first_responder) == (MONDAY + 120, "wang")
    wrong = Happened(type="transferred", at=MONDAY, from_unit="a", to_unit="b", wrong=True)
    assert case_history([wrong.on_clock(1)]).transfers[0].wrong


def test_events_of_other_systems_are_taken_as_they_come():
    events = [
        Happened(type="resolved", at=5, actor="li"), Happened(type="assigned", at=6, to_person="li"),
        Happened(type="pend_start", at=7), Happened(type="pend_end", at=7, kind=PauseKind.PARTS),
        Happened(type="contacted", at=8, to_unit="desk"),
    ]  # fmt: skip
    life = life_of(events)
    assert (life.state, life.owner, life.unit, life.events) == (State.RESOLVED, "li", None, 5)
    opened = after(life, Happened(type="reopened", at=9))
    assert (opened.state, opened.owner) == (State.ASSIGNED, "li")
    assert life_of([]) is None
    assert life_of([Happened(type="reopened", at=9)]).state is State.NEW
    assert life_of([Happened(type="other", at=9, to_unit="desk")]).unit == "desk"


class AnyLife(RuleBasedStateMachine):
    """Any acts on a case, by anybody, in any order: what is refused leaves no trace, the rest adds up."""

    @initialize()
    def opened(self):
        self.minutes = count(1)
        self.life, events = step(None, Do(verb=Verb.CREATE, at=MONDAY, to_unit="desk"))
        self.events, self.told = list(events), 0

    @rule(
        verb=st.sampled_from(Verb), actor=st.sampled_from([None, "li", "wang"]),
        to_person=st.sampled_from([None, "li", "wang", "zhao"]), to_unit=st.sampled_from([None, "desk", "field"]),
        kind=st.sampled_from([None, *PauseKind]), reason=st.sampled_from(["", "because"]), template=st.booleans(),
    )  # fmt: skip
    def act(self, **asked):
        asked = Do(at=MONDAY + next(self.minutes) * 60, **asked)
        allowed = asked.verb in possible(self.life)
        try:
            self.life, made = step(self.life, asked)
        except InputError:
            return
        assert allowed
        self.events += made
        self.told += 1

    @invariant()
    def no_event_is_lost_and_the_row_is_what_they_add_up_to(self):
        assert self.life == life_of(self.events)
        assert self.life.events == len(self.events) > self.told
        assert {event.type for event in self.events} <= set(EVENT_TYPES)

    @invariant()
    def no_state_contradicts_itself(self):
        life = self.life
        assert (life.state is State.PENDING) == (life.is_open and life.pause is not None)
        assert life.is_open or (life.pause is None and not life.on_visit)
        assert not life.on_visit or life.work in {State.ASSIGNED, State.ACCEPTED}
        assert (life.owner is None) == (life.work is State.NEW) or life.work not in OPEN
        assert possible(life) or life.state in {State.MERGED, State.CANCELLED}

    @invariant()
    def the_clocks_say_the_same_as_the_case(self):
        history = self.history()
        assert history.is_open == self.life.is_open or self.life.state is State.CANCELLED
        assert history.holder == self.life.owner
        assert self.life.owner is None or history.holds[-1].unit == self.life.unit
        assert [pause.kind for pause in history.pauses if pause.end is None] == [self.life.pause] * bool(
            self.life.pause
        )

    def history(self):
        return case_history(event.on_clock(seq) for seq, event in enumerate(self.events))

    def teardown(self):
        if not getattr(self, "events", None):
            return
        history, work = self.history(), WorkTime(ALWAYS)
        rows = [event.on_clock(seq) for seq, event in enumerate(self.events)]
        for clock in CLOCKS.values():
            ledger = run_clock(history, clock, work, as_of=NOW)
            if ledger is not None:
                counted = ~minutes_not_counted(rows, clock, start=MONDAY, minutes=3000)
                if clock.owner_only:
                    counted &= minutes_with(history.answerable, rows, start=MONDAY, minutes=3000, until=ledger.end)
                low, high = (ledger.start - MONDAY) // 60, (ledger.end - MONDAY) // 60
                assert ledger.seconds == 60 * int(counted[low:high].sum())
        held = held_seconds(history, RESOLUTION_PERSON, work, as_of=NOW)
        shares = credit("AS", CreditFacts(history=history, held=held)).shares
        assert sum(shares.values()) == (1 if shares else 0)
        assert bool(shares) == any(hold.person for hold in history.holds) or not history.holder


AnyLife.TestCase.settings = settings(max_examples=80, stateful_step_count=30)
TestAnyLife = AnyLife.TestCase


def test_the_first_state_is_new():
    assert Life().state is State.NEW
