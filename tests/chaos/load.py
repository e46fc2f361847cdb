"""Load: clients that write, delete and read until told to stop, and know what must be there."""

import random
import threading
import time

from dynamo import Refused, Unknown, Unsent
from history import ABSENT, Broken, KeyHistory
from record import KEY, Torn, item_of, value_of

TABLE = "kill_loop"
NEW_KEY_SHARE = 0.6  # Of puts: most acknowledged writes are never overwritten, and so are checked.
PUT, DELETE, GET = "put", "delete", "get"
OPERATIONS = (PUT, PUT, PUT, GET, GET, DELETE)
PAUSE_SECONDS = 0.01
VALUE_SIZES = (10, 100, 1000, 8000)


class Worker(threading.Thread):
    """One client: it goes round a region's endpoints, on to the next one when something fails."""

    def __init__(self, number, clients, seed):
        super().__init__(daemon=True)
        self.mistake = None  # What must not have happened, and ends the run.
        self.acknowledged = 0
        self.reads = 0
        self.unknown_outcomes = 0
        self.unsent = 0
        self.last_success = time.monotonic()
        self.longest_wait = 0.0
        self._number = number
        self._clients = clients
        self._random = random.Random(seed)
        self._is_told_to_stop = threading.Event()
        self._sequence = 0
        self._keys = [self._key_new()]
        self._retired = []

    def run(self):
        try:
            while not self._is_told_to_stop.is_set():
                self._step()
        except (Broken, Torn, Refused) as mistake:
            self.mistake = f"{type(mistake).__name__}: {mistake}"
        except Exception as mistake:  # pylint: disable=broad-except
            self.mistake = f"the client itself: {mistake!r}"

    def stop(self):
        self._is_told_to_stop.set()
        self.join()

    def key_count(self):
        return len(self._keys) + len(self._retired)

    def check(self, seconds_max):
        """Reads every key it has ever written. Raises Broken or Torn."""
        deadline = time.monotonic() + seconds_max
        for history in self._keys + self._retired:
            history.read(self._read_patiently(history.key, deadline))

    def _step(self):
        operation = self._random.choice(OPERATIONS)
        position = self._position_pick(operation)
        history = self._keys[position]
        value = self._value_new() if operation == PUT else ABSENT
        try:
            self._do(operation, history, value)
        except Unsent:
            self.unsent += 1
            self._go_on()
        except Unknown:
            if operation != GET:
                self.unknown_outcomes += 1
                history.unknown(value)
                self._retired.append(history)
                self._keys[position] = self._key_new()
            self._go_on()
        else:
            self._succeeded()

    def _position_pick(self, operation):
        if operation == PUT and self._random.random() < NEW_KEY_SHARE:
            self._keys.append(self._key_new())
            return len(self._keys) - 1
        return self._random.randrange(len(self._keys))

    def _do(self, operation, history, value):
        if operation == GET:
            history.read(self._read(history.key))
            self.reads += 1
            return
        if operation == PUT:
            self._clients[0].call("PutItem", TableName=TABLE, Item=item_of(history.key, value))
        else:
            self._clients[0].call("DeleteItem", TableName=TABLE, Key={KEY: {"S": history.key}})
        history.acknowledged(value)
        self.acknowledged += 1

    def _read(self, key):
        answer = self._clients[0].call("GetItem", TableName=TABLE, Key={KEY: {"S": key}},
                                       ConsistentRead=True)
        return value_of(key, answer.get("Item"))

    def _read_patiently(self, key, deadline):
        while True:
            try:
                return self._read(key)
            except (Unsent, Unknown) as error:
                if time.monotonic() > deadline:
                    raise Broken(f"{key}: cannot be read: {error}") from error
                self._go_on()

    def _succeeded(self):
        now = time.monotonic()
        self.longest_wait = max(self.longest_wait, now - self.last_success)
        self.last_success = now

    def _go_on(self):
        self._clients.append(self._clients.pop(0))
        time.sleep(PAUSE_SECONDS)

    def _key_new(self):
        self._sequence += 1
        return KeyHistory(f"worker-{self._number}-key-{self._sequence}")

    def _value_new(self):
        """A value that was never written before."""
        self._sequence += 1
        size = self._random.choice(VALUE_SIZES)
        return f"{self._number}-{self._sequence}-".ljust(size, "abcdefghij"[self._sequence % 10])
