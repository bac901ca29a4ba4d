package ecs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/acctest"
)

// disks are volumes in the servers' zone.
const disks = `
resource "hwcloud_volume" "test" {
  count             = 3
  availability_zone = "cn-north-4a"
  volume_type       = "SAS"
  size              = 10 + count.index
  name              = "data-${count.index}"
}
`

var zoned = strings.Replace(servers, "flavor_id ", "availability_zone = \"cn-north-4a\"\n  flavor_id ", 1)

// attachment is the sandbox's record of an attachment, which its volume has; nil if there is none.
func attachment(c *acctest.Cloud, id string) (volume string, record map[string]any) {
	server, volume, _ := strings.Cut(id, "/")
	attachments, _ := c.Objects("volume")[volume]["attachments"].([]any)
	for _, one := range attachments {
		if record := one.(map[string]any); record["server_id"] == server {
			return volume, record
		}
	}
	return volume, nil
}

func TestVolumeAttachment(t *testing.T) {
	t.Parallel()
	const put = `^PUT /ecs/v1/\S+/cloudservers/\S+/block_device/\S+ `
	acctest.Whole{
		Type: "hwcloud_volume_attachment", Needs: zoned + disks,
		There: func(c *acctest.Cloud, id string) bool {
			_, record := attachment(c, id)
			return record != nil
		},
		Vanish: func(c *acctest.Cloud, id string) {
			volume, _ := attachment(c, id)
			c.Patch("volume", volume, map[string]any{"attachments": []any{}, "status": "available"})
		},
		Given: acctest.Attributes{
			"server_id":             `hwcloud_server.test[0].id`,
			"volume_id":             `hwcloud_volume.test[0].id`,
			"device":                `"/dev/vdc"`,
			"delete_on_termination": `true`,
		},
		Changes: []acctest.Change{
			{
				To:    acctest.Attributes{"delete_on_termination": `false`},
				Calls: []string{put + `{"block_device":{"delete_on_termination":false}}$`},
				Check: []string{"delete_on_termination=false"},
			},
			{
				To:    acctest.Attributes{"delete_on_termination": `true`},
				Calls: []string{put + `{"block_device":{"delete_on_termination":true}}$`},
			},
			{
				To: acctest.Attributes{"device": `"/dev/sdd"`, "delete_on_termination": ``}, Replaces: true,
				Calls: []string{`^DELETE /ecs/v1/\S+/detachvolume/\S+$`, `^POST /ecs/v1/\S+/attachvolume {"volumeAttachment":{"device":"/dev/sdd","volumeId":"\S+"}}$`},
				Check: []string{"device=/dev/sdd", "delete_on_termination=false"},
			},
			{To: acctest.Attributes{"volume_id": `hwcloud_volume.test[1].id`}, Replaces: true, Check: []string{"device=/dev/sdd"}},
			{To: acctest.Attributes{"server_id": `hwcloud_server.test[1].id`, "device": ``}, Replaces: true, Check: []string{"device=/dev/vdb"}},
		},
		Drift: []acctest.Drift{
			{Do: func(c *acctest.Cloud, id string) {
				volume, record := attachment(c, id)
				record["delete_on_termination"], record["device"] = false, "/dev/vdf"
				c.Patch("volume", volume, map[string]any{"attachments": []any{record}})
			}, Seen: "delete_on_termination"},
			{Seen: "device"},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"server_id": `"web-1"`}, At: "server_id", Error: "UUID"},
			{Set: acctest.Attributes{"server_id": ``}, At: "", Error: `"server_id" is required`},
			{Set: acctest.Attributes{"volume_id": `"data"`}, At: "volume_id", Error: "UUID"},
			{Set: acctest.Attributes{"volume_id": ``}, At: "", Error: `"volume_id" is required`},
			{Set: acctest.Attributes{"device": `"vdb"`}, At: "device", Error: "such as /dev/vdb"},
			{Set: acctest.Attributes{"device": `"/dev/xvdb"`}, At: "device", Error: "such as /dev/vdb"},
			{Set: acctest.Attributes{"device": `""`}, At: "device", Error: "such as /dev/vdb"},
			{Set: acctest.Attributes{"delete_on_termination": `"perhaps"`}, At: "delete_on_termination", Error: "bool is required"},
		},
	}.Test(t)
}

const attachments = `
resource "hwcloud_volume_attachment" "test" {
  count     = 3
  server_id = hwcloud_server.test[0].id
  volume_id = hwcloud_volume.test[count.index].id
}
`

// A server attaches one volume at a time: the others wait. A snapshot of an attached volume has to be forced.
func TestVolumeAttachmentsAtOnce(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	snapshot := attachments + `
resource "hwcloud_volume_snapshot" "test" {
  volume_id = hwcloud_volume_attachment.test[0].volume_id
  %s
}
`
	c.Run(
		resource.TestStep{
			Config: zoned + disks + attachments,
			Check: func(s *terraform.State) error {
				devices := map[string]bool{}
				for i := range 3 {
					devices[s.RootModule().Resources[fmt.Sprintf("hwcloud_volume_attachment.test.%d", i)].Primary.Attributes["device"]] = true
				}
				busy := 0
				for _, call := range c.Calls(`/attachvolume$`) {
					if call.Status == 409 {
						busy++
					}
				}
				if len(devices) != 3 || busy == 0 {
					return fmt.Errorf("devices %v; %d had to wait", devices, busy)
				}
				return nil
			},
		},
		resource.TestStep{Config: zoned + disks + attachments, ConfigPlanChecks: nothingToDo},
		resource.TestStep{Config: zoned + disks + fmt.Sprintf(snapshot, ""), ExpectError: regexp.MustCompile("status must be available")},
		resource.TestStep{Config: zoned + disks + fmt.Sprintf(snapshot, "force = true")},
	)
}

// A volume that is detached can be deleted at once, although EVS learns of it late.
func TestVolumeAttachmentLags(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{Config: zoned + disks + attachments},
		resource.TestStep{
			PreConfig: func() { c.Configure(map[string]any{"consistency_lag_ms": 1500}) },
			Config:    zoned,
		},
	)
}

// What is refused when it is attached leaves nothing behind in the state.
func TestVolumeAttachmentElsewhere(t *testing.T) {
	t.Parallel()
	c := acctest.Start(t)
	c.Run(
		resource.TestStep{
			Config:      strings.ReplaceAll(zoned, "cn-north-4a", "cn-north-4b") + disks + attachments,
			ExpectError: regexp.MustCompile(`(?s)Cannot create hwcloud_volume_attachment.*Ecs.0121`),
		},
		resource.TestStep{
			Config:        zoned + disks + strings.Replace(attachments, "count     = 3", "count     = 1", 1),
			ResourceName:  "hwcloud_volume_attachment.test[0]",
			ImportState:   true,
			ImportStateId: "nothing",
			ExpectError:   regexp.MustCompile(`is not of the form\s+server_id/volume_id`),
		},
	)
}

func TestFindVolumeAttachment(t *testing.T) {
	t.Parallel()
	const first = `hwcloud_volume_attachment.test[0]`
	acctest.Lookup{
		Type: "hwcloud_volume_attachment", Needs: zoned + disks + attachments,
		Found: []acctest.Found{
			{By: acctest.Attributes{"id": first + `.id`}, Check: []string{"delete_on_termination=false"}},
			{By: acctest.Attributes{"server_id": first + `.server_id`, "volume_id": first + `.volume_id`}, Check: []string{"delete_on_termination=false"}},
			{By: acctest.Attributes{"server_id": first + `.server_id`, "device": `"/dev/vda"`}, Check: []string{"delete_on_termination=true"}},
		},
		Refused: []acctest.Refusal{
			{Set: acctest.Attributes{"volume_id": first + `.volume_id`}, Error: "without an id, server_id is needed"},
			{Set: acctest.Attributes{"id": first + `.server_id`}, Error: "is not of the form server_id/volume_id"},
			{Set: acctest.Attributes{"server_id": first + `.server_id`, "device": `"/dev/vdz"`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"server_id": `hwcloud_server.test[1].id`, "volume_id": first + `.volume_id`}, Error: "Nothing .* fits"},
			{Set: acctest.Attributes{"server_id": first + `.server_id`}, Error: "Found 4 of hwcloud_volume_attachment"},
		},
	}.Test(t)
}

func TestFindVolumeAttachments(t *testing.T) {
	t.Parallel()
	acctest.Lookup{
		Type: "hwcloud_volume_attachments", Needs: zoned + disks + attachments,
		Found: []acctest.Found{
			{By: acctest.Attributes{"server_id": `hwcloud_volume_attachment.test[0].server_id`}, Check: []string{"volume_attachments.#=4"}},
			{By: acctest.Attributes{"server_id": `hwcloud_volume_attachment.test[0].server_id`, "device": `"/dev/vda"`}, Check: []string{"volume_attachments.#=1"}},
			{By: acctest.Attributes{"server_id": `hwcloud_server.test[1].id`}, Check: []string{"volume_attachments.#=1", "volume_attachments.0.device=/dev/vda"}},
		},
	}.Test(t)
}
