terraform import hwcloud_volume_type.example 2d3b5a70-9c1e-4f86-b5d4-7e8f9a0b1c2d
