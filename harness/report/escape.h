// The one place where text of unknown origin is made safe for where it is printed. A TXT record can
// carry terminal sequences, markup, or a workflow command of a CI system.
//
// Every function appends to out, and beyond its own rules writes what is not a visible character
// (fdns_escape_visible) as \xNN, newlines too unless it says otherwise. JSON goes through
// dc_escape_json.
#pragma once

#include "fakedns/base/buf.h"

#include <jansson.h>

enum { DC_SHOWN_MAX = 4000 };

// For terminals and logs. GitHub takes lines that begin with "::" and lines with "##[" anywhere as
// commands: the second of these characters is escaped, as \x3a and \x23. At most DC_SHOWN_MAX
// octets are shown, then how many more there are.
void dc_escape_text(struct fdns_buf *out, const char *text);

// For XML 1.0 and HTML, in attributes and content. Newlines stay.
void dc_escape_xml(struct fdns_buf *out, const char *text);

// For the message of a GitHub workflow command, and for a property of it. Newlines become %0A.
void dc_escape_github(struct fdns_buf *out, const char *text);
void dc_escape_github_property(struct fdns_buf *out, const char *text);

// For the description of a TAP test point (TAP 14: "#" begins a directive, "\" escapes).
void dc_escape_tap(struct fdns_buf *out, const char *text);

// For GitHub's Markdown: nothing acts as markup, a link or a mention.
void dc_escape_markdown(struct fdns_buf *out, const char *text);

// One word of a shell command line.
void dc_escape_shell(struct fdns_buf *out, const char *text);

// A JSON value as ASCII, without "##[". indent 0: on one line.
void dc_escape_json(struct fdns_buf *out, const json_t *json, unsigned indent);
