data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

resource "hwcloud_vpc" "example" {
  name = "shop"
  cidr = "10.1.0.0/16"
}

resource "hwcloud_subnet" "example" {
  name       = "shop-front"
  vpc_id     = hwcloud_vpc.example.id
  cidr       = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
}

resource "hwcloud_scaling_configuration" "example" {
  name       = "shop"
  flavor_ids = ["s6.large.2"]
  image_id   = data.hwcloud_image.ubuntu.id
  disks      = [{ disk_type = "SYS", size = 40, volume_type = "SSD" }]
  key_pair   = "deploy" # a key pair that exists

  lifecycle {
    create_before_destroy = true
  }
}

resource "hwcloud_scaling_group" "example" {
  name                     = "shop"
  scaling_configuration_id = hwcloud_scaling_configuration.example.id
  vpc_id                   = hwcloud_vpc.example.id
  networks                 = [{ id = hwcloud_subnet.example.id }]
  max_instance_number      = 5
}

# Every Monday morning there are three servers more.
resource "hwcloud_scaling_policy" "example" {
  name        = "monday"
  resource_id = hwcloud_scaling_group.example.id
  type        = "RECURRENCE"

  scheduled_policy = {
    launch_time      = "07:30"
    recurrence_type  = "Weekly"
    recurrence_value = "2"
    end_time         = "2099-12-31T00:00Z"
  }

  action = {
    operation = "ADD"
    size      = 3
  }
}

# When the alarm is raised, there are half as many again.
resource "hwcloud_scaling_policy" "alarm" {
  name        = "busy"
  resource_id = hwcloud_scaling_group.example.id
  type        = "ALARM"
  alarm_id    = "al1513822380493GvlJKZwA8" # an alarm rule that exists
  action      = { operation = "ADD", percentage = 50 }
}
