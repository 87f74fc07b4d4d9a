"""Forms with files, byte for byte: also such as no browser would send."""

from collections.abc import Mapping
from dataclasses import dataclass

BOUNDARY = b"----a-boundary-of-our-own"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY.decode()}"


@dataclass(frozen=True)
class Upload:
    """A file in a form; its name goes into the header as it is."""

    data: bytes
    filename: bytes = b"picture.png"
    content_type: bytes = b"image/png"


def encode(fields: Mapping[str, str], files: Mapping[str, Upload]) -> bytes:
    """Return the body of a request of CONTENT_TYPE."""
    parts = [_part(b'name="%b"' % name.encode(), value.encode()) for name, value in fields.items()]
    for name, file in files.items():
        disposition = b'name="%b"; filename="%b"\r\nContent-Type: %b'
        head = disposition % (name.encode(), file.filename, file.content_type)
        parts.append(_part(head, file.data))
    return b"".join(parts) + b"--%b--\r\n" % BOUNDARY


def _part(head: bytes, body: bytes) -> bytes:
    return b"--%b\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (BOUNDARY, head, body)
