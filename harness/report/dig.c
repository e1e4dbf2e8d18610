#include "harness/report/dig.h"

#include "fakedns/wire/view.h"
#include "harness/report/escape.h"

#include <string.h>

enum { UDP_SIZE_OF_DIG = 1232, DNS_PORT = 53, OCTETS_SHOWN = 64 };

static void server(struct fdns_buf *out, const struct fdns_address *address)
{
    char host[FDNS_ADDRESS_TEXT_MAX];
    fdns_buf_format(out, "dig @%s", fdns_address_print_host(address, host));
    if (address->port != DNS_PORT) {
        fdns_buf_format(out, " -p %u", address->port);
    }
}

static void name(struct fdns_buf *out, const uint8_t *qname)
{
    char text[FDNS_NAME_TEXT_MAX];
    size_t len = strlen(fdns_name_print(qname, text));
    if (len > 1) {
        text[len - 1] = '\0'; // without the final dot
    }
    // dig takes a word that begins with one of these, or that is a type or class, for something
    // else
    bool ambiguous = strchr("-+@", text[0]) != NULL || strchr(text, '.') == NULL;
    fdns_buf_string(out, ambiguous && len > 1 ? " -q " : " ");
    dc_escape_shell(out, text);
}

static void type_and_class(struct fdns_buf *out, const struct fdns_view_question *question)
{
    char text[FDNS_CODE_TEXT_MAX];
    fdns_buf_format(out, " %s", fdns_type_print(question->type, text));
    if (question->rr_class != FDNS_CLASS_IN) {
        fdns_buf_format(out, " %s", fdns_class_print(question->rr_class, text));
    }
}

static void options(struct fdns_buf *out, const struct fdns_view *view, enum dc_transport transport)
{
    if (!fdns_view_flag(view, FDNS_RD)) {
        fdns_buf_string(out, " +norecurse");
    }
    if (fdns_view_flag(view, FDNS_CD)) {
        fdns_buf_string(out, " +cdflag");
    }
    if (transport == DC_TCP) {
        fdns_buf_string(out, " +tcp");
    }
    if (!view->edns.present) {
        fdns_buf_string(out, " +noedns");
    } else if (view->edns.udp_size != UDP_SIZE_OF_DIG) {
        fdns_buf_format(out, " +bufsize=%u", view->edns.udp_size);
    }
    if ((view->edns.flags & FDNS_EDNS_DO) != 0) {
        fdns_buf_string(out, " +dnssec");
    }
}

static void octets(struct fdns_buf *out, const struct dc_question *question)
{
    char address[FDNS_ADDRESS_TEXT_MAX];
    size_t shown = question->len < OCTETS_SHOWN ? question->len : OCTETS_SHOWN;
    fdns_buf_format(out, "%zu octets to %s over %s: ", question->len,
                    fdns_address_print(&question->server, address),
                    question->transport == DC_TCP ? "TCP" : "UDP");
    fdns_buf_hex(out, question->request, shown);
    fdns_buf_string(out, shown < question->len ? "..." : "");
}

void dc_dig(struct fdns_buf *out, const struct dc_question *question)
{
    struct fdns_arena arena;
    struct fdns_view view;
    uint8_t qname[FDNS_NAME_MAX];
    fdns_arena_init(&arena, 0);
    fdns_view_init(&view, &arena, question->request, question->len);
    if (question->n_steps == 0 && view.flaw == FDNS_FLAW_NONE && view.n_questions == 1 &&
        fdns_view_opcode(&view) == FDNS_OPCODE_QUERY &&
        fdns_view_name(&view, view.questions[0].at, qname, NULL)) {
        server(out, &question->server);
        name(out, qname);
        type_and_class(out, &view.questions[0]);
        options(out, &view, question->transport);
    } else {
        octets(out, question);
    }
    fdns_arena_clear(&arena);
}
