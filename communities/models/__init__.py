from .access import ListAccess
from .code_requests import CodeRequest, CommunityChange, RequestedCode
from .documents import Document, DocumentFile
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
    "CodeRequest",
    "Community",
    "CommunityChange",
    "CommunityCode",
    "CommunityName",
    "CommunityType",
    "CommunityTyping",
    "District",
    "Document",
    "DocumentFile",
    "ExpectedHouses",
    "ListAccess",
    "Person",
    "RequestedCode",
    "Role",
    "SignInKey",
    "Subdistrict",
]
