# On an OpenStack cloud: it belongs to the user who makes it, in all projects alike.
resource "hwcloud_key_pair" "example" {
  name       = "deploy"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"
}
