from .access import ListAccess
from .first_sign_in import SignInKey
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
    "ListAccess",
    "Person",
    "Role",
    "SignInKey",
    "Subdistrict",
]
