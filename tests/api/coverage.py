#!/usr/bin/env python3
"""Writes, or checks, the tables of docs/API_COVERAGE.md.

    tests/api/coverage.py --dump PROGRAM [--write]

They come of what the program takes (PROGRAM is dump_shapes) and of the SDK's service model; what is
true of them only in part stands here. Without --write it exits with 1 when the document differs,
and with 77 when botocore is missing or too old. tests/clients/test_coverage.py holds the document
against a running server.
"""

import argparse
import json
import os
import subprocess
import sys
import textwrap

import service_model

SKIPPED = 77
DOCUMENT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "docs",
                        "API_COVERAGE.md")
BEGIN = "<!-- tests/api/coverage.py --write writes from here on -->\n"
END = "<!-- to here -->\n"
WIDTH = 100

# Parameters that are served for some values only, and for which; every other value is refused.
PARTS = {
    "CreateTable.StreamSpecification": "StreamEnabled false",
    "CreateTable.SSESpecification": "Enabled false",
}

# Parameters that are refused whatever they say, after they have been checked.
REFUSED = {"CreateTable.LocalSecondaryIndexes", "CreateTable.GlobalSecondaryIndexes"}

# Operations that are not served, by what they are for. Every one of them stands here once.
PLANS = {
    "items": "UpdateItem BatchGetItem BatchWriteItem Query Scan",
    "transactions": "TransactGetItems TransactWriteItems",
    "PartiQL": "ExecuteStatement BatchExecuteStatement ExecuteTransaction",
    "global tables": "CreateGlobalTable DescribeGlobalTable DescribeGlobalTableSettings "
                     "ListGlobalTables UpdateGlobalTable UpdateGlobalTableSettings "
                     "DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling",
    "backups": "CreateBackup DeleteBackup DescribeBackup ListBackups RestoreTableFromBackup "
               "RestoreTableToPointInTime UpdateContinuousBackups ExportTableToPointInTime "
               "DescribeExport ListExports ImportTable DescribeImport ListImports",
    "the rest": "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy "
                "DescribeContributorInsights ListContributorInsights UpdateContributorInsights "
                "DescribeKinesisStreamingDestination DisableKinesisStreamingDestination "
                "EnableKinesisStreamingDestination UpdateKinesisStreamingDestination",
}


def parameter(operation, name):
    part = PARTS.get(f"{operation}.{name}")
    return f"{name} ({part})" if part else name


def served_row(operation, shape):
    members = {member["name"]: member["served"] and f"{operation}.{member['name']}" not in REFUSED
               for member in shape["members"]}
    names = [name for name in service_model.member_names("dynamodb", operation) if name in members]
    names += [name for name in members if name not in names]
    served = [parameter(operation, name) for name in names if members[name]]
    refused = [name for name in names if not members[name]]
    return f"| {operation} | {', '.join(served) or '-'} | {', '.join(refused) or '-'} |\n"


def served_table(dump):
    rows = [served_row(name, shape) for name, shape in sorted(dump["served"].items())]
    return "| operation | served | refused |\n|---|---|---|\n" + "".join(rows)


def planned(dump):
    """The operations that are not served, a paragraph for each of their purposes."""
    left = set(dump["not_served"])
    text = ""
    for purpose, names in PLANS.items():
        here = [name for name in names.split() if name in left]
        left -= set(here)
        if here:
            text += textwrap.fill(f"- {purpose}: {', '.join(here)}", WIDTH,
                                  subsequent_indent="  ") + "\n"
    if left:
        sys.exit(f"coverage: no purpose in PLANS for {', '.join(sorted(left))}")
    streams = ", ".join(sorted(dump["streams_not_served"]))
    return text + textwrap.fill(f"- streams: {streams}", WIDTH, subsequent_indent="  ") + "\n"


def generated(dump):
    count = len(dump["served"])
    all_count = len(service_model.operations("dynamodb"))
    return (f"\n## Served: {count} of {all_count} operations\n\n{served_table(dump)}"
            f"\n## Not served yet\n\n{planned(dump)}\n")


def split(document):
    """(before, generated, after)"""
    before, rest = document.split(BEGIN)
    inside, after = rest.split(END)
    return before + BEGIN, inside, END + after


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True, metavar="PROGRAM")
    parser.add_argument("--write", action="store_true", dest="is_writing")
    arguments = parser.parse_args()
    if not service_model.is_recent():
        print("coverage: SKIPPED: botocore is missing, or too old", file=sys.stderr)
        return SKIPPED
    wanted = generated(json.loads(subprocess.check_output([arguments.dump])))
    with open(DOCUMENT, encoding="utf-8") as file:
        before, inside, after = split(file.read())
    if arguments.is_writing:
        with open(DOCUMENT, "w", encoding="utf-8") as file:
            file.write(before + wanted + after)
    elif inside != wanted:
        print("docs/API_COVERAGE.md is not what the program does: tests/api/coverage.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
