terraform import hwcloud_scaling_instance_attachment.example 0b4c1a52-7d9e-4f63-8a1b-2c3d4e5f6071/1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b
