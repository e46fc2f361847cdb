/*
 * A request as the bytes that are signed: Signature Version 4's canonical request.
 *
 *     method \n path \n query \n (name : value \n)* \n signed header names \n hash of the body
 *
 * The path loses dot segments and repeated slashes, and is percent-encoded as it was sent, so what
 * came encoded is encoded twice (as for every service but S3). Parameters are decoded, encoded anew
 * and sorted; X-Amz-Signature is left out, as it cannot sign itself.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/auth/signed_headers.h"
#include "core/base/buffer.h"
#include "core/base/status.h"

/*
 * Appends the canonical request. A signed header that the request lacks counts as empty; one that
 * it repeats has its values joined by commas. STATUS_TOO_LARGE, and an unspecified tail in `out`,
 * when the request has more headers or parameters than the bounds of auth_request.h.
 */
MUST_USE enum status canonical_request_append(const struct auth_request *request,
                                              const struct signed_headers *signed_headers,
                                              struct buffer *out);
