package object

import (
	"errors"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

const diskAnswer = `{"id":"d1","name":"d","description":"","size":10,"flavor":{"id":"f"},"meta":{"mode":"1","own":"v","__sys":"x","other":"o"},
	"labels":[],"script":"IyE=","status":"ready","created_at":"2024-01-02T03:04:05",
	"partitions":[{"size_gb":"5","info":{"name":"root"},"uuid":"u1"}],"more":{"not":"asked"}}`

func TestDecode(t *testing.T) {
	t.Parallel()
	known := Values{
		"id": "d1", "name": "before", "meta": map[string]any{"own": "old", "mine": "m"}, "password": "p", "source": "s", "force": false, "never": "n",
		"labels": nil, "parts": []any{map[string]any{"kept": "k"}},
	}
	for name, test := range map[string]struct {
		prior Values
		want  map[string]string
	}{
		"known before": {known, map[string]string{
			"name": `"d"`, "size": `10`, "flavor": `"f"`, "mode": `"fast"`, "script": `"#!"`, "status": `"ready"`, "boots": `false`,
			"password": `"p"`, "source": `"s"`, "never": `"n"`, "force": `false`, "late": `null`, "description": `null`, "labels": `null`,
			"meta":  `{"own":"v"}`, // mine is gone, other and __sys were never the user's
			"parts": `[{"info":{"name":"root"},"kept":"k","label":"root","size":"5","size_gb":"5","uuid":"u1"}]`,
		}},
		"imported": {Values{"id": "d1", "region": "r"}, map[string]string{
			"meta": `{"other":"o","own":"v"}`, "password": `null`, "source": `null`, "force": `true`, "never": `null`, "description": `null`,
		}},
		"empty by configuration": {Values{"name": "d", "description": "", "labels": []any{}, "meta": map[string]any{}}, map[string]string{
			"description": `""`, "labels": `[]`, "meta": `{}`,
		}},
		"left open": {Values{"name": "d", "description": convert.Unknown, "force": convert.Unknown, "source": convert.Unknown}, map[string]string{
			"description": `null`, "force": `true`, "source": `null`,
		}},
		"removed in the console": {Values{"name": "d", "description": "was", "labels": []any{"x"}}, map[string]string{
			"description": `""`, "labels": `[]`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := disk().decode(parseObject(t, diskAnswer), test.prior)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				if show(t, got[name]) != want {
					t.Errorf("%s: %s, not %s", name, show(t, got[name]), want)
				}
			}
		})
	}
}

// What an answer leaves out is what Absent says, and else nothing: never what the state happened to hold.
func TestDecodeAbsent(t *testing.T) {
	t.Parallel()
	prior := Values{"name": "d", "size": parse(t, "10"), "flavor": "f", "mode": "fast", "boots": true, "script": "x", "meta": map[string]any{"own": "v"}}
	got, err := disk().decode(parseObject(t, `{"id":"d1","name":"d","flavor":null,"script":null}`), prior)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"size": `null`, "flavor": `null`, "mode": `"slow"`, "boots": `false`, "script": `null`, "meta": `null`} {
		if show(t, got[name]) != want {
			t.Errorf("%s: %s, not %s", name, show(t, got[name]), want)
		}
	}
}

// An object without members is none, and one with some has them all.
func TestDecodeEmptyObject(t *testing.T) {
	t.Parallel()
	field := Field{Of: Fields{"size": {API: "size_gb"}}}
	for answer, want := range map[string]string{`{"x":{}}`: `null`, `{"x":null}`: `null`, `{"x":{"size_gb":7}}`: `{"size":7,"size_gb":7}`} {
		if got, err := field.decode(parseObject(t, answer), "x", nil); err != nil || show(t, got) != want {
			t.Errorf("%s is %s, %v", answer, show(t, got), err)
		}
	}
}

func TestDecodeWith(t *testing.T) {
	t.Parallel()
	type answer struct {
		Status Loose `json:"status"`
	}
	type state struct {
		Description *string `json:"description"`
		Size        int64   `json:"size"`
	}
	kind := disk()
	kind.Decode = DecodeWith(func(a answer, prior state) (state, error) {
		if a.Status == "7" {
			return state{}, errors.New("told to fail")
		}
		return state{Description: prior.Description, Size: prior.Size * 2}, nil
	})
	got, err := kind.decode(parseObject(t, diskAnswer), Values{"description": "kept", "size": parse(t, "21")})
	if err != nil || show(t, got["size"]) != "42" || got["description"] != "kept" || got["name"] != "d" {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := kind.decode(parseObject(t, `{"status":7}`), Values{}); err == nil {
		t.Error("its error was lost")
	}
	if _, err := kind.decode(parseObject(t, `{"status":"ok"}`), Values{"size": "large"}); err == nil {
		t.Error("a text became a number")
	}
}

// An answer of another shape is an error that names the attribute.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	if _, err := disk().decode(parseObject(t, `{"script":7}`), Values{}); err == nil || !strings.Contains(err.Error(), "script: the cloud answered") {
		t.Errorf("got %v", err)
	}
}

func TestBlank(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prior Values
		want  bool
	}{
		"nothing":          {nil, true},
		"where it is":      {Values{"id": "d", "region": "r", "tags": map[string]any{}}, true},
		"computed only":    {Values{"status": "x"}, true},
		"an argument":      {Values{"name": "d"}, false},
		"not known yet":    {Values{"size": convert.Unknown}, false},
		"null is no value": {Values{"name": nil}, true},
	} {
		if got := disk().blank(test.prior); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestIsEmpty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{`null`: true, `""`: true, `[]`: true, `{}`: true, `0`: false, `false`: false, `"a"`: false, `[null]`: false} {
		if got := isEmpty(parse(t, text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
