terraform import hwcloud_topic.example urn:smn:cn-north-4:0b4c1a527d9e4f638a1b2c3d4e5f6071:alarms
