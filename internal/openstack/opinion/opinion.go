// Package opinion reads objects of OpenStack clouds by gophercloud, whose types and paths are others' work: the second opinion on
// what the provider has made. There is a file for each service.
package opinion

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gophercloud/gophercloud/v2"
)

// Fields are an object as the other client reads it, by Terraform's names.
type Fields = map[string]any

// State are the attributes of an object as Terraform has them.
type State map[string]any

func (s State) text(name string) string {
	text, _ := s[name].(string)
	return text
}

// Reader reads an object of which Terraform has the state.
type Reader func(ctx context.Context, client *gophercloud.ProviderClient, endpoint gophercloud.EndpointOpts, s State) (Fields, error)

// Readers are those of each type.
func Readers() map[string]Reader {
	all := map[string]Reader{}
	for _, service := range []map[string]Reader{blockStorage, computing, image, network} {
		maps.Copy(all, service)
	}
	return all
}

type service = func(*gophercloud.ProviderClient, gophercloud.EndpointOpts) (*gophercloud.ServiceClient, error)

// reader reads by a service's client, in the microversion in which the provider asks for the object.
func reader(service service, version string, read func(context.Context, *gophercloud.ServiceClient, State) (Fields, error)) Reader {
	return func(ctx context.Context, client *gophercloud.ProviderClient, endpoint gophercloud.EndpointOpts, s State) (Fields, error) {
		c, err := service(client, endpoint)
		if err != nil {
			return nil, err
		}
		c.Microversion = version
		return read(ctx, c, s)
	}
}

// among are the keys of a map that Terraform's state has: services add others.
func (s State) among(name string, all map[string]string) map[string]string {
	own, _ := s[name].(map[string]any)
	kept := map[string]string{}
	for key, value := range all {
		if _, ok := own[key]; ok {
			kept[key] = value
		}
	}
	return kept
}

// spelled is a text as the state spells it, if that is one of several ways to say the same.
func (s State) spelled(name, text string, same ...string) string {
	if slices.Contains(same, text) && slices.Contains(same, s.text(name)) {
		return s.text(name)
	}
	return text
}

// orNone is a number of which the client does not tell whether it is 0 or none: then it is as in the state, if that is either.
func (s State) orNone(name string, n int) any {
	if n == 0 && (s[name] == nil || fmt.Sprint(s[name]) == "0") {
		return s[name]
	}
	return n
}

// Times as services write them, to the second or to the microsecond; none is null.
func second(t time.Time) any { return written(t, time.RFC3339) }
func micro(t time.Time) any  { return written(t, "2006-01-02T15:04:05.000000") }

func written(t time.Time, layout string) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(layout)
}

// zero is null for a number that the client reads as 0 when there is none.
func zero[N int | int64](n N) any {
	if n == 0 {
		return nil
	}
	return n
}

// Differences are what of an object the other client reads otherwise than Terraform has it, in words. Attributes that it does
// not read are not compared.
func Differences(there Fields, s State) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, ok := s[name]; !ok {
			all = append(all, name+", which is no attribute")
		} else if theirs, ours := plainly(there[name]), plainly(s[name]); theirs != ours {
			all = append(all, fmt.Sprintf("%s as %s and the state has %s", name, theirs, ours))
		}
	}
	return all
}

// plainly is a value as a text in which the order of lists does not count, and what is empty is null.
func plainly(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return err.Error()
	}
	text, _ = json.Marshal(ordered(plain)) // it was JSON
	return string(text)
}

func ordered(v any) any {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = ordered(v[i])
		}
		slices.SortFunc(v, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	case map[string]any:
		for name, member := range v {
			if v[name] = ordered(member); v[name] == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}
