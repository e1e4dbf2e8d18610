#include "harness/check/message/message.h"

#include "harness/check/message/from.h"

#include <string.h>

static bool parse_name(const char *text, uint8_t name[FDNS_NAME_MAX])
{
    return text != NULL && fdns_name_parse(text, NULL, name) == FDNS_OK;
}

// One is the other or above it, and the upper one is more than a registry.
static bool is_own(const char *domain, const char *signer)
{
    uint8_t a[FDNS_NAME_MAX];
    uint8_t b[FDNS_NAME_MAX];
    if (!parse_name(domain, a) || !parse_name(signer, b)) {
        return false;
    }
    return fdns_name_equal(a, b) || (fdns_name_below(a, b) && !dc_walk_is_registry(b)) ||
           (fdns_name_below(b, a) && !dc_walk_is_registry(a));
}

static bool is_amazonses(const char *signer)
{
    uint8_t name[FDNS_NAME_MAX];
    uint8_t amazonses[FDNS_NAME_MAX];
    return parse_name(signer, name) && parse_name("amazonses.com", amazonses) &&
           fdns_name_at_or_below(name, amazonses);
}

static void read_signatures(struct dc_message *message)
{
    static const char field[] = "DKIM-Signature";
    struct fdns_arena *arena = message->look->arena;
    size_t first;
    size_t n = dc_mail_named(&message->mail, field, sizeof field - 1, &first);
    message->checked = fdns_arena_array(arena, n, sizeof *message->checked);
    message->n_checked = n;
    for (size_t i = 0; i < n; i++) { // the lowest comes first in the index
        struct dc_checked *checked = &message->checked[i];
        struct dc_signature *signature = &checked->signature;
        dc_signature_parse(signature, arena, message->mail.by_name[first + n - 1 - i]);
        checked->own = is_own(message->domain, signature->domain);
        checked->amazonses = !checked->own && is_amazonses(signature->domain);
        if (signature->domain != NULL && signature->selector != NULL) {
            checked->name = fdns_arena_format(arena, "%s._domainkey.%s", signature->selector,
                                              signature->domain);
        }
    }
}

static void select_some(struct dc_message *message, bool own, size_t *n_selected)
{
    for (size_t i = 0; i < message->n_checked; i++) {
        struct dc_checked *checked = &message->checked[i];
        if (checked->own == own && checked->signature.flaw == DC_SIGNATURE_GOOD &&
            *n_selected < DC_VERIFIED_MAX) {
            checked->selected = true;
            (*n_selected)++;
        }
    }
}

static void read_message(struct dc_message *message, const struct dc_dkim_subject *subject)
{
    struct fdns_arena *arena = message->look->arena;
    size_t n_selected = 0;
    message->domain_given = subject->domain != NULL;
    message->domain = subject->domain;
    if (!dc_mail_parse(&message->mail, arena, subject->message, subject->message_len,
                       &message->unreadable)) {
        return;
    }
    message->from = dc_from_domain(arena, &message->mail, &message->from_why);
    message->domain = message->domain_given ? subject->domain : message->from;
    read_signatures(message);
    select_some(message, true, &n_selected);
    select_some(message, false, &n_selected);
}

// The servers that the user names answer for the domain; a resolver for all else if there is one,
// and otherwise the walk goes down from the roots.
static void begin_walk(struct dc_gathered *g, struct dc_look *look, const struct dc_dkim_how *how,
                       const char *domain)
{
    struct dc_dkim_how *asked = fdns_arena_copy(look->arena, how, sizeof *how);
    struct dc_walk_end end;
    uint8_t name[FDNS_NAME_MAX];
    if (how->resolver != NULL) {
        asked->n_roots = 0;
    }
    *g = (struct dc_gathered){.look = look, .how = asked};
    g->chains = fdns_arena_array(look->arena, DC_CHAINS_MAX, sizeof *g->chains);
    dc_walk_init(&g->walk, look, asked);
    if (how->n_servers > 0 && parse_name(domain, name)) {
        dc_walk_zone(&g->walk, fdns_name_copy(look->arena, name), &end);
    }
}

static bool gather_keys(struct dc_message *message, const struct dc_dkim_how *how)
{
    struct dc_gathered *g = fdns_arena_alloc(message->look->arena, sizeof *g);
    bool complete = true;
    begin_walk(g, message->look, how, message->domain);
    for (size_t i = 0; i < message->n_checked; i++) {
        struct dc_checked *checked = &message->checked[i];
        uint8_t name[FDNS_NAME_MAX];
        if (checked->selected && parse_name(checked->name, name)) {
            const uint8_t *start = fdns_name_copy(message->look->arena, name);
            complete &= dc_gather_chain(g, start);
            checked->chain = dc_gathered_chain(g, start);
        }
    }
    return complete;
}

bool dc_message_check(struct dc_look *look, const struct dc_dkim_subject *subject,
                      const struct dc_dkim_how *how, struct dc_report *report)
{
    struct dc_message message = {.look = look};
    read_message(&message, subject);
    if (!gather_keys(&message, how)) {
        return false;
    }
    dc_message_verify(&message);
    dc_message_diagnose(&message, report);
    return true;
}
