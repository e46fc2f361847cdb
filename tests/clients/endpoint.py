"""The endpoint under test: where it is, and who we are to it."""

import random
import string
import urllib.parse


class Endpoint:
    """One region, reached by any of several routers."""

    def __init__(self, urls, access_key_id, secret, region, certificates):
        self.urls = urls
        self.access_key_id = access_key_id
        self.secret = secret
        self.region = region
        self.certificates = certificates    # a PEM file to trust, or None
        # Names of tables begin with it, so that the suite can run beside other users.
        self.run_name = "run" + "".join(random.choices(string.ascii_lowercase, k=8))

    def is_tls(self):
        return self.urls[0].startswith("https:")

    def addresses(self):
        return [urllib.parse.urlsplit(url).netloc for url in self.urls]


current = None


def use(endpoint):
    global current
    current = endpoint
