#!/usr/bin/env python3
"""Zone transfers over real sockets, read by other code than ours.

    transfers.py FAKEDNS

A zone of many messages comes whole, also to a client that reads slowly, and behind it the next query
of the connection is answered; clients that stop reading cost no more than what waits for each; faults
look on the wire as docs/TRANSFERS.md says; NOTIFY is sent when an event comes, again until it is
answered, and not any more then. The example of docs/TRANSFERS.md says what that page says.
"""
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
AXFR, IXFR, SOA, TXT, A = 252, 251, 6, 16, 1
N = 40000
PATIENCE_S = 30


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def query(owner, rdtype, ident=7, serial=None, opcode=0):
    octets = struct.pack("!6H", ident, opcode << 11, 1, 0, serial is not None, 0) + name(owner) + \
        struct.pack("!2H", rdtype, 1)
    if serial is not None:
        octets += b"\xc0\x0c" + struct.pack("!2HIH", SOA, 1, 0, 22) + b"\0\0" + struct.pack("!5I", serial, 0, 0, 0, 0)
    return octets


def frame(octets):
    return struct.pack("!H", len(octets)) + octets


def skip_name(octets, at):
    while octets[at] and octets[at] < 0xc0:
        at += octets[at] + 1
    return at + (2 if octets[at] else 1)


def records(message):
    """(type, serial of an SOA) of the answer section; the message has to be read to its end."""
    counts = struct.unpack_from("!6H", message)
    at, found = 12, []
    for _ in range(counts[2]):
        at = skip_name(message, at) + 4
    for _ in range(counts[3]):
        at = skip_name(message, at)
        rdtype, _, _, length = struct.unpack_from("!2HIH", message, at)
        at += 10 + length
        found.append((rdtype, struct.unpack_from("!I", message, at - 20)[0] if rdtype == SOA else None))
    assert at == len(message), "octets behind the last record"
    return found


class Stream:
    def __init__(self, place):
        self.socket = socket.create_connection(place, PATIENCE_S)
        self.data = b""

    def send(self, *queries):
        self.socket.sendall(b"".join(map(frame, queries)))

    def message(self, at_once=65536):
        """The next message, or None at the end of the stream."""
        while len(self.data) < 2 or len(self.data) < 2 + int.from_bytes(self.data[:2], "big"):
            more = self.socket.recv(at_once)
            if not more:
                return None
            self.data += more
        end = 2 + int.from_bytes(self.data[:2], "big")
        message, self.data = self.data[2:end], self.data[end:]
        return message

    def transfer(self, at_once=65536):
        """Messages up to the second SOA, and their records."""
        messages, found = [], []
        while not (len(found) > 1 and found[-1][0] == SOA):
            message = self.message(at_once)
            if message is None:
                break
            messages.append(message)
            found += records(message)
        return messages, found


class Fakedns:
    def __init__(self, program, text, zone=""):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name) / "world.yaml"
        path.write_text(text)
        (path.parent / "big.zone").write_text(zone)
        self.process = subprocess.Popen([program, str(path)], stdout=subprocess.PIPE, text=True)
        self.places = {}
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "ready":
                break
            host, _, port = words[2].rpartition(":")
            self.places[words[1].rpartition(":")[0]] = (host, int(port))

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        self.process.terminate()
        assert self.process.wait() == 0 or failed
        self.process.stdout.close()
        self.folder.cleanup()

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE).group(1))


def big_world():
    text = "zones: { big.test: { file: big.zone } }\nservers:\n"
    for i, rules in enumerate(FAULTS):
        text += f"  s{i}.test: {{ addresses: [192.0.2.{i + 1}], zones: [big.test], transfer: yes }}\n"
    text += "rules:\n"
    for i, then in enumerate(FAULTS):
        if then:
            text += f"  - {{ when: {{ server: s{i}.test, type: AXFR }}, then: {{ {then} }} }}\n"
    return text


def big_zone():
    return "$TTL 300\n@ SOA ns1 hostmaster 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\n" + \
        "".join(f'n{i} TXT "{"x" * 100}"\n' for i in range(N))


FAULTS = [None, "transfer: { stop-after: 1000 }", "transfer: { last-soa: no }", "transfer: { last-serial: next }",
          "transfer: { records: 2000, question: first }", "delay: 1ms"]


def whole(fakedns):
    stream = Stream(fakedns.places["192.0.2.1"])
    stream.send(query("big.test", AXFR), query("ns1.big.test", A, ident=8))
    messages, found = stream.transfer()
    assert len(found) == N + 4 and found[0] == found[-1] == (SOA, 1), (len(found), found[-1])
    assert len(messages) > 100 and max(map(len, messages)) <= 16384
    assert all(message[:2] == b"\0\7" and message[2] == 0x84 and message[4:6] == b"\0\1" for message in messages)
    assert stream.message()[:2] == b"\0\10", "the query behind the transfer"


def slow_reader(fakedns):
    stream = Stream(fakedns.places["192.0.2.1"])
    stream.send(query("big.test", AXFR))
    stream.socket.shutdown(socket.SHUT_WR)
    assert len(stream.transfer(1500)[1]) == N + 4
    assert stream.message() is None


def non_readers(fakedns):
    before = fakedns.memory_kib()
    streams = [Stream(fakedns.places["192.0.2.1"]) for _ in range(20)]
    for stream in streams:
        stream.send(query("big.test", AXFR), query("big.test", AXFR))
    whole(fakedns)  # others are served meanwhile
    grown = fakedns.memory_kib() - before
    assert grown < 40 * 1024, f"{grown} KiB for {len(streams)} clients of a zone of {N * 120 // 1024} KiB"
    for stream in streams:
        stream.socket.close()
    whole(fakedns)


def faults(fakedns):
    def ask(server):
        stream = Stream(fakedns.places[f"192.0.2.{server + 1}"])
        stream.send(query("big.test", AXFR), query("ns1.big.test", A, ident=8))
        return stream

    stream = ask(1)
    assert len(stream.transfer()[1]) == 1000 and stream.message() is None
    # nothing more is said of it, so the next message answers the next query
    stream, found = ask(2), []
    while (message := stream.message())[:2] == b"\0\7":
        found += records(message)
    assert len(found) == N + 3 and found[-1][0] == TXT and message[:2] == b"\0\10"
    assert ask(3).transfer()[1][-1] == (SOA, 2)
    messages, found = ask(4).transfer()
    assert len(found) == N + 4 and [message[5] for message in messages] == [1] + [0] * (len(messages) - 1)
    assert len(ask(5).transfer()[1]) == N + 4


def notify(program):
    """Told, told again, and after the answer no more: the next datagram is that of the next event."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(PATIENCE_S)
        text = "zones:\n  small.test: |\n    @ 300 SOA ns1 h 5 1 1 1 1\n    @ 300 NS ns1.other.\nservers:\n" \
            "  ns1.test:\n    addresses: [192.0.2.1]\n    zones: [small.test]\n" \
            f"    notify: [\"127.0.0.1:{udp.getsockname()[1]}\"]\nevents:\n" \
            "  - { at: 100ms, zone: small.test, serial: next }\n  - { at: 7s, zone: small.test, serial: 9 }\n"
        with Fakedns(program, text):
            first, _ = udp.recvfrom(512)
            again, place = udp.recvfrom(512)
            assert first == again and first[2] == 0x24 and records(first) == [(SOA, 6)]
            assert name("small.test") + b"\0\6\0\1" in first
            udp.sendto(first[:2] + b"\xa4\0" + first[4:6] + bytes(6) + first[12:28], place)
            third, _ = udp.recvfrom(512)
            assert records(third) == [(SOA, 9)] and third[:2] != first[:2], "told again after the answer"


def page(program):
    """The example of the page, by its own numbers."""
    example = re.search(r"^```yaml\n(.*?)^```$", (ROOT / "docs/TRANSFERS.md").read_text(), re.DOTALL | re.MULTILINE).group(1)
    with Fakedns(program, example.replace("at: 1m", "at: 1ms").replace("at: 2m", "at: 2ms")) as fakedns:
        place = fakedns.places["192.0.2.53"]

        def ask(*what, **how):
            stream = Stream(place)
            stream.send(query("example.test", *what, **how))
            return records(stream.message())
        first = 2026010101
        while ask(AXFR)[0] != (SOA, first + 2):
            pass
        assert ask(AXFR) == [(SOA, first + 2), (2, None), (A, None), (A, None), (SOA, first + 2)]
        assert ask(IXFR, serial=first) == [(SOA, first + 2), (SOA, first), (SOA, first + 1), (A, None), (SOA, first + 1),
                                           (A, None), (SOA, first + 2), (SOA, first + 2)]
        assert ask(IXFR, serial=first + 2) == [(SOA, first + 2)]
        assert len(ask(IXFR, serial=5)) == 5


def main():
    program = sys.argv[1]
    with Fakedns(program, big_world(), big_zone()) as fakedns:
        for check in (whole, slow_reader, faults, non_readers):
            check(fakedns)
    page(program)
    notify(program)


main()
