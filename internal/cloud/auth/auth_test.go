package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// keystone is an IAM that records what it is asked and answers what it is told.
type keystone struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string          // "POST /v3/auth/tokens <token or access key> <body>"
	said  map[string]string // answers by path; the default is a fresh token or key pair
	fail  map[string]int    // statuses by path
}

func newKeystone(t *testing.T) *keystone {
	t.Helper()
	k := &keystone{said: map[string]string{}, fail: map[string]int{}}
	k.Server = httptest.NewServer(k)
	t.Cleanup(k.Close)
	return k
}

func (k *keystone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	var parsed struct{ Auth any }
	_ = json.Unmarshal(body, &parsed)
	shown, _ := json.Marshal(parsed.Auth)
	by := r.Header.Get("X-Auth-Token")
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		by, _, _ = strings.Cut(strings.TrimPrefix(authorization, "SDK-HMAC-SHA256 Access="), ",")
		if token := r.Header.Get("X-Security-Token"); token != "" {
			by += "+" + token
			if !strings.Contains(authorization, "x-security-token") {
				by += " unsigned"
			}
		}
	}
	k.asked = append(k.asked, fmt.Sprintf("%s %s %s %s", r.Method, r.URL.Path, by, shown))
	n := len(k.asked)
	if status := k.fail[r.URL.Path]; status != 0 {
		w.Header().Set("X-Request-Id", "req-1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, k.said[r.URL.Path])
		return
	}
	expires := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000000Z")
	switch {
	case strings.HasSuffix(r.URL.Path, "/v3/auth/tokens"):
		w.Header().Set("X-Subject-Token", fmt.Sprintf("token%d", n))
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"token":{"expires_at":%q}}`, expires)
	case strings.HasSuffix(r.URL.Path, "/v3.0/OS-CREDENTIAL/securitytokens"):
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"credential":{"access":"ak%[1]d","secret":"sk%[1]d","securitytoken":"st%[1]d","expires_at":%[2]q}}`, n, expires)
	default:
		http.NotFound(w, r)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	role := func(name string) AssumeRole { return AssumeRole{AgencyName: name, DomainName: "customer"} }
	const (
		tokens = "POST /v3/auth/tokens "
		keys   = "POST /v3.0/OS-CREDENTIAL/securitytokens "
		assume = `{"identity":{"assume_role":{"agency_name":"%s","domain_name":"customer"},"methods":["assume_role"]}`
	)
	for name, test := range map[string]struct {
		config Config
		want   Credentials // Expires: whether there is one
		asked  []string
	}{
		"token":          {config: Config{Token: "T", AccessKey: "AK", Password: "ignored"}, want: Credentials{Token: "T"}},
		"permanent keys": {config: Config{AccessKey: "AK", SecretKey: "SK", UserName: "ignored"}, want: Credentials{AccessKey: "AK", SecretKey: "SK"}},
		"temporary keys": {config: Config{AccessKey: "AK", SecretKey: "SK", SecurityToken: "ST"}, want: Credentials{AccessKey: "AK", SecretKey: "SK", SecurityToken: "ST"}},
		"user and domain by name": {
			config: Config{UserName: "u", Password: "p", DomainName: "d"}, want: Credentials{Token: "token1"},
			asked: []string{tokens + ` {"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"d"},"name":"u","password":"p"}}},"scope":{"domain":{"name":"d"}}}`},
		},
		"user by id, project by id": {
			config: Config{UserID: "u", Password: "p", ProjectID: "p1", Region: "r"}, want: Credentials{Token: "token1"},
			asked: []string{tokens + ` {"identity":{"methods":["password"],"password":{"user":{"id":"u","password":"p"}}},"scope":{"project":{"id":"p1"}}}`},
		},
		"project by name": {
			config: Config{UserName: "u", Password: "p", DomainID: "d", ProjectName: "dev", Region: "r"}, want: Credentials{Token: "token1"},
			asked: []string{tokens + ` {"identity":{"methods":["password"],"password":{"user":{"domain":{"id":"d"},"name":"u","password":"p"}}},"scope":{"project":{"domain":{"id":"d"},"name":"dev"}}}`},
		},
		"project of the region": {
			config: Config{UserID: "u", Password: "p", Region: "cn-north-4"}, want: Credentials{Token: "token1"},
			asked: []string{tokens + ` {"identity":{"methods":["password"],"password":{"user":{"id":"u","password":"p"}}},"scope":{"project":{"name":"cn-north-4"}}}`},
		},
		"unscoped": {
			config: Config{UserID: "u", Password: "p"}, want: Credentials{Token: "token1"},
			asked: []string{tokens + ` {"identity":{"methods":["password"],"password":{"user":{"id":"u","password":"p"}}}}`},
		},
		"role of keys": {
			config: Config{AccessKey: "AK", SecretKey: "SK", AssumeRole: []AssumeRole{{AgencyName: "a", DomainID: "c", DomainName: "unused", DurationSeconds: 900}}},
			want:   Credentials{AccessKey: "ak1", SecretKey: "sk1", SecurityToken: "st1"},
			asked:  []string{keys + `AK {"identity":{"assume_role":{"agency_name":"a","domain_id":"c","duration_seconds":900},"methods":["assume_role"]}}`},
		},
		"chained roles of keys": {
			config: Config{AccessKey: "AK", SecretKey: "SK", AssumeRole: []AssumeRole{role("first"), role("second")}},
			want:   Credentials{AccessKey: "ak2", SecretKey: "sk2", SecurityToken: "st2"},
			asked:  []string{keys + "AK " + fmt.Sprintf(assume, "first") + "}", keys + "ak1+st1 " + fmt.Sprintf(assume, "second") + "}"},
		},
		"chained roles of a user": {
			config: Config{UserName: "u", Password: "p", DomainName: "d", Region: "r", AssumeRole: []AssumeRole{role("first"), role("second")}},
			want:   Credentials{Token: "token3"},
			asked: []string{
				tokens + ` {"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"d"},"name":"u","password":"p"}}},"scope":{"domain":{"name":"d"}}}`,
				tokens + "token1 " + fmt.Sprintf(assume, "first") + `,"scope":{"domain":{"name":"customer"}}}`,
				tokens + "token2 " + fmt.Sprintf(assume, "second") + `,"scope":{"project":{"name":"r"}}}`,
			},
		},
		"role of a token": {
			config: Config{Token: "T", ProjectID: "p1", AssumeRole: []AssumeRole{role("a")}}, want: Credentials{Token: "token1"},
			asked: []string{tokens + "T " + fmt.Sprintf(assume, "a") + `,"scope":{"project":{"id":"p1"}}}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, suffix := range []string{"", "/", "/v3", "/v3/"} { // all of them are usual in OS_AUTH_URL
				iam := newKeystone(t)
				test.config.AuthURL = iam.URL + suffix
				provider, err := New(test.config)
				if err != nil {
					t.Fatal(err)
				}
				for range 2 { // the second time, nothing is asked
					got, err := provider.Credentials(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if got.Expires.IsZero() != (test.asked == nil) {
						t.Errorf("expires %v", got.Expires)
					}
					got.Expires = time.Time{}
					if got != test.want {
						t.Errorf("got %+v, want %+v", got, test.want)
					}
				}
				if !reflect.DeepEqual(iam.asked, test.asked) {
					t.Errorf("asked\n%s\nwant\n%s", strings.Join(iam.asked, "\n"), strings.Join(test.asked, "\n"))
				}
			}
		})
	}
}

// The single endpoint of a sandbox has IAM below its name.
func TestAuthURLWithPath(t *testing.T) {
	t.Parallel()
	iam := newKeystone(t)
	provider, err := New(Config{UserID: "u", Password: "p", AuthURL: iam.URL + "/iam"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Credentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(iam.asked[0], "POST /iam/v3/auth/tokens ") {
		t.Errorf("asked %s", iam.asked)
	}
}

// What is given by half is refused before any request, in words that say what is missing.
func TestHalfGiven(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config Config
		want   string
	}{
		"access key alone":     {Config{AccessKey: "AK"}, "without its secret key"},
		"secret key alone":     {Config{SecretKey: "topsecret"}, "without its access key"},
		"security token alone": {Config{SecurityToken: "topsecret"}, "security token is given without"},
		"half keys and a user": {Config{AccessKey: "AK", UserID: "u", Password: "topsecret", AuthURL: "https://x"}, "without its secret key"},
		"password alone":       {Config{Password: "topsecret", AuthURL: "https://x"}, "without a user"},
		"user alone":           {Config{UserName: "u", AuthURL: "https://x"}, "without a password"},
		"user id alone":        {Config{UserID: "u"}, "without a password"},
		"user without domain":  {Config{UserName: "u", Password: "topsecret", AuthURL: "https://x"}, "domain"},
		"no URL":               {Config{UserID: "u", Password: "topsecret"}, "URL of IAM"},
		"role without name":    {Config{Token: "topsecret", AuthURL: "https://x", AssumeRole: []AssumeRole{{DomainID: "d"}}}, "assumed role 1"},
		"role without domain":  {Config{Token: "topsecret", AuthURL: "https://x", AssumeRole: []AssumeRole{{AgencyName: "a", DomainID: "d"}, {AgencyName: "a"}}}, "assumed role 2"},
		"role without URL":     {Config{Token: "topsecret", AssumeRole: []AssumeRole{{AgencyName: "a", DomainID: "d"}}}, "URL of IAM"},
		"no such file":         {Config{SharedConfigFile: "testdata/none.json"}, "testdata/none.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(test.config)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "topsecret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A refusal of IAM is told with its words and request id, without any secret even if IAM repeats it.
func TestRefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config     Config
		path, body string
		want       []string
	}{
		"password": {
			Config{UserName: "u", DomainName: "d", Password: "topsecret"}, "/v3/auth/tokens",
			`{"error":{"code":401,"message":"The username or password topsecret is wrong.","title":"Unauthorized"}}`,
			[]string{"token for user u", "401 Unauthorized", "is wrong", "req-1"},
		},
		"agency": {
			Config{AccessKey: "AK", SecretKey: "topsecret", AssumeRole: []AssumeRole{{AgencyName: "a", DomainName: "c"}}},
			"/v3.0/OS-CREDENTIAL/securitytokens", `{"error_code":"IAM.0101","error_msg":"no topsecret"}`,
			[]string{"agency a of c", "401 Unauthorized", "IAM.0101: no ***", "req-1"},
		},
		"not JSON": {
			Config{Token: "topsecret", AssumeRole: []AssumeRole{{AgencyName: "a", DomainName: "c"}}}, "/v3/auth/tokens", `<topsecret>`, []string{"401 Unauthorized"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			iam := newKeystone(t)
			iam.fail[test.path], iam.said[test.path] = 401, test.body
			test.config.AuthURL = iam.URL
			provider, err := New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			_, err = provider.Credentials(t.Context())
			for _, part := range test.want {
				if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "topsecret") {
					t.Errorf("got %v, want %q in it", err, part)
				}
			}
		})
	}
}

// When the agency's source has expired early, it is renewed, and the agency is asked for once more.
func TestSourceRejected(t *testing.T) {
	t.Parallel()
	source := &counter{lifetime: time.Hour}
	var used []string
	err := Use(t.Context(), renew(source.fetch), func(c Credentials) (bool, error) {
		used = append(used, c.Token)
		if c.Token == "1" {
			return true, errors.New("401")
		}
		return false, nil
	})
	if err != nil || !reflect.DeepEqual(used, []string{"1", "2"}) {
		t.Errorf("used %v, %v", used, err)
	}

	// What cannot be renewed is tried once; what is rejected again is not tried a third time.
	for name, provider := range map[string]Provider{
		"static":      static{Token: "T"},
		"no end":      renew((&counter{}).fetch),
		"still wrong": renew((&counter{lifetime: time.Hour}).fetch),
	} {
		calls := 0
		err := Use(t.Context(), provider, func(Credentials) (bool, error) {
			calls++
			return true, errors.New("401")
		})
		want := 1
		if name == "still wrong" {
			want = 2
		}
		if err == nil || calls != want {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
	}
}

// counter gives the tokens 1, 2, 3...
type counter struct {
	mu       sync.Mutex
	n        int
	lifetime time.Duration // 0: no end
	latency  time.Duration
	err      error
}

func (c *counter) fetch(ctx context.Context) (Credentials, error) {
	select {
	case <-time.After(c.latency):
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if c.err != nil {
		return Credentials{}, c.err
	}
	got := Credentials{Token: fmt.Sprint(c.n)}
	if c.lifetime != 0 {
		got.Expires = time.Now().Add(c.lifetime)
	}
	return got, nil
}

func TestRenewBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for lifetime, due := range map[time.Duration]time.Duration{
		24 * time.Hour:   24*time.Hour - renewBefore,
		15 * time.Minute: 15*time.Minute - 225*time.Second, // a quarter, when that is less
		0:                -1,
	} {
		t.Run(lifetime.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := renew((&counter{lifetime: lifetime}).fetch)
				token := func() string {
					got, err := p.Credentials(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					return got.Token
				}
				if got := token(); got != "1" {
					t.Errorf("first %s", got)
				}
				if due < 0 {
					time.Sleep(1000 * time.Hour)
					if got := token(); got != "1" {
						t.Errorf("what has no end was renewed")
					}
					return
				}
				time.Sleep(due - time.Nanosecond)
				if got := token(); got != "1" {
					t.Error("renewed too early")
				}
				time.Sleep(time.Nanosecond)
				if got := token(); got != "2" {
					t.Error("not renewed")
				}
			})
		})
	}
}

// Many callers cause one renewal; one that gives up does not spoil it for the others.
func TestRenewOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &counter{lifetime: time.Hour, latency: time.Second}
		p := renew(source.fetch)
		hasty, cancel := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		for i := range 20 {
			ctx := t.Context()
			if i == 0 { // it is the one that asks
				ctx = hasty
			}
			callers.Go(func() {
				got, err := p.Credentials(ctx)
				if i == 0 {
					if !errors.Is(err, context.Canceled) {
						t.Errorf("cancelled: %v", err)
					}
				} else if err != nil || got.Token != "1" {
					t.Errorf("got %v, %v", got, err)
				}
			})
			synctest.Wait()
		}
		time.Sleep(300 * time.Millisecond)
		cancel()
		callers.Wait()

		stale, err := p.Credentials(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 { // all of them were told that it is stale
			callers.Go(func() {
				if got, err := p.Renew(t.Context(), stale); err != nil || got.Token != "2" {
					t.Errorf("renewed %v, %v", got, err)
				}
			})
		}
		callers.Wait()
		if source.n != 2 {
			t.Errorf("fetched %d times", source.n)
		}
	})
}

// While the old credentials are good, a failing renewal is not the caller's problem; and IAM is not asked at every turn.
func TestRenewFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &counter{lifetime: time.Hour}
		p := renew(source.fetch)
		if _, err := p.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		source.err = errors.New("IAM is down")
		time.Sleep(time.Hour - renewBefore)
		for range 100 {
			if got, err := p.Credentials(t.Context()); err != nil || got.Token != "1" {
				t.Fatalf("got %v, %v", got, err)
			}
		}
		if source.n != 2 {
			t.Errorf("IAM was asked %d times", source.n)
		}
		time.Sleep(renewBefore)
		if got, err := p.Credentials(t.Context()); err == nil {
			t.Errorf("expired credentials: %v", got)
		}
		source.err = nil
		if got, err := p.Credentials(t.Context()); err != nil || got.Token == "1" {
			t.Errorf("after the failure: %v, %v", got, err)
		}
	})
}

// metadataService answers as a server's does: with or without session tokens.
func metadataService(t *testing.T, sessions bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case sessions && r.Method == http.MethodPut && r.URL.Path == "/meta-data/latest/api/token" && r.Header.Get("X-Metadata-Token-Ttl-Seconds") != "":
			_, _ = io.WriteString(w, "session")
		case r.Method == http.MethodGet && r.URL.Path == "/openstack/latest/securitykey" && (!sessions || r.Header.Get("X-Metadata-Token") == "session"):
			_, _ = io.WriteString(w, `{"credential":{"access":"AK","secret":"SK","securitytoken":"ST","expires_at":"2040-01-02T03:04:05.678000Z"}}`)
		default:
			http.Error(w, "", http.StatusUnauthorized)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestMetadata(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	want := Credentials{AccessKey: "AK", SecretKey: "SK", SecurityToken: "ST", Expires: time.Date(2040, 1, 2, 3, 4, 5, 678e6, time.UTC)}
	for _, sessions := range []bool{true, false} {
		for _, asked := range []bool{true, false} {
			provider, err := New(Config{Metadata: asked, MetadataURL: metadataService(t, sessions).URL})
			if err != nil {
				t.Fatal(err)
			}
			got, err := provider.Credentials(t.Context())
			if err != nil || !got.Expires.Equal(want.Expires) {
				t.Fatalf("sessions %v: %v, %v", sessions, got, err)
			}
			got.Expires = want.Expires
			if got != want {
				t.Errorf("sessions %v: %v", sessions, got)
			}
		}
	}
}

// Without any credentials, the error comes soon, says where they were looked for, and does not cost a second every time.
func TestNoCredentials(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	silent := make(chan struct{})
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1); <-silent }))
	defer server.Close()
	defer close(silent)
	provider, err := New(Config{MetadataURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	for range 3 {
		_, err = provider.Credentials(t.Context())
		for _, part := range []string{"token", "access key", "password", filepath.Join(home, ".hcloud", "config.json"), server.URL} {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("got %v, want %q in it", err, part)
			}
		}
	}
	if took := time.Since(started); took > 2*time.Second || asked.Load() != 1 {
		t.Errorf("took %v, asked %d times", took, asked.Load())
	}
	provider, err = New(Config{Metadata: true, MetadataURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), "metadata service http://127.0.0.1:1") {
		t.Errorf("got %v", err)
	}
}

const shared = `{"current":"dev","profiles":[
	{"name":"dev","mode":"AKSK","accessKeyId":"AK","secretAccessKey":"topsecret","securityToken":"ST","region":"cn-north-4","projectId":"p1","domainId":"d1"},
	{"name":"agency","mode":"AKSK","accessKeyId":"AK","secretAccessKey":"topsecret","agencyDomainName":"c","agencyDomainId":"cid","agencyName":"a"},
	{"name":"sso","mode":"SSO","ssoAuth":{"stsToken":{"accessKeyId":"AK2","secretAccessKey":"topsecret","securityToken":"ST2"}}},
	{"name":"server","mode":"ecsAgency","region":"cn-east-3"},
	{"name":"empty","mode":"AKSK"},
	{"name":"odd","mode":"token"}]}`

func TestProfile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(shared), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		config, want Config
		err          string
	}{
		"the current one": {
			config: Config{SharedConfigFile: file},
			want:   Config{SharedConfigFile: file, AccessKey: "AK", SecretKey: "topsecret", SecurityToken: "ST", Region: "cn-north-4", ProjectID: "p1", DomainID: "d1"},
		},
		"what is given stays": {
			config: Config{SharedConfigFile: file, Profile: "dev", Region: "r", ProjectID: "p", DomainID: "d"},
			want:   Config{SharedConfigFile: file, Profile: "dev", AccessKey: "AK", SecretKey: "topsecret", SecurityToken: "ST", Region: "r", ProjectID: "p", DomainID: "d"},
		},
		"an agency": {
			config: Config{SharedConfigFile: file, Profile: "agency"},
			want: Config{
				SharedConfigFile: file, Profile: "agency", AccessKey: "AK", SecretKey: "topsecret",
				AssumeRole: []AssumeRole{{AgencyName: "a", DomainName: "c", DomainID: "cid"}},
			},
		},
		"single sign-on": {
			config: Config{SharedConfigFile: file, Profile: "sso"},
			want:   Config{SharedConfigFile: file, Profile: "sso", AccessKey: "AK2", SecretKey: "topsecret", SecurityToken: "ST2"},
		},
		"a server": {
			config: Config{SharedConfigFile: file, Profile: "server"},
			want:   Config{SharedConfigFile: file, Profile: "server", Metadata: true, Region: "cn-east-3"},
		},
		"keys win":        {config: Config{SharedConfigFile: "none", AccessKey: "AK0"}, want: Config{SharedConfigFile: "none", AccessKey: "AK0"}},
		"no such profile": {config: Config{SharedConfigFile: file, Profile: "prod"}, err: `no profile "prod"`},
		"without keys":    {config: Config{SharedConfigFile: file, Profile: "empty"}, err: "no access key"},
		"unusable mode":   {config: Config{SharedConfigFile: file, Profile: "odd"}, err: "mode token"},
		"not JSON":        {config: Config{SharedConfigFile: "auth_test.go"}, err: "auth_test.go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := test.config.WithProfile()
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "topsecret") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// The default file is read when nothing else is given, and need not exist.
func TestDefaultProfile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if got, err := (Config{}).WithProfile(); err != nil || !reflect.DeepEqual(got, Config{}) {
		t.Errorf("without the file: %+v, %v", got, err)
	}
	if _, err := (Config{Profile: "dev"}).WithProfile(); err == nil {
		t.Error("a profile that is named has to exist")
	}
	if err := os.MkdirAll(filepath.Join(home, ".hcloud"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{".hcloud/config.json", "mine.json"} {
		if err := os.WriteFile(filepath.Join(home, file), []byte(shared), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []Config{{}, {SharedConfigFile: "~/mine.json"}} {
		if got, err := c.WithProfile(); err != nil || got.AccessKey != "AK" {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
	if got, err := (Config{Token: "T"}).WithProfile(); err != nil || got.AccessKey != "" {
		t.Errorf("with a token: %+v, %v", got, err)
	}
}
