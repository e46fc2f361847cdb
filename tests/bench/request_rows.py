"""Rows: what requests.py measures, one kind of request each."""

import dataclasses

ITEM_COUNT = 50000          # all in the row cache
COLD_ITEM_COUNT = 300000    # most of them not
POOL_COUNT = 20000

PLAIN_TABLE = 'bench'
SORTED_TABLE = 'bench-sorted'


@dataclasses.dataclass(frozen=True)
class Row:
    """One operation of dynamo_load, and how much of it a run has."""

    operation: str
    bounds: dict = dataclasses.field(default_factory=dict)    # by server: (ratio, goal or None)
    one_in: int = 1             # requests are costly: a run has only one in so many of them
    table: str = PLAIN_TABLE
    item_count: int = ITEM_COUNT

    def count(self, request_count):
        return max(1, request_count // self.one_in)

    def options(self):
        """Of dynamo_load, for a run of any length."""
        options = ['--operation', self.operation, '--items', str(self.item_count),
                   '--pool', str(POOL_COUNT // self.one_in)]
        return options + table_options(self.table)


ROWS = {
    'get': Row('get', {'dev': (1.8, None), 'router+node': (3.2, None)}),
    'put': Row('put', {'dev': (3.2, 2.6), 'router+node': (4.0, None)}),
    'put-if': Row('put-if'),
    'update': Row('update'),
    'query': Row('query', one_in=10, table=SORTED_TABLE),
    'scan': Row('scan', one_in=10),
    'batch': Row('batch', one_in=10),
}
# Its items are put when all other rows are done.
COLD_ROW = Row('get', item_count=COLD_ITEM_COUNT)


def table_options(table):
    return ['--table', table] + (['--sorted'] if table == SORTED_TABLE else [])
