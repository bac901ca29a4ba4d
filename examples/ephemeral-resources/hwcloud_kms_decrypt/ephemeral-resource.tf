variable "cipher_text" {
  description = "What encrypt-data of the service answered."
  type        = string
}

ephemeral "hwcloud_kms_decrypt" "example" {
  cipher_text = var.cipher_text
}

# For a provider or a write-only argument.
locals {
  password = ephemeral.hwcloud_kms_decrypt.example.plain_text
}
