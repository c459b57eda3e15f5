"""What the identity provider answers: an identity when everything holds, else the reason, for the journal."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from pix.interop.gar.messages import Provider, Us, library_settings

LONGEST = 256 * 1024
"""Bytes of an answer in base64: a real one has five to ten thousand."""
LONGEST_VALUE = 255
_E = OneLogin_Saml2_ValidationError


class Problem(StrEnum):
    """Why an answer is refused."""

    UNREADABLE = "unreadable"
    NOT_SIGNED = "not_signed"
    BAD_SIGNATURE = "bad_signature"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_DESTINATION = "wrong_destination"
    WRONG_DATES = "wrong_dates"
    WRONG_REQUEST = "wrong_request"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_SUBJECT = "wrong_subject"
    """No confirmation of the subject is meant for us, for this request and for now."""
    DENIED = "denied"
    """The provider itself said no."""
    INCOMPLETE = "incomplete"
    """Everything holds, but an attribute that we need is missing."""


class Refused(Exception):
    """``problem`` for programs; the text holds the library's words, for the technical journal only."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Identity:
    """All that the médiacentre tells of a pupil: an opaque identifier and two names."""

    ido: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer that holds. ``assertion`` must be spent before the identity is used; it is dead after ``expires``."""

    identity: Identity
    assertion: str
    expires: datetime


_PROBLEMS = {
    _E.NO_SIGNATURE_FOUND: Problem.NOT_SIGNED,
    _E.NO_SIGNED_ASSERTION: Problem.NOT_SIGNED,
    _E.NO_SIGNED_MESSAGE: Problem.NOT_SIGNED,
    _E.INVALID_SIGNATURE: Problem.BAD_SIGNATURE,
    _E.WRONG_SIGNED_ELEMENT: Problem.BAD_SIGNATURE,
    _E.ID_NOT_FOUND_IN_SIGNED_ELEMENT: Problem.BAD_SIGNATURE,
    _E.DUPLICATED_ID_IN_SIGNED_ELEMENTS: Problem.BAD_SIGNATURE,
    _E.INVALID_SIGNED_ELEMENT: Problem.BAD_SIGNATURE,
    _E.DUPLICATED_REFERENCE_IN_SIGNED_ELEMENTS: Problem.BAD_SIGNATURE,
    _E.UNEXPECTED_SIGNED_ELEMENTS: Problem.BAD_SIGNATURE,
    _E.WRONG_NUMBER_OF_SIGNATURES_IN_RESPONSE: Problem.BAD_SIGNATURE,
    _E.WRONG_NUMBER_OF_SIGNATURES_IN_ASSERTION: Problem.BAD_SIGNATURE,
    _E.WRONG_NUMBER_OF_ASSERTIONS: Problem.BAD_SIGNATURE,
    _E.DEPRECATED_SIGNATURE_METHOD: Problem.BAD_SIGNATURE,
    _E.DEPRECATED_DIGEST_METHOD: Problem.BAD_SIGNATURE,
    _E.WRONG_AUDIENCE: Problem.WRONG_AUDIENCE,
    _E.WRONG_DESTINATION: Problem.WRONG_DESTINATION,
    _E.EMPTY_DESTINATION: Problem.WRONG_DESTINATION,
    _E.ASSERTION_EXPIRED: Problem.WRONG_DATES,
    _E.ASSERTION_TOO_EARLY: Problem.WRONG_DATES,
    _E.SESSION_EXPIRED: Problem.WRONG_DATES,
    _E.MISSING_CONDITIONS: Problem.WRONG_DATES,
    _E.WRONG_INRESPONSETO: Problem.WRONG_REQUEST,
    _E.WRONG_ISSUER: Problem.WRONG_ISSUER,
    _E.ISSUER_MULTIPLE_IN_RESPONSE: Problem.WRONG_ISSUER,
    _E.ISSUER_NOT_FOUND_IN_ASSERTION: Problem.WRONG_ISSUER,
    _E.WRONG_SUBJECTCONFIRMATION: Problem.WRONG_SUBJECT,
    _E.STATUS_CODE_IS_NOT_SUCCESS: Problem.DENIED,
    _E.NO_ATTRIBUTESTATEMENT: Problem.INCOMPLETE,
}


def read_response(us: Us, provider: Provider, answer: str, *, request: str) -> Reading:
    """Check a posted answer (base64) to the request of this id, by the machine's clock. Raises ``Refused``.

    Where the library is content with a prefix or an absence, the signed assertion is read again here: audience and
    recipient must be there and be ours, and the request must be the one that this browser's state names.
    """
    document = _decoded(answer)
    try:
        read: Any = OneLogin_Saml2_Response(library_settings(us, provider), base64.b64encode(document).decode("ascii"))
        read.is_valid(_received_at(us.acs), request, raise_exceptions=True)
        _check_again(us, read, request)
        attributes = read.get_attributes()
        return Reading(_identity(us, attributes), _assertion_id(read), _expires(read))
    except OneLogin_Saml2_ValidationError as error:
        raise Refused(_PROBLEMS.get(error.code, Problem.UNREADABLE), str(error)) from error
    except (OneLogin_Saml2_Error, etree.LxmlError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(Problem.UNREADABLE, type(error).__name__) from error


def _decoded(answer: str) -> bytes:
    if not answer or len(answer) > LONGEST:
        raise Refused(Problem.UNREADABLE, "empty or too long")
    try:
        document = base64.b64decode("".join(answer.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Problem.UNREADABLE, "not base64") from error
    # The library's parser refuses it too; nobody honest sends one.
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", document, re.IGNORECASE) or b"\x00" in document:
        raise Refused(Problem.UNREADABLE, "document type")
    return document


def _received_at(acs: str) -> dict[str, str]:
    """The library wants a web request: it gets the one address that we announce, whatever a proxy rewrote."""
    parts = urlsplit(acs)
    return {"https": "on" if parts.scheme == "https" else "off", "http_host": parts.netloc, "script_name": parts.path}


def _check_again(us: Us, read: Any, request: str) -> None:
    document = read.get_xml_document()
    if document.get("InResponseTo") != request:
        raise Refused(Problem.WRONG_REQUEST, "response")
    if document.get("Destination", us.acs) != us.acs:
        raise Refused(Problem.WRONG_DESTINATION, "response")
    if read.get_audiences() != [us.entity]:
        raise Refused(Problem.WRONG_AUDIENCE, "assertion")
    told = [
        one.attrib
        for one in read._query_assertion("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
    ]
    if not told or any(one.get("Recipient") != us.acs for one in told):
        raise Refused(Problem.WRONG_DESTINATION, "subject")
    if any(one.get("InResponseTo") != request for one in told):
        raise Refused(Problem.WRONG_REQUEST, "subject")
    if any(not one.get("NotOnOrAfter") for one in told):
        raise Refused(Problem.WRONG_DATES, "subject")


def _identity(us: Us, attributes: dict[str, list[Any]]) -> Identity:
    found = []
    for name in (us.ido, us.first_name, us.last_name):
        values = [value for value in attributes.get(name, []) if isinstance(value, str)]
        if len(values) != 1 or not values[0].strip() or len(values[0]) > LONGEST_VALUE:
            raise Refused(Problem.INCOMPLETE, name)
        found.append(values[0].strip())
    return Identity(*found)


def _assertion_id(read: Any) -> str:
    found = read.get_assertion_id()
    if not found:
        raise Refused(Problem.UNREADABLE, "assertion without ID")
    return str(found)


def _expires(read: Any) -> datetime:
    """The last instant at which this assertion could be accepted again, the library's tolerance included."""
    ends = [read.get_assertion_not_on_or_after() or 0]
    for one in read._query_assertion("/saml:Conditions[@NotOnOrAfter]"):
        ends.append(OneLogin_Saml2_Utils.parse_SAML_to_time(one.get("NotOnOrAfter")))
    return datetime.fromtimestamp(max(ends) + 600, UTC)
