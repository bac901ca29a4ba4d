package object

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// parse reads JSON as the client does, with numbers as they stand there.
func parse(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func parseObject(t testing.TB, text string) map[string]any {
	t.Helper()
	object, ok := parse(t, text).(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", text)
	}
	return object
}

func show(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"a":                            {"a"},
		"a.b":                          {"a", "b"},
		"a.0.b":                        {"a", "0", "b"},
		"a[2]":                         {"a", "2"},
		"a[b=c].d[0]":                  {"a", "b=c", "d", "0"},
		"a[0][1]":                      {"a", "0", "1"},
		"[0].a":                        {"0", "a"},
		"metadata.hw:passthrough":      {"metadata", "hw:passthrough"},
		"OS-EXT-AZ:availability_zone":  {"OS-EXT-AZ:availability_zone"},
		"cidrs[ip_version=4].gateway":  {"cidrs", "ip_version=4", "gateway"},
		"os:scheduler_hints.group":     {"os:scheduler_hints", "group"},
		"extra_specs.RESKEY:some-keys": {"extra_specs", "RESKEY:some-keys"},
	} {
		if got := steps(path); !slices.Equal(got, want) {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	v := parse(t, `{
		"id": "x", "null": null,
		"cidrs": [{"ip_version":6,"cidr":"fd00::/64"},{"ip_version":4,"cidr":"10.0.0.0/8"},{"ip_version":4,"cidr":"second"}],
		"deep": [["a","b"],[{"c":"d"}]]
	}`)
	for path, want := range map[string]string{
		"id":                       `"x"`,
		"cidrs.1.cidr":             `"10.0.0.0/8"`,
		"cidrs[1].cidr":            `"10.0.0.0/8"`,
		"cidrs[ip_version=4].cidr": `"10.0.0.0/8"`,
		"deep[0][1]":               `"b"`,
		"deep.1.0.c":               `"d"`,
		"null":                     `null`,
	} {
		if got, ok := at(v, path); !ok || show(t, got) != want {
			t.Errorf("%s: %v, %v", path, got, ok)
		}
	}
	for _, path := range []string{"none", "id.more", "cidrs.3", "cidrs.-1", "cidrs.x", "cidrs[ip_version=5].cidr", "null.more", "deep[0][2]"} {
		if got, ok := at(v, path); ok || got != nil {
			t.Errorf("%s: %v, %v", path, got, ok)
		}
	}
	if got, ok := at(v, ""); !ok || !reflect.DeepEqual(got, v) {
		t.Errorf("the empty path: %v, %v", got, ok)
	}
	if _, ok := at(nil, ""); ok {
		t.Error("nothing was found in nothing")
	}
}

func TestEvery(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"server_id":"s0","attachments":[{"server_id":"s1"},{"server_id":"s2"},{"server_id":null},{}],"ids":["a","b"]}`)
	for path, want := range map[string]string{
		"server_id":             `["s0"]`,
		"attachments.server_id": `["s1","s2"]`,
		"ids":                   `["a","b"]`,
		"none":                  `null`,
		"attachments":           `null`,
	} {
		if got := show(t, every(v, steps(path))); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestPutAndMerge(t *testing.T) {
	t.Parallel()
	object := parseObject(t, `{"a":1,"b":{"c":2}}`)
	put(object, "b.d", "3")
	put(object, "e.f.g", "4")
	put(object, "a", "5")
	put(object, "a.h", "6")
	if got, want := show(t, object), `{"a":{"h":"6"},"b":{"c":2,"d":"3"},"e":{"f":{"g":"4"}}}`; got != want {
		t.Errorf("got %s", got)
	}
	merge(object, parseObject(t, `{"b":{"c":{"x":1},"y":2},"a":null,"l":[1]}`))
	if got, want := show(t, object), `{"a":null,"b":{"c":{"x":1},"d":"3","y":2},"e":{"f":{"g":"4"}},"l":[1]}`; got != want {
		t.Errorf("got %s", got)
	}
	if got := show(t, nest("a.b", map[string]any{"c": 1})); got != `{"a":{"b":{"c":1}}}` {
		t.Errorf("got %s", got)
	}
}

func TestDotted(t *testing.T) {
	t.Parallel()
	for want, parts := range map[string][2]string{"a.b": {"a", "b"}, "b": {"", "b"}, "a": {"a", ""}, "": {"", ""}} {
		if got := dotted(parts[0], parts[1]); got != want {
			t.Errorf("%v: %q", parts, got)
		}
	}
}

// The getters answer only what is known, not null, and of their type.
func TestGetters(t *testing.T) {
	t.Parallel()
	v := Values(parseObject(t, `{"s":"x","n":8,"half":0.5,"b":true,"l":["a"],"m":{"k":"v"},"null":null,"nets":[{"id":"n0"}]}`))
	v["open"] = convert.Unknown
	if v.String("s") != "x" || v.String("n") != "" || v.String("nets.0.id") != "n0" || v.String("none") != "" || v.String("open") != "" {
		t.Error("String")
	}
	if n, ok := v.Int("n"); n != 8 || !ok {
		t.Error("Int")
	}
	for _, path := range []string{"half", "s", "null", "open", "none"} {
		if n, ok := v.Int(path); n != 0 || ok {
			t.Errorf("Int(%s)", path)
		}
	}
	if !v.Bool("b") || v.Bool("s") || v.Bool("open") {
		t.Error("Bool")
	}
	if len(v.List("l")) != 1 || v.List("m") != nil || v.List("open") != nil {
		t.Error("List")
	}
	if v.Map("m")["k"] != "v" || v.Map("l") != nil {
		t.Error("Map")
	}
	for path, null := range map[string]bool{"s": false, "null": true, "none": true, "open": false, "m.none": true} {
		if v.Null(path) != null || v.Has(path) == null {
			t.Errorf("Null(%s)", path)
		}
	}
	if _, ok := v.Get("open"); ok {
		t.Error("Get answers what is not known")
	}
	var none Values
	if none.Has("s") || none.String("s") != "" || show(t, none.with(map[string]any{"a": "b"})) != `{"a":"b"}` {
		t.Error("nil Values")
	}
}

func TestWithIsACopy(t *testing.T) {
	t.Parallel()
	v := Values{"a": "1", "b": "2"}
	both := v.with(map[string]any{"b": "3", "c": nil})
	if show(t, both) != `{"a":"1","b":"3","c":null}` || show(t, v) != `{"a":"1","b":"2"}` {
		t.Errorf("got %v and %v", both, v)
	}
}

// What the plan leaves open is as it was, at every depth; what it says to be nothing is nothing.
func TestUpon(t *testing.T) {
	t.Parallel()
	prior := Values(parseObject(t, `{"id":"x","size":10,"tags":{"a":"b"},"nets":[{"subnet":"s0","port":"p0"}],"only":"prior","gone":"g"}`))
	plan := Values{
		"id": convert.Unknown, "size": json.Number("20"), "tags": map[string]any{"c": "d", "a": convert.Unknown}, "gone": nil,
		"nets": []any{map[string]any{"subnet": "s1", "port": convert.Unknown}, map[string]any{"subnet": "s2", "port": convert.Unknown}},
	}
	want := `{"gone":null,"id":"x","nets":[{"port":"p0","subnet":"s1"},{"port":null,"subnet":"s2"}],"only":"prior","size":20,"tags":{"a":"b","c":"d"}}`
	if got := show(t, plan.upon(prior)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if plan["id"] != convert.Unknown || prior["size"] != json.Number("10") {
		t.Error("an argument was changed")
	}
}

func TestInto(t *testing.T) {
	t.Parallel()
	type nic struct {
		Subnet string  `json:"subnet"`
		IP     *string `json:"ip"`
	}
	type shape struct {
		Size *int64         `json:"size"`
		Nets []nic          `json:"nets"`
		Free map[string]any `json:"free"`
		Boot Loose          `json:"boot"`
	}
	v := Values(parseObject(t, `{"size":8,"nets":[{"subnet":"s"}],"free":{"n":12345678901234567890},"boot":0,"more":1}`))
	v["nets"].([]any)[0].(map[string]any)["ip"] = convert.Unknown
	got, err := Into[shape](v)
	if err != nil {
		t.Fatal(err)
	}
	if *got.Size != 8 || got.Nets[0].Subnet != "s" || got.Nets[0].IP != nil || got.Free["n"] != json.Number("12345678901234567890") || got.Boot != "0" {
		t.Errorf("got %+v", got)
	}
	if _, err := Into[shape](map[string]any{"size": "large"}); err == nil {
		t.Error("a text became a number")
	}
	v["size"] = convert.Unknown
	if got, err := Into[shape](v); err != nil || got.Size != nil {
		t.Errorf("got %v, %v", got.Size, err)
	}
}

func TestLoose(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Loose{`"a\"b"`: `a"b`, `8`: "8", `true`: "true", `""`: "", `0.5`: "0.5"} {
		var got Loose
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}
