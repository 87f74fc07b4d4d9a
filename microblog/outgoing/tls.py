"""Whose certificates are believed: those that browsers believe, or those the operator names."""

from functools import cache
from ssl import SSLContext

import httpx


@cache
def trusted_certificates() -> SSLContext:
    """Read the certificates once; SSL_CERT_FILE or SSL_CERT_DIR may name others."""
    return httpx.create_ssl_context()
