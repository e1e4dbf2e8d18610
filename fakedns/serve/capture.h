// Capture: what was received and sent, as a pcapng file that Wireshark and tshark open.
//
// Packets stand in the world that is served: between the client's address and the scripted address
// of the server (the recursive front end is port 53 of its own address), at the world's time
// counted from a beginning. Each that carries octets has a comment: the rule that fired, or that
// none did. IP, UDP and TCP headers are made up, since what was really on the loopback interface
// says nothing of the world: a TCP connection is shown with a handshake, a segment for each query
// and each thing that was sent (for each piece of it, where a rule wants pieces), and an end. What
// arrives over TCP and never becomes a whole query is not shown.
//
// pcapng: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/ (sections 4.1 to 4.3).
#pragma once

#include "fakedns/base/address.h"

struct fdns_capture; // owned by its maker

// Replaces a file ("-" is standard output). Times count from epoch_us (since 1970). NULL if it
// cannot be opened; errno tells why.
struct fdns_capture *fdns_capture_open(const char *path, int64_t epoch_us);
// Flushes and closes. False if anything could not be written since it was opened.
bool fdns_capture_close(struct fdns_capture *capture);
// When writing fails that is said once, on standard error, and serving goes on.
void fdns_capture_flush(struct fdns_capture *capture);

enum fdns_capture_way { FDNS_TO_SERVER, FDNS_TO_CLIENT };

// Who talks to whom, and when (the world's time). Addresses of two families are shown as IPv6.
struct fdns_capture_talk {
    struct fdns_address client;
    struct fdns_address server;
    int64_t now_us;
    const char *rule; // that fired, or NULL
};

void fdns_capture_datagram(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                           enum fdns_capture_way way, const uint8_t *octets, size_t len);

// Of one TCP connection: how many octets were shown in each direction. Zeroed before the first
// call.
struct fdns_capture_stream {
    bool begun;
    uint32_t shown[2];
};
// Octets as they are in the stream, with the length that frames a message. The first call shows the
// handshake too, and without octets that alone.
void fdns_capture_segment(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                          struct fdns_capture_stream *stream, enum fdns_capture_way way,
                          const uint8_t *octets, size_t len);
// The server ends the stream, by FIN or by RST. Nothing if it was never begun.
void fdns_capture_end(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                      struct fdns_capture_stream *stream, bool reset);
