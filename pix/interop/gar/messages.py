"""What is said to the identity provider: who we are, and the request that opens an exchange."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


@dataclass(frozen=True, slots=True)
class Provider:
    """The identity provider, as its metadata describe it. ``certificates``: base64 DER, the ones that may sign."""

    entity: str
    sign_on_url: str
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Us:
    """Our side. ``entity`` is the audience of assertions, ``acs`` the one address that receives them."""

    entity: str
    acs: str
    ido: str = "IDO"
    first_name: str = "PRE"
    last_name: str = "NOM"
    """Names of the three attributes."""


@dataclass(frozen=True, slots=True)
class Request:
    """``url``: where to send the browser. ``id``: what the answer must quote."""

    id: str
    url: str


def read_provider(metadata: bytes, *, base: str = "") -> Provider:
    """The provider of a metadata file; relative addresses (the demonstration's) are joined to ``base``.

    Raises ``ValueError`` when the file has no redirect address or no certificate.
    """
    found = OneLogin_Saml2_IdPMetadataParser.parse(metadata, required_sso_binding=REDIRECT)
    side: dict[str, Any] = found.get("idp", {})
    place = side.get("singleSignOnService", {}).get("url", "")
    several = side.get("x509certMulti", {}).get("signing", [])
    certificates = tuple(one for one in [side.get("x509cert", ""), *several] if one)
    if not (side.get("entityId") and place and certificates):
        raise ValueError("identity provider metadata without entity, redirect address or certificate")
    return Provider(side["entityId"], urljoin(base, place), certificates)


def new_request(us: Us, provider: Provider, *, state: str) -> Request:
    """A request for a sign-in, to be sent by redirection. ``state`` comes back untouched with the answer."""
    settings = library_settings(us, provider)
    made = OneLogin_Saml2_Authn_Request(settings, set_nameid_policy=False)
    joint = "&" if "?" in provider.sign_on_url else "?"
    query = urlencode({"SAMLRequest": made.get_request(), "RelayState": state})
    return Request(made.get_id(), f"{provider.sign_on_url}{joint}{query}")


def our_metadata(us: Us) -> bytes:
    """The document that the provider's operators ask for."""
    made = library_settings(us, None).get_sp_metadata()
    return made if isinstance(made, bytes) else str(made).encode()


def library_settings(us: Us, provider: Provider | None) -> Any:
    """Our values in the library's shape: strict, nothing outdated, one signature at least."""
    values: dict[str, Any] = {
        "strict": True,
        "sp": {
            "entityId": us.entity,
            "assertionConsumerService": {"url": us.acs, "binding": POST},
            "NameIDFormat": UNSPECIFIED,
        },
        "security": {
            "wantNameId": False,
            "wantAssertionsSigned": False,  # the response or the assertion: the library refuses neither being signed
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowSingleLabelDomains": True,
            "metadataValidUntil": "",  # a document kept by the provider's operators must not go stale by itself
            "metadataCacheDuration": "",
        },
    }
    if provider is not None:
        values["idp"] = {
            "entityId": provider.entity,
            "singleSignOnService": {"url": provider.sign_on_url, "binding": REDIRECT},
            "x509certMulti": {"signing": list(provider.certificates), "encryption": [provider.certificates[0]]},
        }
    return OneLogin_Saml2_Settings(values, sp_validation_only=provider is None)
