data "hwcloud_volume_qoses" "example" {
  consumer = hwcloud_volume_qos.example.consumer
}

output "limits_of_hosts" {
  value = data.hwcloud_volume_qoses.example.volume_qoses[*].name
}
