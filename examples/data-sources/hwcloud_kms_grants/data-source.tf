data "hwcloud_kms_key" "example" {
  key_alias = "shop/orders"
}

# Everybody else who may use the key.
data "hwcloud_kms_grants" "example" {
  key_id = data.hwcloud_kms_key.example.id
}

output "users" {
  value = data.hwcloud_kms_grants.example.kms_grants[*].grantee_principal
}
