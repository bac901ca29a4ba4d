package obs

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // the cloud's own sums of contents are MD5
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

func sumOf(text string) string {
	sum := md5.Sum([]byte(text)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// calls notes what an uploader asks for, and answers it; one of them may fail.
type calls struct {
	made  []string
	fails string
}

func (c *calls) do(_ context.Context, op object.Op, values object.Values) (any, error) {
	text := op.Method
	for _, name := range []string{"upload", "part", "bytes", "parts"} {
		if value, ok := values[name]; ok {
			if raw, isBytes := value.([]byte); isBytes {
				value = string(raw)
			}
			text += fmt.Sprintf(" %v", value)
		}
	}
	c.made = append(c.made, text)
	if c.fails != "" && strings.HasPrefix(text, c.fails) {
		return nil, errors.New("refused")
	}
	switch {
	case op.Method == "POST" && values["parts"] == nil:
		return map[string]any{"InitiateMultipartUploadResult": map[string]any{"UploadId": "u"}}, nil
	case values["part"] != nil:
		return map[string]any{"etag": fmt.Sprintf(`"e%v"`, values["part"])}, nil
	}
	return nil, nil
}

// What is large comes in parts, is given up when one fails, and is never another content than the planned one.
func TestUpload(t *testing.T) {
	t.Parallel()
	const parts = `POST, PUT u 1 0123, PUT u 2 4567, PUT u 3 89`
	const done = `, POST u [map[ETag:"e1" PartNumber:1] map[ETag:"e2" PartNumber:2] map[ETag:"e3" PartNumber:3]]`
	for name, test := range map[string]struct {
		content, planned string
		most             int64
		fails            string
		want, err        string
	}{
		"small":             {"0123", "0123", 4, "", "PUT 0123", ""},
		"nothing":           {"", "", 4, "", "PUT ", ""},
		"large":             {"0123456789", "0123456789", 9, "", parts + done, ""},
		"even":              {"01234567", "01234567", 7, "", `POST, PUT u 1 0123, PUT u 2 4567, POST u [map[ETag:"e1" PartNumber:1] map[ETag:"e2" PartNumber:2]]`, ""},
		"small and changed": {"0123", "other", 4, "", "", "changed since"},
		"large and changed": {"0123456789", "other", 9, "", parts + ", DELETE u", "changed since"},
		"a part fails":      {"0123456789", "0123456789", 9, "PUT u 2", "POST, PUT u 1 0123, PUT u 2 4567, DELETE u", "refused"},
		"the end fails":     {"0123456789", "0123456789", 9, "POST u", parts + done + ", DELETE u", "refused"},
		"the start fails":   {"0123456789", "0123456789", 9, "POST", "POST", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &calls{fails: test.fails}
			u := uploader{call: c.do, sum: sumOf(test.planned), most: test.most, part: 4}
			err := u.write(t.Context(), content{strings.NewReader(test.content), int64(len(test.content)), func() {}})
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Error(err)
			}
			if got := strings.Join(c.made, ", "); got != test.want {
				t.Errorf("calls %s instead of %s", got, test.want)
			}
		})
	}
}

// However large a file is, one part of it is in memory at a time; and there are no more parts than there may be.
func TestPartSize(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]int64{1: partSize, mostParts * partSize: partSize, mostParts*partSize + 1: partSize + 1, 1 << 40: (1<<40 + mostParts - 1) / mostParts} {
		if got := (uploader{part: partSize}).partSize(size); got != want {
			t.Errorf("%d bytes come in parts of %d instead of %d", size, got, want)
		}
	}
	reads := &counted{Reader: bytes.NewReader(make([]byte, 5*partSize))}
	c := &calls{}
	u := uploader{most: 0, part: partSize, call: func(ctx context.Context, op object.Op, values object.Values) (any, error) {
		if n, ok := values["part"].(int); ok && reads.n > n*partSize {
			t.Errorf("%d bytes were read before part %d was sent", reads.n, n)
		}
		delete(values, "bytes")
		return c.do(ctx, op, values)
	}}
	if err := u.write(t.Context(), content{reads, 5 * partSize, func() {}}); err != nil {
		t.Error(err)
	}
}

type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestContent(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(name, []byte("from a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, config := range map[string]object.Values{
		sumOf("a text"):      {"content": "a text"},
		sumOf("from a file"): {"source": name},
	} {
		if got, err := checksum(config); err != nil || got != want {
			t.Errorf("%v: %v, %v", config, got, err)
		}
	}
	for want, source := range map[string]string{"no such file": name + "x", "is no file": filepath.Dir(name)} {
		if _, err := checksum(object.Values{"source": source}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", source, err)
		}
	}
	if got, err := checksum(object.Values{}); got != nil || err != nil {
		t.Errorf("nothing has the sum %v, %v", got, err)
	}
}

// The sum is known by the ETag: as long as that stays, and where it is a sum itself.
func TestRecognize(t *testing.T) {
	t.Parallel()
	old, other := sumOf("old"), sumOf("other")
	for name, test := range map[string]struct {
		etag, encryption    string
		checksum, priorETag string
		want                string
	}{
		"just written":            {old, "", old, "", old},
		"as it was":               {old, "", old, old, old},
		"changed":                 {other, "", old, old, other},
		"encrypted, as it was":    {other, "kms", old, other, old},
		"encrypted, changed":      {other, "kms", old, "e", ""},
		"in parts, as it was":     {other + "-2", "", old, other + "-2", old},
		"changed to one in parts": {other + "-2", "", old, old, ""},
		"imported":                {old, "AES256", "", "", old},
		"imported, encrypted":     {old, "kms", "", "", ""},
	} {
		var prior recognized
		if prior.ETag = test.priorETag; test.checksum != "" {
			prior.Checksum = &test.checksum
		}
		now, err := recognize(answered{`"` + test.etag + `"`, test.encryption}, prior)
		got := ""
		if now.Checksum != nil {
			got = *now.Checksum
		}
		if err != nil || got != test.want || now.ETag != test.etag {
			t.Errorf("%s: %q, %q, %v", name, got, now.ETag, err)
		}
	}
}
