#include "unit/fakedns/yaml/fixture.h"
#include "unit/harness.h"

#include <jansson.h>
#include <string.h>

// The schema of the fixture; the caller releases it.
static json_t *load_schema(void)
{
    struct fdns_buf out;
    json_error_t error;
    fdns_buf_init(&out, 1 << 20);
    fdns_schema_print_json(&fixture_type, "https://example.org/\"s\"", "A \"title\"\n", &out);
    const char *text = fdns_buf_text(&out);
    CHECK(strncmp(text, "{\n  \"$schema\": ", 15) == 0);
    CHECK(text[strlen(text) - 2] == '}' && text[strlen(text) - 1] == '\n');
    json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    check_true(schema != NULL, error.text, __FILE__, __LINE__);
    fdns_buf_clear(&out);
    return schema;
}

// A value in the schema as text, for comparing.
static void check_json(const json_t *schema, const char *def, const char *key, const char *expected)
{
    const json_t *value = json_object_get(json_object_get(schema, "$defs"), def);
    if (key != NULL) {
        value = json_object_get(json_object_get(value, "properties"), key);
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    check_text(expected, text, def, __FILE__, __LINE__);
    free(text);
}

static void test_json(void)
{
    json_t *schema = load_schema();
    CHECK_TEXT("https://json-schema.org/draft/2020-12/schema",
               json_string_value(json_object_get(schema, "$schema")));
    CHECK_TEXT("https://example.org/\"s\"", json_string_value(json_object_get(schema, "$id")));
    CHECK_TEXT("A \"title\"\n", json_string_value(json_object_get(schema, "title")));
    CHECK_TEXT("#/$defs/scenario", json_string_value(json_object_get(schema, "$ref")));
    CHECK_INT(3, json_object_size(json_object_get(schema, "$defs")));
    check_json(schema, "scenario", "when", "{\"$ref\":\"#/$defs/RR-rule\"}");
    check_json(schema, "scenario", "listen",
               "{\"anyOf\":[{\"type\":\"integer\",\"minimum\":0,\"maximum\":65535},"
               "{\"enum\":[\"on\",\"off\"]},"
               "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":0,"
               "\"maximum\":65535},\"minItems\":1,\"maxItems\":2}]}");
    check_json(schema, "scenario", "zones",
               "{\"type\":\"object\",\"propertyNames\":{\"type\":[\"string\",\"number\","
               "\"boolean\"],\"pattern\":\"^(..)*$\"},\"additionalProperties\":{\"enum\":[\"yes\","
               "\"no\",\"true\",true,\"false\",false,\"on\",\"off\"]}}");
    check_json(schema, "RR-rule", "then",
               "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/RR-rule\"},"
               "\"description\":\"Rules in \\\"rules\\\".\\nAnd so on.\"}");
    check_json(schema, "RR-rule", "type",
               "{\"type\":[\"string\",\"number\",\"boolean\"],"
               "\"description\":\"The type | asked for.\\n\\nExample: type: `TXT`\"}");
    check_json(schema, "RCODE", NULL,
               "{\"anyOf\":[{\"enum\":[\"NOERROR\",\"SERVFAIL\",\"NXDOMAIN\"]},"
               "{\"type\":[\"string\"],\"pattern\":\"^([Nn][Oo][Ee][Rr][Rr][Oo][Rr]|"
               "[Ss][Ee][Rr][Vv][Ff][Aa][Ii][Ll]|[Nn][Xx][Dd][Oo][Mm][Aa][Ii][Nn])$\"}],"
               "\"description\":\"What a server says about its answer.\"}");
    json_decref(schema);
}

static void test_json_keys(void)
{
    json_t *schema = load_schema();
    const json_t *rule = json_object_get(json_object_get(schema, "$defs"), "RR-rule");
    char *required = json_dumps(json_object_get(rule, "required"), JSON_COMPACT);
    CHECK_TEXT("[\"at\"]", required);
    free(required);
    CHECK(json_is_false(json_object_get(rule, "additionalProperties")));
    const char *key;
    json_t *value;
    char order[100] = "";
    json_object_foreach(json_object_get(rule, "properties"), key, value)
    {
        strcat(strcat(order, key), " ");
    }
    CHECK_TEXT("type at transport rcode then ", order);
    json_decref(schema);
}

static void test_reference(void)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 20);
    fdns_schema_print_reference(&fixture_type, &out);
    CHECK_TEXT(
        "## scenario\n"
        "\n"
        "| key | type | meaning | example |\n"
        "|---|---|---|---|\n"
        "| `title` | text | Required.  | `\"a: b\"` |\n"
        "| `when` | [RR rule](#rr-rule) |  |  |\n"
        "| `rules` | list of [RR rule](#rr-rule) |  |  |\n"
        "| `zones` | mapping of even text to boolean |  |  |\n"
        "| `tokens` | list of text |  |  |\n"
        "| `listen` | port (0 to 65535) or `on`, `off` or list of port (0 to 65535) |  |  |\n"
        "| `count` | integer |  |  |\n"
        "| `even` | even text |  |  |\n"
        "\n"
        "## RR rule\n"
        "\n"
        "What to match.\n"
        "\n"
        "| key | type | meaning | example |\n"
        "|---|---|---|---|\n"
        "| `type` | text | The type \\| asked for. | `` `TXT` `` |\n"
        "| `at` | duration | Required.  |  |\n"
        "| `transport` | `udp`, `tcp` |  |  |\n"
        "| `rcode` | [RCODE](#rcode) |  |  |\n"
        "| `then` | list of [RR rule](#rr-rule) | Rules in \"rules\". And so on. |  |\n"
        "\n"
        "## RCODE\n"
        "\n"
        "What a server says about its answer.\n"
        "\n"
        "`NOERROR`, `SERVFAIL`, `NXDOMAIN`\n",
        fdns_buf_text(&out));
    fdns_buf_clear(&out);
}

static const struct test tests[] = {
    {"the JSON Schema holds types, documentation and recursion", test_json},
    {"keys stay in table order", test_json_keys},
    {"the reference has a section for every record", test_reference},
};
SUITE(schema_print, tests)
