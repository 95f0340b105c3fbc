from .months import ClosedMonth
from .people import Appointment, Person, Role
from .places import (
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    District,
    ExpectedHouses,
    Subdistrict,
)

__all__ = [
    "Appointment",
    "ClosedMonth",
    "Community",
    "CommunityCode",
    "CommunityName",
    "CommunityType",
    "CommunityTyping",
    "District",
    "ExpectedHouses",
    "Person",
    "Role",
    "Subdistrict",
]
