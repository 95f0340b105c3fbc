from .lists import HouseList, HouseNumberRecord, RowDecision, RowMatch
from .registrations import HouseRegistration, LifeEvent
from .tags import TagEvent, TaggingBatch

__all__ = [
    "HouseList",
    "HouseNumberRecord",
    "HouseRegistration",
    "LifeEvent",
    "RowDecision",
    "RowMatch",
    "TagEvent",
    "TaggingBatch",
]
