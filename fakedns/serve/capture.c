#include "fakedns/serve/capture.h"

#include "fakedns/base/fatal.h"
#include "fakedns/serve/capture_packet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 70000, SEGMENT_MAX = 16384 };
enum {
    SECTION_HEADER = 0x0A0D0D0A,
    INTERFACE = 1,
    ENHANCED_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D
};
enum { OPTION_END = 0, OPTION_COMMENT = 1, LINKTYPE_RAW = 101 };

struct fdns_capture {
    FILE *file;
    int64_t epoch_us;
    bool failed;           // and said so
    struct fdns_buf block; // that is being made
    struct fdns_buf packet;
};

static void note_failure(struct fdns_capture *capture)
{
    if (!capture->failed) {
        fprintf(stderr, "fakedns: the capture cannot be written (%s), serving goes on\n",
                strerror(errno));
    }
    capture->failed = true;
}

// ---- blocks: type, length, body, length again; all multiples of four octets

static void pad(struct fdns_buf *buf)
{
    while (buf->len % 4 != 0) {
        fdns_buf_u8(buf, 0);
    }
}

static void begin_block(struct fdns_capture *capture, uint32_t type)
{
    fdns_buf_reset(&capture->block);
    fdns_buf_u32(&capture->block, type);
    fdns_buf_u32(&capture->block, 0); // the length, at the end
}

static void end_block(struct fdns_capture *capture)
{
    struct fdns_buf *block = &capture->block;
    uint32_t len = (uint32_t)block->len + 4;
    fdns_buf_u32(block, len);
    memcpy(block->data + 4, block->data + len - 4, 4);
    if (!block->overflow && fwrite(block->data, 1, block->len, capture->file) != block->len) {
        note_failure(capture);
    }
}

static void write_head(struct fdns_capture *capture)
{
    begin_block(capture, SECTION_HEADER);
    fdns_buf_u32(&capture->block, BYTE_ORDER_MAGIC);
    fdns_buf_u16(&capture->block, 1); // version 1.0
    fdns_buf_u16(&capture->block, 0);
    fdns_buf_u32(&capture->block, UINT32_MAX); // length of the section: not told
    fdns_buf_u32(&capture->block, UINT32_MAX);
    end_block(capture);
    begin_block(capture, INTERFACE);
    fdns_buf_u16(&capture->block, LINKTYPE_RAW);
    fdns_buf_u16(&capture->block, 0);
    fdns_buf_u32(&capture->block, 0); // packets are whole
    end_block(capture);
}

static void add_option(struct fdns_buf *block, uint16_t code, const char *text)
{
    fdns_buf_u16(block, code);
    fdns_buf_u16(block, (uint16_t)strlen(text));
    fdns_buf_string(block, text);
    pad(block);
}

// Packets without octets are the beginning and the end of a connection, which no rule is about.
static void add_comment(struct fdns_buf *block, const char *rule, size_t len)
{
    char text[256];
    if (len > 0 || rule != NULL) {
        snprintf(text, sizeof text, "%s%s", rule != NULL ? "rule: " : "no rule fired",
                 rule != NULL ? rule : "");
        add_option(block, OPTION_COMMENT, text);
    }
    add_option(block, OPTION_END, "");
}

static void add_packet(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                       const struct fdns_packet_head *head, const uint8_t *octets, size_t len)
{
    uint64_t at_us = (uint64_t)(capture->epoch_us + talk->now_us);
    fdns_buf_reset(&capture->packet);
    fdns_packet_write(&capture->packet, head, octets, len);
    begin_block(capture, ENHANCED_PACKET);
    fdns_buf_u32(&capture->block, 0); // the interface
    fdns_buf_u32(&capture->block, (uint32_t)(at_us >> 32));
    fdns_buf_u32(&capture->block, (uint32_t)at_us);
    fdns_buf_u32(&capture->block, (uint32_t)capture->packet.len);
    fdns_buf_u32(&capture->block, (uint32_t)capture->packet.len);
    fdns_buf_append(&capture->block, capture->packet.data, capture->packet.len);
    pad(&capture->block);
    add_comment(&capture->block, talk->rule, len);
    end_block(capture);
}

// ---- the file

struct fdns_capture *fdns_capture_open(const char *path, int64_t epoch_us)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (file == NULL) {
        return NULL;
    }
    struct fdns_capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL) {
        fdns_fatal("out of memory");
    }
    capture->file = file;
    capture->epoch_us = epoch_us;
    fdns_buf_init(&capture->block, BLOCK_MAX);
    fdns_buf_init(&capture->packet, BLOCK_MAX);
    write_head(capture);
    fdns_capture_flush(capture);
    return capture;
}

void fdns_capture_flush(struct fdns_capture *capture)
{
    if (fflush(capture->file) != 0) {
        note_failure(capture);
    }
}

bool fdns_capture_close(struct fdns_capture *capture)
{
    fdns_capture_flush(capture);
    if (capture->file != stdout && fclose(capture->file) != 0) {
        note_failure(capture);
    }
    bool good = !capture->failed;
    fdns_buf_clear(&capture->block);
    fdns_buf_clear(&capture->packet);
    free(capture);
    return good;
}

// ---- packets

static struct fdns_packet_head head_of(const struct fdns_capture_talk *talk,
                                       enum fdns_capture_way way)
{
    bool to_server = way == FDNS_TO_SERVER;
    return (struct fdns_packet_head){.from = to_server ? talk->client : talk->server,
                                     .to = to_server ? talk->server : talk->client};
}

void fdns_capture_datagram(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                           enum fdns_capture_way way, const uint8_t *octets, size_t len)
{
    struct fdns_packet_head head = head_of(talk, way);
    if (len <= FDNS_PACKET_PAYLOAD_MAX) {
        add_packet(capture, talk, &head, octets, len);
    }
}

// Both sides count from zero. What SYN and FIN count for is in `shown` as soon as they are.
static void add_segment(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                        struct fdns_capture_stream *stream, enum fdns_capture_way way,
                        uint8_t flags, const uint8_t *octets, size_t len)
{
    struct fdns_packet_head head = head_of(talk, way);
    head.tcp = true;
    head.flags = flags;
    head.seq = stream->shown[way];
    head.ack = (flags & FDNS_TCP_ACK) != 0 ? stream->shown[1 - way] : 0;
    add_packet(capture, talk, &head, octets, len);
    stream->shown[way] += (uint32_t)len + ((flags & (FDNS_TCP_SYN | FDNS_TCP_FIN)) != 0 ? 1 : 0);
}

static void begin(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                  struct fdns_capture_stream *stream)
{
    if (stream->begun) {
        return;
    }
    struct fdns_capture_talk plain = *talk;
    plain.rule = NULL;
    stream->begun = true;
    add_segment(capture, &plain, stream, FDNS_TO_SERVER, FDNS_TCP_SYN, NULL, 0);
    add_segment(capture, &plain, stream, FDNS_TO_CLIENT, FDNS_TCP_SYN | FDNS_TCP_ACK, NULL, 0);
    add_segment(capture, &plain, stream, FDNS_TO_SERVER, FDNS_TCP_ACK, NULL, 0);
}

void fdns_capture_segment(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                          struct fdns_capture_stream *stream, enum fdns_capture_way way,
                          const uint8_t *octets, size_t len)
{
    begin(capture, talk, stream);
    // nothing: the handshake alone
    for (size_t at = 0; at < len; at += SEGMENT_MAX) {
        size_t n = len - at < SEGMENT_MAX ? len - at : SEGMENT_MAX;
        add_segment(capture, talk, stream, way, FDNS_TCP_PSH | FDNS_TCP_ACK, octets + at, n);
    }
}

void fdns_capture_end(struct fdns_capture *capture, const struct fdns_capture_talk *talk,
                      struct fdns_capture_stream *stream, bool reset)
{
    if (stream->begun) {
        add_segment(capture, talk, stream, FDNS_TO_CLIENT,
                    reset ? FDNS_TCP_RST : FDNS_TCP_FIN | FDNS_TCP_ACK, NULL, 0);
    }
}
