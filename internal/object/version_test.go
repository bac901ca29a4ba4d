package object

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud/auth"
)

// inProject are the credentials of a project of an OpenStack cloud.
type inProject string

func (p inProject) Credentials(context.Context) (auth.Credentials, error) {
	return auth.Credentials{Token: "t", Catalog: &auth.Catalog{Project: auth.Named{ID: string(p)}}}, nil
}

func TestRefuseNewer(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.URL.Path != "/block-storage/v3/" || r.Header.Get("OpenStack-API-Version") != "" {
			t.Errorf("asked for %s", r.URL)
		}
		_, _ = w.Write([]byte(`{"versions": [{"id": "v3.0", "version": "3.46", "min_version": "3.0"}]}`))
	}))
	t.Cleanup(server.Close)
	client, err := cloud.New(cloud.Config{Region: "r1", OpenStack: true, Endpoint: server.URL, Credentials: inProject("p")})
	if err != nil {
		t.Fatal(err)
	}
	session, kind := &Session{Client: client}, disk()
	kind.Service = cloud.Cinder
	for name, test := range map[string]struct {
		ops  []Op
		want string
	}{
		"none":              {[]Op{{}}, ""},
		"older":             {[]Op{{Version: "3.9"}}, ""},
		"the same":          {[]Op{{Version: "3.46"}}, ""},
		"newer":             {[]Op{{}, {Version: "3.47"}}, "It takes microversion 3.47 of the service block-storage, and the newest that the cloud has is 3.46."},
		"of a change":       {Change{Unset: Op{Version: "3.100"}}.ops(), "3.100"},
		"a service without": {[]Op{{Service: cloud.Glance, Version: "2.9"}}, ""},
	} {
		var diags diag.Diagnostics
		session.refuseNewer(t.Context(), kind, test.ops, "r1", &diags)
		if diags.HasError() != (test.want != "") || test.want != "" && !strings.Contains(diags[0].Detail(), test.want) {
			t.Errorf("%s: got %v", name, diags)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
