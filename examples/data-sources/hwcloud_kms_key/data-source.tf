data "hwcloud_kms_key" "example" {
  key_alias = "shop/orders"
}

output "key_id" {
  value = data.hwcloud_kms_key.example.id
}
