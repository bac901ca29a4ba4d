terraform import hwcloud_volume_qos_association.example 2d3b5a70-9c1e-4f86-b5d4-7e8f9a0b1c2d/8a1f6c3e-2b4d-4e5f-9a7b-0c1d2e3f4a5b
