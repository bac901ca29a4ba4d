terraform import hwcloud_scaling_notification.example 0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071/urn:smn:cn-north-4:0b4c1a527d9e4f638a1b2c3d4e5f6071:scaling
