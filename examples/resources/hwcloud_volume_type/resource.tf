resource "hwcloud_volume_type" "example" {
  name        = "shared"
  description = "Volumes that several servers attach at once"
  public      = false

  extra_specs = {
    multiattach = "<is> True"
  }
}
