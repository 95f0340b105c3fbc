"""By which signs a phone knows whose the words are that wait on it, without learning who that is.

What waits belongs to the person, however often they sign in; the pages kept for times without a signal belong to one
session. Both signs are made from the secret key, so nobody can make another's.
"""

from django.utils.crypto import salted_hmac

from communities.access import OfficeRequest
from communities.models import Person

_LENGTH = 32  # hex digits: 128 bits


def person_sign(person: Person) -> str:
    """The sign of what waits to be sent: 32 hex digits, the same at every visit of the person."""
    return _sign("person", str(person.pk))


def visit_sign(request: OfficeRequest) -> str:
    """The sign of the pages kept on the phone: 32 hex digits, another one after each sign-in."""
    return _sign("visit", f"{request.user.pk} {request.session.session_key}")


def _sign(of: str, value: str) -> str:
    return salted_hmac(f"verification.phone_owner.{of}", value, algorithm="sha256").hexdigest()[:_LENGTH]
