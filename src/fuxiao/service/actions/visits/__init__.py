"""Writes of visits: who is to come when, and what came of it."""

from fuxiao.service.actions.visits.attending import Came, Here, arrive, leave
from fuxiao.service.actions.visits.planning import Moved, Slot, call_off, diagnosed, move, plan

__all__ = ["Came", "Here", "Moved", "Slot", "arrive", "call_off", "diagnosed", "leave", "move", "plan"]
