from .aliases import Alias
from .lists import HouseList, HouseNumberRecord, ListFile, ListStep, RowDecision, RowMatch
from .registrations import HouseRegistration, LifeEvent
from .samples import Sample, SampledRow
from .senders import RememberedColumns, Sender
from .tags import TagEvent, TaggingBatch

__all__ = [
    "Alias",
    "HouseList",
    "HouseNumberRecord",
    "HouseRegistration",
    "LifeEvent",
    "ListFile",
    "ListStep",
    "RememberedColumns",
    "RowDecision",
    "RowMatch",
    "Sample",
    "SampledRow",
    "Sender",
    "TagEvent",
    "TaggingBatch",
]
