"""Citizen numbers: checked, kept encrypted, shown masked (domain.md sections 1 and 9)."""

from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NotValid
from stdnum.th import pin

from communities.thai_text import clean, to_arabic_digits

_PURPOSE = b"thonburi citizen numbers"


def checked(typed: str) -> str:
    """The 13 digits of a citizen number as typed, with hyphens, spaces or Thai digits; "" for nothing.

    Persons without civil status have a number that begins with 0. Raises ValidationError `not_a_citizen_number`, in
    whose sentence the number does not stand.
    """
    digits = "".join(sign for sign in to_arabic_digits(clean(typed)) if sign not in " -")
    if not digits:
        return ""
    try:
        # The package refuses a leading 0; the sum over twelve digits is the same for any first one.
        pin.validate(digits) if not digits.startswith("0") else _refuse_wrong_sum(digits)
    except NotValid as problem:
        raise ValidationError(
            _("That is no citizen number: 13 digits, the last of which is a check digit."), code="not_a_citizen_number"
        ) from problem
    return digits


def _refuse_wrong_sum(digits: str) -> None:
    if len(digits) != 13 or not digits.isdecimal() or pin.calc_check_digit(digits[:-1]) != digits[-1]:
        raise NotValid


def masked(digits: str) -> str:
    """What pages show of a number: 1-2345-67890-**-1."""
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-**-{digits[12]}" if digits else ""


def written_out(digits: str) -> str:
    """A number as it is printed: 1-2345-67890-12-1."""
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}" if digits else ""


def is_without_status(digits_or_mask: str) -> bool:
    """Whether a number, or its mask, begins with 0, as those of persons without civil status do."""
    return digits_or_mask.startswith("0")


def sealed(digits: str) -> bytes | None:
    """The number encrypted under the newest key; None for none."""
    return _seals(*_secrets()).encrypt(digits.encode()) if digits else None


def opened(kept: bytes | memoryview | None) -> str:
    """The number that was sealed. Raises ValidationError `key_lost` where none of the office's keys opens it."""
    if kept is None:
        return ""
    try:
        return _seals(*_secrets()).decrypt(bytes(kept)).decode()
    except InvalidToken as problem:
        raise ValidationError(
            _("The number was sealed with a key that this server does not have."), code="key_lost"
        ) from problem


def _secrets() -> tuple[str, ...]:
    """The newest first; what was sealed before the office had keys of its own still opens."""
    return (*settings.CITIZEN_NUMBER_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@functools.lru_cache(maxsize=4)
def _seals(*secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
