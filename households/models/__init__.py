from .aliases import Alias
from .assignments import Assignment
from .desk_checks import DeskCheck
from .keying import ActKeying, KeyingEvent, Reconciliation, SeenCode
from .lists import HouseList, HouseNumberRecord, ListFile, ListStep, RowDecision, RowMatch
from .registrations import HouseRegistration, Lane, LifeEvent
from .samples import Sample, SampledRow
from .searches import SavedSearch
from .senders import RememberedColumns, Sender
from .tags import TagEvent, TaggingBatch

__all__ = [
    "ActKeying",
    "Alias",
    "Assignment",
    "DeskCheck",
    "HouseList",
    "HouseNumberRecord",
    "HouseRegistration",
    "KeyingEvent",
    "Lane",
    "LifeEvent",
    "ListFile",
    "ListStep",
    "Reconciliation",
    "RememberedColumns",
    "RowDecision",
    "RowMatch",
    "Sample",
    "SampledRow",
    "SavedSearch",
    "SeenCode",
    "Sender",
    "TagEvent",
    "TaggingBatch",
]
