package contract

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-obs/obs"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// The object storage has an SDK of its own, without a table of operations. What it knows is what it does: each of its
// methods is called with an input in which everything is filled in, and what it sends is noted; and what it reads of an
// answer is found out by answering one field alone.

// obsOperation is a method of the SDK.
type obsOperation struct {
	Name, Method string
	Level        int              // 0 the service, 1 a bucket, 2 an object
	Query        map[string]bool  // by parameter, whether it must be given
	Headers      map[string]bool  // in lower case; those that users make up as "x-obs-meta-"
	Sends        map[string]bool  // dotted paths, the root first
	call         func(answer) any // what the method makes of an answer; nil when it is an error
	sent         *http.Request    // one of its requests
}

// answer is what the SDK is told.
type answer struct {
	header http.Header
	body   string
}

// sdkWire notes what the SDK sends, and answers what it is told to.
type sdkWire struct {
	mu      sync.Mutex // held by whoever calls a method
	sent    *http.Request
	body    string
	answers answer
}

func (w *sdkWire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.sent = r
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.body = string(text)
	}
	header := w.answers.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: 200, Status: "200 OK", Header: header, Body: io.NopCloser(strings.NewReader(w.answers.body)), Request: r}, nil
}

// notCalled are methods that work on files, or sign without sending.
var notCalled = []string{"UploadFile", "DownloadFile", "PutFile", "CreateSignedUrl", "CreateBrowserBasedSignature"}

// variants are fields that are left empty, for others are sent only without them.
var variants = [][]string{
	nil,
	{"ACL", "URI", "RedirectAllRequestsTo"},
	{"ACL", "ID"},
	{"Days"},
	{"Days", "Date"},
}

// obsOperations are all operations of the SDK for the object storage.
var obsOperations = sync.OnceValue(func() (all []*obsOperation) {
	wire := &sdkWire{}
	client, err := obs.New("AK", "SK", "http://obs.example.com", obs.WithSignature(obs.SignatureObs),
		obs.WithMaxRetryCount(0), obs.WithHttpClient(&http.Client{Transport: wire}))
	if err != nil {
		panic(err)
	}
	methods := reflect.ValueOf(client)
	for i := range methods.NumMethod() {
		name, method := methods.Type().Method(i).Name, methods.Method(i)
		t := method.Type()
		fails := t.NumOut() == 2 && t.Out(1) == reflect.TypeFor[error]()
		if !fails || t.NumIn() != 2 || !t.IsVariadic() || slices.Contains(notCalled, name) {
			continue
		}
		op := &obsOperation{Name: name, Query: map[string]bool{}, Headers: map[string]bool{}, Sends: map[string]bool{}}
		invoke := func(without []string, a answer) any {
			wire.mu.Lock()
			defer wire.mu.Unlock()
			wire.sent, wire.body, wire.answers = nil, "", a
			out := method.Call([]reflect.Value{filled(t.In(0), without)})
			if !out[1].IsNil() || out[0].IsNil() {
				return nil
			}
			return out[0].Interface()
		}
		for _, without := range variants {
			invoke(without, answer{})
			if wire.sent == nil {
				continue // the SDK refuses it itself
			}
			op.note(wire)
		}
		if op.Method == "" {
			continue
		}
		op.call = func(a answer) any { return invoke(nil, a) }
		all = append(all, op)
	}
	return all
})

// note keeps what was sent.
func (op *obsOperation) note(wire *sdkWire) {
	op.sent = wire.sent
	op.Method = wire.sent.Method
	op.Level = level(wire.sent.URL.Path)
	if wire.sent.URL.Hostname() != "obs.example.com" { // the bucket is in front of it
		op.Level = level("/bucket" + wire.sent.URL.Path)
	}
	for name := range wire.sent.URL.Query() {
		word := wire.sent.URL.Query().Get(name) == ""
		op.Query[name] = word || name == "uploadId" || name == "partNumber"
	}
	for name := range wire.sent.Header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-obs-meta-") {
			name = "x-obs-meta-"
		}
		op.Headers[name] = true
	}
	if strings.HasPrefix(wire.body, "<") {
		for _, path := range leaves(mustXML(wire.body), "") {
			op.Sends[path] = true
		}
	}
}

// level is how much of a path is given: nothing, a bucket, or an object in it.
func level(path string) int {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case key != "":
		return 2
	case bucket != "":
		return 1
	}
	return 0
}

// filled is a value in which everything is filled in but the named fields.
func filled(t reflect.Type, without []string) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)))
	case t == reflect.TypeFor[io.Reader]():
		v.Set(reflect.ValueOf(strings.NewReader("x")))
	case t == reflect.TypeFor[obs.ISseHeader]():
		v.Set(reflect.ValueOf(obs.SseKmsHeader{Encryption: "kms", Key: "x"}))
	case t == reflect.TypeFor[obs.GroupUriType]():
		v.SetString(string(obs.GroupAllUsers))
	case t == reflect.TypeFor[obs.GranteeType]():
	case t.Kind() == reflect.Pointer:
		v.Set(filled(t.Elem(), without).Addr())
	case t.Kind() == reflect.String:
		v.SetString("x")
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		v.SetInt(1)
	case t.Kind() == reflect.Bool:
		v.SetBool(true)
	case t.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, filled(t.Elem(), without)))
	case t.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(filled(t.Key(), without), filled(t.Elem(), without))
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			if field := t.Field(i); field.IsExported() && field.Name != "XMLName" && field.Name != "SourceFile" && !slices.Contains(without, field.Name) {
				v.Field(i).Set(filled(field.Type, without))
			}
		}
	}
	return v
}

// candidates are values of which one fits any field.
var candidates = []string{"x", "KEY", "1", "true", "WARM", "Enabled", "3az", "Everyone", "2030-01-02T00:00:00Z", "Wed, 02 Jan 2030 00:00:00 GMT"}

// reads tells that the SDK makes something of a field of an answer: a header of HEAD, an element of XML, or the whole text.
func (op *obsOperation) reads(field string) bool {
	of := func(value string) any {
		switch {
		case op.Method == http.MethodHead && field == "x-obs-meta-":
			return op.told(answer{header: http.Header{"X-Obs-Meta-A": {value}}})
		case op.Method == http.MethodHead: // the id of a key is read only of what is encrypted with one
			return op.told(answer{header: http.Header{"X-Obs-Server-Side-Encryption": {"kms"}, http.CanonicalHeaderKey(field): {value}}})
		case strings.Contains(field, "."):
			value = strings.ReplaceAll(value, "KEY", "<Key>x</Key><Name>x</Name>") // of what has members
			keys, text := strings.Split(field, "."), value
			for _, key := range slices.Backward(keys) {
				text = "<" + key + ">" + text + "</" + key + ">"
			}
			return op.told(answer{body: text})
		}
		return op.told(answer{body: value})
	}
	nothing := of("")
	return slices.ContainsFunc(candidates, func(value string) bool {
		something := of(value)
		return something != nil && !reflect.DeepEqual(something, nothing)
	})
}

// told is the output for an answer without what every output has: the headers and the status.
func (op *obsOperation) told(a answer) any {
	out := op.call(a)
	if out == nil {
		return nil
	}
	v := reflect.ValueOf(out).Elem()
	if v.Type() == reflect.TypeFor[obs.BaseModel]() {
		return nil
	}
	clearBase(v)
	return v.Interface()
}

func clearBase(v reflect.Value) {
	for i := range v.NumField() {
		switch field := v.Type().Field(i); {
		case field.Type == reflect.TypeFor[obs.BaseModel]():
			v.Field(i).SetZero()
		case field.Anonymous && field.Type.Kind() == reflect.Struct:
			clearBase(v.Field(i))
		}
	}
}

// checkOBS is check for the object storage.
func (c *contract) checkOBS(op object.Operation) (wrong []string) {
	found := false
	for _, sdk := range obsOperations() {
		if sdk.Method != op.Method || sdk.Level != level(op.Path) {
			continue
		}
		if w := sdk.differences(op); !found || len(w) < len(wrong) {
			wrong, found = w, true
		}
	}
	switch {
	case found && op.Source != "" && len(wrong) == 0:
		wrong = append(wrong, "needs a source besides the SDK")
	case op.Source != "":
		c.lacking++
		return nil
	case !found:
		wrong = append(wrong, "exists")
	}
	return wrong
}

func (op *obsOperation) differences(declared object.Operation) (out []string) {
	for _, name := range declared.Query {
		if _, ok := op.Query[name]; !ok {
			out = append(out, "takes "+name)
		}
	}
	for name, required := range op.Query {
		if required && !slices.Contains(declared.Query, name) {
			out = append(out, "can do without "+name)
		}
	}
	for _, name := range declared.Headers {
		if !op.Headers[strings.ToLower(name)] {
			out = append(out, "takes the header "+name)
		}
	}
	for _, path := range declared.Sends {
		under := func(sent string) bool { return sent == path || strings.HasPrefix(sent, path+".") }
		if !slices.ContainsFunc(slices.Collect(maps.Keys(op.Sends)), under) {
			out = append(out, "sends "+path)
		}
	}
	if len(out) > 0 {
		return out // it is another operation, or the fields do not matter any more
	}
	for _, path := range declared.Answers {
		whole := slices.ContainsFunc(declared.Answers, func(other string) bool { return strings.HasPrefix(other, path+".") })
		if !whole && !op.reads(path) {
			out = append(out, "answers "+path)
		}
	}
	return out
}

// mustXML is a document in the shape of JSON; elements of the same name are a list.
func mustXML(text string) map[string]any {
	decoder := xml.NewDecoder(strings.NewReader(text))
	stack := []map[string]any{{}}
	var names []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return stack[0]
		}
		if err != nil {
			panic(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			stack, names = append(stack, map[string]any{}), append(names, token.Name.Local)
		case xml.EndElement:
			last := len(stack) - 1
			var value any = stack[last]
			if len(stack[last]) == 0 {
				value = ""
			}
			holder, name := stack[last-1], names[last-1]
			list, _ := holder[name].([]any)
			holder[name] = append(list, value)
			stack, names = stack[:last], names[:last-1]
		}
	}
}

// What is not so of the object storage must be noticed.
func TestContractNoticesOBS(t *testing.T) {
	t.Parallel()
	for want, op := range map[string]object.Operation{
		"":                      {Method: "PUT", Path: "/{b}", Query: []string{"lifecycle"}, Sends: []string{"LifecycleConfiguration.Rule.Expiration.Date", "LifecycleConfiguration.Rule.Filter.And.Tag.Key"}},
		"sends Quota.Limit":     {Method: "PUT", Path: "/{b}", Query: []string{"quota"}, Sends: []string{"Quota.StorageQuota", "Quota.Limit"}},
		"takes nothing":         {Method: "PUT", Path: "/{b}", Query: []string{"nothing"}},
		"exists":                {Method: "PATCH", Path: "/{b}"},
		"answers Quota.Limit":   {Method: "GET", Path: "/{b}", Query: []string{"quota"}, Answers: []string{"Quota.StorageQuota", "Quota.Limit"}},
		"answers x-obs-mood":    {Method: "HEAD", Path: "/{b}", Answers: []string{"x-obs-storage-class", "x-obs-epid", "x-obs-az-redundancy", "x-obs-mood"}},
		"takes the header x-a":  {Method: "PUT", Path: "/{b}", Headers: []string{"x-obs-epid", "x-obs-storage-class", "x-a"}, Sends: []string{"CreateBucketConfiguration.Location"}},
		"can do without delete": {Method: "POST", Path: "/{b}", Sends: []string{"Delete.Object.Key"}},
	} {
		op.Service = cloud.OBS
		c := &contract{excepted: map[int]bool{}}
		if got := strings.Join(c.check(op), ", "); got != want {
			t.Errorf("%v: got %q, want %q", op, got, want)
		}
	}
}
