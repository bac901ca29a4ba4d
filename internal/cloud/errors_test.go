package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status        int
		body          string
		header        string
		code, message string
		id            string
	}{
		"error_code":           {409, `{"error_code":"VPC.0601","error_msg":"in use","request_id":"b"}`, "", "VPC.0601", "in use", "b"},
		"header wins":          {409, `{"error_code":"X","error_msg":"m","request_id":"b"}`, "h", "X", "m", "h"},
		"errCode":              {400, `{"errCode":"OBS.1","errMsg":"m","externalMessage":"x"}`, "", "OBS.1", "m", ""},
		"errorCode":            {400, `{"errorCode":"E.1","errorMessage":"m"}`, "", "E.1", "m", ""},
		"code":                 {400, `{"code":"VPC.0101","message":"m"}`, "", "VPC.0101", "m", ""},
		"error":                {400, `{"error":{"code":"Ecs.0001","message":"m"}}`, "", "Ecs.0001", "m", ""},
		"status and error":     {400, `{"status":"failed","error":{"code":"CH.1","message":"m"}}`, "", "CH.1", "m", ""},
		"Keystone":             {404, `{"error":{"code":404,"message":"Could not find","title":"Not Found"}}`, "", "", "Could not find", ""},
		"Keystone, title only": {404, `{"error":{"code":404,"title":"Gone away"}}`, "", "", "Gone away", ""},
		"badRequest":           {400, `{"badRequest":{"message":"m","code":400}}`, "", "badRequest", "m", ""},
		"itemNotFound":         {404, `{"itemNotFound":{"message":"m","code":404}}`, "", "itemNotFound", "m", ""},
		"forbidden":            {403, `{"forbidden":{"message":"m","code":403}}`, "", "forbidden", "m", ""},
		"Neutron":              {409, `{"NeutronError":{"type":"RouterInUse","message":"m","detail":""}}`, "", "RouterInUse", "m", ""},
		"Neutron, text":        {400, `{"NeutronError":"m"}`, "", "", "m", ""},
		"Glance":               {403, `{"message":"m<br /><br />\nn\n\n","code":"403 Forbidden","title":"Forbidden"}`, "", "", "m n", ""},
		"error as text":        {400, `{"error":"m"}`, "", "", "m", ""},
		"error_description":    {400, `{"error_code":"10000002","error_description":"m"}`, "", "10000002", "m", ""},
		"number":               {400, `{"code":10000000,"message":"m"}`, "", "10000000", "m", ""},
		"errors":               {400, `{"errors":[{"code":"A","message":"m"},{"code":"B","message":"n"}]}`, "", "A", "m", ""},
		"any key":              {400, `{"request_id":"b","resp":{"error_code":"A","error_msg":"m"}}`, "", "A", "m", "b"},
		"code, message apart":  {400, `{"code":"A","error":{"message":"m"}}`, "", "A", "m", ""},
		"gateway":              {403, `{"error_msg":"The throttling threshold has been reached","error_code":"APIGW.0308","request_id":"b"}`, "", "APIGW.0308", "The throttling threshold has been reached", "b"},
		"XML":                  {404, `<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>m</Message><RequestId>b</RequestId></Error>`, "", "NoSuchBucket", "m", "b"},
		"HTML":                 {502, `<html><head><title>502 Bad Gateway</title></head><body>x</body></html>`, "", "", "502 Bad Gateway", ""},
		"text":                 {400, "  something\n went wrong ", "", "", "something went wrong", ""},
		"other JSON":           {400, `{"x":1}`, "", "", `{"x":1}`, ""},
		"JSON text":            {400, `"no"`, "", "", `"no"`, ""},
		"empty":                {500, "", "h", "", "", "h"},
		"Glance, a page": {404, "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID 00000000-0000-0000-0000-000000000000<br /><br />\n\n\n\n </body>\n</html>", "",
			"", "No image found with ID 00000000-0000-0000-0000-000000000000", ""},
		"Glance, a page of lines": {400, "<html>\n <head>\n  <title>400 Bad Request</title>\n </head>\n <body>\n  <h1>400 Bad Request</h1>\n  Provided object does not match schema &#x27;image&#x27;: 1 is not of type &#x27;string&#x27;\n\nOn instance[&#x27;nme&#x27;]:\n    1<br /><br />\n </body>\n</html>", "",
			"", "Provided object does not match schema 'image': 1 is not of type 'string' On instance['nme']: 1", ""},
		"nginx":             {502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body></html>", "", "", "502 Bad Gateway", ""},
		"overLimit":         {413, `{"overLimit": {"code": 413, "message": "VolumeLimitExceeded: Maximum number of volumes allowed (0) exceeded for quota 'volumes'.", "retryAfter": "0"}}`, "", "overLimit", "VolumeLimitExceeded: Maximum number of volumes allowed (0) exceeded for quota 'volumes'.", ""},
		"Neutron's policy":  {403, `{"NeutronError": {"type": "PolicyNotAuthorized", "message": "(rule:create_network and rule:create_network:shared) is disallowed by policy", "detail": ""}}`, "", "PolicyNotAuthorized", "(rule:create_network and rule:create_network:shared) is disallowed by policy", ""},
		"Keystone's policy": {403, `{"error":{"code":403,"message":"You are not authorized to perform the requested action: identity:get_user.","title":"Forbidden"}}`, "", "", "You are not authorized to perform the requested action: identity:get_user.", ""},
		"computeFault":      {406, `{"computeFault": {"code": 406, "message": "Version 3.99 is not supported by the API. Minimum is 3.0 and maximum is 3.70."}}`, "", "computeFault", "Version 3.99 is not supported by the API. Minimum is 3.0 and maximum is 3.70.", ""},
		"long":              {500, strings.Repeat("é", 1000), "", "", strings.Repeat("é", 250) + "...", ""},
		"binary":            {500, "\xff\x00", "", "", "?\x00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, Config{ProjectID: project1}, func(w http.ResponseWriter, _ *http.Request) {
				if test.header != "" {
					w.Header().Set("X-Request-Id", test.header)
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			_, err := client.Do(t.Context(), Request{Service: VPC, Method: "PUT", Path: "/x"})
			e, ok := AsError(fmt.Errorf("wrapped: %w", err))
			if !ok {
				t.Fatalf("got %v", err)
			}
			if e.Status != test.status || e.Code != test.code || e.Message != test.message || e.RequestID != test.id || e.Method != http.MethodPut || !strings.HasSuffix(e.URL, "/vpc/x") {
				t.Errorf("got %#v", e)
			}
		})
	}
}

// A secret that the cloud repeats in its refusal, or that is part of the URL, is not passed on.
func TestErrorWithoutSecrets(t *testing.T) {
	t.Parallel()
	client := serve(t, Config{ProjectID: project1}, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"code":"A","message":"topsecret is too short"}`))
	})
	_, err := client.Do(t.Context(), Request{Service: VPC, Method: "PUT", Path: "/topsecret", Secrets: []string{"topsecret"}})
	if err == nil || strings.Contains(err.Error(), "topsecret") || !strings.Contains(err.Error(), "is too short") {
		t.Errorf("got %v", err)
	}
}

func TestErrorLine(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Error{
		"POST https://x/v1: 409 Conflict: VPC.0601: in use (request id r1)":                                                                   {Status: 409, Code: "VPC.0601", Message: "in use", RequestID: "r1", Method: "POST", URL: "https://x/v1"},
		"GET https://x/v1: 404 Not Found":                                                                                                     {Status: 404, Method: "GET", URL: "https://x/v1"},
		"POST https://x/v1: connection reset; it is not known whether the cloud carried it out":                                               {Method: "POST", URL: "https://x/v1", Err: errors.New("connection reset"), FateUnknown: true},
		"GET https://x/v1: 503 Service Unavailable: busy":                                                                                     {Status: 503, Message: "busy", Method: "GET", URL: "https://x/v1"},
		"POST https://x/v1: 200 OK: the answer is not JSON: unexpected EOF (request id r1); it is not known whether the cloud carried it out": {Status: 200, Method: "POST", URL: "https://x/v1", RequestID: "r1", Err: errors.New("the answer is not JSON: unexpected EOF"), FateUnknown: true},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if err := error(&Error{Err: context.Canceled}); !errors.Is(err, context.Canceled) {
		t.Error("the cause is lost")
	}
}

func TestIsNotFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"404":            {&Error{Status: 404}, true},
		"wrapped":        {fmt.Errorf("reading: %w", &Error{Status: 404, Code: "VPC.0504"}), true},
		"no such API":    {&Error{Status: 404, Code: "APIGW.0101"}, false},
		"400":            {&Error{Status: 400, Code: "itemNotFound"}, false},
		"403":            {&Error{Status: 403}, false},
		"410":            {&Error{Status: 410}, false},
		"no answer":      {&Error{Err: errors.New("404")}, false},
		"something else": {errors.New("404 Not Found"), false},
		"nothing":        {nil, false},
	} {
		if got := IsNotFound(test.err); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A redirect is an error, never followed: the signature is for this host alone.
func TestRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	defer elsewhere.Close()
	client := serve(t, Config{ProjectID: project1}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	})
	_, err := client.Do(t.Context(), Request{Service: VPC, Method: "GET", Path: "/x"})
	if e, ok := AsError(err); !ok || e.Status != 302 {
		t.Errorf("got %v", err)
	}
}

// What an OpenStack cloud answers where there is no such object, and where there is no such API: the answers of the real one.
func TestIsNotFoundOnOpenStack(t *testing.T) {
	t.Parallel()
	page := func(text string) string {
		return "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  " + text + "<br /><br />\n\n\n\n </body>\n</html>"
	}
	for name, test := range map[string]struct {
		body string
		want bool
	}{
		"Cinder":         {`{"itemNotFound": {"code": 404, "message": "Volume nope could not be found."}}`, true},
		"Nova":           {`{"itemNotFound": {"code": 404, "message": "The resource could not be found."}}`, true},
		"Neutron":        {`{"NeutronError": {"type": "NetworkNotFound", "message": "Network x could not be found.", "detail": ""}}`, true},
		"Glance":         {page("No image found with ID 00000000-0000-0000-0000-000000000000"), true},
		"nothing":        {"", true},
		"Glance's JSON":  {`{"message": "No image found with ID 00000000-0000-0000-0000-000000000000<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}`, true},
		"no path, JSON":  {`{"message": "The resource could not be found.<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}`, false},
		"no path":        {page("The resource could not be found."), false},
		"no extension":   {`{"NeutronError": {"type": "HTTPNotFound", "message": "The resource could not be found.", "detail": ""}}`, false},
		"another server": {"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body></html>", false},
		"Flask":          {"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server.</p>\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := openStackCloud(t, someCatalog, Config{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Openstack-Request-Id", "req-1")
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(test.body))
			}))
			t.Cleanup(server.Close)
			var err error
			if client.endpoints[Neutron.Name], err = url.Parse(server.URL); err != nil {
				t.Fatal(err)
			}
			_, err = client.Do(t.Context(), Request{Service: Neutron, Method: http.MethodGet, Path: "/v2.0/networks/x"})
			if e, ok := AsError(err); !ok || e.Status != http.StatusNotFound || e.RequestID != "req-1" || IsNotFound(err) != test.want {
				t.Errorf("got %v", err)
			}
		})
	}
}
