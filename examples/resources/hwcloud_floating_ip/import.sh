terraform import hwcloud_floating_ip.example 0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071
