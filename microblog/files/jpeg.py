"""Walk the markers of a JPEG before a decoder does, for a decoder follows any number of them."""

import re

# A marker, with the fill bytes before it, that is neither a stuffed 0xFF of compressed data nor
# one of those that stand alone: TEM and the restart markers.
_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])")
JPEG_START = b"\xff\xd8"
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9

# Cameras and editors write up to some 300 segments (a large colour profile takes 255).
_MAX_STEPS = 2_000
# Progressive files are made of about ten scans; each costs a pass over all pixels (25 ms at 40 MP).
_MAX_SCANS = 40


def count_scans(data: bytes) -> int | None:
    """Count the scans up to the end of the image; None when there is more than a picture needs.

    **Source**: ITU-T T.81, annex B.
    """
    position, steps, scans = len(JPEG_START), 0, 0
    while marker := _MARKER.search(data, position):
        steps += marker.end() - marker.start() - 1
        kind = marker[1][0]
        if kind == _END_OF_IMAGE:
            break
        scans += kind == _START_OF_SCAN
        if steps > _MAX_STEPS or scans > _MAX_SCANS:
            return None
        position = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return scans
