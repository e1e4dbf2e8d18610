#include "harness/check/dkim/findings.h"

#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/key_profile.h"
#include "harness/check/dkim/neighbour.h"

const struct dc_finding_table dc_dkim_findings[] = {
    {dc_account_rows, DC_ACCOUNT_ROWS},
    {dc_check_rows, DC_CHECK_ROWS},
    {dc_name_rows, DC_NAME_ROWS},
    {dc_record_rows, DC_RECORD_ROWS},
    {dc_missing_rows, DC_MISSING_ROWS},
    {dc_delegation_rows, DC_DELEGATION_ROWS},
    {dc_alias_rows, DC_ALIAS_ROWS},
    {dc_server_rows, DC_SERVER_ROWS},
    {dc_server_authority_rows, DC_SERVER_AUTHORITY_ROWS},
    {dc_server_case_rows, DC_SERVER_CASE_ROWS},
    {dc_server_edns_rows, DC_SERVER_EDNS_ROWS},
    {dc_server_keys_rows, DC_SERVER_KEYS_ROWS},
    {dc_server_negative_rows, DC_SERVER_NEGATIVE_ROWS},
    {dc_server_repeat_rows, DC_SERVER_REPEAT_ROWS},
    {dc_server_reply_rows, DC_SERVER_REPLY_ROWS},
    {dc_server_size_rows, DC_SERVER_SIZE_ROWS},
    {dc_server_txt_rows, DC_SERVER_TXT_ROWS},
    {dc_cache_rows, DC_CACHE_ROWS},
    {dc_dnssec_rows, DC_DNSSEC_ROWS},
    {dc_view_rows, DC_VIEW_ROWS},
    {dc_ttl_rows, DC_TTL_ROWS},
    {dc_time_rows, DC_TIME_ROWS},
    {dc_key_rows, DC_KEY_ROWS},
    {dc_key_profile_rows, DC_KEY_PROFILE_ROWS},
    {dc_input_selector_rows, DC_INPUT_SELECTOR_ROWS},
    {dc_input_public_rows, DC_INPUT_PUBLIC_ROWS},
    {dc_input_private_rows, DC_INPUT_PRIVATE_ROWS},
    {dc_sender_rows, DC_SENDER_ROWS},
    {dc_neighbour_rows, DC_NEIGHBOUR_ROWS},
    {dc_mail_from_rows, DC_MAIL_FROM_ROWS},
    {dc_spf_rows, DC_SPF_ROWS},
    {dc_dmarc_rows, DC_DMARC_ROWS},
    {dc_text_rows, DC_TEXT_ROWS},
};
const size_t dc_dkim_n_findings = sizeof dc_dkim_findings / sizeof dc_dkim_findings[0];
