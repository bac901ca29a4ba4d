resource "hwcloud_bucket" "example" {
  name          = "web-files"
  storage_class = "STANDARD"
  multi_az      = true
  versioning    = true
  quota         = 10 * 1024 * 1024 * 1024

  encryption = {
    algorithm  = "kms"
    kms_key_id = hwcloud_kms_key.files.id
  }

  tags = {
    env = "prod"
  }
}

resource "hwcloud_kms_key" "files" {
  key_alias = "web-files"
}
