#include "fakedns/wire/show.h"

struct flag_name {
    enum fdns_flag flag;
    const char *name;
};

static const struct flag_name flag_names[] = {
    {FDNS_QR, "qr"}, {FDNS_AA, "aa"}, {FDNS_TC, "tc"}, {FDNS_RD, "rd"},
    {FDNS_RA, "ra"}, {FDNS_Z, "z"},   {FDNS_AD, "ad"}, {FDNS_CD, "cd"},
};

static void show_header(const struct fdns_view *view, struct fdns_buf *out)
{
    char opcode[FDNS_CODE_TEXT_MAX];
    char rcode[FDNS_CODE_TEXT_MAX];
    fdns_buf_format(out, ";; ->>HEADER<<- opcode: %s, status: %s, id: %u\n;; flags:",
                    fdns_opcode_print(fdns_view_opcode(view), opcode),
                    fdns_rcode_print(fdns_view_rcode(view), rcode), view->id);
    for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
        if (fdns_view_flag(view, flag_names[i].flag)) {
            fdns_buf_format(out, " %s", flag_names[i].name);
        }
    }
    fdns_buf_format(out, "; QUERY: %u, ANSWER: %u, AUTHORITY: %u, ADDITIONAL: %u\n",
                    view->counts[0], view->counts[1], view->counts[2], view->counts[3]);
}

static void show_edns(const struct fdns_edns *edns, struct fdns_buf *out)
{
    size_t at = 0;
    uint16_t code;
    uint16_t len;
    const uint8_t *data;
    fdns_buf_format(out, "\n;; OPT PSEUDOSECTION:\n; EDNS: version: %u, flags:%s", edns->version,
                    edns->flags & FDNS_EDNS_DO ? " do" : "");
    if ((edns->flags & ~FDNS_EDNS_DO) != 0) {
        fdns_buf_format(out, " 0x%04x", edns->flags & ~FDNS_EDNS_DO);
    }
    fdns_buf_format(out, "; udp: %u\n", edns->udp_size);
    while (fdns_edns_next(edns, &at, &code, &data, &len)) {
        fdns_buf_format(out, "; OPTION %u:%s", code, len != 0 ? " " : "");
        fdns_buf_hex(out, data, len);
        fdns_buf_u8(out, '\n');
    }
    if (edns->options_bad) {
        fdns_buf_string(out, "; an option runs past the end of the record: ");
        fdns_buf_hex(out, edns->options + at, edns->options_len - at);
        fdns_buf_u8(out, '\n');
    }
}

static void show_name(const struct fdns_view *view, size_t at, struct fdns_buf *out)
{
    uint8_t name[FDNS_NAME_MAX];
    char text[FDNS_NAME_TEXT_MAX];
    if (fdns_view_name(view, at, name, NULL)) {
        fdns_buf_string(out, fdns_name_print(name, text));
    }
}

static void show_questions(const struct fdns_view *view, struct fdns_buf *out)
{
    if (view->n_questions != 0) {
        fdns_buf_string(out, "\n;; QUESTION SECTION:\n");
    }
    for (size_t i = 0; i < view->n_questions; i++) {
        const struct fdns_view_question *question = &view->questions[i];
        char rr_class[FDNS_CODE_TEXT_MAX];
        char type[FDNS_CODE_TEXT_MAX];
        fdns_buf_u8(out, ';');
        show_name(view, question->at, out);
        fdns_buf_format(out, " %s %s\n", fdns_class_print(question->rr_class, rr_class),
                        fdns_type_print(question->type, type));
    }
}

static void show_rr(const struct fdns_view *view, const struct fdns_view_rr *rr,
                    struct fdns_arena *scratch, struct fdns_buf *out)
{
    char rr_class[FDNS_CODE_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    uint16_t len;
    const uint8_t *rdata = fdns_view_rdata(view, rr, scratch, &len);
    show_name(view, rr->at, out);
    fdns_buf_format(out, " %u %s %s ", rr->ttl, fdns_class_print(rr->rr_class, rr_class),
                    fdns_type_print(rr->type, type));
    if (rdata != NULL) {
        fdns_buf_string(out, fdns_rdata_text(scratch, rr->type, rdata, len));
    } else {
        fdns_buf_format(out, "\\# %u ", rr->rdata_len);
        fdns_buf_hex(out, view->bytes + rr->rdata_at, rr->rdata_len);
    }
    fdns_buf_u8(out, '\n');
}

static void show_rrs(const struct fdns_view *view, struct fdns_buf *out)
{
    static const char *const titles[FDNS_N_SECTIONS] = {"ANSWER", "AUTHORITY", "ADDITIONAL"};
    struct fdns_arena scratch;
    unsigned titled = 0; // a bit for each section
    unsigned n_opt = 0;
    fdns_arena_init(&scratch, 0);
    for (size_t i = 0; i < view->n_rrs && !out->overflow; i++) {
        const struct fdns_view_rr *rr = &view->rrs[i];
        if (rr->type == FDNS_TYPE_OPT && rr->section == FDNS_ADDITIONAL && n_opt++ == 0) {
            continue; // it has its own section
        }
        if ((titled & 1u << rr->section) == 0) {
            titled |= 1u << rr->section;
            fdns_buf_format(out, "\n;; %s SECTION:\n", titles[rr->section]);
        }
        fdns_arena_reset(&scratch);
        show_rr(view, rr, &scratch, out);
    }
    fdns_arena_clear(&scratch);
}

void fdns_view_show(const struct fdns_view *view, struct fdns_buf *out)
{
    if (view->flaw != FDNS_FLAW_SHORT_HEADER) {
        show_header(view, out);
        if (view->edns.present) {
            show_edns(&view->edns, out);
        }
        show_questions(view, out);
        show_rrs(view, out);
    }
    if (view->flaw != FDNS_FLAW_NONE) {
        fdns_buf_format(out, "\n;; FLAW: %s (offset %zu of %zu)\n", fdns_flaw_text(view->flaw),
                        view->flaw_at, view->len);
    }
}
