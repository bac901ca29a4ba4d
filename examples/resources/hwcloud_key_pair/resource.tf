# The private key stays with its owner.
resource "hwcloud_key_pair" "example" {
  name        = "team-deploy"
  public_key  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"
  description = "of the deployment"
}

# The cloud generates a pair. Whoever reads the state can read its private key.
resource "hwcloud_key_pair" "generated" {
  name = "rescue"
}

output "rescue_key" {
  value     = hwcloud_key_pair.generated.private_key
  sensitive = true
}
