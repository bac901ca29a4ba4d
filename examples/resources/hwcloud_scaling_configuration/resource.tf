data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_security_group" "example" {
  name = "shop"
}

resource "hwcloud_scaling_configuration" "example" {
  name               = "shop"
  flavor_ids         = ["s6.large.2", "c7.large.2"] # the first that can be had
  image_id           = data.hwcloud_image.ubuntu.id
  key_pair           = "deploy" # a key pair that exists
  security_group_ids = [hwcloud_security_group.example.id]

  disks = [
    {
      disk_type   = "SYS"
      size        = 40
      volume_type = "SSD"
    },
    {
      disk_type   = "DATA"
      size        = 100
      volume_type = "SAS"
    },
  ]

  user_data = <<-EOT
    #cloud-config
    packages: [nginx]
  EOT

  # A group that uses it gets the new one before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}
