// Plays the DKIM checker against a scripted world without sockets: what look() wants is answered by
// fdns_answer() and put into the store, round by round, as the runner does it over the network.
#pragma once

#include "fakedns/answer/answer.h"
#include "fakedns/base/random.h"
#include "fakedns/resolve/resolve.h"
#include "harness/check/dkim/dkim.h"

// A key that none of the worlds has: 1024-bit RSA, base64.
#define DKIM_PLAY_OTHER_KEY                                                                        \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDoMbc9m9osHnCBvUNBay4UvjdLROzKBJKRPqz/"                 \
    "yzHYymb9LIcEi5kswUrYTds0+wlO07Si04qJwJT1CXvgUeT+2GR5oMHYgweNOflFyqqMu+j/"                     \
    "Uk64LJ9CiBVMR7vHD7wNAcYM9zGQ60z83HSxfrMKRFe59qaTFcW/BfTf37zMsQIDAQAB"

struct dkim_play {
    struct fdns_world_library *library;
    struct fdns_world *world;
    struct fdns_world_state *world_state;
    struct fdns_arena arena; // of the round
    struct fdns_arena keys;  // of the subject
    struct dc_store store;
    struct dc_dkim_subject subject;
    struct dc_dkim_how how;
    struct dc_dkim_state state;
    struct fdns_resolver *resolver; // or NULL
    struct fdns_address resolver_address;
    struct fdns_random *mutations; // if set, some octets of every answer are changed
    unsigned n_visits;
    unsigned n_rounds; // of the last visit
    struct dc_report report;
};

// The world of YAML text (what stands below `world:`), with the subject of lib/easy-dkim.yaml.
void dkim_play_init(struct dkim_play *play, const char *world);
// The same with the subject of lib/byodkim.yaml.
void dkim_play_init_byodkim(struct dkim_play *play, const char *world);
// From now on the resolver is asked too.
void dkim_play_resolver(struct dkim_play *play);
void dkim_play_clear(struct dkim_play *play);

// The subject names this public key.
void dkim_play_public_key(struct dkim_play *play, const char *text);
// The subject has this private key, and a profile.
void dkim_play_private_key(struct dkim_play *play, const char *text, const char *profile);

// Runs the check at a time of the world; the report lives until the next visit.
const struct dc_report *dkim_play_visit(struct dkim_play *play, int64_t at_us);

// A finding of the last report; NULL for server or name: any. NULL if there is none.
const struct dc_finding *dkim_play_find(const struct dkim_play *play, const char *id,
                                        const char *server, const char *name);
// Ids of the findings at warning or above, in order, each once, with ", " between: "" if none.
const char *dkim_play_alarms(struct dkim_play *play);
