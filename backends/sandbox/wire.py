"""What the parent, the zygotes and their children say to each other.

A request is a JSON header in an anonymous file (memfd), handed over with four more descriptors in one message:

    0 request   the header, then the payload of a call
    1 status    a socket: the child's first byte (whose credentials carry its pid), then the zygote's report of its end
    2 stdin     of a program; the calls of a child that serves several
    3 out       the framed result of each call, the standard output of a program
    4 err       everything a call prints, the standard error of a program

JSON only: nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import asdict, dataclass, field

__all__ = ["FDS_PER_REQUEST", "FRAME", "Request", "read_request", "write_request"]

FDS_PER_REQUEST = 5
FRAME = struct.Struct("!Q")
"""Length of what follows: the header in a request, the result of a call."""


MESSAGE = 1 << 16
"""Bytes of the longest message to a zygote: the paths to be made visible for a request."""


@dataclass(frozen=True)
class Config:
    """What a zygote is told when it starts."""

    control: int
    """Descriptor of the socket its requests come through."""
    base: str
    """The folder in which scratch folders are made; removed at the end."""
    mode: str
    """``auto``, ``require`` or ``rlimits``."""
    hide: list[str]
    """Files and folders no engine may see, besides those hidden always."""
    private: list[str]
    """Folders where people keep secrets: modules are not loaded from them or from above them."""


@dataclass(frozen=True)
class Request:
    """What a zygote's child is to do. Made of plain JSON values."""

    kind: str
    """``call``, ``program``, or ``serve``: calls that come through its standard input."""
    scratch: str
    target: str = ""
    """``module:function`` of a call."""
    argv: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    cpu: int = 0
    """CPU seconds per process; 0 means unlimited."""
    file_bytes: int = 0
    tasks: int = 0
    """Processes and threads, where they can be counted; 0 means unlimited."""
    read_paths: list[str] = field(default_factory=list)
    """Further files and folders a program may read and execute."""
    write_paths: list[str] = field(default_factory=list)


def write_request(request: Request, payload: bytes) -> int:
    """An anonymous file holding the request, positioned at its start. The caller closes it."""
    head = json.dumps(asdict(request)).encode()
    fd = os.memfd_create("quod-request", os.MFD_CLOEXEC)
    try:
        with open(fd, "wb", closefd=False) as file:
            file.write(FRAME.pack(len(head)) + head)
            file.write(payload)
        os.lseek(fd, 0, os.SEEK_SET)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_request(fd: int) -> tuple[Request, bytes]:
    """The request in such a file, and the payload behind it."""
    with open(fd, "rb", closefd=False) as file:
        (length,) = FRAME.unpack(file.read(FRAME.size))
        head = json.loads(file.read(length))
        return Request(**head), file.read()
