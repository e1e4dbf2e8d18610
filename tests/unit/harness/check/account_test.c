// Whose mail is signed: the account side without any DNS.
#include "harness/check/dkim/account.h"
#include "harness/check/dkim/life.h"
#include "unit/harness.h"

#include <string.h>

enum { OWN, WEST, MARY, BARE, NEWS, N_IDENTITIES };

static const struct dc_account_identity identities[N_IDENTITIES] = {
    [OWN] = {{"example.com", "us", "1"}, 1, true, true, true},
    [WEST] = {{"example.com", "west", "1"}, 2, true, true, true},
    [MARY] = {{"mary@example.com", "us", "1"}, 0, true, false, true},
    [BARE] = {{"example.com", "bare", "1"}, 0, true, false, true},
    [NEWS] = {{"news.example.com", "us", "1"}, 0, true, false, true},
};

struct asked {
    struct dc_account account;
    struct dc_account_identity identities[N_IDENTITIES];
    struct dc_account_event events[4];
    struct dc_dkim_state states[2];
};

static void ask_init(struct asked *asked)
{
    *asked =
        (struct asked){.states = {{.status = DC_STATUS_SUCCESS}, {.status = DC_STATUS_SUCCESS}}};
    memcpy(asked->identities, identities, sizeof identities);
    asked->account = (struct dc_account){
        .identities = asked->identities, .n_identities = N_IDENTITIES, .events = asked->events};
}

// What is said of mail from an address in a Region of account 1 (or 2), at a time.
static void check_signing(struct asked *asked, int64_t at_us, const char *from, const char *region,
                          const char *account_id, const char *cause, const char *by)
{
    struct fdns_arena arena;
    const struct dc_identity sender = {from, region, account_id};
    fdns_arena_init(&arena, 0);
    struct dc_signing signing =
        dc_account_signing(&arena, &asked->account, asked->states, at_us, &sender);
    CHECK_TEXT(cause, dc_signing_text(signing.cause));
    CHECK_TEXT(by, signing.identity.name);
    CHECK(signing.is_signed == (signing.cause == DC_SIGNING_SIGNED));
    CHECK(signing.is_signed == (signing.remedy == NULL));
    fdns_arena_clear(&arena);
}

static void test_who_decides(void)
{
    struct asked asked;
    ask_init(&asked);
    check_signing(&asked, 0, "joe@example.com", "us", "1", "signed", "example.com");
    check_signing(&asked, 0, "joe@EXAMPLE.com", "us", "1", "signed", "example.com");
    check_signing(&asked, 0, "joe@a.b.example.com", "us", "1", "signed", "example.com");
    check_signing(&asked, 0, "mary@example.com", "us", "1", "individual-address-identity",
                  "mary@example.com");
    // local parts are compared as they are written, and the address is an identity in one Region
    // only
    check_signing(&asked, 0, "Mary@example.com", "us", "1", "signed", "example.com");
    check_signing(&asked, 0, "mary@example.com", "west", "1", "signed", "example.com");
    // the nearest domain decides, also when it is worse off
    check_signing(&asked, 0, "ann@news.example.com", "us", "1", "not-configured",
                  "news.example.com");
    check_signing(&asked, 0, "joe@anexample.com", "us", "1", "no-identity", NULL);
    check_signing(&asked, 0, "joe@com", "us", "1", "no-identity", NULL);
}

static void test_regions_and_accounts(void)
{
    struct asked asked;
    ask_init(&asked);
    check_signing(&asked, 0, "joe@example.com", "bare", "1", "region-not-configured",
                  "example.com");
    check_signing(&asked, 0, "joe@example.com", "south", "1", "region-not-configured", NULL);
    check_signing(&asked, 0, "joe@example.com", "us", "2", "account-not-configured", NULL);
    check_signing(&asked, 0, "joe@example.com", NULL, NULL, "account-not-configured", NULL);
}

static void test_states(void)
{
    struct asked asked;
    ask_init(&asked);
    asked.states[1].status = DC_STATUS_TEMPORARY_FAILURE;
    check_signing(&asked, 0, "joe@example.com", "west", "1", "signed", "example.com");
    asked.states[1].status = DC_STATUS_PENDING;
    check_signing(&asked, 0, "joe@example.com", "west", "1", "set-up-pending", "example.com");
    asked.states[1].status = DC_STATUS_FAILED;
    check_signing(&asked, 0, "joe@example.com", "west", "1", "set-up-failed", "example.com");
    asked.states[1].revoked = true;
    check_signing(&asked, 0, "joe@example.com", "west", "1", "set-up-revoked", "example.com");
    check_signing(&asked, 0, "joe@example.com", "us", "1", "signed", "example.com");
    asked.identities[WEST].signing = false;
    check_signing(&asked, 0, "joe@example.com", "west", "1", "signing-disabled", "example.com");
}

static void test_events(void)
{
    struct asked asked;
    ask_init(&asked);
    asked.events[0] = (struct dc_account_event){10, MARY, DC_ACCOUNT_CONFIGURED};
    asked.events[1] = (struct dc_account_event){20, OWN, DC_ACCOUNT_SIGNING_OFF};
    asked.events[2] = (struct dc_account_event){30, MARY, DC_ACCOUNT_DELETED};
    asked.events[3] = (struct dc_account_event){40, OWN, DC_ACCOUNT_SIGNING_ON};
    asked.account.n_events = 4;
    check_signing(&asked, 9, "mary@example.com", "us", "1", "individual-address-identity",
                  "mary@example.com");
    check_signing(&asked, 10, "mary@example.com", "us", "1", "signed", "mary@example.com");
    // the domain's switch is not that of the address
    check_signing(&asked, 20, "mary@example.com", "us", "1", "signed", "mary@example.com");
    check_signing(&asked, 20, "joe@example.com", "us", "1", "signing-disabled", "example.com");
    check_signing(&asked, 30, "mary@example.com", "us", "1", "signing-disabled", "example.com");
    check_signing(&asked, 40, "mary@example.com", "us", "1", "signed", "example.com");
}

static void test_addresses(void)
{
    CHECK_TEXT("example.com", dc_address_domain("mary@example.com"));
    CHECK_TEXT("example.com", dc_address_domain("\"a@b\"@example.com"));
    CHECK(dc_address_domain("@example.com") == NULL);
    CHECK(dc_address_domain("mary@") == NULL);
    CHECK(dc_address_domain("mary@.") == NULL);
    CHECK(dc_address_domain("mary@a..b") == NULL);
    CHECK(dc_address_domain("mary ann@example.com") == NULL);
    CHECK(dc_address_domain("mary\x1b@example.com") == NULL);
    CHECK(dc_address_domain("example.com") == NULL);
}

#define H *INT64_C(3600000000)

// What is written at each step of a life, "" for nothing.
static void notice_step(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                        int64_t at_us, enum dc_life_seen seen, const char *wanted)
{
    const struct dc_dkim_state before = *state;
    struct dc_life life;
    enum dc_notice notice;
    dc_life_step(state, subject, at_us, seen, &life);
    bool told = dc_life_notice(&before, state, subject, &notice);
    CHECK_TEXT(wanted, told ? dc_notice_text(notice) : "");
}

static void test_notices(void)
{
    const struct dc_dkim_subject subject = {.has_started = true, .window_us = 72 H};
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &subject, 0);
    notice_step(&state, &subject, 0, DC_SEEN_WRONG, "");
    notice_step(&state, &subject, 1 H, DC_SEEN_RIGHT, "set-up-successful");
    notice_step(&state, &subject, 2 H, DC_SEEN_RIGHT, "");
    notice_step(&state, &subject, 3 H, DC_SEEN_NOTHING, "");
    notice_step(&state, &subject, 4 H, DC_SEEN_WRONG, "revocation-warning");
    notice_step(&state, &subject, 5 H, DC_SEEN_WRONG, "");
    notice_step(&state, &subject, 6 H, DC_SEEN_NOTHING, "");
    notice_step(&state, &subject, 7 H, DC_SEEN_RIGHT, "revocation-cancelled");
    notice_step(&state, &subject, 8 H, DC_SEEN_RIGHT, "");
    notice_step(&state, &subject, 9 H, DC_SEEN_WRONG, "revocation-warning");
    notice_step(&state, &subject, 81 H, DC_SEEN_WRONG, "revoked");
    notice_step(&state, &subject, 82 H, DC_SEEN_RIGHT, "");
    dc_dkim_state_init(&state, &subject, 0);
    notice_step(&state, &subject, 72 H - 1, DC_SEEN_WRONG, "");
    notice_step(&state, &subject, 72 H, DC_SEEN_WRONG, "set-up-failed");
    notice_step(&state, &subject, 73 H, DC_SEEN_RIGHT, "");
}

static void test_no_history(void)
{
    const struct dc_dkim_subject subject = {.window_us = 72 H};
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &subject, 0);
    notice_step(&state, &subject, 0, DC_SEEN_RIGHT, "");
    notice_step(&state, &subject, 1 H, DC_SEEN_WRONG, "revocation-warning");
}

static const struct test tests[] = {
    {"the address decides, then the nearest domain", test_who_decides},
    {"nothing of another Region or account counts", test_regions_and_accounts},
    {"signed until revoked", test_states},
    {"what is switched over time", test_events},
    {"e-mail addresses", test_addresses},
    {"each change is told once", test_notices},
    {"nothing is told of a history that nobody knows", test_no_history},
};
SUITE(account, tests)
