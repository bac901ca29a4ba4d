terraform import hwcloud_vpc_peering.example 9e4a1c73-2d5f-4b86-a0c9-7f3e8d1b6a52
