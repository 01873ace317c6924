"""Merkle trees as in RFC 9162 (Certificate Transparency): pure functions over bytes.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right); the left subtree of *n* leaves holds the largest
power of two below *n*. The root of no leaves is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_sha256 = hashlib.sha256
EMPTY = _sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """Return the leaf hash of ``data``."""
    return _sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return _sha256(b"\x01" + left + right).digest()


class Builder:
    """Computes a root from leaves that come one by one, in memory of log₂ n hashes."""

    def __init__(self) -> None:
        self.count = 0
        self._stack: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Add the next leaf."""
        current, n = leaf(data), self.count
        while n & 1:
            current = node(self._stack.pop(), current)
            n >>= 1
        self._stack.append(current)
        self.count += 1

    def root(self) -> bytes:
        """Return the root over what was added so far."""
        if not self._stack:
            return EMPTY
        current = self._stack[-1]
        for left in reversed(self._stack[:-1]):
            current = node(left, current)
        return current


def root(data: Sequence[bytes]) -> bytes:
    """Return the root over ``data``."""
    builder = Builder()
    for item in data:
        builder.add(item)
    return builder.root()


def proof(data: Sequence[bytes], index: int) -> list[bytes]:
    """Return the inclusion proof of item ``index``: the sibling hashes from the leaf up."""
    if not 0 <= index < len(data):
        raise IndexError(index)
    level = [leaf(item) for item in data]
    path: list[bytes] = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        merged = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            merged.append(level[-1])
        level, index = merged, index >> 1
    return path


def includes(expected_root: bytes, data: bytes, index: int, count: int, path: Sequence[bytes]) -> bool:
    """Tell whether ``path`` proves that ``data`` is item ``index`` of the ``count`` under ``expected_root``."""
    if not 0 <= index < count:
        return False
    current, last = leaf(data), count - 1
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            current = node(sibling, current)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            current = node(current, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and current == expected_root
