# Items: one that changes, one whose key changes, and one that stays as it is.

resource "aws_dynamodb_table" "items" {
  name         = "items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"

  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "N"
  }
}

locals {
  items = {
    changes = { pk = { S = "changes" }, sk = { N = "1" }, text = { S = "step ${var.step}" }, gone = var.step == 1 ? { BOOL = true } : { NULL = true } }
    moves   = { pk = { S = "moves" }, sk = { N = tostring(var.step) }, list = { L = [{ N = "1.5" }, { M = {} }] } }
    stays   = { pk = { S = "stays" }, sk = { N = "1" }, set = { SS = ["a", "b"] } }
  }
}

resource "aws_dynamodb_table_item" "item" {
  for_each   = local.items
  table_name = aws_dynamodb_table.items.name
  hash_key   = aws_dynamodb_table.items.hash_key
  range_key  = aws_dynamodb_table.items.range_key
  item       = jsonencode(each.value)
}
