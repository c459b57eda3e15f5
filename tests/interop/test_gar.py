"""The answer of the identity provider (schools 10.1): what is accepted, and every way of lying that is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree
from saml2 import samlp

from pix.interop.gar import Identity, Problem, Refused, Us, new_request, our_metadata, read_provider, read_response
from pix.web.demo import identity_provider as idp
from tests.interop.saml_answers import (
    ASKED,
    DS,
    HOST,
    REQUEST,
    SAML,
    US,
    evil_twin,
    keys,
    name_of,
    now,
    other_keys,
    posted,
    provider,
    sealed,
    tampered,
    unsigned,
)


def problem_of(document: bytes | str, us: Us = US, request: str = REQUEST) -> Problem:
    sent = document if isinstance(document, str) else posted(document)
    with pytest.raises(Refused) as refused:
        read_response(us, provider(), sent, request=request)
    return refused.value.problem


# --- the exchange that holds ---


def test_an_honest_answer_gives_the_identity() -> None:
    asked = now()
    read = read_response(US, provider(), posted(sealed()), request=REQUEST)
    assert read.identity == Identity("ido-emma", "Emma", "Pix")
    assert read.assertion.startswith("_a")
    assert asked + timedelta(minutes=5) < read.expires < asked + timedelta(hours=1)


def test_the_request_goes_to_the_provider_and_says_who_asks() -> None:
    from urllib.parse import parse_qs, urlsplit

    asked = new_request(US, provider(), state="l'état")
    parts = urlsplit(asked.url)
    query = parse_qs(parts.query)
    assert (parts.netloc, parts.path, query["RelayState"]) == ("testserver", "/demo/ent/connexion", ["l'état"])
    assert idp.read_request(query["SAMLRequest"][0]) == idp.Asked(asked.id, US.acs, US.entity)
    assert new_request(US, provider(), state="").id != asked.id


def test_our_metadata_give_the_one_address_that_receives() -> None:
    root = etree.fromstring(our_metadata(US))
    assert root.get("entityID") == US.entity
    assert root.get("validUntil") is None
    place = root.find(".//{urn:oasis:names:tc:SAML:2.0:metadata}AssertionConsumerService")
    assert place is not None
    assert (place.get("Location"), place.get("Binding")) == (US.acs, "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")


def test_the_names_of_the_attributes_are_settings() -> None:
    us = Us(US.entity, US.acs, ido="NOM", first_name="IDO", last_name="PRE")
    assert read_response(us, provider(), posted(sealed()), request=REQUEST).identity == Identity(
        "Pix", "ido-emma", "Emma"
    )


def test_metadata_without_a_certificate_are_refused() -> None:
    text = idp.metadata(keys(), "/sso").replace(b"X509Certificate", b"Nothing")
    with pytest.raises(ValueError, match="certificate"):
        read_provider(text, base=HOST)


# --- signatures ---


def test_an_unsigned_answer() -> None:
    assert problem_of(idp._bytes(unsigned())) is Problem.NOT_SIGNED


def test_the_key_of_another() -> None:
    assert problem_of(idp.signed(unsigned(), other_keys())) is Problem.BAD_SIGNATURE


@pytest.mark.parametrize("attribute", ["IDO", "PRE", "NOM"])
def test_an_attribute_changed_on_the_way(attribute: str) -> None:
    def change(root: Any) -> None:
        name_of(root, attribute).text = "autre"

    assert problem_of(tampered(sealed(), change)) is Problem.BAD_SIGNATURE


def test_a_signature_taken_away() -> None:
    def change(root: Any) -> None:
        assertion = root.find(f"{SAML}Assertion")
        assertion.remove(assertion.find(f"{DS}Signature"))

    assert problem_of(tampered(sealed(), change)) is Problem.NOT_SIGNED


def _twin_before(root: Any) -> None:
    root.insert(list(root).index(root.find(f"{SAML}Assertion")), evil_twin(root))


def _twin_after(root: Any) -> None:
    root.append(evil_twin(root))


def _twin_around(root: Any) -> None:
    """The honest assertion hidden inside the false one."""
    honest, twin = root.find(f"{SAML}Assertion"), evil_twin(root)
    root.replace(honest, twin)
    twin.append(honest)


def _twin_over_signature(root: Any) -> None:
    """The false assertion carries the honest signature, whose object holds the honest assertion."""
    honest, twin = root.find(f"{SAML}Assertion"), evil_twin(root)
    signature = honest.find(f"{DS}Signature")
    honest.remove(signature)
    twin.insert(1, signature)
    holder = etree.SubElement(signature, f"{DS}Object")
    root.replace(honest, twin)
    holder.append(honest)


def _twin_same_id(root: Any) -> None:
    twin = evil_twin(root)
    twin.set("ID", root.find(f"{SAML}Assertion").get("ID"))
    root.insert(2, twin)


def _response_in_extensions(root: Any) -> None:
    """The honest assertion moved to the extensions, the false one in its place."""
    honest, twin = root.find(f"{SAML}Assertion"), evil_twin(root)
    root.replace(honest, twin)
    holder = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    root.insert(1, holder)
    holder.append(honest)


@pytest.mark.parametrize(
    "wrap",
    [_twin_before, _twin_after, _twin_around, _twin_over_signature, _twin_same_id, _response_in_extensions],
    ids=lambda wrap: wrap.__name__.strip("_"),
)
def test_a_signature_wrapped_around_a_lie(wrap: Callable[[Any], None]) -> None:
    assert problem_of(tampered(sealed(), wrap)) in {Problem.BAD_SIGNATURE, Problem.UNREADABLE}


def test_a_comment_cuts_no_value() -> None:
    """« ido-emma<!-- -->.pirate » must not be read « ido-emma »."""

    def change(root: Any) -> None:
        place = name_of(root, "IDO")
        place.text = "ido"
        comment = etree.Comment("coupe")
        comment.tail = "-emma"
        place.append(comment)

    # The signature holds, comments being outside of it: the value must be read whole.
    assert read_response(US, provider(), posted(tampered(sealed(), change)), request=REQUEST).identity.ido == "ido-emma"


# --- dates ---


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(minutes=12)], ids=str)
def test_an_answer_that_is_over(away: timedelta) -> None:
    assert problem_of(sealed(at=now() - away)) is Problem.WRONG_DATES


def test_an_answer_of_the_future() -> None:
    assert problem_of(sealed(at=now() + timedelta(minutes=12))) is Problem.WRONG_DATES


def test_a_subject_confirmed_without_an_end() -> None:
    def change(made: Any) -> None:
        _confirmation(made).not_on_or_after = None

    assert problem_of(sealed(change)) is Problem.WRONG_DATES


# --- for whom, where, in answer to what ---


def _confirmation(made: Any) -> Any:
    return made.assertion[0].subject.subject_confirmation[0].subject_confirmation_data


def _audience(made: Any, *names: str) -> None:
    from saml2 import saml

    restriction = saml.AudienceRestriction(audience=[saml.Audience(text=name) for name in names])
    made.assertion[0].conditions.audience_restriction = [restriction] if names else []


@pytest.mark.parametrize(
    "names", [("https://autre.test/saml",), (), (US.entity, "https://autre.test/saml")], ids=["other", "none", "two"]
)
def test_an_answer_for_another_service(names: tuple[str, ...]) -> None:
    assert problem_of(sealed(lambda made: _audience(made, *names))) is Problem.WRONG_AUDIENCE


@pytest.mark.parametrize("place", ["https://autre.test/saml/acs", US.acs + "/autre", HOST + "/saml", ""])
def test_an_answer_sent_elsewhere(place: str) -> None:
    def change(made: Any) -> None:
        made.destination = place

    assert problem_of(sealed(change)) is Problem.WRONG_DESTINATION


@pytest.mark.parametrize("place", ["https://autre.test/saml/acs", US.acs + "/autre", None], ids=str)
def test_a_subject_confirmed_for_another_place(place: str | None) -> None:
    def change(made: Any) -> None:
        _confirmation(made).recipient = place

    assert problem_of(sealed(change)) in {Problem.WRONG_DESTINATION, Problem.WRONG_SUBJECT}


@pytest.mark.parametrize("request_id", ["ONELOGIN_other", None], ids=str)
@pytest.mark.parametrize("where", ["response", "subject"])
def test_an_answer_to_another_request_or_to_none(where: str, request_id: str | None) -> None:
    def change(made: Any) -> None:
        (made if where == "response" else _confirmation(made)).in_response_to = request_id

    assert problem_of(sealed(change)) in {Problem.WRONG_REQUEST, Problem.WRONG_SUBJECT}


def test_the_answer_to_somebody_elses_request() -> None:
    assert problem_of(sealed(), request="ONELOGIN_another_browser") is Problem.WRONG_REQUEST


def test_an_answer_of_another_provider() -> None:
    def change(made: Any) -> None:
        made.assertion[0].issuer.text = "urn:autre"

    assert problem_of(sealed(change)) is Problem.WRONG_ISSUER


def test_the_provider_says_no() -> None:
    def change(made: Any) -> None:
        made.status = samlp.Status(status_code=samlp.StatusCode(value=samlp.STATUS_RESPONDER))

    assert problem_of(sealed(change)) is Problem.DENIED


# --- what it says ---


@pytest.mark.parametrize("attribute", ["IDO", "PRE", "NOM"])
@pytest.mark.parametrize("value", [None, "  ", "x" * 256], ids=["absent", "blank", "long"])
def test_a_missing_attribute(attribute: str, value: str | None) -> None:
    def change(made: Any) -> None:
        held = made.assertion[0].attribute_statement[0].attribute
        for one in list(held):
            if one.name == attribute:
                if value is None:
                    held.remove(one)
                else:
                    one.attribute_value[0].text = value

    assert problem_of(sealed(change)) is Problem.INCOMPLETE


# --- bytes that are no answer ---


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "%%%",
        posted(b""),
        posted(b"bonjour"),
        posted(b"<a/>"),
        posted(b"<a>"),
        "A" * 300_000,
        posted(b"\xff\xfe<\x00a\x00"),
    ],
    ids=["empty", "not-base64", "nothing", "text", "other-xml", "cut", "huge", "utf-16"],
)
def test_not_an_answer(sent: str) -> None:
    assert problem_of(sent) is Problem.UNREADABLE


@pytest.mark.parametrize(
    "heading",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;&x;">]>',
        b'<!DOCTYPE a SYSTEM "http://ailleurs.test/a.dtd">',
        b"<!doctype a>",
    ],
    ids=["file", "bomb", "far", "bare"],
)
def test_a_document_type_is_never_read(heading: bytes) -> None:
    assert problem_of(heading + sealed().replace(b"Emma", b"&x;")) is Problem.UNREADABLE


def test_the_provider_reads_only_requests() -> None:
    for sent in ("", "%", posted(b"<a/>")):
        assert idp.read_request(sent) is None
    assert ASKED.acs == US.acs
