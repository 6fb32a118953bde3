"""A system-call filter for engines: no sockets, no tracing, no leaving the process group, no kernel administration.

What is listed is refused with EPERM, or reported done and not done; everything else is left to the other layers. The
filter is plain BPF, assembled here (seccomp(2), linux/filter.h), for x86-64 and AArch64.
"""

from __future__ import annotations

import ctypes
import struct

from quod.backends.sandbox import linux

__all__ = ["available_here", "install"]

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86-64, AArch64); None where the architecture has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # network: not even Unix sockets, whose paths (a message bus, a container engine) no other layer guards
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "perf_event_open": (298, 241),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "quotactl": (179, 60),
    "fanotify_init": (300, 262),
    # parts of the kernel that engines have no use for and that have had many holes
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
}
_PRETENDED = {"setpgid": (109, 154), "setsid": (112, 157)}
"""Ways out of the process group, through which everything is killed. Harmless programs use them and fail if refused, so
they are told that it was done, and it is not."""
_SOCKETPAIR = (53, 199)
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_PRCTL = (157, 167)
_IOCTL = (16, 29)

_NEW_NAMESPACES = 0x7E020000
_SOCK_DGRAM_PAIR = 2  # a datagram pair can still be sent from to any path
_PR_SET_PDEATHSIG = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

_LD, _JEQ, _JGE, _JSET, _AND, _RET = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NR, _ARCH = 0, 4


def _arg(index: int) -> int:
    """Offset of the low half of an argument in struct seccomp_data (both architectures are little-endian)."""
    return 16 + 8 * index


def _statement(code: int, k: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, k)


def _assemble(machine: str) -> bytes:
    column = ("x86_64", "aarch64").index(machine)
    out = [_statement(_LD, _ARCH), _statement(_JEQ, _AUDIT_ARCH[machine], 1, 0), _statement(_RET, _KILL)]
    out.append(_statement(_LD, _NR))
    if machine == "x86_64":  # the x32 calls are the same ones under other numbers
        out += [_statement(_JGE, 0x40000000, 0, 1), _statement(_RET, _KILL)]

    def refuse(number: int, errno: int) -> None:
        out.extend([_statement(_JEQ, number, 0, 1), _statement(_RET, _ERRNO | errno)])

    def inspect(number: int, argument: int, test: list[bytes]) -> None:
        """Run ``test`` on an argument of one call; its last statement falls through to "allow"."""
        body = [_statement(_LD, _arg(argument)), *test, _statement(_RET, _ALLOW)]
        out.extend([_statement(_JEQ, number, 0, len(body)), *body])

    for numbers in _REFUSED.values():
        number = numbers[column]
        if number is not None:
            refuse(number, _EPERM)
    for pretended in _PRETENDED.values():
        refuse(pretended[column], 0)
    refuse(_CLONE3[column], _ENOSYS)  # its flags lie in memory, out of reach; the C library then uses clone
    denied = _statement(_RET, _ERRNO | _EPERM)
    inspect(_CLONE[column], 0, [_statement(_JSET, _NEW_NAMESPACES, 0, 1), denied])
    inspect(_SOCKETPAIR[column], 1, [_statement(_AND, 0xF), _statement(_JEQ, _SOCK_DGRAM_PAIR, 0, 1), denied])
    # Our own parent-death signal stays; the caller is told that its was set.
    inspect(_PRCTL[column], 0, [_statement(_JEQ, _PR_SET_PDEATHSIG, 0, 1), _statement(_RET, _ERRNO)])
    inspect(
        _IOCTL[column],
        1,
        [_statement(_JEQ, _TIOCSTI, 1, 0), _statement(_JEQ, _TIOCLINUX, 0, 1), denied],
    )
    out.append(_statement(_RET, _ALLOW))
    return b"".join(out)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def available_here() -> bool:
    """Whether the filter is written for this machine; the kernel may still refuse it."""
    return linux.MACHINE in _AUDIT_ARCH


def install() -> None:
    """Put the filter on this thread and everything it starts. No-new-privileges must be set. Raises OSError."""
    code = _assemble(linux.MACHINE)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    pr_set_seccomp, mode_filter = 22, 2
    linux.prctl(pr_set_seccomp, mode_filter, ctypes.addressof(program))
