# A table that is protected is not destroyed, until it is not protected any more.

resource "aws_dynamodb_table" "protected" {
  name                        = "protected"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.step == 1
  hash_key                    = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
