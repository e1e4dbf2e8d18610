#include "harness/run/roots.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/file.h"

#include <string.h>

enum { DNS_PORT = 53, HINTS_MAX = 256 * 1024 };

struct addresses {
    struct fdns_address *items;
    size_t n;
    size_t capacity;
};

static void add(struct fdns_arena *arena, struct addresses *addresses,
                const struct fdns_address *address)
{
    addresses->items = fdns_arena_grow(arena, addresses->items, addresses->n, addresses->n + 1,
                                       sizeof *address, &addresses->capacity);
    addresses->items[addresses->n++] = *address;
}

static bool holds_root(const struct fdns_server *server)
{
    for (size_t i = 0; i < server->n_zones; i++) {
        if (fdns_name_labels(server->zones[i].apex) == 0) {
            return true;
        }
    }
    return false;
}

const struct fdns_address *dc_world_roots(struct fdns_arena *arena, const struct fdns_world *world,
                                          size_t *n)
{
    struct addresses addresses = {0};
    for (int any = 0; any < 2 && addresses.n == 0; any++) {
        for (size_t i = 0; i < world->n_servers; i++) {
            const struct fdns_server *server = &world->servers[i];
            for (size_t a = 0; (any == 1 || holds_root(server)) && a < server->n_addresses; a++) {
                add(arena, &addresses, &server->addresses[a]);
            }
        }
    }
    *n = addresses.n;
    return addresses.items;
}

const struct fdns_address *dc_public_roots(struct fdns_arena *arena, size_t *n)
{
    // a to m.root-servers.net, in order
    static const char *const texts[] = {
        "198.41.0.4",     "2001:503:ba3e::2:30", "170.247.170.2", "2801:1b8:10::b",
        "192.33.4.12",    "2001:500:2::c",       "199.7.91.13",   "2001:500:2d::d",
        "192.203.230.10", "2001:500:a8::e",      "192.5.5.241",   "2001:500:2f::f",
        "192.112.36.4",   "2001:500:12::d0d",    "198.97.190.53", "2001:500:1::53",
        "192.36.148.17",  "2001:7fe::53",        "192.58.128.30", "2001:503:c27::2:30",
        "193.0.14.129",   "2001:7fd::1",         "199.7.83.42",   "2001:500:9f::42",
        "202.12.27.33",   "2001:dc3::35",
    };
    enum { N = sizeof texts / sizeof texts[0] };
    struct fdns_address *roots = fdns_arena_array(arena, N, sizeof *roots);
    for (size_t i = 0; i < N; i++) {
        if (fdns_address_parse(texts[i], DNS_PORT, &roots[i]) != FDNS_OK) {
            fdns_fatal("cannot read the root server address %s", texts[i]);
        }
    }
    *n = N;
    return roots;
}

static bool address_of(const struct fdns_record *record, struct fdns_address *address)
{
    bool ipv4 = record->type == FDNS_TYPE_A && record->rdata.len == 4;
    bool ipv6 = record->type == FDNS_TYPE_AAAA && record->rdata.len == 16;
    if (!ipv4 && !ipv6) {
        return false;
    }
    *address = (struct fdns_address){.family = ipv4 ? FDNS_IPV4 : FDNS_IPV6, .port = DNS_PORT};
    memcpy(address->octets, record->rdata.octets, record->rdata.len);
    return true;
}

const struct fdns_address *dc_hints_load(struct fdns_arena *arena, const char *path, size_t *n,
                                         struct fdns_diags *diags)
{
    struct fdns_source source = {.file = path};
    struct fdns_records records = {0};
    struct addresses addresses = {0};
    if (!fdns_file_read(arena, path, HINTS_MAX, &source.text, &source.len, diags) ||
        !fdns_zone_text_parse(arena, &source, fdns_name_root, 3600000, &records, diags)) {
        return NULL;
    }
    for (size_t i = 0; i < records.n_items; i++) {
        struct fdns_address address;
        if (address_of(&records.items[i], &address)) {
            add(arena, &addresses, &address);
        }
    }
    if (addresses.n == 0) {
        fdns_diag_file(diags, FDNS_ERROR, path, "holds no address of a root server");
        return NULL;
    }
    *n = addresses.n;
    return addresses.items;
}
