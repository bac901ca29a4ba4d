# The volume of a transfer that was accepted.
data "hwcloud_volume_transfer_acceptance" "example" {
  volume_id = hwcloud_volume_transfer_acceptance.example.volume_id
}

output "volume_taken" {
  value = data.hwcloud_volume_transfer_acceptance.example.volume_name
}
