package cloud

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// What real services answer to who may not do a thing, and to who may not do it for another reason.
func TestRefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		role string
		want string
	}{
		"Cinder": {`{"forbidden": {"code": 403, "message": "Policy doesn't allow volume_extension:type_create to be performed."}}`, "admin",
			"The cloud's policy volume_extension:type_create does not allow it. It takes the role admin in the project demo, unless the cloud has policies of its own; the user demo has the roles member, reader there."},
		"Neutron": {`{"NeutronError": {"type": "PolicyNotAuthorized", "message": "(rule:create_network and rule:create_network:shared) is disallowed by policy", "detail": ""}}`, "",
			"The cloud's policy create_network and create_network:shared does not allow it. It takes the role admin in the project demo, unless the cloud has policies of its own; the user demo has the roles member, reader there."},
		"Glance": {`{"message": "You are not authorized to complete publicize_image action.<br /><br />\n\n\n", "code": "403 Forbidden", "title": "Forbidden"}`, "image-manager",
			"The cloud's policy publicize_image does not allow it. It takes the role image-manager in the project demo, unless the cloud has policies of its own; the user demo has the roles member, reader there."},
		"Keystone": {`{"error":{"code":403,"message":"You are not authorized to perform the requested action: identity:create_project.","title":"Forbidden"}}`, "",
			"The cloud's policy identity:create_project does not allow it. It takes the role admin in the project demo, unless the cloud has policies of its own; the user demo has the roles member, reader there."},
		"another's":     {`{"message": "You do not own this image<br /><br />", "code": "403 Forbidden", "title": "Forbidden"}`, "admin", ""},
		"Nova's quotas": {`{"forbidden": {"code": 403, "message": "Quota exceeded for cores: Requested 1, but already used 0 of 0 cores"}}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := openStackCloud(t, someCatalog, Config{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(test.body))
			}))
			t.Cleanup(server.Close)
			var err error
			if client.endpoints[Neutron.Name], err = url.Parse(server.URL); err != nil {
				t.Fatal(err)
			}
			_, err = client.Do(t.Context(), Request{Service: Neutron, Method: http.MethodPost, Path: "/v2.0/networks", Role: test.role})
			e, ok := AsError(err)
			if !ok || e.Status != http.StatusForbidden || (e.Refusal == nil) != (test.want == "") {
				t.Fatalf("got %v, %v", err, e.Refusal)
			}
			if e.Refusal != nil && e.Refusal.String() != test.want {
				t.Errorf("got  %s\nwant %s", e.Refusal, test.want)
			}
		})
	}
	for want, refused := range map[string]Refusal{
		"The cloud's policy p does not allow it. It takes the role admin in the project, unless the cloud has policies of its own.": {Policy: "p", Role: "admin"},
		"The cloud's policy p does not allow it. It takes the role member in the project x, unless the cloud has policies of its own; the user u has no role there.": {
			Policy: "p", Role: "member", User: "u", Where: "x"},
	} {
		if got := refused.String(); got != want {
			t.Errorf("got %s", got)
		}
	}
}

// Who may only read is told to ask for what members have.
func TestRefusalOfReader(t *testing.T) {
	t.Parallel()
	client := openStackCloud(t, someCatalog, Config{})
	catalog, err := client.catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	catalog.Roles = catalog.Roles[:1]
	got := client.refusal(t.Context(), Request{Service: Neutron}, "rule:create_network is disallowed by policy")
	if got == nil || got.Role != "member" || len(got.Roles) != 1 || got.Roles[0] != "reader" {
		t.Errorf("got %+v", got)
	}
}
