package openstack

// opinion reads an object with another client and compares it with Terraform's state: what differs, in words.
func (c *Cloud) opinion(kind string, attributes map[string]any) (problems []string) {
	return nil
}
