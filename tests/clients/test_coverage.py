"""docs/API_COVERAGE.md holds of the server: every operation and parameter is sent once or more."""

import os
import re

import botocore.exceptions
import botocore.session
import http_client
from client_case import ClientCase, make_client, table_name

DOCUMENT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "docs",
                        "API_COVERAGE.md")
NOT_SUPPORTED = " is not supported yet by this version of Graticule"

# Parameters in part: (a value that is served, one that is refused).
PARTS = {
    "CreateTable.StreamSpecification": ({"StreamEnabled": False}, {"StreamEnabled": True}),
    "CreateTable.SSESpecification": ({"Enabled": False}, {"Enabled": True}),
}

# Nothing is to be done by what is sent: no table of this key schema is made.
IMPOSSIBLE = {"CreateTable.KeySchema": [{"AttributeName": "a", "KeyType": "RANGE"}]}

# Fields of requests whose faults of type are told before anything is looked at.
WRONG = {"string": 1, "integer": "x", "long": "x", "boolean": "x", "list": "x", "map": "x",
         "structure": "x"}


def table_rows(text):
    """The cells of every row of the document's tables."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line[:1] == "|" else []
        if len(cells) == 3 and re.fullmatch(r"[A-Z]\w+", cells[0]):
            yield cells


def names(cell):
    """{parameter: whether it is served in part}"""
    without = re.sub(r" \([^)]*\)", "*", cell)
    return {name.rstrip("*"): name.endswith("*") for name in without.split(", ") if name != "-"}


class Document:

    def __init__(self):
        with open(DOCUMENT, encoding="utf-8") as file:
            text = file.read()
        self.served, self.refused = {}, {}
        for operation, served, refused in table_rows(text):
            self.served[operation], self.refused[operation] = names(served), names(refused)
        lines = re.sub(r"\n  ", " ", text.split("## Not served yet")[1].split("<!--")[0])
        purposes = re.findall(r"^- ([\w ]+): (.*)$", lines, re.MULTILINE)
        self.streams = [name for purpose, line in purposes for name in line.split(", ")
                        if purpose == "streams"]
        self.not_served = [name for purpose, line in purposes for name in line.split(", ")
                           if purpose != "streams"]


def example(shape):
    """A value that breaks no constraint of the model."""
    if shape.name == "AttributeValue":
        return {"S": "x"}
    kind = shape.type_name
    if kind == "structure":
        return {name: example(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [example(shape.member)]
    if kind == "map":
        return {"abc": example(shape.value)}
    if kind == "string":
        return shape.enum[0] if shape.enum else "abc"
    return {"boolean": True, "integer": 1, "long": 1, "blob": b"x", "double": 1.0}[kind]


class CoverageTest(ClientCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = Document()
        cls.models = {service: botocore.session.get_session().get_service_model(service)
                      for service in ("dynamodb", "dynamodbstreams")}
        cls.client = make_client()

    def answer(self, operation, request):
        """(name of the error, its message), or ("", "")."""
        call = getattr(self.client, botocore.xform_name(operation))
        try:
            call(**request)
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"], error.response["Error"]["Message"]
        return "", ""

    def required(self, operation):
        """A request with what it needs, which does nothing: of a table that is not there."""
        shape = self.models["dynamodb"].operation_model(operation).input_shape
        request = {name: example(shape.members[name]) for name in shape.required_members}
        request.update((path.split(".")[1], value) for path, value in IMPOSSIBLE.items()
                       if path.startswith(operation + "."))
        if "TableName" in shape.members:
            request["TableName"] = self.missing
        if operation == "CreateTable":
            request["AttributeDefinitions"] = [{"AttributeName": "a", "AttributeType": "S"}]
        return request

    def setUp(self):
        super().setUp()
        self.missing = table_name()

    def test_the_document_has_every_operation_once(self):
        self.assertGreater(len(self.document.served), 8)
        self.assertCountEqual(
            [*self.document.served, *self.document.not_served],
            [*{*self.models["dynamodb"].operation_names, *self.document.not_served}])
        self.assertEqual(set(self.models["dynamodbstreams"].operation_names)
                         - set(self.document.streams), set())

    def test_the_document_has_every_parameter_once(self):
        for operation, served in self.document.served.items():
            shape = self.models["dynamodb"].operation_model(operation).input_shape
            told = [*served, *self.document.refused[operation]]
            self.assertEqual(len(told), len(set(told)))
            self.assertEqual(set(shape.members if shape else ()) - set(told), set(), operation)

    def test_operations_that_are_not_served_are_refused(self):
        targets = [(name, f"DynamoDB_20120810.{name}") for name in self.document.not_served]
        targets += [(name, f"DynamoDBStreams_20120810.{name}") for name in self.document.streams]
        for name, target in targets:
            with self.subTest(operation=name):
                response = http_client.call("", {}, headers={
                    "content-type": http_client.CONTENT_TYPE, "x-amz-target": target})
                self.check_refusal(response, "UnknownOperationException",
                                   f"^Graticule does not serve {name} yet$")

    def test_operations_that_are_served_are_known(self):
        for name in self.document.served:
            with self.subTest(operation=name):
                self.assertNotEqual(self.answer(name, self.required(name))[0],
                                    "UnknownOperationException")

    def parameters(self, told):
        """(operation, parameter, its shape) of those that the SDK's model knows."""
        for operation, members in told.items():
            shape = self.models["dynamodb"].operation_model(operation).input_shape
            for name in members:
                if shape is not None and name in shape.members:
                    yield operation, name, shape.members[name]

    def test_parameters_that_are_refused_are_refused_by_name(self):
        for operation, name, shape in self.parameters(self.document.refused):
            with self.subTest(operation=operation, parameter=name):
                request = {**self.required(operation), name: example(shape)}
                self.assertEqual(self.answer(operation, request),
                                 ("ValidationException", name + NOT_SUPPORTED))

    def test_parameters_that_are_served_are_taken(self):
        for operation, name, shape in self.parameters(self.document.served):
            with self.subTest(operation=operation, parameter=name):
                base = self.required(operation)
                value = example(shape)
                if self.document.served[operation][name]:
                    value, refused = PARTS[f"{operation}.{name}"]
                    self.assertEqual(self.answer(operation, {**base, name: refused}),
                                     ("ValidationException", name + NOT_SUPPORTED))
                self.assertNotIn(NOT_SUPPORTED,
                                 self.answer(operation, {name: value, **base})[1])

    def test_parameters_that_are_served_are_not_passed_over(self):
        for operation, name, shape in self.parameters(self.document.served):
            with self.subTest(operation=operation, parameter=name):
                request = {**self.required(operation), name: WRONG[shape.type_name]}
                response = http_client.call(operation, request)
                self.check_refusal(response, "SerializationException")
