package openstack

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/openstack/opinion"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/provider"
)

// opinion reads an object with another client, as the user that it was made by, and compares it with Terraform's state: what
// differs, in words.
func (c *Cloud) opinion(o Object, attributes map[string]any) []string {
	read, ok := opinion.Readers()[o.Type]
	if !ok {
		return nil // a test of its own says so
	}
	who := c.member
	if o.Given["provider"] == "hwcloud.admin" {
		who = c.admin
	}
	there, err := read(context.WithoutCancel(c.t.Context()), who.client, who.endpoint, attributes)
	if err != nil {
		return []string{err.Error()}
	}
	return opinion.Differences(there, attributes)
}

// Every resource of OpenStack clouds is read by the other client, too.
func TestEveryTypeHasAnOpinion(t *testing.T) {
	known, readers := map[string]bool{}, opinion.Readers()
	for _, kind := range provider.Native() {
		known[kind.TypeName()] = true
		if _, ok := readers[kind.TypeName()]; !ok && !kind.NoResource {
			t.Errorf("%s has no reader in opinion", kind.TypeName())
		}
	}
	for name := range readers {
		if !known[name] {
			t.Errorf("%s is read, and is no resource", name)
		}
	}
}

// The other client tells what Terraform has wrong: a value, an attribute that it has not, an object that is not there.
func TestOpinions(t *testing.T) {
	c := start(t)
	client, err := openstack.NewImageV2(c.member.client, c.member.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	made, err := images.Create(t.Context(), client, images.CreateOpts{Name: "opinion", DiskFormat: "raw", ContainerFormat: "bare", Tags: []string{"b", "a"}}).Extract()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { images.Delete(context.WithoutCancel(t.Context()), client, made.ID) })
	right, err := opinion.Readers()["hwcloud_image"](t.Context(), c.admin.client, c.admin.endpoint, opinion.State{"id": made.ID})
	if err != nil {
		t.Fatal(err)
	}
	right["id"], right["tag_names"] = made.ID, []any{"a", "b"}
	if problems := c.opinion(Object{Type: "hwcloud_image"}, right); problems != nil {
		t.Errorf("of what is right it says %v", problems)
	}
	for name, test := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"a value":          {func(s map[string]any) { s["name"] = "other" }, `name as "opinion" and the state has "other"`},
		"a set":            {func(s map[string]any) { s["tag_names"] = []any{"a"} }, `tag_names as ["a","b"] and the state has ["a"]`},
		"a key":            {func(s map[string]any) { s["properties"] = map[string]any{"k": "v"} }, `properties as null and the state has {"k":"v"}`},
		"no attribute":     {func(s map[string]any) { delete(s, "owner") }, "owner, which is no attribute"},
		"an unknown image": {func(s map[string]any) { s["id"] = "none" }, "404"},
	} {
		wrong := maps.Clone(right)
		test.change(wrong)
		if said := strings.Join(c.opinion(Object{Type: "hwcloud_image"}, wrong), ", "); !strings.Contains(said, test.want) {
			t.Errorf("of %s that is wrong it says %q and not %q", name, said, test.want)
		}
	}
}
