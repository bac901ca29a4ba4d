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
	v.covers("ims")
}
