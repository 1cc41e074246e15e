#!/usr/bin/env python3
"""Writes the vendored look-up data from unpacked packages; docs/enrichment.md says how to fetch them.

usage: vendor.py DIR   (DIR holds crawler-user-agents/, iporigin/, tzdata/, uap-core/, user-agents-*/
                        and top-user-agents/, each as its registry packs it)

Nothing is fetched here, and the same packages give the same bytes.
"""
import gzip, io, ipaddress, json, struct, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "crates/clew-core/data"
FIXTURES = ROOT / "fixtures/user-agents"

# Ranges of sources that publish no licence (iporigin's NOTICE, section 3) stay out.
UNLICENSED = {
    "Cogent", "DataCamp", "Contabo", "Vercel", "CDN77", "GleSYS", "Scalaxy", "GTHost", "Melbicom",
    "BuyVM", "BunnyCDN", "Akamai",
}


def zipped(path, text):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9) as out:
        out.write(text.encode())
    path.write_bytes(buffer.getvalue())


def crawlers(source):
    """pattern, tags and the first example, one entry a line; every example as a fixture."""
    entries = json.loads((source / "crawler-user-agents.json").read_text())
    line = lambda e: json.dumps(
        {"pattern": e["pattern"], "tags": e.get("tags", []), **({"instance": e["instances"][0]} if e["instances"] else {})},
        ensure_ascii=False, separators=(",", ":"))
    (DATA / "crawler-user-agents.json").write_text("[\n" + ",\n".join(map(line, entries)) + "\n]\n")
    examples = sorted({ua for e in entries for ua in e["instances"]})
    zipped(FIXTURES / "crawlers.txt.gz", "\n".join(examples) + "\n")


def networks(source):
    """Sorted records behind a table of labels; see `geo::networks` for the layout."""
    blob = (source / "iporigin/data/ranges.bin").read_bytes()
    _, version, built, labels, v4, v6 = struct.unpack_from("<8sHQHII", blob)
    assert version == 1
    at, names = struct.calcsize("<8sHQHII"), []
    for _ in range(labels):
        (length,) = struct.unpack_from("<H", blob, at)
        names.append(blob[at + 2 : at + 2 + length].decode().split("\t"))
        at += 2 + length
    kept = {i: n for n, i in enumerate(i for i, (name, _) in enumerate(names) if name not in UNLICENSED)}
    tables = []
    for count, layout, size in ((v4, "<IIH", 4), (v6, "<16s16sH", 16)):
        ranges = []
        for _ in range(count):
            start, end, label = struct.unpack_from(layout, blob, at)
            at += struct.calcsize(layout)
            if size == 16:
                start, end = int.from_bytes(start, "big"), int.from_bytes(end, "big")
            # Some providers list the documentation's own networks as theirs.
            is_public = ipaddress.ip_address(start.to_bytes(size, "big")).is_global
            if label not in kept or not is_public:
                continue
            if ranges and ranges[-1][1] + 1 == start and ranges[-1][2] == kept[label]:
                ranges[-1] = (ranges[-1][0], end, kept[label])
            else:
                ranges.append((start, end, kept[label]))
        tables.append(b"".join(
            s.to_bytes(size, "big") + e.to_bytes(size, "big") + bytes([label]) for s, e, label in ranges))
    table = "".join(f"{names[i][1]}\t{names[i][0]}\n" for i in kept).encode()
    head = struct.pack(">IIIQ", len(table), len(tables[0]), len(tables[1]), built)
    (DATA / "networks.bin").write_bytes(head + table + tables[0] + tables[1])


def zones(source):
    """zone<TAB>country<TAB>countries that share its clock, links resolved."""
    folder = source / "tzdata/zoneinfo"
    rows = lambda name: [
        line.split("\t") for line in (folder / name).read_text().splitlines() if line and line[0] != "#"]
    shared = {row[2]: row[0].split(",") for row in rows("zone1970.tab")}
    country = {row[2]: row[0] for row in rows("zone.tab")}
    links = [line.split() for line in (folder / "tzdata.zi").read_text().splitlines() if line.startswith("L ")]
    target = {name: of for _, of, name in links}
    for name in list(target):
        of = target[name]
        while of not in country and of in target:
            of = target[of]
        if name not in country and of in country:
            country[name] = country[of]
            target[name] = of
    lines = []
    for zone in sorted(country):
        canon = zone if zone in shared else target.get(zone, zone)
        others = [c for c in shared.get(canon, []) if c != country[zone]]
        lines.append("\t".join([zone, country[zone], " ".join(others)]).rstrip("\t"))
    note = "# Country of each time zone, from the public domain tz database's zone.tab, zone1970.tab and links.\n"
    (DATA / "time-zones.tsv").write_text(note + "\n".join(lines) + "\n")


def browsers(folder):
    """Every distinct user agent of all packed versions of two packages of real visitors."""
    agents = set()
    for path in sorted(folder.glob("user-agents-*/dist/user-agents.json*")):
        data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
        agents |= {entry["userAgent"] for entry in json.loads(data)}
    for path in sorted(folder.glob("user-agents-*/src/user-agents.json.gz")):
        agents |= {entry["userAgent"] for entry in json.loads(gzip.open(path).read())}
    agents |= set(json.loads((folder / "top-user-agents/src/index.json").read_text()))
    zipped(FIXTURES / "browsers.txt.gz", "\n".join(sorted(agents)) + "\n")
    return len(agents)


def uap(source):
    for name in ("test_ua.yaml", "test_os.yaml"):
        zipped(FIXTURES / f"uap-{name}.gz", (source / "tests" / name).read_text())
    rules = (source / "regexes.yaml").read_text().split("\ndevice_parsers:")[0]
    note = "# From ua-parser/uap-core (Apache-2.0, Copyright 2009 Google Inc.); the device rules are left out.\n"
    (DATA / "uap-regexes.yaml").write_text(note + rules.rstrip("\n") + "\n")


def main():
    folder = Path(sys.argv[1])
    crawlers(folder / "crawler-user-agents")
    networks(folder / "iporigin")
    zones(folder / "tzdata")
    uap(folder / "uap-core")
    print(browsers(folder), "browsers")


main()
