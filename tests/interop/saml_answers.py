"""Answers of the make-believe identity provider, honest or not; made by other libraries than the one that reads them."""

import base64
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from lxml import etree

from pix.interop.gar import Provider, Us, read_provider
from pix.web.demo import identity_provider as idp

HOST = "http://testserver"
US = Us(entity=f"{HOST}/saml/metadata.xml", acs=f"{HOST}/saml/acs")
REQUEST = "ONELOGIN_request_of_this_browser"
ASKED = idp.Asked(REQUEST, US.acs, US.entity)
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
Change = Callable[[Any], None]


@cache
def keys() -> idp.Keys:
    return idp.new_keys()


@cache
def other_keys() -> idp.Keys:
    return idp.new_keys()


def provider() -> Provider:
    return read_provider(idp.metadata(keys(), "/demo/ent/connexion"), base=HOST)


def now() -> datetime:
    return datetime.now(UTC)


def unsigned(
    change: Change | None = None, asked: idp.Asked = ASKED, at: datetime | None = None, ido: str = "ido-emma"
) -> Any:
    """The answer before its signature, changed on the provider's side."""
    made = idp.answer(asked, ido, "Emma", "Pix", at=at or now())
    if change:
        change(made)
    return made


def sealed(change: Change | None = None, **more: Any) -> bytes:
    """What the provider sends."""
    return idp.signed(unsigned(change, **more), keys())


def posted(document: bytes) -> str:
    """As the browser posts it."""
    return base64.b64encode(document).decode()


def tampered(document: bytes, change: Change) -> bytes:
    """An honest answer changed on the way, after its signature."""
    root = etree.fromstring(document)
    change(root)
    return etree.tostring(root)


def name_of(root: Any, attribute: str) -> Any:
    return root.find(f".//{SAML}Attribute[@Name='{attribute}']/{SAML}AttributeValue")


def evil_twin(root: Any) -> Any:
    """A copy of the signed assertion, unsigned, that says to be somebody else."""
    twin = copy.deepcopy(root.find(f"{SAML}Assertion"))
    twin.remove(twin.find(f"{DS}Signature"))
    twin.set("ID", "_evil")
    name_of(twin, "IDO").text = "ido-victime"
    return twin
