#include "fakedns/control/web.h"

#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char type_of_json[] = "application/json";
static const char command_prefix[] = "/v1/";

static void reply_json(struct fdns_control_reply *reply, struct fdns_http_response *response)
{
    response->status = reply->status;
    response->type = type_of_json;
    response->body = fdns_control_print(reply);
    response->len = strlen(response->body);
    json_decref(reply->body);
}

void fdns_web_refuse(int status, const char *code, const char *message,
                     struct fdns_http_response *response)
{
    struct fdns_control_reply reply = {0};
    fdns_control_error(&reply, status, code, "%s", message);
    reply_json(&reply, response);
}

// ---- who may ask

static bool is_wildcard(const struct fdns_address *address)
{
    static const uint8_t zeros[16] = {0};
    return memcmp(address->octets, zeros, sizeof zeros) == 0;
}

// An address cannot be made to point elsewhere, a name can.
static bool is_own_host(const struct fdns_web *web, const char *host)
{
    struct fdns_address address;
    size_t name = strcspn(host, ":");
    if (name == strlen("localhost") && strncasecmp(host, "localhost", name) == 0 &&
        strspn(host + name, ":0123456789") == strlen(host + name)) {
        return true;
    }
    if (fdns_address_parse(host, 80, &address) != FDNS_OK) {
        return false;
    }
    address.port = web->bound.port;
    return fdns_address_is_loopback(&address) || fdns_address_equal(&address, &web->bound) ||
           is_wildcard(&web->bound);
}

// Takes as long for every wrong token of one length.
static bool is_token(const char *token, const char *shown)
{
    size_t len = strlen(token);
    unsigned differ = 0;
    if (strlen(shown) != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        differ |= (unsigned)(unsigned char)token[i] ^ (unsigned)(unsigned char)shown[i];
    }
    return differ == 0;
}

static bool shows_token(const struct fdns_web *web, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    size_t len = strlen(scheme);
    return web->token == NULL ||
           (authorization != NULL && strncasecmp(authorization, scheme, len) == 0 &&
            is_token(web->token, authorization + len));
}

static bool check_asker(const struct fdns_web *web, const struct fdns_http_request *request,
                        struct fdns_http_response *response)
{
    if (request->origin != NULL) {
        fdns_web_refuse(403, "foreign-origin", "requests of web pages are not answered", response);
        return false;
    }
    if (request->host != NULL && !is_own_host(web, request->host)) {
        fdns_web_refuse(403, "foreign-host",
                        "the Host is neither this machine's loopback nor the address that was "
                        "bound",
                        response);
        return false;
    }
    if (!shows_token(web, request->authorization)) {
        fdns_web_refuse(401, "no-token",
                        "the header \"Authorization: Bearer TOKEN\" is missing, or another token "
                        "is expected",
                        response);
        return false;
    }
    return true;
}

// ---- metrics

static void count(struct fdns_buf *out, const char *name, const char *help, uint64_t value)
{
    fdns_buf_format(out, "# HELP fakedns_%s %s\n# TYPE fakedns_%s counter\nfakedns_%s %llu\n", name,
                    help, name, name, (unsigned long long)value);
}

static void put_label(struct fdns_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fdns_buf_string(out, "\\n");
        } else if (*text == '"' || *text == '\\') {
            fdns_buf_format(out, "\\%c", *text);
        } else {
            fdns_buf_u8(out, (uint8_t)*text);
        }
    }
}

static void print_rules(const struct fdns_session *session, struct fdns_buf *out)
{
    struct fdns_session_rule rule;
    fdns_buf_string(out, "# HELP fakedns_rule_fired_total How often a rule has acted.\n"
                         "# TYPE fakedns_rule_fired_total counter\n");
    for (size_t i = 0; fdns_session_rule(session, i, &rule); i++) {
        if (rule.order != FDNS_RULE_REMOVED) {
            fdns_buf_string(out, "fakedns_rule_fired_total{rule=\"");
            put_label(out, rule.name);
            fdns_buf_format(out, "\"} %llu\n", (unsigned long long)rule.n_fired);
        }
    }
}

static void print_metrics(struct fdns_session *session, struct fdns_http_response *response)
{
    struct fdns_buf out;
    struct fdns_session_stats stats = fdns_session_stats(session);
    fdns_buf_init(&out, 16 << 20);
    count(&out, "queries_total", "Queries that were answered or dropped.", stats.counts.queries);
    count(&out, "replies_total", "Messages that were sent.", stats.counts.replies);
    count(&out, "dropped_total", "Past a bound, or not sendable.", stats.counts.dropped);
    count(&out, "connections_total", "TCP connections.", stats.counts.connections);
    fdns_buf_format(&out,
                    "# HELP fakedns_world_time_seconds The world's time since its start.\n"
                    "# TYPE fakedns_world_time_seconds gauge\nfakedns_world_time_seconds "
                    "%lld.%06lld\n"
                    "# HELP fakedns_patches Patches since the start or the last reset.\n"
                    "# TYPE fakedns_patches gauge\nfakedns_patches %zu\n",
                    (long long)(stats.now_us / 1000000), (long long)(stats.now_us % 1000000),
                    stats.n_patches);
    print_rules(session, &out);
    *response = (struct fdns_http_response){.status = 200,
                                            .type = "text/plain; version=0.0.4; charset=utf-8",
                                            .body = (char *)out.data,
                                            .len = out.len};
}

// ---- commands

static json_t *arguments_of(const struct fdns_http_request *request,
                            struct fdns_control_reply *reply)
{
    json_t *arguments = NULL;
    if (request->len > 0) {
        arguments = fdns_control_parse(request->body, request->len, reply);
    } else {
        arguments = json_object();
    }
    if (arguments != NULL && request->n_arguments > FDNS_HTTP_ARGUMENTS) {
        fdns_control_error(reply, 400, "bad-argument", "the query has too many arguments");
    }
    for (size_t i = 0; arguments != NULL && reply->body == NULL && i < request->n_arguments; i++) {
        const struct fdns_http_argument *given = &request->arguments[i];
        if (json_object_get(arguments, given->name) != NULL ||
            json_object_set_new(arguments, given->name, json_string(given->value)) != 0) {
            fdns_control_error(reply, 400, "bad-argument",
                               "\"%.64s\" is given twice, or is no UTF-8", given->name);
        }
    }
    return arguments;
}

static void run_command(const struct fdns_web *web, const struct fdns_http_request *request,
                        const char *name, struct fdns_http_response *response)
{
    struct fdns_control_reply reply = {0};
    const struct fdns_command *command = fdns_command_find(name);
    bool gets = strcmp(request->method, "GET") == 0;
    json_t *arguments = NULL;
    if (command == NULL) {
        fdns_control_no_command(&reply, name);
    } else if (gets ? !command->reads : strcmp(request->method, "POST") != 0) {
        fdns_control_error(&reply, 405, "method", "%s takes %s", name,
                           command->reads ? "GET and POST" : "POST");
        response->allow = command->reads ? "GET, POST" : "POST";
    } else {
        arguments = arguments_of(request, &reply);
    }
    if (reply.body == NULL) {
        fdns_command_run(command, web->session, arguments, &reply);
    }
    json_decref(arguments);
    reply_json(&reply, response);
}

void fdns_web_answer(const struct fdns_web *web, const struct fdns_http_request *request,
                     struct fdns_http_response *response)
{
    const char *path = strcmp(request->path, "/") == 0 ? "/v1/commands" : request->path;
    size_t len = strlen(command_prefix);
    if (!check_asker(web, request, response)) {
        return;
    }
    if (strncmp(path, command_prefix, len) == 0) {
        run_command(web, request, path + len, response);
    } else if (strcmp(path, "/metrics") != 0) {
        fdns_web_refuse(404, "no-such-path", "there are /, /metrics and /v1/COMMAND", response);
    } else if (strcmp(request->method, "GET") != 0) {
        response->allow = "GET";
        fdns_web_refuse(405, "method", "/metrics takes GET", response);
    } else {
        print_metrics(web->session, response);
    }
}
