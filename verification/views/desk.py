"""The part of a case's page that says what the desk already knows."""

from __future__ import annotations

from typing import Any

from communities.access import OfficeRequest
from communities.roles import Action, may

from ..desk_view import desk_view
from ..models import Case
from ..workflow import State

# Once somebody was there, the papers propose nothing any more.
_BEFORE_A_VISIT = {State.RECEIVED, State.RETURNED, State.UNDER_REVIEW}


def desk_on_page(request: OfficeRequest, case: Case) -> dict[str, Any]:
    """What register, lists and neighbours say, for those who see the register; while the case is open."""
    sees = may(request.user, Action.SEE_HOUSES, case.district) and not case.has_ended
    return {"desk": desk_view(case, request.user) if sees else None, "desk_proposes": case.state in _BEFORE_A_VISIT}
