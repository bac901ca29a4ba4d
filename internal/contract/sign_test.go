package contract

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/sign"
)

// drawn is a request made at random.
type drawn struct {
	Method, Path string // the path is not escaped
	Query        url.Values
	Header       map[string]string
	Body         string
}

// oddities are what requests are made of, beside ordinary letters.
var oddities = []string{
	" ", "  ", "+", "%", "%20", "%2F", "%zz", "~", "-", "_", ".", "..", "*", "&", "=", "?", "#", ";", ":", "@", "!", "$", "'", `"`, ",", "(", ")",
	"[", "]", "{", "}", "|", `\`, "^", "`", "<", ">", "é", "é", "日本", "😀", "\u00a0", "\u3000", "\u200b", "\t",
	"\xff", "a", "A", "b", "vpc", "Z", "0", "9", "10", "sdk",
}

func word(r *rand.Rand, atLeast int) string {
	var b strings.Builder
	for range atLeast + r.Intn(5) {
		b.WriteString(oddities[r.Intn(len(oddities))])
	}
	return b.String()
}

var contentTypes = []string{
	"application/json", "application/json;charset=utf8", "application/bson", "application/xml", "text/plain; charset=utf-8",
	"application/octet-stream", "multipart/form-data; boundary=x", "application/openstack-images-v2.1-json-patch", "Application/JSON",
}

func draw(r *rand.Rand) drawn {
	d := drawn{
		Method: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"}[r.Intn(6)],
		Query:  url.Values{},
		Header: map[string]string{"User-Agent": "contract " + strings.TrimSpace(word(r, 0))},
	}
	for range r.Intn(5) {
		d.Path += "/" + word(r, 0)
	}
	for range r.Intn(4) {
		key := word(r, 1)
		for range 1 + r.Intn(3) {
			d.Query.Add(key, word(r, 0))
		}
		if r.Intn(3) == 0 { // the very same value again
			d.Query.Add(key, d.Query.Get(key))
		}
	}
	for _, name := range []string{"X-Project-Id", "X-Domain-Id", "X-Language", "X_Under_Score", "X-Tail", "Accept"} {
		if r.Intn(3) == 0 {
			d.Header[name] = word(r, 0)
		}
	}
	if r.Intn(2) == 0 {
		d.Header["Content-Type"] = contentTypes[r.Intn(len(contentTypes))]
	}
	switch r.Intn(4) {
	case 0:
		d.Body = `{"name":"` + word(r, 0) + `"}`
	case 1:
		binary := make([]byte, r.Intn(200))
		r.Read(binary)
		d.Body = string(binary)
	case 2:
		d.Body = word(r, 1)
	}
	return d
}

// asSDK is the request as the SDK has it.
func (d drawn) asSDK(endpoint string) *request.DefaultHttpRequest {
	b := request.NewHttpRequestBuilder().WithEndpoint(endpoint).WithMethod(d.Method).WithPath(d.Path).WithBody("", d.Body)
	for key, values := range d.Query {
		b.AddQueryParam(key, reflect.ValueOf(values))
	}
	for name, value := range d.Header {
		b.AddHeaderParam(name, value)
	}
	return b.Build()
}

// asOurs is the request as our signer takes it.
func (d drawn) asOurs(endpoint string) *http.Request {
	u, err := url.Parse(endpoint)
	if err != nil {
		panic(err)
	}
	u.Path, u.RawQuery = d.Path, d.Query.Encode()
	r := &http.Request{Method: d.Method, URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(d.Body)), ContentLength: int64(len(d.Body))}
	for name, value := range d.Header {
		r.Header.Set(name, value)
	}
	return r
}

// The SDK's signer and ours write the same Authorization, byte for byte.
func TestSignersAgree(t *testing.T) {
	t.Parallel()
	const requests = 12_000
	const host = "vpc.cn-north-4.example.com:8443"
	const endpoint = "https://" + host
	r := rand.New(rand.NewSource(1))
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	differing := 0
	unsigned := 0
	for i := range requests {
		d := draw(r)
		at := now.Add(time.Duration(i) * time.Minute)
		d.Header[sign.DateHeader] = at.Format(signer.BasicDateFormat)
		if r.Intn(2) == 0 {
			d.Header["Host"] = host // the SDK signs what stands here, and we what will be sent
		}
		if r.Intn(20) == 0 {
			d.Header[sign.ContentHeader] = "given" + strings.TrimSpace(word(r, 0))
		}
		ak, sk := "AK"+word(r, 0), "SK"+word(r, 0)

		plain, err := signer.Sign(d.asSDK(endpoint), ak, sk)
		if err != nil {
			t.Fatal(err)
		}
		derived, err := signer.SignDerived(d.asSDK(endpoint), ak, sk, "vpc", "cn-north-4")
		if err != nil {
			t.Fatal(err)
		}
		for form, want := range map[sign.Form]string{sign.Plain: plain[signer.HeaderAuthorization], sign.Derived: derived[signer.HeaderAuthorization]} {
			ours := d.asOurs(endpoint)
			s := sign.Signer{AccessKey: ak, SecretKey: sk, Form: form, Region: "cn-north-4", Service: "vpc"}
			if err := s.Sign(ours, []byte(d.Body), at); err != nil {
				t.Fatal(err)
			}
			if got := ours.Header.Get("Authorization"); got != want {
				if differing++; differing <= 5 {
					t.Errorf("request %d, form %q: %#v\n got %s\nwant %s", i, form, d, got, want)
				}
			}
			if ours.Header.Get(sign.ContentHeader) == "UNSIGNED-PAYLOAD" {
				unsigned++
			}
		}
	}
	if differing > 0 {
		t.Errorf("%d of %d signatures differ", differing, 2*requests)
	}
	if unsigned < requests/4 || unsigned > requests {
		t.Errorf("%d of %d bodies are unsigned: that is no fair draw", unsigned, 2*requests)
	}
}

// knock makes a request that the network has a route for, with a path as odd as any, so that the signature decides whether
// the service itself answers.
func knock(r *rand.Rand) drawn {
	d := draw(r)
	d.Path = "/v1/" + project + "/vpcs"
	d.Method = "POST"
	if r.Intn(4) > 0 {
		d.Path += "/x" + word(r, 0)
		d.Method = []string{"GET", "PUT", "DELETE"}[r.Intn(3)]
	}
	return d
}

// passed tells whether the service itself answered: the gateway lets nothing through whose signature is wrong.
func passed(status int, code string) bool {
	return status < http.StatusMultipleChoices || strings.HasPrefix(code, "VPC.")
}

// What the SDK and we sign, the sandbox finds well signed after it has travelled through net/http, in all forms.
func TestSandboxVerifies(t *testing.T) {
	t.Parallel()
	const requests = 1000
	senders := map[string]func(*testing.T, *httptest.Server) func(drawn) (status int, code string){
		"the SDK": func(t *testing.T, server *httptest.Server) func(drawn) (int, string) {
			return sendAsSDK(t, server, signer.Sign)
		},
		"the SDK, derived": func(t *testing.T, server *httptest.Server) func(drawn) (int, string) {
			return sendAsSDK(t, server, func(r *request.DefaultHttpRequest, ak, sk string) (map[string]string, error) {
				return signer.SignDerived(r, ak, sk, "vpc", "cn-north-4")
			})
		},
	}
	for _, form := range sign.Forms {
		senders["the signer, "+cmp.Or(string(form), "plain")] = func(t *testing.T, server *httptest.Server) func(drawn) (int, string) {
			return sendSigned(t, server, form, nil)
		}
		senders["the client, "+cmp.Or(string(form), "plain")] = func(t *testing.T, server *httptest.Server) func(drawn) (int, string) {
			return sendByClient(t, server, form)
		}
	}
	for name, sender := range senders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewSource(2))
			send := sender(t, serve(t))
			for i := range requests {
				d := knock(r)
				if status, code := send(d); !passed(status, code) {
					t.Fatalf("request %d: %d %s to %#v", i, status, code, d)
				}
			}
		})
	}
}

// What is changed on the way is noticed.
func TestSandboxNotices(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"method": func(r *http.Request) {
			r.Method = map[string]string{"GET": "PUT", "PUT": "DELETE", "DELETE": "GET", "POST": "GET"}[r.Method]
		},
		"path":   func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, project, extra, 1) },
		"query":  func(r *http.Request) { r.URL.RawQuery += "&more=" },
		"header": func(r *http.Request) { r.Header.Set("User-Agent", "another") },
		"date": func(r *http.Request) {
			r.Header.Set(sign.DateHeader, time.Now().Add(time.Minute).UTC().Format(signer.BasicDateFormat))
		},
		"body": func(r *http.Request) {
			r.Header.Del(sign.ContentHeader) // not even an unsigned body can be passed off as a signed one
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("{}")), 2
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			for _, form := range sign.Forms {
				r := rand.New(rand.NewSource(3))
				send := sendSigned(t, server, form, change)
				for range 50 {
					if d := knock(r); d.Body != "{}" {
						if status, code := send(d); status != http.StatusUnauthorized || code != "APIGW.0301" {
							t.Fatalf("form %q: %d %s to %#v", form, status, code, d)
						}
					}
				}
			}
		})
	}
}

// sendAsSDK sends what the SDK signs as the SDK does.
func sendAsSDK(t *testing.T, server *httptest.Server, sign func(*request.DefaultHttpRequest, string, string) (map[string]string, error)) func(drawn) (int, string) {
	client := &http.Client{Transport: toServer(server)}
	return func(d drawn) (int, string) {
		r := d.asSDK("http://vpc.cn-north-4.sandbox.test")
		headers, err := sign(r, "sandbox", "sandbox")
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range headers {
			r.AddHeaderParam(name, value)
		}
		converted, err := r.ConvertRequest()
		if err != nil {
			t.Fatal(err)
		}
		return send(t, client, converted)
	}
}

// sendSigned sends what our signer signs, changed on the way if that is wanted.
func sendSigned(t *testing.T, server *httptest.Server, form sign.Form, change func(*http.Request)) func(drawn) (int, string) {
	client := &http.Client{Transport: toServer(server)}
	s := sign.Signer{AccessKey: "sandbox", SecretKey: "sandbox", Form: form, Region: "cn-north-4", Service: "vpc"}
	return func(d drawn) (int, string) {
		r := d.asOurs("http://vpc.cn-north-4.sandbox.test")
		if err := s.Sign(r, []byte(d.Body), time.Now()); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(r)
		}
		return send(t, client, r)
	}
}

// sendByClient leaves everything to the client.
func sendByClient(t *testing.T, server *httptest.Server, form sign.Form) func(drawn) (int, string) {
	client, err := cloud.New(cloud.Config{
		Region: "cn-north-4", Endpoint: server.URL, ProjectID: project, Signature: string(form),
		Auth: auth.Config{AccessKey: "sandbox", SecretKey: "sandbox"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(d drawn) (int, string) {
		r := cloud.Request{Service: cloud.VPC, Method: d.Method, Path: (&url.URL{Path: d.Path}).EscapedPath(), Query: d.Query, Header: http.Header{}}
		for name, value := range d.Header {
			r.Header.Set(name, value)
		}
		if d.Body != "" {
			r.Body = d.Body
		}
		_, err := client.Do(t.Context(), r)
		if err == nil {
			return http.StatusOK, ""
		}
		refusal, ok := cloud.AsError(err)
		if !ok || refusal.Err != nil {
			t.Fatal(err)
		}
		return refusal.Status, refusal.Code
	}
}

// send is the answer's status, and the code when it is a refusal.
func send(t *testing.T, client *http.Client, r *http.Request) (int, string) {
	answer, err := client.Do(r.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var refusal struct {
		Code      string `json:"code"`
		ErrorCode string `json:"error_code"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&refusal); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return answer.StatusCode, refusal.Code + refusal.ErrorCode
}
