"""Functions on identifiers with check digits: what cannot be right is told, not published."""

import re

from qcp_graph.mapping.functions.registry import function

_SIREN_POST = "356000000"  # the French post's offices: their sum of digits is a multiple of five


def _digits(text: str) -> str:
    return re.sub(r"[\s./-]", "", text)


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@function
def siret(text: str) -> str:
    """Write a French number of an establishment (SIRET, 14 digits) and check its digits.

    >>> siret("732 829 320 00074"), siret("35600000000048")
    ('73282932000074', '35600000000048')
    """
    number = _digits(text)
    if not re.fullmatch(r"\d{14}", number, re.ASCII):
        raise ValueError("is not a number of 14 digits (SIRET)")
    post = number.startswith(_SIREN_POST) and sum(map(int, number)) % 5 == 0
    if not _luhn(number) and not post:
        raise ValueError("is not a SIRET: its check digit is wrong")
    return number


@function
def siren(text: str) -> str:
    """Write a French number of an enterprise (SIREN, 9 digits; of a SIRET its first 9).

    >>> siren("732 829 320"), siren("73282932000074")
    ('732829320', '732829320')
    """
    number = _digits(text)[:9]
    if not re.fullmatch(r"\d{9}", number, re.ASCII) or not _luhn(number):
        raise ValueError("is not a number of 9 digits (SIREN), or its check digit is wrong")
    return number


@function
def y_tunnus(text: str) -> str:
    """Write a Finnish business id (Y-tunnus) and check its digit.

    >>> y_tunnus("0112038-9"), y_tunnus("1120389")
    ('0112038-9', '0112038-9')
    """
    number = _digits(text).zfill(8)
    if not re.fullmatch(r"\d{8}", number, re.ASCII):
        raise ValueError("is not a business id of eight digits (Y-tunnus)")
    total = sum(int(d) * w for d, w in zip(number[:7], (7, 9, 10, 5, 8, 4, 2), strict=True))
    check = (11 - total % 11) % 11
    if check == 10 or check != int(number[7]):
        raise ValueError("is not a Y-tunnus: its check digit is wrong")
    return f"{number[:7]}-{number[7]}"


@function
def orcid(text: str) -> str:
    """Write an ORCID with its hyphens and check its digit (ISO 7064, 11-2).

    >>> orcid("https://orcid.org/0000-0002-1825-0097"), orcid("000000021694233X")
    ('0000-0002-1825-0097', '0000-0002-1694-233X')
    """
    number = _digits(text.strip().rpartition("/")[2]).upper()
    if not re.fullmatch(r"\d{15}[\dX]", number, re.ASCII):
        raise ValueError("is not an ORCID of 16 characters")
    total = 0
    for digit in number[:15]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != number[15]:
        raise ValueError("is not an ORCID: its check digit is wrong")
    return "-".join(number[start : start + 4] for start in range(0, 16, 4))


@function
def uuid(text: str) -> str:
    """Write a UUID in small letters with its hyphens.

    >>> uuid("{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}")
    '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
    """
    digits = re.sub(r"[\s{}-]", "", text.strip().removeprefix("urn:uuid:")).lower()
    if not re.fullmatch(r"[0-9a-f]{32}", digits):
        raise ValueError("is not a UUID")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
