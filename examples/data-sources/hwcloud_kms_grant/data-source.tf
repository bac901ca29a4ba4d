data "hwcloud_kms_key" "example" {
  key_alias = "shop/orders"
}

data "hwcloud_kms_grant" "example" {
  key_id = data.hwcloud_kms_key.example.id
  name   = "accounting"
}

output "granted" {
  value = data.hwcloud_kms_grant.example.operations
}
