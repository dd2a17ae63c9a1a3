"""Tables of the service desk, by noun. The events of a case are the truth; its row is what they add up to."""

from fuxiao.service.models.cases import NEVER, OPEN_STATES, STATES, Case, CaseEvent, CaseLink, CaseNumbers, Link
from fuxiao.service.models.customers import Contract, Customer, Device, Product
from fuxiao.service.models.feed import FeedEntry
from fuxiao.service.models.lists import Category, Choice, FaultCode, ListKind
from fuxiao.service.models.rules import AssignmentRule, Away, EscalationRule, Miss, Skill
from fuxiao.service.models.talk import Attachment, Comment, Task

__all__ = [
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
    "Category",
    "Choice",
    "Comment",
    "Contract",
    "Customer",
    "Device",
    "EscalationRule",
    "FaultCode",
    "FeedEntry",
    "Link",
    "ListKind",
    "Miss",
    "Product",
    "Skill",
    "Task",
]
