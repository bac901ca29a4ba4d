package provider

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// cloudFile is what the OpenStack client's files say of one cloud.
type cloudFile struct {
	place    string // "the cloud \"devstack\" of clouds.yaml"
	level    int    // where the cloud is named
	said     map[string][]said
	authType string // how to sign in; "": as one can with what is said
}

// find reads the entry of the cloud that os_cloud names.
func (r *reader) find(name said) bool {
	found, err := auth.Clouds{
		Name: name.text, File: r.text("clouds_file"), Secure: r.getenv("OS_CLIENT_SECURE_FILE"), Region: r.regionAt(name.level),
	}.Find()
	if err != nil {
		r.diags.AddAttributeError(path.Root("os_cloud"), "The cloud cannot be used", fmt.Sprintf("In %s: %v.", name.place, err))
		return false
	}
	place := fmt.Sprintf("the cloud %q of %s", name.text, found.File)
	r.cloud = &cloudFile{place: place, level: name.level, said: map[string][]said{}, authType: found.Values["auth_type"]}
	for _, s := range settings {
		key := strings.TrimPrefix(s.clouds, "auth.")
		if text := found.Values[key]; text != "" {
			r.cloud.add(r, s, said{text: text, path: path.Root("os_cloud"), place: place + " (" + key + ")"})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found.Values)) {
		of, isAddress := strings.CutSuffix(key, "_endpoint_override")
		for _, service := range cloud.Services() {
			if isAddress && slices.ContainsFunc(service.Types, func(t string) bool { return strings.ReplaceAll(t, "-", "_") == of }) {
				r.cloud.add(r, named("endpoints"), said{text: found.Values[key], key: service.Name, path: path.Root("os_cloud"), place: place + " (" + key + ")"})
			}
		}
	}
	if version := found.Values["identity_api_version"]; strings.HasPrefix(version, "2") {
		r.refuseVersion(place)
	}
	return true
}

// regionAt is the region that is said no further away than the cloud is named: it chooses among the regions of the cloud.
func (r *reader) regionAt(level int) string {
	if s, ok := r.one("region"); ok && s.level <= level {
		return s.text
	}
	return ""
}

// add takes over what the file says, after the same checks as anything else.
func (c *cloudFile) add(r *reader, s setting, one said) {
	one.level = c.level
	switch s.name {
	case "insecure": // the other way round: verify
		one.text = strconv.FormatBool(one.text == "false")
	case "endpoints":
		one.text = cloud.Unversioned(one.text) // what follows may not be an address: %(project_id)s
	}
	if err := s.wrong(one); err != nil {
		r.wrong(one, err)
	}
	c.said[s.name] = append(c.said[s.name], one)
}

func (r *reader) refuseVersion(place string) {
	r.diags.AddError("A version of the identity API that no longer exists", fmt.Sprintf(
		"%s asks for version 2 of the identity API. The provider speaks version 3: say 3 or nothing, and give the domain of the user.", capital(place)))
}
