// The ledger by itself, over plain sockets.

#include "component/stage.h"
#include "fakedns/serve/socket.h"
#include "unit/harness.h"

#include <string.h>
#include <unistd.h>

struct reader {
    struct fdns_flight_end end;
    unsigned n_read;
};

static void read_datagram(struct fdns_flight_end *end)
{
    struct reader *reader = end->owner;
    uint8_t octets[512];
    struct fdns_sockaddr source = {.len = sizeof source.storage};
    struct fdns_address address;
    ssize_t n = recvfrom(end->fd, octets, sizeof octets, 0, (struct sockaddr *)&source.storage,
                         &source.len);
    if (n >= 0 && fdns_sockaddr_get(&source, &address) && fdns_flight_received(end, &address))
        reader->n_read++;
}

// Port 0: one of the system's choice.
static void open_reader_at(struct fdns_flight *flight, struct reader *reader, uint16_t port)
{
    struct fdns_address loopback, local;
    memset(reader, 0, sizeof *reader);
    fdns_address_parse("127.0.0.1", port, &loopback);
    int fd = fdns_socket_open(FDNS_IPV4, SOCK_DGRAM);
    CHECK_INT(0, fdns_socket_bind(fd, &loopback, &local));
    reader->end = (struct fdns_flight_end){.fd = fd, .arrive = read_datagram, .owner = reader};
    fdns_flight_open_udp(flight, &reader->end, &local);
}

static void open_reader(struct fdns_flight *flight, struct reader *reader)
{
    open_reader_at(flight, reader, 0);
}

static void close_reader(struct reader *reader)
{
    fdns_flight_close(&reader->end, false);
    close(reader->end.fd);
}

static void send_to(const struct reader *from, const struct fdns_address *to)
{
    struct fdns_sockaddr name;
    fdns_sockaddr_set(&name, to);
    CHECK_INT(1, sendto(from->end.fd, "x", 1, 0, (struct sockaddr *)&name.storage, name.len));
}

static void test_datagrams(void)
{
    struct fdns_flight flight;
    struct reader a, b;
    fdns_flight_init(&flight);
    open_reader(&flight, &a);
    open_reader(&flight, &b);
    for (unsigned i = 0; i < 10; i++) {
        send_to(&a, &b.end.local);
        fdns_flight_sent(&flight, &b.end.local);
    }
    CHECK_INT(10, flight.total);
    CHECK(fdns_flight_drain(&flight, NULL));
    CHECK_INT(0, flight.total);
    CHECK_INT(10, b.n_read);
    CHECK(fdns_flight_is_quiet(&flight));
    // Nobody of ours is there: nothing is counted.
    struct fdns_address nobody = b.end.local;
    nobody.port = 1;
    fdns_flight_sent(&flight, &nobody);
    CHECK_INT(0, flight.total);
    close_reader(&a);
    close_reader(&b);
    fdns_flight_clear(&flight);
}

// What was coming to a socket that closes is void.
static void test_closing_voids(void)
{
    struct fdns_flight flight;
    struct reader a, b;
    fdns_flight_init(&flight);
    open_reader(&flight, &a);
    open_reader(&flight, &b);
    send_to(&a, &b.end.local);
    fdns_flight_sent(&flight, &b.end.local);
    close_reader(&b);
    CHECK_INT(0, flight.total);
    CHECK(fdns_flight_drain(&flight, NULL));
    close_reader(&a);
    fdns_flight_clear(&flight);
}

// Octets of strangers are neither counted nor taken for ours.
static void test_strangers(void)
{
    struct fdns_flight flight, other;
    struct reader a, b;
    fdns_flight_init(&flight);
    fdns_flight_init(&other);
    open_reader(&other, &a);
    open_reader(&flight, &b);
    send_to(&a, &b.end.local);
    CHECK_INT(0, flight.total);
    CHECK(!fdns_flight_is_quiet(&flight));
    read_datagram(&b.end);
    CHECK_INT(0, b.n_read);
    CHECK_INT(0, flight.total);
    close_reader(&a);
    close_reader(&b);
    fdns_flight_clear(&flight);
    fdns_flight_clear(&other);
}

// What never arrives ends the drain by the watchdog, with the ledger in the report and the clock
// where it was.
static void test_watchdog(void)
{
    struct fdns_flight flight;
    struct fdns_clock clock;
    struct fdns_buf report;
    struct reader a;
    bool finished = false;
    fdns_flight_init(&flight);
    fdns_clock_init(&clock, 5);
    fdns_buf_init(&report, 4096);
    flight.watchdog_ms = 20;
    open_reader(&flight, &a);
    fdns_flight_sent(&flight, &a.end.local);
    CHECK(!fdns_flight_play(&flight, &clock, &finished, &report));
    CHECK_CONTAINS("in flight: 1 on 1 sockets", fdns_buf_text(&report));
    CHECK_CONTAINS("udp 127.0.0.1:", fdns_buf_text(&report));
    CHECK_INT(5, clock.now_us);
    close_reader(&a);
    fdns_buf_clear(&report);
    fdns_clock_clear(&clock);
    fdns_flight_clear(&flight);
}

static void test_map_text(void)
{
    static const char text[] = "# what fakedns printed\n"
                               "server 192.0.2.1:53 127.0.0.1:40001\n"
                               "server [2001:db8::1]:53 [::1]:40002\r\n"
                               "resolver 127.0.0.1:40003\n"
                               "ready\n";
    struct fdns_map map;
    struct fdns_diags diags;
    struct fdns_buf out;
    struct fdns_source source = {.file = "map", .text = text, .len = sizeof text - 1};
    fdns_map_init(&map);
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 4096);
    CHECK(fdns_map_parse(&map, &source, &diags));
    fdns_map_print(&map, &out);
    CHECK_TEXT("server 192.0.2.1:53 127.0.0.1:40001\n"
               "server [2001:db8::1]:53 [::1]:40002\n"
               "resolver 127.0.0.1:40003\n",
               fdns_buf_text(&out));
    fdns_map_clear(&map);
    fdns_diags_clear(&diags);
    fdns_buf_clear(&out);
}

static void test_map_mistakes(void)
{
    static const char text[] = "server 192.0.2.1:53\n"
                               "server ns1.example.com 127.0.0.1:1\n"
                               "server 192.0.2.1 127.0.0.1:1 more\n"
                               "server 192.0.2.1 127.0.0.1:1\n"
                               "resolver here\n";
    struct fdns_map map;
    struct fdns_diags diags;
    struct fdns_buf out;
    struct fdns_source source = {.file = "map", .text = text, .len = sizeof text - 1};
    fdns_map_init(&map);
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 4096);
    CHECK(!fdns_map_parse(&map, &source, &diags));
    CHECK_INT(5, diags.n_errors);
    fdns_diags_print(&diags, 0, &out);
    CHECK_CONTAINS("map:1:1: error: an address is missing", fdns_buf_text(&out));
    CHECK_CONTAINS("map:2:8: error: not an address", fdns_buf_text(&out));
    CHECK_CONTAINS("map:3:30: error: nothing may follow here", fdns_buf_text(&out));
    CHECK_CONTAINS("map:4:8: error: this address is in the map already", fdns_buf_text(&out));
    CHECK_CONTAINS("map:5:10: error: not an address", fdns_buf_text(&out));
    fdns_map_clear(&map);
    fdns_diags_clear(&diags);
    fdns_buf_clear(&out);
}

// A client that asks for two delayed copies and leaves; the next one gets its port. What comes late
// is for the first, and the second must not see it.
static void test_port_had_again(void)
{
    static const char world[] =
        "zones: { example.com: \"@ 300 SOA ns1 host 1 2 3 4 5\\n@ 300 NS ns1\" }\n"
        "servers: { ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] } }\n"
        "rules: [ { then: { delay: 1s, copies: { times: 1, gap: 1s } } } ]\n";
    static const uint8_t query[17] = {0, 1, 0, 0, 0, 1, [14] = 2, [16] = 1};
    for (unsigned leaves = 0; leaves < 2; leaves++) {
        struct stage stage;
        struct reader client;
        struct stage_options options = {0};
        struct fdns_sockaddr name;
        stage_open(&stage, world, &options);
        const struct fdns_address *server = &fdns_serve_map(stage.serve)->entries[0].endpoint;
        open_reader(&stage.flight, &client);
        fdns_sockaddr_set(&name, server);
        CHECK_INT(sizeof query, sendto(client.end.fd, query, sizeof query, 0,
                                       (struct sockaddr *)&name.storage, name.len));
        fdns_flight_sent(&stage.flight, server);
        stage_go_to(&stage, 0);
        if (leaves) {
            uint16_t port = client.end.local.port;
            close_reader(&client);
            open_reader_at(&stage.flight, &client, port);
        }
        stage_go_to(&stage, 5000000);
        CHECK_INT(leaves ? 0 : 2, client.n_read);
        close_reader(&client);
        stage_close(&stage);
    }
}

static const struct test tests[] = {
    {"datagrams count until they are read", test_datagrams},
    {"closing voids what was coming", test_closing_voids},
    {"strangers are not counted", test_strangers},
    {"a port that another client has again", test_port_had_again},
    {"the watchdog reports and moves no clock", test_watchdog},
    {"the map as text and back", test_map_text},
    {"mistakes in a map are all reported", test_map_mistakes},
};
SUITE(flight, tests)
