package evs_test

import (
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

func TestRollback(t *testing.T) {
	t.Parallel()
	volume, snapshot := "", ""
	status := func(c *acctest.Cloud) any { return c.Objects("volume")[volume]["status"] }
	acctest.Action{
		Type: "hwcloud_volume_rollback",
		Before: func(c *acctest.Cloud) map[string]any {
			c.Ask(cloud.EVS, "POST", "/v2/{project_id}/cloudvolumes", map[string]any{"volume": map[string]any{
				"availability_zone": "cn-north-4a", "volume_type": "SSD", "size": 10, "name": "orders",
			}})
			volume = c.ID("volume", "orders")
			c.Ask(cloud.EVS, "POST", "/v2/{project_id}/cloudsnapshots", map[string]any{"snapshot": map[string]any{"volume_id": volume, "name": "before"}})
			snapshot = c.ID("snapshot", "before")
			c.Patch("snapshot", snapshot, map[string]any{"status": "available"})
			return map[string]any{"snapshot_id": snapshot, "volume_id": volume}
		},
		Fails: []acctest.Fault{
			{Path: "/rollback", Action: map[string]any{"status": 400, "body": map[string]any{"error_code": "EVS.2043", "error_msg": "no"}}},
			{Path: "/rollback", Action: map[string]any{"status": 403, "body": map[string]any{}}},
		},
		Done: func(c *acctest.Cloud, _ map[string]any) {
			calls := c.Calls("/rollback$")
			if len(calls) != 3 || calls[2].Body != `{"rollback":{"volume_id":"`+volume+`"}}` {
				t.Errorf("called %v", calls)
			}
			if status(c) != "available" {
				t.Errorf("it was not waited for: %v", status(c))
			}
		},
		Refused: []acctest.RefusedAction{
			{At: "snapshot_id", Value: "before", Error: "UUID"},
			{At: "snapshot_id", Value: "", Error: "UUID"},
			{At: "volume_id", Value: "orders", Error: "UUID"},
			{At: "region", Value: "", Error: "at least 1"},
		},
	}.Test(t)
}
