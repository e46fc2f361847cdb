"""A client of the DynamoDB API that tells apart what an SDK blurs: what was refused, what was never
sent, and what nobody can know. It repeats nothing by itself.
"""

import datetime
import hashlib
import hmac
import http.client
import json
import socket
import urllib.parse

SERVICE = "dynamodb"
TARGET_PREFIX = "DynamoDB_20120810."


class Refused(Exception):
    """The request was answered with an error of the API, and has changed nothing."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Unsent(Exception):
    """Nobody took the connection: the request has changed nothing."""


class Unknown(Exception):
    """No answer, or one that leaves open whether the request was performed."""


class Client:
    """One connection to one endpoint, made when needed. Belongs to one thread."""

    def __init__(self, url, region, access_key_id, secret, timeout=15.0):
        parts = urllib.parse.urlsplit(url)
        self._host, self._port, self._netloc = parts.hostname, parts.port, parts.netloc
        self._region = region
        self._access_key_id = access_key_id
        self._secret = secret
        self._timeout = timeout
        self._connection = None
        self._signing_key = ("", b"")

    def call(self, operation, **members):
        """The answer as a dictionary. Raises Refused, Unsent or Unknown."""
        body = json.dumps(members).encode()
        status, answer = self._exchange(self._headers(operation, body), body)
        if status == 200:
            return json.loads(answer)
        raise _error_of(status, answer)

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def _exchange(self, headers, body):
        self._connect()
        try:
            self._connection.request("POST", "/", body=body, headers=headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unknown(repr(error)) from error

    def _connect(self):
        if self._connection:
            return
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            connection.connect()
        except OSError as error:
            raise Unsent(repr(error)) from error
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection

    def _headers(self, operation, body):
        """The request's headers, with Signature Version 4 over all that matter."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        target = TARGET_PREFIX + operation
        signed = "content-type;host;x-amz-date;x-amz-target"
        canonical = (f"POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:{self._netloc}\n"
                     f"x-amz-date:{now}\nx-amz-target:{target}\n\n{signed}\n"
                     f"{hashlib.sha256(body).hexdigest()}")
        scope = f"{now[:8]}/{self._region}/{SERVICE}/aws4_request"
        text = (f"AWS4-HMAC-SHA256\n{now}\n{scope}\n"
                f"{hashlib.sha256(canonical.encode()).hexdigest()}")
        signature = hmac.new(self._key(now[:8]), text.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Date": now, "X-Amz-Target": target,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={self._access_key_id}/{scope}, "
                             f"SignedHeaders={signed}, Signature={signature}",
        }

    def _key(self, day):
        if self._signing_key[0] != day:
            key = b"AWS4" + self._secret.encode()
            for word in (day, self._region, SERVICE, "aws4_request"):
                key = hmac.new(key, word.encode(), hashlib.sha256).digest()
            self._signing_key = (day, key)
        return self._signing_key[1]


def _error_of(status, answer):
    try:
        document = json.loads(answer)
        kind = document["__type"].rpartition("#")[2]
        message = document.get("message", document.get("Message", ""))
    except (ValueError, KeyError, AttributeError):
        return Unknown(f"status {status}, {answer[:200]!r}")
    if status < 500:
        return Refused(kind, message)
    return Unknown(f"status {status}, {kind}: {message}")
