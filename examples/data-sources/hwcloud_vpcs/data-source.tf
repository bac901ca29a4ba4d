# All VPCs of the production environment.
data "hwcloud_vpcs" "example" {
  tags = {
    env = "prod"
  }
}

output "vpc_ids" {
  value = { for vpc in data.hwcloud_vpcs.example.vpcs : vpc.name => vpc.id }
}
