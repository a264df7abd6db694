#!/usr/bin/python3
"""The list of parts in a package, and the one in its program, are whole.

package-parts.py TREE CARGO_LOCK
"""

import json
import pathlib
import re
import struct
import sys
import tomllib
import zlib


def section(file, wanted):
    """The bytes of a section of a 64-bit ELF file."""
    data = file.read_bytes()
    start, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", data, start + size * n) for n in range(count)]
    text = headers[names]
    for name, _, _, _, offset, length in headers:
        at = text[4] + name
        if data[at:data.index(b"\0", at)] == wanted:
            return data[offset:offset + length]
    return None


def wrong(said):
    print(f"WRONG: {said}", file=sys.stderr)
    sys.exit(1)


def in_program(tree, locked):
    found = section(tree / "usr/bin/onsight", b".dep-v0")
    if found is None:
        wrong("the program does not say what it is made of")
    packages = json.loads(zlib.decompress(found))["packages"]
    roots = [one for one in packages if one.get("root")]
    if [one["name"] for one in roots] != ["onsight"]:
        wrong(f"the root of the program is {roots}")
    for one in packages:
        if (one["name"], one["version"]) not in locked:
            wrong(f"{one['name']} {one['version']} is not in Cargo.lock")
        if any(not 0 <= other < len(packages) for other in one.get("dependencies", [])):
            wrong(f"{one['name']} depends on nothing that is listed")
    return {(one["name"], one["version"]) for one in packages}


def in_list(tree):
    bom = json.loads((tree / "usr/share/doc/onsight/onsight.cdx.json").read_text("utf-8"))
    if (bom["bomFormat"], bom["specVersion"], bom["version"]) != ("CycloneDX", "1.6", 1):
        wrong("the list is no CycloneDX 1.6")
    if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bom["serialNumber"]):
        wrong(f"{bom['serialNumber']} is no serial number")
    parts = [bom["metadata"]["component"], *bom["components"]]
    refs = [part["bom-ref"] for part in parts]
    if len(refs) != len(set(refs)):
        wrong("a part is listed twice")
    for part in parts:
        if not (part.get("name") and part.get("version") and part["purl"].startswith("pkg:")):
            wrong(f"{part} lacks its name")
        if "licenses" not in part:
            wrong(f"{part['name']} has no licence")
        if part["purl"].startswith("pkg:cargo/") and part is not parts[0]:
            if not re.fullmatch("[0-9a-f]{64}", part["hashes"][0]["content"]):
                wrong(f"{part['name']} has no hash")
    for edge in bom["dependencies"]:
        for ref in [edge["ref"], *edge.get("dependsOn", [])]:
            if ref not in refs:
                wrong(f"{ref} is not listed")
    names = {part["name"] for part in parts}
    for name in ["sqlite", "rustls", "aws-lc-sys", "htmx.org"]:
        if name not in names:
            wrong(f"{name} is missing in the list")
    cargo = [part for part in parts if part["purl"].startswith("pkg:cargo/")]
    return {(part["name"], part["version"]) for part in cargo}


def main():
    tree, lock = map(pathlib.Path, sys.argv[1:])
    lock = tomllib.loads(lock.read_text("utf-8"))
    locked = {(one["name"], one["version"]) for one in lock["package"]}
    program, listed = in_program(tree, locked), in_list(tree)
    if program != listed:
        wrong(f"the two lists differ: {sorted(program ^ listed)[:5]}")
    print(f"        {len(program)} crates, the same in the program and in the list")


if __name__ == "__main__":
    main()
