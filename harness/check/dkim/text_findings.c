// What happened to the text of a TXT record, in words, and what several TXT records at one name
// are. What the key itself says is in key_findings.c; the parser (key.h, text.h) names the flaws.
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum {
    EMPTY,
    OTHER,
    QUOTES,
    ARMOUR,
    BACKSLASH,
    SYNTAX,
    FOLDED,
    CUT,
    CUT_OTHER,
    SPLIT,
    TWO_KEYS,
    IDENTICAL,
    UNRELATED,
    LINE_ENDS,
    BLANKS,
    BYTE_ORDER_MARK,
    SMART_QUOTES,
    NO_BREAK_SPACE,
    INVISIBLE,
    NOT_ASCII,
    HTML,
    URL,
    DECIMAL,
    REVERSED,
    PREFIX,
    QUOTES_MID,
    COMMENT,
    SEPARATOR,
    PLUS,
    N_ROWS
};

const struct dc_finding_row dc_text_rows[DC_TEXT_ROWS] = {
    [EMPTY] = {.id = "text/empty-string",
               .level = DC_ERROR,
               .title = "There is a TXT record without text",
               .cause = "An empty text at this name is as good as no record.",
               .remedy = "Put p= and the public key into the TXT record.",
               .refs = "seed:R20; RFC 6376 3.6.1"},
    [OTHER] =
        {.id = "text/spf-or-dmarc-at-dkim-name",
         .level = DC_ERROR,
         .title = "The TXT record is one for SPF, DMARC or the like, not a DKIM key",
         .cause =
             "The values of two records were swapped, or one was entered under the wrong name.",
         .remedy = "Move the value to its own name and enter p= and the public key here.",
         .refs = "seed:R20; RFC 6376 3.6.1"},
    [QUOTES] = {.id = "text/quotes-literal",
                .level = DC_ERROR,
                .title = "Quotes are part of the text",
                .cause = "The panel quotes the text itself and took those that were typed as text.",
                .remedy = "Enter the value without any quotes.",
                .refs = "RFC 6376 3.2"},
    [ARMOUR] =
        {.id = "text/pem-armour",
         .level = DC_ERROR,
         .title = "Header or footer lines of a key file are in the record",
         .cause = "The lines BEGIN and END belong to the file, not to the key.",
         .remedy =
             "Remove the BEGIN and END lines and all line breaks, and put p= before what is left.",
         .refs = "seed:R43; RFC 6376 3.6.1"},
    [BACKSLASH] = {.id = "text/semicolon-escaped",
                   .level = DC_ERROR,
                   .title = "Backslashes stand before the semicolons",
                   .cause = "Escapes are for zone files; this panel stored them as text.",
                   .remedy = "Enter the value without backslashes.",
                   .refs = "RFC 6376 3.2; RFC 1035 5.1"},
    [SYNTAX] = {.id = "text/tag-list",
                .level = DC_ERROR,
                .title = "The text is no list of tags",
                .cause = "A key record is a list of name=value pairs between semicolons.",
                .remedy = "Enter the value again as it was given to you; look for odd characters "
                          "at the place that is marked.",
                .refs = "RFC 6376 3.2"},
    [FOLDED] = {.id = "text/case-folded-value",
                .level = DC_ERROR,
                .title = "The letters of the record have all become small, or all capitals",
                .cause =
                    "Keys tell capitals from small letters. The DNS host has changed the text.",
                .remedy = "Ask the DNS provider to store TXT records as they are entered.",
                .refs = "RFC 6376 3.2"},
    [CUT] = {.id = "text/cut-255",
             .level = DC_ERROR,
             .title = "The key was cut off at 255 octets",
             .cause = "A string of a TXT record holds 255 octets. This host stored the first "
                      "string of the value and dropped the rest.",
             .remedy = "Split the value into several strings of one record, or ask the DNS "
                       "provider how long values are entered. A 1024-bit key fits into one string.",
             .refs = "RFC 1035 3.3; RFC 6376 3.6.2.2"},
    [CUT_OTHER] = {.id = "text/cut-other",
                   .level = DC_ERROR,
                   .title = "The key was cut off",
                   .cause = "The key says that it is longer than what is published.",
                   .remedy = "Enter the whole value, as several strings of one record if it is "
                             "long, or ask the DNS provider for the longest value it stores.",
                   .refs = "RFC 6376 3.6.1"},
    [SPLIT] =
        {.id = "text/split-over-rrs",
         .level = DC_ERROR,
         .title = "The parts of one key stand in several TXT records",
         .cause =
             "Parts of a value have to be strings of one record. Several records have no order.",
         .remedy = "Delete them and enter the value as one record.",
         .refs = "RFC 6376 3.6.2.2"},
    [TWO_KEYS] = {.id = "text/two-different-keys",
                  .level = DC_ERROR,
                  .title = "There are several keys at one name",
                  .cause = "Which one a receiver takes is undefined.",
                  .remedy = "Delete the key that is not used any more.",
                  .refs = "RFC 6376 3.6.2.2"},
    [IDENTICAL] = {.id = "text/duplicate-identical",
                   .level = DC_ERROR,
                   .title = "The same TXT record is there twice",
                   .cause = "Strict receivers see several keys and refuse both.",
                   .remedy = "Delete one of the two.",
                   .refs = "RFC 2181 5; RFC 6376 3.6.2.2"},
    [UNRELATED] = {.id = "text/key-plus-unrelated-txt",
                   .level = DC_ERROR,
                   .title = "There is another TXT record beside the key",
                   .cause = "Strict receivers see several records and refuse them.",
                   .remedy = "Move the other record to its own name.",
                   .refs = "RFC 6376 3.6.2.2"},
    [LINE_ENDS] = {.id = "text/line-breaks-in-p",
                   .level = DC_WARNING,
                   .title = "There are line breaks in the record",
                   .cause = "White space may stand inside of p=, and most receivers skip line "
                            "breaks there too; strict ones, which want folded lines, do not.",
                   .remedy = "Remove the line breaks from the value.",
                   .refs = "seed:R44; RFC 6376 3.2"},
    [BLANKS] = {.id = "text/joined-with-space",
                .level = DC_INFO,
                .title = "There are blanks inside of the key",
                .cause = "White space may stand anywhere in p=, and receivers skip it. It is often "
                         "left where the strings of a long value were joined with a blank.",
                .remedy = "Nothing has to be done. Whoever wants to be sure of the strictest "
                          "readers removes the blanks inside of p=.",
                .refs = "RFC 6376 2.10; RFC 6376 3.6.1"},
    [BYTE_ORDER_MARK] = {.id = "text/bom",
                         .level = DC_ERROR,
                         .title = "The text begins with a byte order mark",
                         .cause = "The value comes from a file that an editor saved with such a "
                                  "mark. It cannot be seen, and it is part of the first tag's "
                                  "name now.",
                         .remedy = "Save the file without a byte order mark (BOM) and import it "
                                   "again, or type the first characters of the value by hand.",
                         .refs = "RFC 6376 3.2"},
    [SMART_QUOTES] = {.id = "text/smart-quotes",
                      .level = DC_ERROR,
                      .title = "There are typographic quotes in the text",
                      .cause = "A word processor or a web page has turned straight quotes into "
                               "curved ones, and the panel stored them as text.",
                      .remedy = "Enter the value again without any quotes, from a plain text "
                                "editor and not from a word processor.",
                      .refs = "RFC 6376 3.2"},
    [NO_BREAK_SPACE] = {.id = "text/nbsp",
                        .level = DC_ERROR,
                        .title = "A blank in the text is not an ordinary one",
                        .cause = "It looks like a blank and is another character, as web pages "
                                 "and mails have them. Few receivers take it for white space.",
                        .remedy = "Replace the blank that is marked by an ordinary one, typed by "
                                  "hand, or remove it.",
                        .refs = "RFC 6376 3.2"},
    [INVISIBLE] = {.id = "text/zero-width",
                   .level = DC_ERROR,
                   .title = "There is an invisible character in the text",
                   .cause = "It was copied with the value from a web page or a mail, has no width, "
                            "and is no part of a key record.",
                   .remedy = "Delete the value, paste it into a plain text editor first, remove "
                             "the character at the place that is marked, and enter it again.",
                   .refs = "RFC 6376 3.2"},
    [NOT_ASCII] = {.id = "text/non-ascii",
                   .level = DC_ERROR,
                   .title = "There is a character in the text that no key record may hold",
                   .cause = "Key records are written in ASCII. A letter of another alphabet can "
                            "look like one of ours.",
                   .remedy = "Type the character at the place that is marked again, or enter the "
                             "value as it was given to you.",
                   .refs = "RFC 6376 3.2"},
    [HTML] = {.id = "text/html-escaped",
              .level = DC_ERROR,
              .title = "Characters are written the way web pages write them",
              .cause = "The value was escaped for HTML, by the page that it was copied from or by "
                       "the panel.",
              .remedy = "Enter the value with the characters themselves, + for &#43; and so on. If "
                        "the panel turns them back, tell the DNS provider.",
              .refs = "RFC 6376 3.2"},
    [URL] = {.id = "text/url-encoded",
             .level = DC_ERROR,
             .title = "Characters are written the way web forms send them",
             .cause = "The value was encoded for a web address or a form and never decoded, for "
                      "example by a script that calls the DNS provider.",
             .remedy = "Enter the value with the characters themselves, = for %3D and so on. A "
                       "script must not encode the value twice.",
             .refs = "RFC 6376 3.2; RFC 3986 2.1"},
    [DECIMAL] = {.id = "text/backslash-decimal",
                 .level = DC_ERROR,
                 .title = "Escapes of a zone file have become part of the text",
                 .cause = "In zone files \\059 is a semicolon and \\\" a quote; this panel stored "
                          "the escapes as they were written.",
                 .remedy = "Enter the characters themselves, a semicolon for \\059, and neither "
                           "backslashes nor quotes.",
                 .refs = "RFC 6376 3.2; RFC 1035 5.1"},
    [REVERSED] = {.id = "text/strings-reversed",
                  .level = DC_ERROR,
                  .title = "The strings of the record are in the wrong order",
                  .cause = "In another order they are a good key. Receivers join the strings of a "
                           "TXT record in the order in which they stand.",
                  .remedy = "Enter the value again with the string that begins with the first tag "
                            "first, or as one value. If the order changes again, tell the DNS "
                            "provider.",
                  .refs = "RFC 6376 3.6.2.2; RFC 1035 3.3.14"},
    [PREFIX] = {.id = "text/text-prefix-kept",
                .level = DC_ERROR,
                .title = "Something stands before the key record in its text",
                .cause = "More was pasted than the value, such as the whole line of a zone file "
                         "or the words before the value. Receivers that are not strict skip it, "
                         "others refuse the record.",
                .remedy = "Enter the value alone: what begins with v=DKIM1, without the name, "
                          "the type, brackets and quotes.",
                .refs = "RFC 6376 3.2; RFC 6376 3.6.1"},
    [QUOTES_MID] = {.id = "text/quotes-mid",
                    .level = DC_ERROR,
                    .title = "Quotes stand in the middle of the text",
                    .cause = "The value was split into quoted strings as for a zone file, and the "
                             "panel stored quotes and blanks as text. Some receivers skip them, "
                             "others refuse the key.",
                    .remedy = "Enter the value in one piece, without quotes and blanks in the "
                              "key; the panel splits it into strings by itself.",
                    .refs = "RFC 6376 3.2; RFC 6376 3.6.2.2"},
    [COMMENT] = {.id = "text/zonefile-semicolon-comment",
                 .level = DC_ERROR,
                 .title = "The text ends before its first semicolon",
                 .cause = "In a zone file an unquoted semicolon begins a comment, so the server "
                          "has stored the first tag and skipped the rest of the line.",
                 .remedy = "Put the whole value into double quotes in the zone file.",
                 .refs = "RFC 1035 5.1; RFC 6376 3.6.1"},
    [SEPARATOR] = {.id = "text/no-semicolons",
                   .level = DC_ERROR,
                   .title = "The semicolons between the tags are missing",
                   .cause = "Tags are separated by semicolons. Without them, receivers read what "
                            "follows as part of the tag before.",
                   .remedy = "Write a semicolon between the tags: v=DKIM1; k=rsa; p= and the key.",
                   .refs = "RFC 6376 3.2"},
    [PLUS] = {.id = "text/plus-to-space",
              .level = DC_ERROR,
              .title = "The plus signs of the key have become blanks",
              .cause = "With a plus sign for each blank the key is good. A web form or a script "
                       "has decoded the value once too often.",
              .remedy = "Enter the key again and look whether the plus signs stay. If they do "
                        "not, tell the DNS provider.",
              .refs = "RFC 6376 3.6.1; RFC 4648 4"},
};
_Static_assert((int)N_ROWS == (int)DC_TEXT_ROWS, "diagnose.h counts the rows");

// 1 + the row of a flaw of the text.
static const int row_of_flaw[DC_KEY_N_FLAWS] = {
    [DC_KEY_EMPTY] = 1 + EMPTY,
    [DC_KEY_OTHER] = 1 + OTHER,
    [DC_KEY_QUOTES] = 1 + QUOTES,
    [DC_KEY_ARMOUR] = 1 + ARMOUR,
    [DC_KEY_BACKSLASH] = 1 + BACKSLASH,
    [DC_KEY_SYNTAX] = 1 + SYNTAX,
    [DC_KEY_FOLDED] = 1 + FOLDED,
    [DC_KEY_CUT] = 1 + CUT_OTHER,
    [DC_KEY_BYTE_ORDER_MARK] = 1 + BYTE_ORDER_MARK,
    [DC_KEY_SMART_QUOTES] = 1 + SMART_QUOTES,
    [DC_KEY_NO_BREAK_SPACE] = 1 + NO_BREAK_SPACE,
    [DC_KEY_INVISIBLE] = 1 + INVISIBLE,
    [DC_KEY_NOT_ASCII] = 1 + NOT_ASCII,
    [DC_KEY_HTML] = 1 + HTML,
    [DC_KEY_URL] = 1 + URL,
    [DC_KEY_DECIMAL] = 1 + DECIMAL,
    [DC_KEY_REVERSED] = 1 + REVERSED,
    [DC_KEY_PREFIX] = 1 + PREFIX,
    [DC_KEY_QUOTES_MID] = 1 + QUOTES_MID,
    [DC_KEY_COMMENT] = 1 + COMMENT,
    [DC_KEY_SEPARATOR] = 1 + SEPARATOR,
    [DC_KEY_PLUS] = 1 + PLUS,
};

const struct dc_finding_row *dc_text_row(const struct dc_key *key)
{
    enum { STRING_MAX = 255 };
    if (key->flaw == DC_KEY_CUT && key->text_len == STRING_MAX) {
        return &dc_text_rows[CUT];
    }
    return row_of_flaw[key->flaw] > 0 ? &dc_text_rows[row_of_flaw[key->flaw] - 1] : NULL;
}

const struct dc_finding_row *dc_text_row_of_note(enum dc_key_note note)
{
    return note == DC_KEY_LINE_ENDS ? &dc_text_rows[LINE_ENDS]
           : note == DC_KEY_BLANKS  ? &dc_text_rows[BLANKS]
                                    : NULL;
}

static bool same_text(const struct dc_key *a, const struct dc_key *b)
{
    return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
}

// The record of a key, whether receivers can use it or not: one that was revoked, or is too short.
static bool is_of_key(const struct dc_key *key)
{
    return !key->bare && (key->octets != NULL || key->flaw == DC_KEY_REVOKED);
}

// Several TXT records at one name: never right, and there are four ways to get there.
const struct dc_finding_row *dc_text_row_of_several(const struct dc_key *keys, size_t n)
{
    size_t n_good = 0;
    size_t n_keys = 0;
    size_t n_same = 0;
    bool cut = false;
    bool bare = false;
    for (size_t i = 0; i < n; i++) {
        n_good += keys[i].flaw == DC_KEY_GOOD ? 1 : 0;
        n_keys += is_of_key(&keys[i]) ? 1 : 0;
        n_same += same_text(&keys[i], &keys[0]) ? 1 : 0;
        cut = cut || keys[i].flaw == DC_KEY_CUT;
        bare = bare || keys[i].bare || keys[i].flaw == DC_KEY_SYNTAX;
    }
    if (n_same == n) {
        return &dc_text_rows[IDENTICAL];
    }
    return &dc_text_rows[n_good == 0 && cut && bare ? SPLIT : n_keys > 1 ? TWO_KEYS : UNRELATED];
}
