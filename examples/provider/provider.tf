terraform {
  required_providers {
    hwcloud = {
      source = "hwcloud/hwcloud"
    }
  }
}

# The access key comes from HWCLOUD_ACCESS_KEY and HWCLOUD_SECRET_KEY, so that no secret stands in a file.
provider "hwcloud" {
  region = "cn-north-4"

  default_tags = {
    managed_by = "terraform"
  }
}

# A second region is a second configuration of the provider.
provider "hwcloud" {
  alias  = "shanghai"
  region = "cn-east-3"
}
