"""The médiacentre (GAR): SAML 2 messages to and from its identity provider, without any database (schools 10.1)."""

from pix.interop.gar.messages import Provider, Request, Us, new_request, our_metadata, read_provider
from pix.interop.gar.reader import Identity, Problem, Reading, Refused, read_response

__all__ = [
    "Identity",
    "Problem",
    "Provider",
    "Reading",
    "Refused",
    "Request",
    "Us",
    "new_request",
    "our_metadata",
    "read_provider",
    "read_response",
]
