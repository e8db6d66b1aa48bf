"""Which kind of identifier a column's name says it holds.

A name is cut into words at spaces, underscores and capitals; plural and case make no difference. Words of places and of
counting ("school name", "phone calls", "moves of address") make it honest: then only what stands in it counts.
"""

import re
import unicodedata

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# What is a person's when "name" or "number" stands beside it.
_PERSON = frozenset(
    "first last full middle given family maiden sur fore nick legal preferred alias initial student pupil child kid "
    "parent participant client resident tenant patient person people mother father guardian spouse contact applicant "
    "employee worker teacher staff respondent member user youth household head kin customer voter subject case".split()
)
_COUNTING = frozenset(
    "count n has have had is was any share rate change call visit open opened sent click clicked reached consent "
    "percent pct type kind status match matched verified missing per minute attempt month time".split()
)
_ONE_WORD = {
    "firstname": "NAME",
    "lastname": "NAME",
    "fullname": "NAME",
    "surname": "NAME",
    "forename": "NAME",
    "nickname": "NAME",
    "maidenname": "NAME",
    "middlename": "NAME",
    "givenname": "NAME",
    "familyname": "NAME",
    "fname": "NAME",
    "lname": "NAME",
    "mname": "NAME",
    "username": "NAME",
    "email": "EMAIL",
    "emailaddress": "EMAIL",
    "mailaddress": "EMAIL",
    "phone": "PHONE",
    "telephone": "PHONE",
    "tel": "PHONE",
    "cellphone": "PHONE",
    "fax": "PHONE",
    "phonenumber": "PHONE",
    "address": "ADDRESS",
    "addr": "ADDRESS",
    "streetaddress": "ADDRESS",
    "dob": "BIRTH_DATE",
    "birthdate": "BIRTH_DATE",
    "birthday": "BIRTH_DATE",
    "dateofbirth": "BIRTH_DATE",
    "ssn": "SSN",
    "itin": "SSN",
    "latitude": "COORDINATES",
    "longitude": "COORDINATES",
    "lat": "COORDINATES",
    "lng": "COORDINATES",
    "lon": "COORDINATES",
    "coordinate": "COORDINATES",
    "latlong": "COORDINATES",
    "latlng": "COORDINATES",
    "geocode": "COORDINATES",
    "gps": "COORDINATES",
    "geom": "COORDINATES",
    "mrn": "OTHER_NUMBER",
    "passport": "OTHER_NUMBER",
}
_TOGETHER: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(words.split()), kind)
    for words, kind in (
        ("e mail", "EMAIL"),
        ("date birth", "BIRTH_DATE"),
        ("birth day", "BIRTH_DATE"),
        ("born on", "BIRTH_DATE"),
        ("social security number", "SSN"),
        ("social security no", "SSN"),
        ("social security num", "SSN"),
        ("soc sec", "SSN"),
        ("taxpayer id", "SSN"),
        ("cell phone", "PHONE"),
        ("mobile number", "PHONE"),
        ("cell number", "PHONE"),
        ("mailing street", "ADDRESS"),
        ("street line", "ADDRESS"),
        ("house number", "ADDRESS"),
        ("street number", "ADDRESS"),
        ("po box", "ADDRESS"),
        ("x coord", "COORDINATES"),
        ("y coord", "COORDINATES"),
        ("medical record number", "OTHER_NUMBER"),
        ("driver license", "OTHER_NUMBER"),
        ("drivers license", "OTHER_NUMBER"),
        ("license plate", "OTHER_NUMBER"),
        ("medicaid id", "OTHER_NUMBER"),
        ("medicare id", "OTHER_NUMBER"),
        ("medicaid number", "OTHER_NUMBER"),
        ("account number", "OTHER_NUMBER"),
        ("ip address", "OTHER_NUMBER"),
    )
)
_WHOLE = {
    "name": "NAME",
    "names": "NAME",
    "long": "COORDINATES",
    "street": "ADDRESS",
    "mobile": "PHONE",
    "social security": "SSN",
    "location": "COORDINATES",
    "x y": "COORDINATES",
}


def words_of(header: str) -> list[str]:
    """ "EMailAddress2" -> ["e", "mail", "address", "2"]; "street_addresses" -> ["street", "address"]."""
    plain = unicodedata.normalize("NFKC", header)
    return [_singular(word.casefold()) for word in _WORD.findall(plain)]


def kind_of_header(header: str) -> str:
    """The name of an `Identifier`, or "". Worked: "Participant Name" NAME, "school_name" "", "birth_year" ""."""
    words = words_of(header)
    said = set(words)
    whole = " ".join(word for word in words if not word.isdigit())
    if whole in _WHOLE:
        return _WHOLE[whole]
    if said & _COUNTING:
        return "BIRTH_DATE" if {"date", "birth"} <= said or "dob" in said else ""
    for together, kind in _TOGETHER:
        if together <= said:
            return kind
    for word in (*words, whole.replace(" ", "")):
        if word in _ONE_WORD:
            return _ONE_WORD[word]
    return "NAME" if "name" in said and said & _PERSON else ""


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "gps", "us", "is")) and len(word) > 3 else word
