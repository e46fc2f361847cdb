"""Load client: runs dynamo_load, and hands on what it reports."""

import json
import os
import subprocess

from bench_servers import BenchError, client_environment, on_core


class LoadClient:
    def __init__(self, build, core):
        self.program = os.path.join(build, 'dynamo_load')
        self.core = core

    def run(self, server, *options, on_interval=None):
        """The total that dynamo_load reports. Raises BenchError when any answer was wrong."""
        command = [self.program, '--host', server.host, '--port', str(server.port),
                   '--servers', ','.join(map(str, server.pids())), *options]
        process = subprocess.Popen(on_core(self.core, command), stdout=subprocess.PIPE, text=True,
                                   env=client_environment())
        total = None
        with process:
            for line in process.stdout:
                report = json.loads(line)
                if report['report'] == 'total':
                    total = report
                elif on_interval is not None:
                    on_interval(report)
        if process.returncode != 0 or total is None:
            raise BenchError(f"{server.name} {' '.join(options)}: the run is not valid: {total}")
        return total
