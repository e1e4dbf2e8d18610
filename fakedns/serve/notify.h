// NOTIFY out (RFC 1996): when an event changes a zone, those that the server's `notify` names are
// told, and told again until they answer.
//
//   WAITING --answer | the last try--> gone
//
// Played, only what the network map knows is told: nothing leaves the world. Private to serving.
#pragma once

#include "fakedns/serve/serve_parts.h"

// Tells of what has changed after since_us and up to now.
void fdns_notify_changes(struct fdns_serve *serve, int64_t since_us);
// A datagram that came to an endpoint: if it answers a NOTIFY of ours, that is settled.
void fdns_notify_answered(struct fdns_endpoint *endpoint, const struct fdns_address *from,
                          const uint8_t *octets, size_t len);
// Forgets what was still to be told from an endpoint.
void fdns_notify_drop_of(const struct fdns_endpoint *endpoint);
void fdns_notify_stop(struct fdns_serve *serve);
bool fdns_notify_is_wanted(const struct fdns_world *world);
