"""Files that are whole or absent: atomic replacement, hard links, checksums."""

import hashlib
import os
import shutil
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file or the entries of a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader, or a crash, sees the old content or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    sync(path.parent)


def sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link(source: Path, target: Path) -> None:
    """Give an immutable file a second name; copy it where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError:  # another device, or a file system without links
        shutil.copyfile(source, target)


def same(one: Path, other: Path) -> bool:
    """Tell whether two names stand for one file on the disk."""
    return one.exists() and other.exists() and one.samefile(other)


def discard(folder: Path) -> None:
    """Remove a folder so that a crash half-way leaves nothing that looks whole."""
    doomed = folder.with_name(f".removing-{folder.name.lstrip('.')}")
    if doomed.exists():
        shutil.rmtree(doomed)
    folder.rename(doomed)
    sync(folder.parent)
    shutil.rmtree(doomed)
