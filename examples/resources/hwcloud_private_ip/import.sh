terraform import hwcloud_private_ip.example 3c8e1f52-6b7a-4d90-8c2e-9a1b0d4f5e67
