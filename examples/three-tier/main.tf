# A shop in three tiers: an entry with an address of the internet, servers that scale, and a store on encrypted volumes.
# Around them are a bucket for its pictures, alarms to a topic, and names that only its servers resolve.
#
# Region, credentials and endpoint come from the environment, so the same file serves the sandbox and the real cloud:
#
#   terraform-provider-hwcloud sandbox -- terraform apply

terraform {
  required_providers {
    hwcloud = {
      source = "hwcloud/hwcloud"
    }
  }
}

provider "hwcloud" {}

variable "name" {
  description = "What everything is named after. No other bucket in the world may have this name."
  type        = string
  default     = "shop-three-tier"
}

variable "mail" {
  description = "Who is told of alarms."
  type        = list(string)
  default     = ["ops@example.com", "night@example.com"]
}

variable "public_key" {
  description = "The key that signs in to the servers, in the form of authorized_keys."
  type        = string
  default     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4pYhmsLzQ4mFUzGGbNCvrc7b9ZyCm0EHqkHFVgSpUR deploy"
}

locals {
  domain = "${var.name}.internal"
  tags = {
    app = var.name
  }
}

data "hwcloud_availability_zones" "all" {}

data "hwcloud_image" "ubuntu" {
  name       = "Ubuntu 22.04 server 64bit"
  visibility = "public"
}

locals {
  zone = data.hwcloud_availability_zones.all.availability_zones[0].id
}

# ---- The network: a subnet for each tier

resource "hwcloud_vpc" "shop" {
  name = var.name
  cidr = "10.2.0.0/16"
  tags = local.tags
}

resource "hwcloud_subnet" "tier" {
  for_each = { entry = 0, app = 1, store = 2 }

  name       = "${var.name}-${each.key}"
  vpc_id     = hwcloud_vpc.shop.id
  cidr       = cidrsubnet(hwcloud_vpc.shop.cidr, 8, each.value)
  gateway_ip = cidrhost(cidrsubnet(hwcloud_vpc.shop.cidr, 8, each.value), 1)
  tags       = local.tags
}

# ---- Who may speak to whom: everybody to the entry, the entry to the app, the app to the store

resource "hwcloud_security_group" "tier" {
  for_each = hwcloud_subnet.tier

  name = each.value.name
  tags = local.tags
}

locals {
  rules = {
    entry_https = { tier = "entry", ports = "443", from = null, about = "HTTPS" }
    entry_http  = { tier = "entry", ports = "80", from = null, about = "Leads to HTTPS" }
    app_shop    = { tier = "app", ports = "8080", from = "entry", about = "The shop" }
    app_health  = { tier = "app", ports = "8081", from = "entry", about = "Whether the shop is well" }
    app_ssh     = { tier = "app", ports = "22", from = "entry", about = "Maintenance" }
    store_sql   = { tier = "store", ports = "5432", from = "app", about = "PostgreSQL" }
    store_cache = { tier = "store", ports = "6379", from = "app", about = "Redis" }
    store_ssh   = { tier = "store", ports = "22", from = "entry", about = "Maintenance" }
  }
}

resource "hwcloud_security_group_rule" "allowed" {
  for_each = local.rules

  security_group_id = hwcloud_security_group.tier[each.value.tier].id
  direction         = "ingress"
  protocol          = "tcp"
  multiport         = each.value.ports
  remote_group_id   = each.value.from == null ? null : hwcloud_security_group.tier[each.value.from].id
  remote_ip_prefix  = each.value.from == null ? "0.0.0.0/0" : null
  description       = each.value.about
}

# ---- Keys

resource "hwcloud_kms_key" "shop" {
  key_alias        = var.name
  key_description  = "Encrypts what ${var.name} stores"
  rotation_enabled = true
  tags             = local.tags
}

resource "hwcloud_key_pair" "deploy" {
  name       = var.name
  public_key = var.public_key
}

# ---- The entry: one server, behind an address of the internet

resource "hwcloud_server" "entry" {
  name              = "${var.name}-entry"
  flavor_id         = "s6.small.1"
  image_id          = data.hwcloud_image.ubuntu.id
  availability_zone = local.zone
  key_pair          = hwcloud_key_pair.deploy.name

  networks = [{
    subnet_id          = hwcloud_subnet.tier["entry"].id
    security_group_ids = [hwcloud_security_group.tier["entry"].id]
  }]
  system_disk = { volume_type = "SSD", size = 40 }

  user_data = <<-EOT
    #cloud-config
    packages: [nginx]
  EOT

  power_state = "running"
  tags        = local.tags
}

resource "hwcloud_eip" "entry" {
  type                  = "5_bgp"
  bandwidth_name        = var.name
  bandwidth_size        = 10
  bandwidth_charge_mode = "traffic"
  tags                  = local.tags
}

resource "hwcloud_eip_association" "entry" {
  publicip_id             = hwcloud_eip.entry.id
  associate_instance_type = "PORT"
  associate_instance_id   = hwcloud_server.entry.networks[0].port_id
}

# ---- The app: as many servers as there is work for

resource "hwcloud_scaling_configuration" "app" {
  name               = "${var.name}-app"
  flavor_ids         = ["s6.small.1"]
  image_id           = data.hwcloud_image.ubuntu.id
  key_pair           = hwcloud_key_pair.deploy.name
  security_group_ids = [hwcloud_security_group.tier["app"].id]
  disks              = [{ disk_type = "SYS", volume_type = "SSD", size = 40 }]

  lifecycle {
    create_before_destroy = true
  }
}

resource "hwcloud_scaling_group" "app" {
  name                     = "${var.name}-app"
  scaling_configuration_id = hwcloud_scaling_configuration.app.id
  vpc_id                   = hwcloud_vpc.shop.id
  networks                 = [{ id = hwcloud_subnet.tier["app"].id }]
  available_zones          = [local.zone]
  min_instance_number      = 2
  max_instance_number      = 6
  delete_volume            = true
  force_delete             = true # its servers go with it
  tags                     = local.tags
}

resource "hwcloud_alarm_rule" "busy" {
  name      = "${var.name}-busy"
  namespace = "SYS.AS"
  type      = "MULTI_INSTANCE"

  resources = [{
    dimensions = [{ name = "AutoScalingGroup", value = hwcloud_scaling_group.app.id }]
  }]
  policies = [{
    metric_name         = "cpu_util"
    period              = 300
    filter              = "average"
    comparison_operator = ">"
    value               = 70
    unit                = "%"
    count               = 3
  }]
  alarm_notifications = [{ type = "autoscaling", notification_list = [] }]
}

resource "hwcloud_scaling_policy" "grow" {
  name        = "${var.name}-grow"
  resource_id = hwcloud_scaling_group.app.id
  type        = "ALARM"
  alarm_id    = hwcloud_alarm_rule.busy.id
  action      = { operation = "ADD", size = 1 }
}

resource "hwcloud_scaling_notification" "app" {
  scaling_group_id = hwcloud_scaling_group.app.id
  topic_urn        = hwcloud_topic.ops.id
  topic_scene      = ["SCALING_UP_FAIL", "SCALING_DOWN_FAIL", "SCALING_GROUP_ABNORMAL"]
}

# ---- The store: a server whose data lies on encrypted volumes that outlive it

resource "hwcloud_server" "store" {
  name              = "${var.name}-store"
  flavor_id         = "s6.large.2"
  image_id          = data.hwcloud_image.ubuntu.id
  availability_zone = local.zone
  key_pair          = hwcloud_key_pair.deploy.name

  networks = [{
    subnet_id          = hwcloud_subnet.tier["store"].id
    security_group_ids = [hwcloud_security_group.tier["store"].id]
  }]
  system_disk = { volume_type = "SSD", size = 40, kms_key_id = hwcloud_kms_key.shop.id }

  tags = local.tags
}

resource "hwcloud_volume" "store" {
  for_each = { orders = 100, archive = 500, log = 20 }

  name              = "${var.name}-${each.key}"
  availability_zone = local.zone
  volume_type       = "SSD"
  size              = each.value
  kms_key_id        = hwcloud_kms_key.shop.id
  tags              = local.tags
}

resource "hwcloud_volume_attachment" "store" {
  for_each = hwcloud_volume.store

  server_id = hwcloud_server.store.id
  volume_id = each.value.id
}

# ---- The pictures: a bucket that everybody may read from

resource "hwcloud_bucket" "pictures" {
  name          = var.name
  versioning    = true
  force_destroy = true
  encryption    = { algorithm = "kms", kms_key_id = hwcloud_kms_key.shop.id }
  tags          = local.tags
}

resource "hwcloud_bucket_policy" "pictures" {
  bucket = hwcloud_bucket.pictures.id

  policy = jsonencode({
    Statement = [{
      Sid       = "everybody-looks"
      Effect    = "Allow"
      Principal = { ID = ["*"] }
      Action    = ["GetObject"]
      Resource  = ["${hwcloud_bucket.pictures.id}/*"]
    }]
  })
}

resource "hwcloud_bucket_lifecycle" "pictures" {
  bucket = hwcloud_bucket.pictures.id

  rules = [{
    id                                 = "old-pictures"
    prefix                             = "products/"
    transitions                        = [{ days = 180, storage_class = "WARM" }]
    noncurrent_version_expiration_days = 30
    abort_incomplete_upload_days       = 7
  }]
}

# ---- Alarms, and who gets them

resource "hwcloud_topic" "ops" {
  name         = "${var.name}-ops"
  display_name = "Shop"
  tags         = local.tags
}

resource "hwcloud_subscription" "mail" {
  for_each = toset(var.mail)

  topic_urn = hwcloud_topic.ops.id
  protocol  = "email"
  endpoint  = each.value
}

resource "hwcloud_alarm_rule" "store" {
  name      = "${var.name}-store"
  namespace = "SYS.ECS"
  type      = "MULTI_INSTANCE"

  resources = [{
    dimensions = [{ name = "instance_id", value = hwcloud_server.store.id }]
  }]
  policies = [
    {
      metric_name         = "cpu_util"
      period              = 300
      filter              = "average"
      comparison_operator = ">="
      value               = 80
      unit                = "%"
      count               = 3
      level               = 2
    },
    {
      metric_name         = "network_outgoing_bytes_rate_inband"
      period              = 300
      filter              = "average"
      comparison_operator = "="
      value               = 0
      count               = 3
      level               = 1
    },
  ]
  alarm_notifications = [{ type = "notification", notification_list = [hwcloud_topic.ops.id] }]
  ok_notifications    = [{ type = "notification", notification_list = [hwcloud_topic.ops.id] }]
}

# ---- Names that only the servers of the VPC resolve

resource "hwcloud_dns_zone" "inside" {
  name      = local.domain
  zone_type = "private"
  routers   = [{ router_id = hwcloud_vpc.shop.id, router_region = hwcloud_vpc.shop.region }]
  tags      = local.tags
}

resource "hwcloud_dns_record_set" "server" {
  for_each = { entry = hwcloud_server.entry, store = hwcloud_server.store }

  zone_id = hwcloud_dns_zone.inside.id
  name    = "${each.key}.${local.domain}"
  type    = "A"
  records = [each.value.networks[0].fixed_ip]
}

resource "hwcloud_dns_record_set" "alias" {
  for_each = { db = "store", cache = "store", www = "entry" }

  zone_id = hwcloud_dns_zone.inside.id
  name    = "${each.key}.${local.domain}"
  type    = "CNAME"
  records = [hwcloud_dns_record_set.server[each.value].name]
}

output "address" {
  description = "Where the shop is reached."
  value       = hwcloud_eip.entry.public_ip_address
}
