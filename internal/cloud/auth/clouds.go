package auth

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// Clouds says which cloud of the OpenStack client's files is meant.
type Clouds struct {
	Name   string // of the cloud
	File   string // clouds.yaml; "": the first that is found where the client looks
	Secure string // secure.yaml; "": the one beside the first, or that is found where the client looks
	Region string // one of those that the cloud is said to have; "": the first
}

// Cloud is a cloud of clouds.yaml: what stands in its auth section and beside that, by key ("auth_url", "region_name").
type Cloud struct {
	File   string
	Values map[string]string
}

// Find reads the cloud's entry, over that of its profile in clouds-public.yaml and below that in secure.yaml.
func (c Clouds) Find() (Cloud, error) {
	file, entries, err := read("clouds", c.File, "", "clouds")
	if err != nil {
		return Cloud{}, err
	}
	if file == "" {
		return Cloud{}, fmt.Errorf("there is no clouds.yaml in %s", strings.Join(searched(), ", "))
	}
	cloud, ok := entries[c.Name]
	if !ok {
		return Cloud{}, fmt.Errorf("%s has no cloud %q, but %s", file, c.Name, strings.Join(slices.Sorted(maps.Keys(entries)), ", "))
	}
	_, secret, err := read("secure", c.Secure, filepath.Dir(file), "clouds")
	if err != nil {
		return Cloud{}, err
	}
	cloud = cloud.below(secret[c.Name])

	if profile := cmp.Or(cloud.fields["profile"].text, cloud.fields["cloud"].text); profile != "" {
		public, profiles, err := read("clouds-public", "", filepath.Dir(file), "public-clouds")
		if err != nil {
			return Cloud{}, err
		}
		vendor, ok := profiles[profile]
		if !ok && cloud.fields["auth"].fields["auth_url"].text == "" {
			return Cloud{}, fmt.Errorf("the cloud %q of %s has the profile %q, which is not in %s: add it there, or give the cloud an auth_url",
				c.Name, file, profile, cmp.Or(public, "any clouds-public.yaml of "+strings.Join(searched(), ", ")))
		}
		cloud = vendor.below(cloud)
	}
	if cloud, err = cloud.in(c.Region); err != nil {
		return Cloud{}, fmt.Errorf("the cloud %q of %s: %w", c.Name, file, err)
	}

	return Cloud{file, cloud.values()}, nil
}

// olderKeys are what other keys have been called.
var olderKeys = map[string]string{
	"tenant_name": "project_name", "tenant_id": "project_id", "user_name": "username", "auth_token": "token",
	"auth_plugin": "auth_type", "endpoint_type": "interface",
}

// What the client takes for true and false.
var yes, no = []string{"true", "yes", "on", "1"}, []string{"false", "no", "off", "0"}

// values are all texts of a cloud by their keys.
func (n node) values() map[string]string {
	values := map[string]string{}
	for _, fields := range []map[string]node{n.fields, n.fields["auth"].fields} {
		for key, value := range fields {
			key = strings.ReplaceAll(key, "-", "_")
			if _, newer := fields[olderKeys[key]]; value.text != "" && !newer {
				values[cmp.Or(olderKeys[key], key)] = value.text
			}
		}
	}
	for _, of := range []string{"user_domain", "project_domain"} {
		if values[of+"_id"] == "" && values[of+"_name"] == "" && values["domain_id"] == "" && values["domain_name"] == "" {
			values[of+"_id"] = values["default_domain"]
		}
	}
	if slices.Contains(yes, strings.ToLower(values["insecure"])) {
		values["verify"] = "false"
	}
	if slices.Contains(no, strings.ToLower(values["verify"])) {
		values["verify"] = "false"
	}
	values["auth_url"] = strings.ReplaceAll(values["auth_url"], "{region_name}", values["region_name"])
	maps.DeleteFunc(values, func(_, text string) bool { return text == "" })
	return values
}

// node is a piece of YAML: a text, or fields, or items. Numbers and truth values are texts as they stand there, for passwords
// may look like them.
type node struct {
	text   string
	fields map[string]node
	items  []node
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (n *node) UnmarshalYAML(from *yaml.Node) error {
	switch from.Kind {
	case yaml.MappingNode:
		return from.Decode(&n.fields)
	case yaml.SequenceNode:
		return from.Decode(&n.items)
	}
	n.text = from.Value
	return nil
}

// below are the fields of both; those of the upper one count.
func (n node) below(upper node) node {
	fields := maps.Clone(n.fields)
	if fields == nil {
		fields = map[string]node{}
	}
	for key, value := range upper.fields {
		if value.fields != nil {
			value = fields[key].below(value)
		}
		fields[key] = value
	}
	return node{fields: fields}
}

// in is a cloud with what holds in a region alone.
func (n node) in(region string) (node, error) {
	regions := n.fields["regions"].items
	if len(regions) == 0 {
		return n, nil
	}
	var names []string
	for _, one := range regions {
		name := cmp.Or(one.fields["name"].text, one.text)
		if region == "" || name == region {
			return n.below(one.fields["values"]).below(node{fields: map[string]node{"region_name": {text: name}}}), nil
		}
		names = append(names, name)
	}
	return n, fmt.Errorf("it has no region %q, but %s", region, strings.Join(names, ", "))
}

// searched is where the OpenStack client looks for its files.
func searched() []string {
	places := []string{"."}
	add := func(place ...string) {
		if path := filepath.Join(place...); !slices.Contains(places, path) {
			places = append(places, path)
		}
	}
	if config, err := os.UserConfigDir(); err == nil {
		add(config, "openstack")
	}
	if home, err := os.UserHomeDir(); err == nil {
		add(home, ".config", "openstack")
	}
	add("/etc/openstack")
	return places
}

var inLine = pattern.New(` line \d+`)

// read returns the entries below a key of a file: the one that is given, which has to exist, or the first that is found beside
// another or where the client looks. No file has no entries.
func read(name, given, beside, key string) (file string, entries map[string]node, err error) {
	candidates := []string{atHome(given)}
	if given == "" {
		candidates = nil
		for _, place := range append([]string{beside}, searched()...) {
			if place == "" {
				continue
			}
			for _, suffix := range []string{".yaml", ".yml", ".json"} { // JSON is YAML
				candidates = append(candidates, filepath.Join(place, name+suffix))
			}
		}
	}
	for _, file := range candidates {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) && given == "" {
			continue
		}
		if err != nil {
			return file, nil, err
		}
		var all map[string]node
		if err := yaml.Unmarshal(data, &all); err != nil {
			var line string // all that is safe to say: the error itself may show a piece of a password
			if found := inLine.FindStringSubmatch(err.Error()); found != nil {
				line = " in" + found[0]
			}
			return file, nil, fmt.Errorf("%s is not YAML%s: a value that begins with *, &, !, %%, @ or a quote, or has a colon or # in it, needs quotes",
				file, line)
		}
		return file, all[key].fields, nil
	}
	return "", nil, nil
}
