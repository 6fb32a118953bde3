"""What a child gives up before it touches the engine, and the trial that tells which of it this machine has."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quod.backends.sandbox import landlock, linux, seccomp
from quod.backends.sandbox.layers import Layer

__all__ = ["Policy", "settle"]

_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/proc",
    "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage",
    "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload",
    "/etc/localtime", "/etc/timezone", "/etc/nsswitch.conf", "/etc/fonts",
    "/etc/os-release", "/etc/debian_version", "/etc/lsb-release", "/etc/locale.alias", "/etc/ocamlfind.conf",
    "/etc/ssl/openssl.cnf",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_UIDS = 256
"""How many uids one zygote hands out in turn; more children than that at once would share."""


@dataclass
class Policy:
    """What every child of one zygote gives up. Off and 0 mean that the layer is not to be had."""

    first_uid: int = 0
    """First of the uids handed to children; 0 to keep ours."""
    landlock: int = 0
    """Version of Landlock."""
    seccomp: bool = False
    count_processes: bool = False
    """Whether RLIMIT_NPROC counts only what belongs to our children."""
    read: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    private_tmp: bool = False
    """Whether a child's scratch folder can be shown to it as /tmp."""

    def uid(self, number: int) -> int:
        """The uid of the child with this running number; 0 to keep ours."""
        return self.first_uid and self.first_uid + number % _UIDS

    def apply(
        self,
        *,
        uid: int,
        parent: int,
        scratch: str,
        read: Sequence[str] = (),
        write: Sequence[str] = (),
        tasks: int = 0,
    ) -> str:
        """Give up everything, in the only order that works, and move to the scratch folder; returns its new name.

        ``tasks`` bounds processes and threads. Raises OSError.
        """
        if uid:
            _give(scratch, uid)
            os.setgroups([])
            os.setresgid(uid, uid, uid)
        home = scratch
        if self.private_tmp and not any(Path(p).is_relative_to("/tmp") for p in (*read, *write)):  # noqa: S108
            home = "/tmp"  # noqa: S108
            linux.unshare(linux.CLONE_NEWNS)
            linux.bind(scratch, home)
        if tasks and self.count_processes:
            resource.setrlimit(resource.RLIMIT_NPROC, (tasks, tasks))
        if uid:
            os.setresuid(uid, uid, uid)
            linux.set_dumpable()
        if self.landlock or self.seccomp or uid:
            linux.drop_capabilities()
        os.chdir(home)
        linux.die_with_parent(parent)
        linux.no_new_privileges()
        if self.landlock:
            landlock.restrict(self.landlock, [*self.read, *read], [home, *write], _DEVICES, self.listed)
        if self.seccomp:
            seccomp.install()
        return home


def _give(folder: str, uid: int) -> None:
    for path, _, files in os.walk(folder):
        os.chown(path, uid, uid)
        for file in files:
            os.chown(Path(path, file), uid, uid, follow_symlinks=False)


def settle(
    mode: str,
    *,
    user_namespace: bool,
    serial: int,
    read: Sequence[str],
    listed: Sequence[str],
    private: Sequence[str],
    scratch: Path,
) -> tuple[Policy, list[Layer]]:
    """The policy for the children of a zygote: every layer that this machine has, found by trying each.

    ``serial`` is a number no other living zygote has, ``private`` are files and folders never to be read although they
    may lie below ``read``, ``scratch`` is an empty folder to try in.
    """
    java = [str(p) for p in Path("/etc").glob("java*")]
    policy = Policy(read=_tops([*_SYSTEM, *java, *read], private), listed=list(listed), count_processes=user_namespace)
    if mode == "rlimits":
        off = "switched off by QUOD_SANDBOX=rlimits"
        return policy, [Layer(name, False, off) for name in ("uid", "landlock", "seccomp")]
    return policy, [
        _try_uid(policy, user_namespace, serial, scratch),
        _try_landlock(policy, scratch),
        _try_seccomp(policy, scratch),
    ]


def _tops(paths: Sequence[str], private: Sequence[str]) -> list[str]:
    """Those paths that exist and lie in no other one (a child opens each), the private places inside them spared."""
    found = {Path(p) for p in paths if Path(p).exists()}
    tops = [p for p in found if not found.intersection(p.parents)]
    places = [Path(os.path.realpath(p)) for p in private if Path(p).exists()]
    return sorted(str(p) for top in tops for p in _spare(top, places))


def _spare(path: Path, places: list[Path]) -> list[Path]:
    """A path, or what is in it besides ``places``: Landlock cannot forbid what it has allowed further up."""
    inside = [place for place in places if place.is_relative_to(os.path.realpath(path))]
    if not inside or path.is_relative_to("/proc"):
        return [path]
    if Path(os.path.realpath(path)) in places:
        return []
    return [below for child in path.iterdir() for below in _spare(child, inside)]


def _try_uid(policy: Policy, user_namespace: bool, serial: int, scratch: Path) -> Layer:
    if os.geteuid() != 0:
        where = "mapped alone into a user namespace" if user_namespace else "engines could signal your other processes"
        return Layer("uid", False, f"not started as root: engines keep uid {os.geteuid()}, {where}")
    first = _free_uids(serial)
    if not first:
        return Layer("uid", False, "no uids are mapped into this container besides ours")
    trial = Policy(first_uid=first, read=policy.read)

    def use() -> None:
        trial.apply(uid=first, parent=os.getppid(), scratch=str(scratch))
        (scratch / "trial").touch()
        list(Path(os.__file__).parent.iterdir())
        Path(__file__).read_bytes()

    why = _trial(use)
    with contextlib.suppress(FileNotFoundError):
        (scratch / "trial").unlink()
    os.chown(scratch, 0, 0)
    if why:
        return Layer("uid", False, f"engines run as root, kept off its files by the other layers: {why}")
    policy.first_uid = first
    policy.count_processes = True
    return Layer("uid", True, f"each engine runs as a uid of its own, {first} and up")


def _free_uids(serial: int) -> int:
    """The first uid of a stretch that no other zygote uses and, as far as uids go, nobody else either."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
            inside, _, length = map(int, line.split())
            wide = 0x40000000 + (serial % (1 << 21)) * _UIDS
            if inside <= wide and wide + _UIDS <= inside + length:
                return wide
            narrow = 40000 + serial % 80 * _UIDS
            if inside <= narrow and narrow + _UIDS <= inside + length:
                return narrow
    return 0


def _try_landlock(policy: Policy, scratch: Path) -> Layer:
    version = landlock.version()
    if not version:
        return Layer("landlock", False, "the kernel has no Landlock (Linux 5.13, lsm=landlock)")

    def use() -> None:
        Policy(landlock=version, read=policy.read).apply(uid=0, parent=os.getppid(), scratch=str(scratch))
        _refused(lambda: list(Path("/etc").iterdir()))
        list(Path(os.__file__).parent.iterdir())

    why = _trial(use)
    if why:
        return Layer("landlock", False, why)
    policy.landlock = version
    note = f"version {version}: engines see Python, system libraries and their own scratch folder"
    return Layer("landlock", True, note if version >= 3 else note + "; truncation is not covered before version 3")


def _try_seccomp(policy: Policy, scratch: Path) -> Layer:
    if not seccomp.available_here():
        return Layer("seccomp", False, f"the filter is not written for {linux.MACHINE}")

    def use() -> None:
        Policy(seccomp=True).apply(uid=0, parent=os.getppid(), scratch=str(scratch))
        _refused(socket.socket)
        before = os.getsid(0)
        os.setsid()
        if os.getsid(0) != before:
            raise OSError("a process can still leave its session")

    why = _trial(use)
    if why:
        return Layer("seccomp", False, why)
    policy.seccomp = True
    return Layer("seccomp", True, "no sockets, no tracing, no leaving the process group, no kernel administration")


def _refused(action: Callable[[], object]) -> None:
    try:
        action()
    except PermissionError:
        return
    raise OSError("the kernel accepted it, and it has no effect")


def _trial(use: Callable[[], None]) -> str:
    """Try something in a child that is thrown away; empty if it works, else why not."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            use()
            os._exit(0)
        except BaseException as error:
            os.write(writer, (str(error) or type(error).__name__).encode()[:500])
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        why = file.read().decode()
    _, status = os.waitpid(pid, 0)
    return "" if status == 0 else why or "the trial died"
