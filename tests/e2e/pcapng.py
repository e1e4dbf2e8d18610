#!/usr/bin/env python3
"""Reads a capture by the letter of the pcapng draft, without our own code or Wireshark's, and prints a line
for each packet: protocol, addresses, ports, checksums, flags of TCP, octets, comment.

    pcapng.py FILE
"""
import ipaddress
import struct
import sys


def fail(why):
    sys.exit(f"not a capture: {why}")


def blocks(data):
    if data[:4] != b"\n\r\r\n" or data[8:12] != b"\x1a\x2b\x3c\x4d":
        fail("no section header in network order")
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from(">II", data, at)
        if length % 4 or struct.unpack_from(">I", data, at + length - 4)[0] != length:
            fail(f"block at {at}: the lengths differ")
        yield kind, data[at + 8:at + length - 4]
        at += length


def comment_of(options):
    at = 0
    while at < len(options):
        code, length = struct.unpack_from(">HH", options, at)
        if code == 0:
            return ""
        if code == 1:
            return options[at + 4:at + 4 + length].decode()
        at += 4 + (length + 3) // 4 * 4
    return ""


def sums_up(data):
    """RFC 1071: with its checksum in it, the sum is all ones."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def describe(packet, comment):
    if packet[0] >> 4 == 4:
        good = sums_up(packet[:20])
        addresses, protocol, payload = packet[12:20], packet[9], packet[20:]
        length = struct.unpack_from(">H", packet, 2)[0] - 20
    else:
        good = True
        addresses, protocol, payload = packet[8:40], packet[6], packet[40:]
        length = struct.unpack_from(">H", packet, 4)[0]
    half = len(addresses) // 2
    source, target = (ipaddress.ip_address(addresses[i:i + half]) for i in (0, half))
    good = good and len(payload) == length and \
        sums_up(addresses + struct.pack(">II", length, protocol) + payload)
    ports = struct.unpack_from(">HH", payload)
    head = 8 if protocol == 17 else 20
    flags = "" if protocol == 17 else f" flags={payload[13]:#x} seq={struct.unpack_from('>I', payload, 4)[0]}"
    print(f"{ {17: 'udp', 6: 'tcp'}[protocol]} {source} {ports[0]} > {target} {ports[1]}"
          f" {'good' if good else 'BAD'}{flags} octets={len(payload) - head} {comment}".rstrip())


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    for kind, body in blocks(data):
        if kind == 1 and body[:2] != struct.pack(">H", 101):
            fail("the packets are not IP")
        if kind == 6:
            captured, original = struct.unpack_from(">II", body, 12)
            if captured != original:
                fail("a packet is cut")
            describe(body[20:20 + captured], comment_of(body[20 + (captured + 3) // 4 * 4:]))


main()
