# Id and key of the transfer come from the project that offers the volume.
variable "transfer_id" {
  type = string
}

variable "transfer_key" {
  type      = string
  sensitive = true
}

resource "hwcloud_volume_transfer_acceptance" "example" {
  transfer_id = var.transfer_id
  auth_key    = var.transfer_key
}
