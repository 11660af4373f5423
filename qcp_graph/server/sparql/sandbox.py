"""What a query worker may not do: open sockets, start programs, look into other processes.

On Linux a seccomp filter (``seccomp(2)``, mode 2) refuses these system calls with EPERM, for every
thread and without any privilege. The keyword refusal of :mod:`.guard` is the friendly answer; this
is the wall. Elsewhere the wall is missing and :func:`confine` says so.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from typing import Final, NamedTuple

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1

# Classic BPF (linux/bpf_common.h) and its verdicts (linux/seccomp.h).
_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000
_X32: Final = 0x40000000
_INSTRUCTION: Final = struct.Struct("=HBBI")


class _Machine(NamedTuple):
    """A processor: its audit number, that of seccomp(2), and those of the refused calls."""

    audit: int
    seccomp: int
    refused: Mapping[str, int]


_MACHINES: Final[Mapping[str, _Machine]] = {
    "x86_64": _Machine(
        0xC000003E,
        317,
        {
            "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "bind": 49, "listen": 50,
            "socketpair": 53, "fork": 57, "vfork": 58, "execve": 59, "ptrace": 101, "mount": 165,
            "accept4": 288, "sendmmsg": 307, "process_vm_readv": 310, "process_vm_writev": 311,
            "bpf": 321, "execveat": 322, "userfaultfd": 323, "pidfd_getfd": 438,
            "io_uring_setup": 425, "unshare": 272, "setns": 308,
        },
    ),
    "aarch64": _Machine(
        0xC00000B7,
        277,
        {
            "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202,
            "connect": 203, "sendto": 206, "execve": 221, "ptrace": 117, "mount": 40,
            "accept4": 242, "sendmmsg": 269, "process_vm_readv": 270, "process_vm_writev": 271,
            "bpf": 280, "execveat": 281, "userfaultfd": 282, "pidfd_getfd": 438,
            "io_uring_setup": 425, "unshare": 97, "setns": 268,
        },
    ),
}  # fmt: skip


def confine() -> str:
    """Confine this process for the rest of its life; return what is missing, or nothing.

    It writes no core file, leaves Ctrl-C to the server and ends with it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    return _filter_calls() if sys.platform == "linux" else "system calls are filtered on Linux only"


def end_with_parent() -> None:
    """Let the kernel end this process when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _filter_calls() -> str:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return f"system calls are not filtered on {platform.machine()}"
    program = _program(machine)
    code = ctypes.create_string_buffer(b"".join(program))
    header = struct.pack("@HP", len(program), ctypes.addressof(code))  # struct sock_fprog
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return os.strerror(ctypes.get_errno())
    flags = ctypes.c_ulong(_SECCOMP_FILTER_FLAG_TSYNC)
    mode = ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER)
    if libc.syscall(ctypes.c_long(machine.seccomp), mode, flags, header):
        return os.strerror(ctypes.get_errno())
    return ""


def _program(machine: _Machine) -> list[bytes]:
    """Return the filter: another architecture ends the process, a listed call gives EPERM."""
    calls = sorted(set(machine.refused.values()))
    refuse = len(calls) + 1  # jumps count from the next instruction
    program = [
        _INSTRUCTION.pack(_LOAD, 0, 0, 4),  # seccomp_data.arch
        _INSTRUCTION.pack(_EQUAL, 1, 0, machine.audit),
        _INSTRUCTION.pack(_RETURN, 0, 0, _KILL),
        _INSTRUCTION.pack(_LOAD, 0, 0, 0),  # seccomp_data.nr
        _INSTRUCTION.pack(_AT_LEAST, refuse, 0, _X32),  # the x32 numbers of the same calls
    ]
    for place, number in enumerate(calls):
        program.append(_INSTRUCTION.pack(_EQUAL, refuse - place - 1, 0, number))
    program.append(_INSTRUCTION.pack(_RETURN, 0, 0, _ALLOW))
    program.append(_INSTRUCTION.pack(_RETURN, 0, 0, _ERRNO | errno.EPERM))
    return program
