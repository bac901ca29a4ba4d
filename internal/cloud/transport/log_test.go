package transport

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const secret = `S3cr<t "&\é/+ value`

// What a body, a header or a URL must not show, and what it must still show.
func TestMaskJSON(t *testing.T) {
	t.Parallel()
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	nested, err := json.Marshal(map[string]any{"metadata": []any{map[string]any{"admin_pass": secret, "shown": "inner"}}})
	if err != nil {
		t.Fatal(err)
	}
	nestedQuoted, err := json.Marshal(string(nested))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ body, shown string }{
		"password":          {`{"server":{"name":"shown","password":%s}}`, "shown"},
		"adminPass":         {`{"server":{"adminPass":%s,"name":"shown"}}`, "shown"},
		"admin_pass":        {`{"admin_pass":%s}`, "admin_pass"},
		"new_password":      {`{"new_password":%s}`, ""},
		"secret":            {`{"credential":{"access":%[1]s,"secret":%[1]s,"securitytoken":%[1]s,"expires_at":"shown"}}`, "shown"},
		"secretAccessKey":   {`{"accessKeyId":%[1]s,"secretAccessKey":%[1]s,"secret_key":%[1]s,"access_key":%[1]s}`, ""},
		"client_secret":     {`{"client-secret":%s}`, ""},
		"token":             {`{"id_token":%[1]s,"X-Auth-Token":%[1]s}`, ""},
		"user_data":         {`{"server":{"user_data":%[1]s},"OS-EXT-SRV-ATTR:user_data":%[1]s,"userData":%[1]s}`, ""},
		"private_key":       {`{"keypair":{"private_key":%[1]s,"privateKey":%[1]s,"name":"shown"}}`, "shown"},
		"auth_key":          {`{"transfer":{"auth_key":%s,"id":"shown"}}`, "shown"},
		"personality":       {`{"server":{"personality":[{"path":"/etc/shown","contents":%s}]}}`, "/etc/shown"},
		"in a list":         {`[[{"passwd":%s},{"name":"shown"}]]`, "shown"},
		"an object":         {`{"identity":{"methods":["shown"],"password":{"user":{"name":"u","deep":[%s]}}}}`, "shown"},
		"a number":          {`{"password":1234567,"ok":%q}`, `"ok"`},
		"a pair":            {`{"environment":[{"key":"DB_PASSWORD","value":%[1]s},{"name":"api-token","value":%[1]s},{"key":"color","value":"shown"}]}`, "shown"},
		"JSON in a string":  {`{"template_body":` + string(nestedQuoted) + `,"x":%q}`, "inner"},
		"document a string": {string(nestedQuoted), "inner"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := test.body
			if strings.Contains(body, "%") {
				body = strings.ReplaceAll(strings.ReplaceAll(body, "%[1]s", "%s"), "%s", string(quoted))
				body = strings.ReplaceAll(body, "%q", `"1"`)
			}
			if !json.Valid([]byte(body)) {
				t.Fatalf("the test is wrong: %s", body)
			}
			got, ok := NewMask(nil).JSON([]byte(body))
			if !ok || !json.Valid([]byte(got)) {
				t.Fatalf("not JSON: %s", got)
			}
			for _, part := range []string{"S3cr", "value`", "1234567"} {
				if strings.Contains(got, part) {
					t.Errorf("shows %s", got)
				}
			}
			if !strings.Contains(got, test.shown) || !strings.Contains(got, masked) {
				t.Errorf("hides too much or nothing: %s", got)
			}
		})
	}
	t.Run("nothing to hide", func(t *testing.T) {
		t.Parallel()
		body := `{"a":[1e400,12345678901234567890,null,true,"<&>"],"passwords":null}`
		if got, ok := NewMask(nil).JSON([]byte(body)); !ok || got != body {
			t.Errorf("got %s", got)
		}
	})
}

// A value that is named is hidden under any key and in every form that it travels in.
func TestMaskValues(t *testing.T) {
	t.Parallel()
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]string{
		"as it is":  secret,
		"JSON":      string(quoted[1 : len(quoted)-1]),
		"plain":     strings.Trim(encode(secret), `"`),
		"base64":    base64.StdEncoding.EncodeToString([]byte(secret)),
		"URL64":     base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"query":     url.QueryEscape(secret),
		"path":      url.PathEscape(secret),
		"contained": "before" + secret + "after",
	}
	mask := NewMask([]string{"", secret, secret[:4], "other"})
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]any{"description": form, form: []string{form}})
			if err != nil {
				t.Fatal(err)
			}
			got, ok := mask.JSON(body)
			for _, shown := range []string{got, mask.Text(form), mask.Header("X-Any", form), mask.URL(&url.URL{Scheme: "https", Host: "h", Path: "/" + form, RawQuery: url.Values{"q": {form}}.Encode()})} {
				if !ok || strings.Contains(shown, form) || strings.Contains(shown, secret) || strings.Contains(shown, "value") || strings.Contains(shown, "***t") {
					t.Errorf("shows %s", shown)
				}
			}
		})
	}
	if got := mask.Text("nothing here"); got != "nothing here" {
		t.Errorf("got %q", got)
	}
}

func TestMaskHeaderAndURL(t *testing.T) {
	t.Parallel()
	mask := NewMask(nil)
	for _, name := range []string{
		"Authorization", "X-Auth-Token", "X-Security-Token", "X-Subject-Token", "Cookie", "Set-Cookie", "Proxy-Authorization", "x-auth-token",
	} {
		if got := mask.Header(name, "abc"); got != masked {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := mask.Header("X-Request-Id", "abc"); got != "abc" {
		t.Errorf("hides too much: %s", got)
	}
	u, err := url.Parse("https://user:pass@h/v1/x?limit=1&X-Auth-Token=abc&password=abc")
	if err != nil {
		t.Fatal(err)
	}
	got := mask.URL(u)
	if strings.Contains(got, "abc") || strings.Contains(got, "pass@") || !strings.Contains(got, "limit=1") {
		t.Errorf("got %s", got)
	}
	if u.User == nil || u.Query().Get("password") != "abc" {
		t.Error("the URL itself was changed")
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	wire := Whole{fake(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if string(body) != `{"name":"web","adminPass":"topsecret"}` || err != nil {
			t.Errorf("the log changed the request: %s", body)
		}
		switch r.URL.Path {
		case "/text":
			response := answer(200, "X-Request-Id", "r1")
			response.Body = io.NopCloser(strings.NewReader("password=topsecret"))
			return response, nil
		case "/broken":
			return nil, errors.New("broken after topsecret")
		}
		response := answer(201, "X-Request-Id", "r1", "X-Subject-Token", "topsecret")
		response.Body = io.NopCloser(strings.NewReader(`{"id":7,"echo":"topsecret","secret":"another"}`))
		return response, nil
	})}
	for path, want := range map[string]string{
		"/json":   `{"echo":"***","id":7,"secret":"***"}`,
		"/text":   "(18 bytes that are not JSON)",
		"/broken": "broken after ***",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var printed []string
			log := Log{Next: wire, Print: func(_ context.Context, message string, fields map[string]any) {
				printed = append(printed, fmt.Sprint(message, fields))
			}}
			ctx := WithCall(t.Context(), Call{Secrets: []string{"topsecret"}})
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://h"+path+"?q=topsecret", strings.NewReader(`{"name":"web","adminPass":"topsecret"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Auth-Token", "topsecret")
			response, err := log.RoundTrip(r)
			if err == nil {
				if body, err := io.ReadAll(response.Body); len(body) == 0 || err != nil {
					t.Errorf("the log took the answer's body")
				}
			}
			all := strings.Join(printed, "\n")
			if len(printed) != 2 || strings.Contains(all, "topsecret") || strings.Contains(all, "another") {
				t.Errorf("printed %s", all)
			}
			for _, part := range []string{want, "POST", "https://h" + path, `"name":"web"`, "ms:"} {
				if !strings.Contains(all, part) {
					t.Errorf("%s is missing in\n%s", part, all)
				}
			}
		})
	}
}

// What a user stores is his own, also when it looks like anything else that is sent.
func TestLogOpaque(t *testing.T) {
	t.Parallel()
	var printed []string
	log := Log{
		Next: fake(func(*http.Request) (*http.Response, error) { return answer(200), nil }),
		Print: func(_ context.Context, _ string, fields map[string]any) {
			printed = append(printed, fmt.Sprint(fields))
		},
	}
	ctx := WithCall(t.Context(), Call{Opaque: true})
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://h/", strings.NewReader(`{"note":"mine"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(printed, "\n"); strings.Contains(all, "mine") || !strings.Contains(all, "(15 bytes)") {
		t.Errorf("printed %s", all)
	}
}
