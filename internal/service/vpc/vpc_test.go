package vpc_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

func TestVPC(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t)
	cloud.Run(
		resource.TestStep{Config: `resource "hwcloud_vpc" "test" {
  name = "web"
  cidr = "10.1.0.0/16"
  tags = { a = "b" }
}
resource "hwcloud_subnet" "test" {
  name = "s"
  vpc_id = hwcloud_vpc.test.id
  cidr = "10.1.1.0/24"
  gateway_ip = "10.1.1.1"
  dns_servers = ["100.125.1.250"]
}
`},
	)
	for _, c := range cloud.Calls("") {
		t.Log(c)
	}
}
