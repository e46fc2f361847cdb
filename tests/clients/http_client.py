"""HTTP by hand, byte for byte, for what the SDKs hide or would never send."""

import json
import socket
import ssl
import urllib.parse

import answers
import endpoint
import response_check
import signature

TARGET_PREFIX = "DynamoDB_20120810."
CONTENT_TYPE = "application/x-amz-json-1.0"
TIMEOUT_S = 30


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers      # lower-case names
        self.body = body

    def json(self):
        return json.loads(self.body)

    def error_name(self):
        return self.json()["__type"]

    def message(self):
        answer = self.json()
        return answer.get("message", answer.get("Message"))


class Connection:
    """A connection that is kept alive for any number of requests."""

    def __init__(self, url=None):
        parts = urllib.parse.urlsplit(url or endpoint.current.urls[0])
        self.host = parts.netloc
        self.socket = socket.create_connection((parts.hostname, parts.port), TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=endpoint.current.certificates)
            self.socket = context.wrap_socket(self.socket, server_hostname=parts.hostname)
        self.reader = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def send(self, method, headers, body=b"", path="/"):
        """Sends a request whose body has a length."""
        self.send_head(method, {**headers, "content-length": str(len(body))}, path)
        self.socket.sendall(body)

    def send_chunked(self, method, headers, chunks, path="/"):
        self.send_head(method, {**headers, "transfer-encoding": "chunked"}, path)
        for chunk in chunks:
            self.socket.sendall(b"%x\r\n" % len(chunk) + chunk + b"\r\n")
        self.socket.sendall(b"0\r\n\r\n")

    def send_head(self, method, headers, path="/"):
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {"host": self.host, **headers}.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def receive(self, is_checked=True):
        """The next response. Unless told otherwise, it must have what every response has."""
        status = int(self.read_line().split(" ", 2)[1])
        headers = {}
        while line := self.read_line():
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        if status == 100:
            return self.receive(is_checked)
        response = Response(status, headers, self.reader.read(int(headers["content-length"])))
        if is_checked:
            response_check.check_headers(response.headers, response.body)
        answers.note("http", status, response.body)
        return response

    def read_line(self):
        line = self.reader.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection was closed")
        return line[:-2].decode("latin-1")

    def is_closed_by_peer(self):
        return self.reader.read(1) == b""


def headers_of(operation):
    return {"content-type": CONTENT_TYPE, "x-amz-target": TARGET_PREFIX + operation}


def own_signer():
    current = endpoint.current
    return signature.Signer(current.access_key_id, current.secret, current.region)


def signed(connection, headers, body, signer=None):
    return (signer or own_signer()).sign("POST", {"host": connection.host, **headers}, body)


def encode(content):
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def call(operation, content, signer=None, headers=None, url=None):
    """One signed request on a connection of its own; `content` is JSON or its bytes."""
    body = encode(content)
    with Connection(url) as connection:
        wanted = headers_of(operation) if headers is None else headers
        connection.send("POST", signed(connection, wanted, body, signer), body)
        return connection.receive()
