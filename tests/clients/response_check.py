"""What every response must have, and what a body must look like by the SDK's own service model."""

import email.utils
import json
import re
import zlib

REQUEST_ID = re.compile(r"[A-Z0-9]{52}")

# Members that the service model of an older SDK does not know yet.
RECENT_MEMBERS = {"DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput",
                  "TableThroughputModeSummary"}


class WrongResponse(AssertionError):
    pass


def must(condition, text):
    if not condition:
        raise WrongResponse(text)


def check_headers(headers, body):
    """`headers` have lower-case names."""
    checksum = headers.get("x-amz-crc32")
    must(checksum == str(zlib.crc32(body)), f"x-amz-crc32 is {checksum} for {body[:200]}")
    request_id = headers.get("x-amzn-requestid", "")
    must(REQUEST_ID.fullmatch(request_id), f'x-amzn-RequestId is "{request_id}"')
    must(headers.get("server"), "Server is missing")
    must(email.utils.parsedate(headers.get("date", "")), f"Date is \"{headers.get('date')}\"")


JSON_TYPES = {
    "string": str, "blob": str, "boolean": bool, "integer": int, "long": int,
    "timestamp": (int, float), "double": (int, float), "float": (int, float),
    "list": list, "map": dict, "structure": dict,
}


def check_shape(value, shape, where):
    """Every member is one that the model has, and is of its type."""
    kind = JSON_TYPES[shape.type_name]
    is_boolean_elsewhere = isinstance(value, bool) and shape.type_name != "boolean"
    must(isinstance(value, kind) and not is_boolean_elsewhere,
         f"{where} is {json.dumps(value)[:100]}, not a {shape.type_name}")
    if shape.type_name == "structure":
        for name, member in value.items():
            if name in shape.members:
                check_shape(member, shape.members[name], f"{where}.{name}")
            else:
                must(name in RECENT_MEMBERS, f"{where}.{name} is in no service model")
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            check_shape(member, shape.member, f"{where}[{index}]")
    elif shape.type_name == "map":
        for name, member in value.items():
            check_shape(member, shape.value, f"{where}.{name}")


def check_body(operation_model, status, body):
    if status == 200 and operation_model.output_shape is None:
        must(body == b"", f"{operation_model.name} answers nothing, but not {body[:100]}")
        return
    answer = json.loads(body)
    if status == 200:
        check_shape(answer, operation_model.output_shape, operation_model.name)
        return
    must("#" in answer.get("__type", ""), f"an error without a full __type: {body}")
