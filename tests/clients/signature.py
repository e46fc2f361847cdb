"""Signature Version 4, from AWS's description, so that requests can also be signed wrongly."""

import hashlib
import hmac
import time

ALGORITHM = "AWS4-HMAC-SHA256"


def format_time(seconds):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def sha256_hex(content):
    return hashlib.sha256(content).hexdigest()


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Signer:
    """Signs requests to `/`; every part of the signature can be set apart from the others."""

    def __init__(self, access_key_id, secret, region, service="dynamodb"):
        self.access_key_id = access_key_id
        self.secret = secret
        self.region = region
        self.service = service
        self.terminator = "aws4_request"
        self.seconds = None         # now
        self.scope_date = None      # that of the time
        self.unsigned_names = ()    # headers left out of the signature
        self.separator = ", "       # of the Authorization's parts

    def scope(self, date):
        return "/".join((date, self.region, self.service, self.terminator))

    def sign(self, method, headers, body):
        """The headers with a date and an Authorization added; those given are lower-case."""
        moment = format_time(time.time() if self.seconds is None else self.seconds)
        date = self.scope_date or moment[:8]
        headers = dict(headers)
        headers["x-amz-date"] = moment

        names = sorted(name for name in headers if name not in self.unsigned_names)
        lines = [f"{name}:{' '.join(headers[name].split())}\n" for name in names]
        canonical = "\n".join(
            (method, "/", "", "".join(lines), ";".join(names), sha256_hex(body)))
        text = "\n".join((ALGORITHM, moment, self.scope(date), sha256_hex(canonical.encode())))

        key = ("AWS4" + self.secret).encode()
        for part in (date, self.region, self.service, self.terminator):
            key = hmac_sha256(key, part)
        signature = hmac_sha256(key, text).hex()

        headers["authorization"] = f"{ALGORITHM} " + self.separator.join((
            f"Credential={self.access_key_id}/{self.scope(date)}",
            f"SignedHeaders={';'.join(names)}",
            f"Signature={signature}"))
        return headers
