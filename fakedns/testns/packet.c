#include "fakedns/testns/entry.h"
#include "fakedns/wire/builder.h"

#include <string.h>

enum { OPT_SIZE = 4096 };

// The questions as they were asked, or those of the file. False if they do not fit.
static bool write_questions(struct fdns_builder *builder, const struct fdns_testns_packet *packet,
                            const struct fdns_view *query)
{
    bool fits = true;
    size_t n = query != NULL ? query->n_questions : packet->n_questions;
    for (size_t i = 0; i < n && fits; i++) {
        uint8_t name[FDNS_NAME_MAX];
        if (query == NULL) {
            const struct fdns_testns_question *question = &packet->questions[i];
            fits =
                fdns_builder_question(builder, question->name, question->type, question->rr_class);
        } else if (fdns_view_name(query, query->questions[i].at, name, NULL)) {
            fits = fdns_builder_question(builder, name, query->questions[i].type,
                                         query->questions[i].rr_class);
        }
    }
    fdns_builder_count(builder, 0, (uint16_t)n);
    return fits;
}

static bool write_section(struct fdns_builder *builder, const struct fdns_records *records)
{
    for (size_t i = 0; i < records->n_items; i++) {
        const struct fdns_record *record = &records->items[i];
        if (!fdns_builder_rr(builder, record->owner, record->type, record->rr_class, record->ttl,
                             record->rdata.octets, record->rdata.len)) {
            return false;
        }
    }
    return true;
}

static size_t build(const struct fdns_testns_packet *packet, const struct fdns_view *query,
                    uint16_t id, uint8_t *out)
{
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, FDNS_MESSAGE_MAX);
    fdns_builder_header(&builder, id,
                        (uint16_t)(packet->flags | packet->opcode << 11 | packet->rcode));
    bool fits = write_questions(&builder, packet, query);
    for (unsigned i = 0; i < FDNS_N_SECTIONS && fits; i++) {
        fits = write_section(&builder, &packet->sections[i]);
        fdns_builder_count(&builder, i + 1, (uint16_t)packet->sections[i].n_items);
    }
    if (fits && (packet->edns_do || packet->edns_data != NULL)) {
        fits = fdns_builder_opt(&builder, OPT_SIZE, 0, 0, packet->edns_do ? FDNS_EDNS_DO : 0,
                                packet->edns_data, (uint16_t)packet->edns_data_len);
        fdns_builder_count(&builder, 3, (uint16_t)(packet->sections[FDNS_ADDITIONAL].n_items + 1));
    }
    return fits ? builder.len : 0;
}

size_t fdns_testns_write(const struct fdns_testns_entry *entry,
                         const struct fdns_testns_packet *packet, const struct fdns_view *query,
                         uint8_t *out)
{
    uint16_t id = query != NULL && entry->copy_id ? query->id : 0;
    if (packet->hex == NULL) {
        return build(packet, entry->copy_query ? query : NULL, id, out);
    }
    memcpy(out, packet->hex, packet->hex_len);
    if (query != NULL && entry->copy_id && packet->hex_len >= 2) {
        out[0] = (uint8_t)(id >> 8);
        out[1] = (uint8_t)id;
    }
    return packet->hex_len;
}
