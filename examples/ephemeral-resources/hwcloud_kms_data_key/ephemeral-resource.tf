resource "hwcloud_kms_key" "orders" {
  key_alias = "shop/orders"
}

ephemeral "hwcloud_kms_data_key" "example" {
  key_id                        = hwcloud_kms_key.orders.id
  key_spec                      = "AES_256"
  additional_authenticated_data = "orders" # needed again to decrypt the key
}

# For a provider or a write-only argument: the key to encrypt with, and the same encrypted, to keep beside the data.
locals {
  data_key = {
    plain     = ephemeral.hwcloud_kms_data_key.example.plain_text
    encrypted = ephemeral.hwcloud_kms_data_key.example.cipher_text
  }
}
