"""Tables of the service desk, by noun. The events of a case are the truth; its row is what they add up to."""

from fuxiao.service.models.cases import (
    NEVER,
    OPEN_STATES,
    STATES,
    Case,
    CaseEvent,
    CaseLink,
    CaseNumbers,
    Link,
    StillOpen,
    Unowned,
)
from fuxiao.service.models.checks import Check, Draw, Rubric, Sampling
from fuxiao.service.models.complaints import Complaint, ComplaintChannel, ComplaintStep, Severity, Validity
from fuxiao.service.models.costs import Cost, CostLimit, CostState
from fuxiao.service.models.customers import Contract, Customer, Device, Exchange, Product
from fuxiao.service.models.feed import FeedEntry
from fuxiao.service.models.lists import ANSWERED_HERE, Category, Choice, FaultCode, ListKind
from fuxiao.service.models.parts import Location, LocationKind, MoveKind, Part, PartLine, Stock, StockMove
from fuxiao.service.models.rules import AssignmentRule, Away, EscalationRule, Miss, Skill
from fuxiao.service.models.surveys import Survey, SurveyChannel, SurveyPolicy
from fuxiao.service.models.talk import Attachment, Comment, Task
from fuxiao.service.models.titles import CaseTitle
from fuxiao.service.models.visits import Mover, Place, Sending, Visit, VisitMove

__all__ = [
    "ANSWERED_HERE",
    "NEVER",
    "OPEN_STATES",
    "STATES",
    "AssignmentRule",
    "Attachment",
    "Away",
    "Case",
    "CaseEvent",
    "CaseLink",
    "CaseNumbers",
    "CaseTitle",
    "Category",
    "Check",
    "Choice",
    "Comment",
    "Complaint",
    "ComplaintChannel",
    "ComplaintStep",
    "Contract",
    "Cost",
    "CostLimit",
    "CostState",
    "Customer",
    "Device",
    "Draw",
    "EscalationRule",
    "Exchange",
    "FaultCode",
    "FeedEntry",
    "Link",
    "ListKind",
    "Location",
    "LocationKind",
    "Miss",
    "MoveKind",
    "Mover",
    "Part",
    "PartLine",
    "Place",
    "Product",
    "Rubric",
    "Sampling",
    "Sending",
    "Severity",
    "Skill",
    "StillOpen",
    "Stock",
    "StockMove",
    "Survey",
    "SurveyChannel",
    "SurveyPolicy",
    "Task",
    "Unowned",
    "Validity",
    "Visit",
    "VisitMove",
]
