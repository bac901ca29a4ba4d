resource "hwcloud_kms_key" "orders" {
  key_alias = "shop/orders"
}

# Another user may decrypt what customers order.
resource "hwcloud_kms_grant" "example" {
  key_id            = hwcloud_kms_key.orders.id
  name              = "accounting"
  grantee_principal = "0d0466b00d0466b00d0466b00d0466b0"
  operations        = ["describe-key", "decrypt-data"]
}
