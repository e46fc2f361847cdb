# What a table may be given, and what of it may be changed in place.

resource "aws_dynamodb_table" "provisioned" {
  name           = "provisioned"
  billing_mode   = "PROVISIONED"
  read_capacity  = var.step == 1 ? 10 : 20
  write_capacity = var.step == 1 ? 10 : 5
  hash_key       = "customer"
  range_key      = "number"

  attribute {
    name = "customer"
    type = "S"
  }
  attribute {
    name = "number"
    type = "N"
  }
}

resource "aws_dynamodb_table" "billing" {
  name           = "billing"
  billing_mode   = var.step == 1 ? "PAY_PER_REQUEST" : "PROVISIONED"
  read_capacity  = var.step == 1 ? null : 3
  write_capacity = var.step == 1 ? null : 4
  hash_key       = "id"

  attribute {
    name = "id"
    type = "B"
  }
}

resource "aws_dynamodb_table" "settings" {
  name         = "settings"
  billing_mode = "PAY_PER_REQUEST"
  table_class  = var.step == 1 ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  on_demand_throughput {
    max_read_request_units  = var.step == 1 ? 20 : 40
    max_write_request_units = 15
  }

  ttl {
    attribute_name = "ends"
    enabled        = var.step == 1
  }

  tags = var.step == 1 ? { team = "a/b=c", empty = "" } : { team = "other", owner = "x@example.org" }
}

# The provider asks for no second page of tags.
resource "aws_dynamodb_table" "tagged" {
  name         = "tagged"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  tags = { for number in range(50) : format("tag%02d", number) => "step ${var.step}" }
}
