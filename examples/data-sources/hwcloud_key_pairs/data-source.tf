data "hwcloud_key_pairs" "example" {
  name_regex = "^team-"
}

output "team_keys" {
  value = data.hwcloud_key_pairs.example.key_pairs[*].name
}
