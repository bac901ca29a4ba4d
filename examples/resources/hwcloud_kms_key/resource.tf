resource "hwcloud_kms_key" "example" {
  key_alias         = "shop/orders"
  key_description   = "Encrypts what customers order."
  rotation_enabled  = true
  rotation_interval = 90 # days

  tags = {
    env = "prod"
  }
}

# A key that signs.
resource "hwcloud_kms_key" "signing" {
  key_alias    = "shop/receipts"
  key_spec     = "EC_P256"
  key_usage    = "SIGN_VERIFY"
  pending_days = 30 # from the destruction of the resource to the deletion of the key
}
