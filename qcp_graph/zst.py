"""Zstandard (RFC 8878): the standard library's module, before Python 3.14 its backport.

What is read comes from outside: a frame may not ask for more memory than the usual tools grant.
"""

import sys
from typing import BinaryIO, Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC: Final = b"\x28\xb5\x2f\xfd"
LEVEL: Final = 9
"""A quarter smaller than gzip in about its time (docs/adr/0021-zstandard-beside-gzip.md)."""
_WINDOW: Final = 27  # 128 MiB, the bound of the program zstd, too
Damaged = zstd.ZstdError


def reading(stream: BinaryIO) -> zstd.ZstdFile:
    """Open compressed bytes for reading, one frame or several; EOFError tells of a cut."""
    return zstd.ZstdFile(
        stream, "rb", options={zstd.DecompressionParameter.window_log_max: _WINDOW}
    )


def writing(stream: BinaryIO) -> zstd.ZstdFile:
    """Open a file to write a frame with a checksum of its content.

    Equal content gives equal bytes as long as the library is the same.

    >>> import io
    >>> packed = io.BytesIO()
    >>> with writing(packed) as out:
    ...     _ = out.write(b"qualification " * 1000)
    >>> packed.getvalue()[:4] == MAGIC, len(packed.getvalue()) < 100
    (True, True)
    >>> _ = packed.seek(0)
    >>> len(reading(packed).read())
    14000
    """
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    return zstd.ZstdFile(stream, "wb", options=options)
