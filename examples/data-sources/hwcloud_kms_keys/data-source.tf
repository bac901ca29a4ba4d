# Keys that encrypt and never rotate.
data "hwcloud_kms_keys" "example" {
  key_usage        = "ENCRYPT_DECRYPT"
  rotation_enabled = false
}

output "never_rotated" {
  value = data.hwcloud_kms_keys.example.kms_keys[*].key_alias
}
