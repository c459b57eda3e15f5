"""The make-believe ENT's identity provider: real SAML answers, signed with a key made at its first run.

Written with other libraries (pysaml2, signxml) than the side that reads it, so that each checks the other.
"""

import base64
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2 import BINDING_HTTP_REDIRECT, md, saml, samlp, xmldsig
from signxml import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

ENTITY = "urn:pix:demo:ent"
LIFE = timedelta(minutes=5)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_LONGEST_REQUEST = 20_000


@dataclass(frozen=True, slots=True)
class Keys:
    """PEM texts."""

    private: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a sign-in: who asks, its id, where the answer goes."""

    id: str
    acs: str
    audience: str


def new_keys() -> Keys:
    """A key and a certificate signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ENT de démonstration")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return Keys(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(serialization.Encoding.PEM),
    )


def ensure(folder: Path) -> None:
    """Make the key and the metadata once, in the data folder, readable by their owner only."""
    if (folder / "metadata.xml").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    keys = new_keys()
    (folder / "key.pem").touch(mode=0o600)
    (folder / "key.pem").write_bytes(keys.private)
    (folder / "certificate.pem").write_bytes(keys.certificate)
    (folder / "metadata.xml").write_bytes(metadata(keys, "/demo/ent/connexion"))


def keys_of(folder: Path) -> Keys:
    """The kept keys. Raises ``OSError`` when ``ensure`` never ran."""
    return Keys((folder / "key.pem").read_bytes(), (folder / "certificate.pem").read_bytes())


def metadata(keys: Keys, place: str) -> bytes:
    """What a service provider needs to know; ``place`` receives the requests, and may be relative."""
    body = "".join(keys.certificate.decode().strip().splitlines()[1:-1])
    info = xmldsig.KeyInfo(x509_data=[xmldsig.X509Data(x509_certificate=xmldsig.X509Certificate(text=body))])
    side = md.IDPSSODescriptor(
        protocol_support_enumeration=samlp.NAMESPACE,
        key_descriptor=[md.KeyDescriptor(use="signing", key_info=info)],
        single_sign_on_service=[md.SingleSignOnService(binding=BINDING_HTTP_REDIRECT, location=place)],
    )
    return _bytes(md.EntityDescriptor(entity_id=ENTITY, idpsso_descriptor=[side]))


def read_request(sent: str) -> Asked | None:
    """The request of a redirection (deflated, base64); ``None`` when it is not one."""
    try:
        inflater = zlib.decompressobj(-15)
        document = inflater.decompress(base64.b64decode(sent), _LONGEST_REQUEST)
        root = etree.fromstring(document, _PARSER)
    except (ValueError, zlib.error, etree.XMLSyntaxError):
        return None
    issuer = root.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
    values = (root.get("ID"), root.get("AssertionConsumerServiceURL"), issuer.text if issuer is not None else None)
    if root.tag != f"{{{samlp.NAMESPACE}}}AuthnRequest" or not all(values):
        return None
    return Asked(*(str(value) for value in values))


def answer(asked: Asked, ido: str, first_name: str, last_name: str, *, at: datetime) -> samlp.Response:
    """The unsigned answer: one assertion, three attributes, five minutes."""
    now, end = _time(at), _time(at + LIFE)
    number = x509.random_serial_number
    confirmation = saml.SubjectConfirmationData(in_response_to=asked.id, recipient=asked.acs, not_on_or_after=end)
    assertion = saml.Assertion(
        id=f"_a{number():x}", version="2.0", issue_instant=now,
        issuer=saml.Issuer(text=ENTITY),
        subject=saml.Subject(
            name_id=saml.NameID(text=f"{number():x}", format=saml.NAMEID_FORMAT_TRANSIENT),
            subject_confirmation=[
                saml.SubjectConfirmation(method=saml.SCM_BEARER, subject_confirmation_data=confirmation)
            ],
        ),
        conditions=saml.Conditions(
            not_before=_time(at - timedelta(seconds=5)), not_on_or_after=end,
            audience_restriction=[saml.AudienceRestriction(audience=[saml.Audience(text=asked.audience)])],
        ),
        authn_statement=[saml.AuthnStatement(
            authn_instant=now,
            authn_context=saml.AuthnContext(
                authn_context_class_ref=saml.AuthnContextClassRef(text="urn:oasis:names:tc:SAML:2.0:ac:classes:Password")
            ),
        )],
        attribute_statement=[saml.AttributeStatement(attribute=[
            saml.Attribute(name=name, attribute_value=[saml.AttributeValue(text=value)])
            for name, value in (("IDO", ido), ("PRE", first_name), ("NOM", last_name))
        ])],
    )  # fmt: skip
    return samlp.Response(
        id=f"_r{number():x}", version="2.0", issue_instant=now, destination=asked.acs, in_response_to=asked.id,
        issuer=saml.Issuer(text=ENTITY),
        status=samlp.Status(status_code=samlp.StatusCode(value=samlp.STATUS_SUCCESS)),
        assertion=[assertion],
    )  # fmt: skip


def signed(made: samlp.Response, keys: Keys) -> bytes:
    """The answer with its assertion signed (RSA, SHA-256, exclusive canonicalisation)."""
    root = etree.fromstring(_bytes(made), _PARSER)
    assertion = root.find(f"{{{saml.NAMESPACE}}}Assertion")
    assert assertion is not None
    place = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature", Id="placeholder")
    assertion.insert(1, place)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    sealed = signer.sign(
        assertion, key=keys.private, cert=keys.certificate.decode(), reference_uri=assertion.get("ID"),
        id_attribute="ID",
    )  # fmt: skip
    root.replace(assertion, sealed)
    return etree.tostring(root)


def _bytes(made: object) -> bytes:
    text = made.to_string()  # type: ignore[attr-defined]
    return text if isinstance(text, bytes) else str(text).encode()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
