package contract

import (
	"slices"
	"testing"

	ims2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2/model"
)

// ubuntu is a public image of every sandbox.
const ubuntu = "5a0d80c0-1111-4111-8111-000000002204"

func TestIMS(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "ims", ims2.NewImsClient)

	found := *do(v, c.ListImages, `{"id":%q}`, ubuntu).Images
	want(v, "images of the id", len(found), 1)
	want(v, "name", found[0].Name, "Ubuntu 22.04 server 64bit")
	want(v, "type", found[0].Imagetype.Value()+" "+found[0].OsType.Value()+" "+found[0].Status.Value(), "gold Linux active")
	listed := walk(v, func(marker string) []model.ImageInfo {
		return *do(v, c.ListImages, `{"__imagetype":"gold","limit":3%s}`, from(marker)).Images
	}, 3, func(i model.ImageInfo) string { return i.Id })
	want(v, "public images", len(listed), 8)
	want(v, "ARM images", len(*do(v, c.ListImages, `{"architecture":"arm"}`).Images), 2)
	want(v, "images for a flavor", len(*do(v, c.ListImages, `{"flavor_id":"kc1.small.1"}`).Images), 2)
	want(v, "images of a platform", len(*do(v, c.ListImages, `{"__platform":"Ubuntu","sort_key":"name","sort_dir":"asc","visibility":"public"}`).Images), 3)
	refused(v, 400, "IMG.0027", c.ListImages, `{"marker":"none"}`)

	glance := walk(v, func(marker string) []model.GlanceShowImageListResponseBody {
		page := do(v, c.GlanceListImages, `{"limit":5%s}`, from(marker))
		want(v, "there is a next page", page.Next != nil, marker == "")
		return *page.Images
	}, 5, func(i model.GlanceShowImageListResponseBody) string { return i.Id })
	want(v, "the same images", slices.Equal(slices.Sorted(slices.Values(glance)), slices.Sorted(slices.Values(listed))), true)
	want(v, "name", *do(v, c.GlanceShowImage, `{"image_id":%q}`, ubuntu).Name, "Ubuntu 22.04 server 64bit")
	refused(v, 404, "IMG.0086", c.GlanceShowImage, `{"image_id":"none"}`)
	want(v, "tags", len(*do(v, c.ListImageTags, `{"image_id":%q}`, ubuntu).Tags), 0)
	refused(v, 400, "Common.0011", c.ShowJob, `{"job_id":"none"}`)

	made := func(job *string) string {
		v.Helper()
		done := do(v, c.ShowJob, `{"job_id":%q}`, *job)
		want(v, "job", done.Status.Value(), "SUCCESS")
		return *done.Entities.ImageId
	}
	const file = `"name":%q,"image_url":"images:ubuntu.qcow2","min_disk":40`
	id := made(do(v, c.CreateImage, `{"body":{`+file+`,"description":"d","max_ram":4096,"image_tags":[{"key":"env","value":"prod"}]}}`, "mine").JobId)
	found = *do(v, c.ListImages, `{"__imagetype":"private"}`).Images
	want(v, "private image", found[0].Name+" "+*found[0].Description+" "+*found[0].DataOrigin+" "+found[0].Status.Value(), "mine d file,images:ubuntu.qcow2 active")
	made(do(v, c.CreateDataImage, `{"body":{`+file+`,"os_type":"Linux"}}`, "data").JobId)
	made(do(v, c.CreateWholeImage, `{"body":{"name":"whole","backup_id":"8a9d7b6c-0000-4000-8000-000000000001","whole_image_type":"CBR"}}`).JobId)
	made(do(v, c.CopyImageInRegion, `{"image_id":%q,"body":{"name":"copy"}}`, id).JobId)
	want(v, "used quota", do(v, c.ShowImageQuota, `{}`).Quotas.Resources[0].Used, 4)
	refused(v, 400, "IMG.0003", c.CreateImage, `{"body":{`+file+`}}`, " mine")
	refused(v, 400, "IMG.0005", c.CreateImage, `{"body":{"name":"a","instance_id":"none"}}`)

	want(v, "new name", *do(v, c.UpdateImage, `{"image_id":%q,"body":[{"op":"replace","path":"/name","value":"ours"}]}`, id).Name, "ours")
	refused(v, 400, "IMG.0035", c.UpdateImage, `{"image_id":%q,"body":[{"op":"replace","path":"/os_shutdown_timeout","value":"60"}]}`, id)
	do(v, c.BatchAddOrDeleteTags, `{"image_id":%q,"body":{"action":"create","tags":[{"key":"by","value":""}]}}`, id)
	want(v, "tags", len(*do(v, c.ListImageTags, `{"image_id":%q}`, id).Tags), 2)

	want(v, "share", *do(v, c.GlanceAddImageMember, `{"image_id":%q,"body":{"member":%q}}`, id, extra).Status, "pending")
	want(v, "members", len(*do(v, c.GlanceListImageMembers, `{"image_id":%q}`, id).Members), 1)
	want(v, "members", len(*do(v, c.ListImageMembers, `{"image_id":%q}`, id).Members), 1)
	want(v, "member", *do(v, c.ShowImageMember, `{"image_id":%q,"member_id":%q}`, id, extra).MemberId, extra)
	want(v, "member", *do(v, c.GlanceShowImageMember, `{"image_id":%q,"member_id":%q}`, id, extra).ImageId, id)
	refused(v, 403, "IMG.0044", c.GlanceUpdateImageMember, `{"image_id":%q,"member_id":%q,"body":{"status":"accepted"}}`, id, extra)
	do(v, c.GlanceDeleteImageMember, `{"image_id":%q,"member_id":%q}`, id, extra)
	refused(v, 403, "IMG.0044", c.GlanceDeleteImage, `{"image_id":%q}`, ubuntu)
	do(v, c.GlanceDeleteImage, `{"image_id":%q,"body":{"delete_backup":false}}`, id)
	refused(v, 404, "IMG.0086", c.GlanceShowImage, `{"image_id":%q}`, id)
	v.covers("ims")
}
