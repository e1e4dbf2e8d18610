#include "fakedns/serve/notify.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"
#include "fakedns/wire/builder.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 5, NOTICES_MAX = 1024, NOTICE_ROOM = 512 };

// The first wait; each is twice as long as the one before.
#define FIRST_WAIT_US (INT64_C(2) * 1000000)

struct fdns_notice {
    struct fdns_timer timer;
    struct fdns_endpoint *endpoint; // it is sent from
    struct fdns_address target;
    const uint8_t *apex; // the world's
    unsigned n_tries;
    uint8_t octets[NOTICE_ROOM];
    size_t len;
    struct fdns_notice *next;
};

static void drop(struct fdns_serve *serve, struct fdns_notice **place)
{
    struct fdns_notice *notice = *place;
    *place = notice->next;
    fdns_timer_stop(serve->options.clock, &notice->timer);
    serve->n_notices--;
    free(notice);
}

static struct fdns_notice **place_of(struct fdns_serve *serve, const struct fdns_notice *notice)
{
    struct fdns_notice **place = &serve->notices;
    while (*place != notice) {
        place = &(*place)->next;
    }
    return place;
}

static void send_notice(struct fdns_notice *notice)
{
    struct fdns_serve *serve = notice->endpoint->serve;
    struct fdns_step step = {.kind = FDNS_STEP_SEND, .octets = notice->octets, .len = notice->len};
    fdns_udp_send(notice->endpoint, &notice->target, &step);
    const struct fdns_pace *pace = serve->options.pace;
    double scale = pace != NULL && pace->scale > 1 ? pace->scale : 1;
    int64_t wait_us = (int64_t)((double)(FIRST_WAIT_US << notice->n_tries) * scale);
    notice->n_tries++;
    uint64_t hash = fdns_hash(notice->endpoint->hash, notice->octets + 2, notice->len - 2);
    fdns_timer_start(serve->options.clock, &notice->timer, serve->options.clock->now_us + wait_us,
                     fdns_phase_key(FDNS_PHASE_REPLY, fdns_hash_u64(hash, notice->target.port)));
}

static void on_wait_over(struct fdns_timer *timer)
{
    struct fdns_notice *notice = timer->owner;
    struct fdns_serve *serve = notice->endpoint->serve;
    if (notice->n_tries == TRIES) {
        drop(serve, place_of(serve, notice));
    } else {
        send_notice(notice);
    }
}

// ---- what is told

// The SOA that the zone has now stands in the answer section, as a hint (RFC 1996 3.7).
static void write_notice(struct fdns_notice *notice, const struct fdns_zone *zone, uint16_t id)
{
    struct fdns_builder builder;
    fdns_builder_init(&builder, notice->octets, sizeof notice->octets);
    fdns_builder_header(&builder, id, FDNS_OPCODE_NOTIFY << 11 | FDNS_AA);
    (void)fdns_builder_question(&builder, zone->apex, FDNS_TYPE_SOA, FDNS_CLASS_IN);
    fdns_builder_count(&builder, 0, 1);
    const struct fdns_rrset *soa = zone->soa;
    if (soa != NULL && fdns_builder_rr(&builder, soa->owner, soa->type, soa->rr_class, soa->ttl,
                                       soa->rdatas[0].octets, soa->rdatas[0].len)) {
        fdns_builder_count(&builder, 1, 1);
    }
    notice->len = builder.len;
}

// Where it goes; false if nowhere.
static bool find_target(const struct fdns_serve *serve, const struct fdns_address *address,
                        struct fdns_address *target)
{
    const struct fdns_address *endpoint = fdns_map_find(&serve->map, address);
    *target = endpoint != NULL ? *endpoint : *address;
    return endpoint != NULL || !fdns_serve_is_played(serve);
}

// The endpoint of a server that can send to an address of this family.
static struct fdns_endpoint *sender(struct fdns_serve *serve, const struct fdns_server *server,
                                    enum fdns_family family)
{
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        struct fdns_endpoint *endpoint = serve->endpoints[i];
        if (endpoint->server == server && endpoint->local.family == family) {
            return endpoint;
        }
    }
    return NULL;
}

// News of a zone take the place of what was still to be told of it.
static void forget(struct fdns_serve *serve, const struct fdns_endpoint *endpoint,
                   const struct fdns_address *target, const uint8_t *apex)
{
    for (struct fdns_notice **place = &serve->notices; *place != NULL;) {
        if ((*place)->endpoint == endpoint && (*place)->apex == apex &&
            fdns_address_equal(&(*place)->target, target)) {
            drop(serve, place);
        } else {
            place = &(*place)->next;
        }
    }
}

static void tell(struct fdns_serve *serve, const struct fdns_server *server,
                 const struct fdns_address *address, const uint8_t *apex,
                 const struct fdns_zone *zone)
{
    struct fdns_address target;
    struct fdns_endpoint *endpoint = NULL;
    if (find_target(serve, address, &target)) {
        endpoint = sender(serve, server, target.family);
    }
    if (endpoint == NULL || serve->n_notices == NOTICES_MAX) {
        serve->counts.dropped++;
        return;
    }
    forget(serve, endpoint, &target, apex);
    struct fdns_notice *notice = calloc(1, sizeof *notice);
    if (notice == NULL) {
        fdns_fatal("out of memory");
    }
    *notice = (struct fdns_notice){.timer = {.fire = on_wait_over, .owner = notice},
                                   .endpoint = endpoint,
                                   .target = target,
                                   .apex = apex,
                                   .next = serve->notices};
    write_notice(notice, zone, ++serve->next_notice);
    serve->notices = notice;
    serve->n_notices++;
    send_notice(notice);
}

// The version that a zone has now, if it came after since_us and the zone is there.
static const struct fdns_zone *news_of(const struct fdns_server_zone *held, int64_t since_us,
                                       int64_t now_us)
{
    const struct fdns_zone_version *last = NULL;
    for (size_t i = 0; i < held->n_versions && held->versions[i].at_us <= now_us; i++) {
        last = &held->versions[i];
    }
    return last != NULL && last->at_us > since_us ? last->zone : NULL;
}

void fdns_notify_changes(struct fdns_serve *serve, int64_t since_us)
{
    const struct fdns_world *world = serve->options.world;
    int64_t now_us = serve->options.clock->now_us;
    for (size_t i = 0; i < world->n_servers; i++) {
        const struct fdns_server *server = &world->servers[i];
        if (server->n_notify == 0 || !fdns_server_is_up(server, now_us)) {
            continue;
        }
        for (size_t k = 0; k < server->n_zones; k++) {
            const struct fdns_zone *zone = news_of(&server->zones[k], since_us, now_us);
            for (size_t n = 0; zone != NULL && n < server->n_notify; n++) {
                tell(serve, server, &server->notify[n], server->zones[k].apex, zone);
            }
        }
    }
}

void fdns_notify_answered(struct fdns_endpoint *endpoint, const struct fdns_address *from,
                          const uint8_t *octets, size_t len)
{
    struct fdns_serve *serve = endpoint->serve;
    bool answers = len >= FDNS_HEADER_LEN && (octets[2] & 0x80) != 0 &&
                   (octets[2] >> 3 & 15) == FDNS_OPCODE_NOTIFY;
    for (struct fdns_notice **place = &serve->notices; answers && *place != NULL;) {
        const struct fdns_notice *notice = *place;
        if (notice->endpoint == endpoint && memcmp(notice->octets, octets, 2) == 0 &&
            fdns_address_equal(&notice->target, from)) {
            drop(serve, place);
            return;
        }
        place = &(*place)->next;
    }
}

void fdns_notify_drop_of(const struct fdns_endpoint *endpoint)
{
    for (struct fdns_notice **place = &endpoint->serve->notices; *place != NULL;) {
        if ((*place)->endpoint == endpoint) {
            drop(endpoint->serve, place);
        } else {
            place = &(*place)->next;
        }
    }
}

void fdns_notify_stop(struct fdns_serve *serve)
{
    while (serve->notices != NULL) {
        drop(serve, &serve->notices);
    }
}

bool fdns_notify_is_wanted(const struct fdns_world *world)
{
    for (size_t i = 0; i < world->n_servers; i++) {
        if (world->servers[i].n_notify > 0) {
            return true;
        }
    }
    return false;
}
