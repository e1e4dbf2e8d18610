"""Runs fakedns and well-known servers beside it on the same zones: NSD, Knot DNS, BIND, PowerDNS.

All on 127.0.0.1 and ports that are free, their files in a temporary folder, and when root starts
this the well-known ones as the user nobody. None of them answers more or less than its software
does on its own, but for rate limits, which are off, the UDP limit, which is 1232 everywhere, and
what NSD, BIND and PowerDNS must be told to give (see the options below).
"""

import contextlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
UDP_LIMIT = 1232
os.environ["PATH"] += ":/usr/sbin:/usr/local/sbin"


def free_port():
    """A port that is free for UDP and TCP on 127.0.0.1 now."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            return udp.getsockname()[1]
    sys.exit("no free port")


def write(file, text):
    file.write_text(text)
    return str(file)


def nsd_command(folder, zones, port):
    text = f"""server:
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
    logfile: "{folder}/nsd.log"
    server-count: 1
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    refuse-any: no
    minimal-responses: no
    ipv4-edns-size: {UDP_LIMIT}
remote-control:
    control-enable: no
"""
    for zone, file in zones.items():
        text += f'zone:\n    name: "{zone}"\n    zonefile: "{file}"\n'
    return ["nsd", "-d", "-c", write(folder / "nsd.conf", text)]


def knot_command(folder, zones, port):
    text = f"""server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    udp-max-payload: {UDP_LIMIT}
database:
    storage: "{folder}"
log:
  - target: "{folder}/knot.log"
    any: info
template:
  - id: default
    storage: "{folder}"
    semantic-checks: off
    journal-content: none
    zonefile-sync: -1
zone:
"""
    for zone, file in zones.items():
        text += f'  - domain: "{zone}"\n    file: "{file}"\n'
    return ["knotd", "-c", write(folder / "knot.conf", text)]


def bind_zones(zones, options):
    return "".join(f'zone "{zone}" {{ type master; file "{file}"; {options} }};\n'
                   for zone, file in zones.items())


def bind_command(folder, zones, port):
    text = f"""options {{
    directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    pid-file none;
    session-keyfile none;
    recursion no;
    allow-query {{ any; }};
    allow-transfer {{ none; }};
    notify no;
    dnssec-validation no;
    empty-zones-enable no;
    answer-cookie no;
    minimal-responses no;
    minimal-any no;
    zero-no-soa-ttl no;
    max-udp-size {UDP_LIMIT};
    edns-udp-size {UDP_LIMIT};
    max-records-per-type 0;
    max-types-per-name 0;
}};
controls {{ }};
"""
    text += bind_zones(zones, "check-names ignore; check-integrity no;")
    return ["named", "-g", "-4", "-n", "1", "-X", "none", "-c", write(folder / "named.conf", text)]


def pdns_command(folder, zones, port):
    write(folder / "pdns.conf", f"""launch=bind
bind-config={folder}/zones.conf
local-address=127.0.0.1
local-port={port}
socket-dir={folder}
daemon=no
guardian=no
write-pid=no
security-poll-suffix=
dname-processing=yes
8bit-dns=yes
any-to-tcp=no
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
receiver-threads=1
distributor-threads=1
udp-truncation-threshold={UDP_LIMIT}
""")
    write(folder / "zones.conf", bind_zones(zones, ""))
    return ["pdns_server", f"--config-dir={folder}"]


# The judges, and how each is started.
JUDGES = {
    "nsd": ("nsd", nsd_command),
    "knot": ("knotd", knot_command),
    "bind": ("named", bind_command),
    "pdns": ("pdns_server", pdns_command),
}


def installed(least=2):
    """The judges that are here; at least two, as one alone could be wrong."""
    here = [name for name, (program, _) in JUDGES.items() if shutil.which(program)]
    if len(here) < least:
        print(f"skipped: fewer than {least} of nsd, knotd, named and pdns_server are installed")
        sys.exit(SKIPPED)
    return here


def query_soa(apex):
    """A query for the SOA of a zone given in wire format."""
    return struct.pack("!6H", 0x5a5a, 0, 1, 0, 0, 0) + apex + struct.pack("!2H", 6, 1)


class Server:
    """A running server on a port of its own; ended by leaving the with block."""

    def __init__(self, name, command, port, folder, apexes, unprivileged=False):
        self.name, self.command, self.port, self.folder = name, command, port, folder
        self.apexes = apexes  # asked for, in wire format, until the server answers for all
        self.unprivileged = unprivileged
        self.log = folder / f"{name}.out"
        self.sockets = threading.local()

    def __enter__(self):
        who = {}
        if self.unprivileged and os.geteuid() == 0:
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL, cwd=self.folder,
                                            start_new_session=True, **who)
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait_until_ready(self):
        deadline = time.monotonic() + 30
        left = list(self.apexes)
        while left:
            reply = self.exchange(query_soa(left[-1]), timeout=0.5)
            if reply is not None and reply[3] & 15 == 0:
                left.pop()
                continue
            if self.process.poll() is not None or time.monotonic() > deadline:
                output = "".join(log.read_text(errors="replace")
                                 for log in [self.log, *self.folder.glob("*.log")])
                sys.exit(f"{self.name} {'ended' if self.process.poll() else 'does not answer'} "
                         f"for {left[-1]}: {output[-4000:]}")
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def udp_socket(self):
        """A connected socket of the calling thread's own."""
        if not hasattr(self.sockets, "udp"):
            self.sockets.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.sockets.udp.connect(("127.0.0.1", self.port))
        return self.sockets.udp

    def exchange(self, query, timeout=5):
        """The reply to a query over UDP, or None."""
        udp = self.udp_socket()
        deadline = time.monotonic() + timeout
        try:
            udp.send(query)
            while True:
                udp.settimeout(max(deadline - time.monotonic(), 0.001))
                reply = udp.recv(65535)
                if reply[:2] == query[:2]:
                    return reply
        except OSError:
            return None

    def tcp_socket(self, timeout=5):
        tcp = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return tcp

    def exchange_tcp(self, query):
        """The reply to a query over TCP, or None."""
        try:
            with self.tcp_socket() as tcp:
                tcp.sendall(struct.pack("!H", len(query)) + query)
                return next(iter(read_frames(tcp, 1)), None)
        except OSError:
            return None


def read_frames(tcp, n):
    """Up to n messages from a TCP connection: fewer if it ends or nothing comes for a while."""
    frames, data = [], b""
    try:
        while len(frames) < n:
            while len(data) >= 2 and len(data) >= 2 + int.from_bytes(data[:2], "big"):
                end = 2 + int.from_bytes(data[:2], "big")
                frames.append(data[2:end])
                data = data[end:]
            if len(frames) >= n:
                break
            more = tcp.recv(65536)
            if not more:
                break
            data += more
    except OSError:
        pass
    return frames


@contextlib.contextmanager
def running(fakedns, zones, apexes, only=None):
    """fakedns and all judges that are installed, on the same zones.

    zones: {name as text: zone file text}; apexes: the names in wire format, in the same order.
    """
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        files = {}
        for i, (zone, text) in enumerate(zones.items()):
            files[zone] = write(folder / f"{i}.zone", text)
        port = free_port()
        ours = [os.path.abspath(fakedns), "--listen", "127.0.0.1", "--port", str(port)]
        for zone, file in files.items():
            ours += ["--zone", f"{zone}={file}"]
        servers = [stack.enter_context(Server("fakedns", ours, port, folder, apexes))]
        for name in only or installed():
            own = folder / name
            own.mkdir()
            if os.geteuid() == 0:
                shutil.chown(own, "nobody", "nogroup")
            port = free_port()
            command = JUDGES[name][1](own, files, port)
            servers.append(stack.enter_context(Server(name, command, port, own, apexes, True)))
        yield servers
