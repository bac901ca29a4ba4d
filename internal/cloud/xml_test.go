package cloud

import (
	"reflect"
	"strings"
	"testing"
)

func TestXML(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want map[string]any
	}{
		"text":     {"<StorageClass>WARM</StorageClass>", map[string]any{"StorageClass": "WARM"}},
		"nothing":  {"<BucketLoggingStatus></BucketLoggingStatus>", map[string]any{"BucketLoggingStatus": map[string]any{}}},
		"empty":    {"<A><B></B></A>", map[string]any{"A": map[string]any{"B": ""}}},
		"one":      {"<A><B>1</B></A>", map[string]any{"A": map[string]any{"B": "1"}}},
		"many":     {"<A><B>1</B><B>2</B><B>3</B></A>", map[string]any{"A": map[string]any{"B": []any{"1", "2", "3"}}}},
		"objects":  {"<A><B><C>1</C></B><B><C>2</C></B></A>", map[string]any{"A": map[string]any{"B": []any{map[string]any{"C": "1"}, map[string]any{"C": "2"}}}}},
		"escaped":  {"<A><B>a&lt;b&amp;&#34;c</B></A>", map[string]any{"A": map[string]any{"B": `a<b&"c`}}},
		"in order": {"<A><B>1</B><C>2</C></A>", map[string]any{"A": map[string]any{"C": "2", "B": "1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeXML([]byte(test.text))
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("read %v, %v", got, err)
			}
			text, err := encodeXML(test.want)
			if err != nil || string(text) != test.text {
				t.Errorf("wrote %s, %v", text, err)
			}
		})
	}
	const pretty = "<?xml version=\"1.0\"?>\n<!-- rules --><A xmlns=\"http://obs\">\n  <B x=\"1\"> b </B>\n</A>\n"
	if got, err := decodeXML([]byte(pretty)); err != nil || !reflect.DeepEqual(got, map[string]any{"A": map[string]any{"B": " b "}}) {
		t.Errorf("read %v, %v", got, err)
	}
	if text, err := encodeXML(map[string]any{"A": map[string]any{"B": nil, "C": 5, "D": true}}); err != nil || string(text) != "<A><C>5</C><D>true</D></A>" {
		t.Errorf("wrote %s, %v", text, err)
	}
	for _, bad := range []string{"", "text", "<A>", "<A></B>", "<A></A><B></B>"} {
		if got, err := decodeXML([]byte(bad)); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
	for _, bad := range []map[string]any{{}, {"A": 1, "B": 2}} {
		if got, err := encodeXML(bad); err == nil || !strings.Contains(err.Error(), "one root") {
			t.Errorf("%v is written as %s", bad, got)
		}
	}
}
