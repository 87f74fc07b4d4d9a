"""Walk the chunks of a PNG: what follows the last one is another file in disguise."""

PNG_START = b"\x89PNG\r\n\x1a\n"
_END_OF_IMAGE = b"IEND"
_LENGTH_BYTES, _NAME_BYTES, _CHECKSUM_BYTES = 4, 4, 4

# A picture has a chunk for every 8 to 64 kB of its pixels, and some notes.
_MAX_CHUNKS = 20_000


def has_appendix(data: bytes) -> bool:
    """Tell whether anything follows the end of the image, or whether no end can be found.

    **Source**: PNG specification, third edition, sections 5.3 and 5.6.
    """
    position = len(PNG_START)
    for _ in range(_MAX_CHUNKS):
        length = int.from_bytes(data[position : position + _LENGTH_BYTES])
        name_at = position + _LENGTH_BYTES
        name = data[name_at : name_at + _NAME_BYTES]
        position = name_at + _NAME_BYTES + length + _CHECKSUM_BYTES
        if name == _END_OF_IMAGE or position >= len(data):
            return name != _END_OF_IMAGE or position < len(data)
    return True
