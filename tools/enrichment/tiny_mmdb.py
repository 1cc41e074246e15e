#!/usr/bin/env python3
"""Writes the databases of fixtures/geo: MaxMind-format files of one network, 203.0.113.0/24.

Real files are megabytes and under licences of their own; these are made from nothing, after
https://maxmind.github.io/MaxMind-DB/. Run from anywhere; the same bytes every time.
"""
import struct
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures/geo"
PREFIX = 24
NETWORK = 203 << 24 | 0 << 16 | 113 << 8


def control(kind, size):
    low, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    return (bytes([kind << 5 | low]) if kind < 8 else bytes([low, kind - 7])) + more


def value(v):
    match v:
        case str():
            data = v.encode()
            return control(2, len(data)) + data
        case ("short", n):
            return control(5, 2) + struct.pack(">H", n)
        case ("wide", n):
            return control(9, 8) + struct.pack(">Q", n)
        case int():
            return control(6, 4) + struct.pack(">I", v)
        case dict():
            return control(7, len(v)) + b"".join(value(k) + value(x) for k, x in v.items())
        case list():
            return control(11, len(v)) + b"".join(map(value, v))


def tree():
    """One node a bit; whatever leaves the path finds nothing, its end finds the only entry."""
    out = b""
    for depth in range(PREFIX):
        after = PREFIX + 16 if depth + 1 == PREFIX else depth + 1
        pair = (PREFIX, after) if NETWORK >> (31 - depth) & 1 else (after, PREFIX)
        out += b"".join(n.to_bytes(3, "big") for n in pair)
    return out


def write(file, kind, entry):
    metadata = {
        "binary_format_major_version": ("short", 2),
        "binary_format_minor_version": ("short", 0),
        "build_epoch": ("wide", 1_795_000_000),
        "database_type": kind,
        "description": {"en": "made for tests"},
        "ip_version": ("short", 4),
        "languages": ["en"],
        "node_count": PREFIX,
        "record_size": ("short", 24),
    }
    data = tree() + bytes(16) + value(entry) + b"\xab\xcd\xefMaxMind.com" + value(metadata)
    (FOLDER / file).write_bytes(data)


named = lambda name: {"names": {"en": name}}
write("places.mmdb", "DBIP-City-Lite", {
    "city": named("Vienna"), "country": {"iso_code": "AT"}, "subdivisions": [named("Vienna")]})
write("networks.mmdb", "DBIP-ASN-Lite", {
    "autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"})
write("flat.mmdb", "flat", {
    "asn": "AS64501", "as_name": "Flat Net", "city": "Vienna", "country_code": "at"})
