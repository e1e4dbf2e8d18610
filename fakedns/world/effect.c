// The words of `then`. A row is a word: how its value is read, and what it edits or sends.
#include "fakedns/world/effect.h"

static const char *const tcp_words[] = {"refuse", "hang"};
static const struct fdns_schema_type tcp_fault = {
    .kind = FDNS_SCHEMA_WORD, .name = "TCP fault", .words = tcp_words, .n_words = 2};

// clang-format off
const struct fdns_effect fdns_effects[] = {
    {.key = FDNS_WORD("add", &fdns_type_section_texts,
                 "Records that sections have besides, as zone text. They join an RRset of the same "
                 "name and type. Relative names are completed with the one zone of `when`.",
                 "{ answer: \"other.example.com. TXT wrong\" }"),
     .read = fdns_read_section_texts, .edit = fdns_edit_add},
    {.key = FDNS_WORD("bad-name", &fdns_type_bad_name,
                 "The owner of a record cannot be read: its compression pointer is a `loop`, leads "
                 "`forward`, `into-header` or `past-end`; its label is of the reserved types 01 or "
                 "10 or has 64 octets; it has more than 255 octets.",
                 "loop"),
     .read = fdns_read_bad_name, .bytes = fdns_bytes_bad_name},
    {.key = FDNS_WORD("class", &fdns_type_class_edit, "Records have another class.", "CH"),
     .read = fdns_read_class_edit, .edit = fdns_edit_class},
    {.key = FDNS_WORD("clear", &fdns_type_header_flags, "Header flags that are clear in the answer.", "[AA]"),
     .read = fdns_read_header_flags, .edit = fdns_edit_clear_flags},
    {.key = FDNS_WORD("compress", &fdns_type_compress,
                 "How names are compressed: `none`; `all` names, those too that must not be "
                 "(RFC 3597 4); or `wrapping`, where pointers to offsets above 16383 lose their "
                 "upper bits.",
                 "none"),
     .read = fdns_read_compress, .edit = fdns_edit_compress},
    {.key = FDNS_WORD("copy", &fdns_type_header_flags,
                 "Header flags that are in the answer as they are in the query.", "[Z, CD]"),
     .read = fdns_read_header_flags, .edit = fdns_edit_copy_flags},
    {.key = FDNS_WORD("counts", &fdns_type_counts,
                 "The header promises other numbers of records than there are.",
                 "{ answer: +1 }"),
     .read = fdns_read_counts, .bytes = fdns_bytes_counts},
    {.key = FDNS_WORD("cut-answer", &fdns_type_cut_answer,
                 "RRsets are cut short without TC: so many records are left of each.", "1"),
     .read = fdns_read_cut_answer, .edit = fdns_edit_cut_answer},
    {.key = FDNS_WORD("delay", &fdns_type_delay, "The answer is sent that much later.", "3s"),
     .read = fdns_read_delay, .send = fdns_send_later},
    {.key = FDNS_WORD("dnssec", &fdns_type_dnssec,
                 "What is wrong with signatures and proofs, which the zone has right.",
                 "{ signatures: missing, of: TXT }"),
     .read = fdns_read_dnssec, .edit = fdns_edit_dnssec},
    {.key = FDNS_WORD("drop", &fdns_type_boolean, "No answer is ever sent.", "yes"),
     .read = fdns_read_yes, .send = fdns_send_nothing},
    {.key = FDNS_WORD("duplicate", &fdns_type_duplicate,
                 "Each record stands there so many times more.", "1"),
     .read = fdns_read_duplicate, .edit = fdns_edit_duplicate},
    {.key = FDNS_WORD("edns", &fdns_type_edns,
                 "What is wrong with the answer's OPT record; `none` leaves it out.",
                 "{ version: 1, udp-size: 0, ede: { code: 18, text: \"not you\" } }"),
     .read = fdns_read_edns, .edit = fdns_edit_edns},
    {.key = FDNS_WORD("empty", &fdns_type_boolean,
                 "NOERROR with empty sections, not even the SOA. AA stays as it is.", "yes"),
     .read = fdns_read_yes, .edit = fdns_edit_empty},
    {.key = FDNS_WORD("flatten", &fdns_type_boolean,
                 "CNAMEs are hidden: what they lead to, as far as it is in the answer, has the name "
                 "asked for; where nothing is left there is no such record.",
                 "yes"),
     .read = fdns_read_yes, .edit = fdns_edit_flatten},
    {.key = FDNS_WORD("front-cache", &fdns_type_front_cache,
                 "The server stands behind a cache: what it said once it says again until the TTL "
                 "has run out (for a denial, that of its SOA), or until this time has passed. Rules "
                 "before this one are behind the cache, rules after it in front.",
                 "yes"),
     .read = fdns_read_front_cache, .edit = fdns_edit_front_cache},
    {.key = FDNS_WORD("id", &fdns_type_change,
                 "The answer has this id, or one that is so much more or less than the query's.",
                 "\"+1\""),
     .read = fdns_read_change, .edit = fdns_edit_id},
    {.key = FDNS_WORD("octets", &fdns_type_octets_edit,
                 "What becomes of the octets of the message.", "{ cut: 3 }"),
     .read = fdns_read_octets_edit, .bytes = fdns_bytes_octets},
    {.key = FDNS_WORD("opcode", &fdns_type_opcode, "The answer has another opcode.", "NOTIFY"),
     .read = fdns_read_opcode, .edit = fdns_edit_opcode},
    {.key = FDNS_WORD("order", &fdns_type_order,
                 "The order of the answer section: `rotate` (the records of each RRset, one further "
                 "each time), `reverse`, `random`, `cname-last`.",
                 "rotate"),
     .read = fdns_read_order, .edit = fdns_edit_order},
    {.key = FDNS_WORD("owner", &fdns_type_owner,
                 "Records have another name; `asked` is the name asked for.", "other.example.com"),
     .read = fdns_read_renaming, .edit = fdns_edit_owner},
    {.key = FDNS_WORD("question", &fdns_type_question,
                 "What is wrong with the question that the answer repeats; `omit` leaves it out.",
                 "{ case: random }"),
     .read = fdns_read_question, .edit = fdns_edit_question},
    {.key = FDNS_WORD("rate-limit", &fdns_type_rate_limit,
                 "Over UDP, no more than so many answers a second of the world, for each of what "
                 "`per` names; what is beyond is dropped.",
                 "{ per-second: 5, slip: 2 }"),
     .read = fdns_read_rate_limit, .edit = fdns_edit_rate_limit},
    {.key = FDNS_WORD("rcode", &fdns_type_rcode,
                 "The answer is this code and nothing else: sections are empty, and AA is clear "
                 "unless the code is NOERROR or NXDOMAIN.",
                 "SERVFAIL"),
     .read = fdns_read_rcode, .edit = fdns_edit_rcode},
    {.key = FDNS_WORD("rdata", &fdns_type_rdata_edit, "Records hold other octets.",
                 "{ of: A, hex: 7f000001 }"),
     .read = fdns_read_rdata_edit, .edit = fdns_edit_rdata, .bytes = fdns_bytes_rdata},
    {.key = FDNS_WORD("remove", &fdns_type_section_items,
                 "RRsets that are taken out of sections, as `NAME TYPE` or `NAME`; the name is a "
                 "pattern as in `when`, and `\"* SOA\"` is every SOA.",
                 "{ authority: [\"* SOA\"] }"),
     .read = fdns_read_section_items, .edit = fdns_edit_remove},
    {.key = FDNS_WORD("replace", &fdns_type_section_texts,
                 "Records that sections have instead of all they had, as zone text.",
                 "{ answer: \"example.com. TXT wrong\" }"),
     .read = fdns_read_section_texts, .edit = fdns_edit_replace},
    {.key = FDNS_WORD("set", &fdns_type_header_flags, "Header flags that are set in the answer.", "[AA, RA]"),
     .read = fdns_read_header_flags, .edit = fdns_edit_set_flags},
    {.key = FDNS_WORD("set-rcode", &fdns_type_rcode,
                 "The answer has this code; its sections and flags stay as they are.", "SERVFAIL"),
     .read = fdns_read_rcode, .edit = fdns_edit_set_rcode},
    {.key = FDNS_WORD("size-limit", &fdns_type_octets,
                 "The answer has at most so many octets, whatever the query allows; what does not "
                 "fit sets TC, over TCP too. A large number makes answers that nobody allowed.",
                 "512"),
     .read = fdns_read_integer, .edit = fdns_edit_size_limit},
    {.key = FDNS_WORD("target", &fdns_type_target,
                 "Names inside records are others.", "{ append: example.com }"),
     .read = fdns_read_renaming, .edit = fdns_edit_target},
    {.key = FDNS_WORD("tcp", &tcp_fault,
                 "TCP connections are refused, or accepted and never read (`hang`). It can be "
                 "narrowed only by `server`, `address`, `family` and times.",
                 "refuse"),
     .read = fdns_read_tcp},
    {.key = FDNS_WORD("truncate", &fdns_type_boolean,
                 "Over UDP, TC is set and the sections are empty, so that clients come back over "
                 "TCP.",
                 "yes"),
     .read = fdns_read_yes, .edit = fdns_edit_truncate},
    {.key = FDNS_WORD("ttl", &fdns_type_ttl,
                 "The TTL of records in all sections.", "{ count-down: yes }"),
     .read = fdns_read_ttl, .edit = fdns_edit_ttl},
    {.key = FDNS_WORD("txt", &fdns_type_txt, "What happens to the text of TXT records.",
                 "{ truncate: 255 }"),
     .read = fdns_read_txt, .edit = fdns_edit_txt},
};
// clang-format on
const size_t fdns_n_effects = sizeof(fdns_effects) / sizeof(fdns_effects[0]);

const struct fdns_schema_type fdns_type_then = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "then",
    .doc = "What a rule does to the honest answer. Words act in the order in which they are "
           "written, and rules in theirs.",
    .keys = fdns_effects,
    .n_keys = sizeof(fdns_effects) / sizeof(fdns_effects[0]),
    .stride = sizeof(fdns_effects[0])};
