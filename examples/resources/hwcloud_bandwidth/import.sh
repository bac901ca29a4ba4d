terraform import hwcloud_bandwidth.example 0d7a4c93-6b18-4f52-a3e7-9c5b2f81d604
