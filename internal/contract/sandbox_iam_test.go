package contract

import (
	"errors"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	iam3 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	vpc2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
	model2 "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2/model"
)

func TestIAM(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	c := client(v, "iam", iam3.NewIamClient)

	projects := *do(v, c.KeystoneListProjects, `{"name":"cn-north-4"}`).Projects
	want(v, "projects of a name", len(projects), 1)
	want(v, "project", projects[0].Id, project)
	want(v, "domain", projects[0].DomainId, account)
	first := *do(v, c.KeystoneListProjects, `{"domain_id":%q,"page":1,"per_page":2}`, account).Projects
	second := *do(v, c.KeystoneListProjects, `{"domain_id":%q,"page":2,"per_page":2}`, account).Projects
	want(v, "pages", len(first)*10+len(second), 21)
	refused(v, 403, "", c.KeystoneListProjects, `{}`)
	own := *do(v, c.KeystoneListAuthProjects, `{}`).Projects
	want(v, "own projects", len(own), 3)
	want(v, "project", do(v, c.KeystoneShowProject, `{"project_id":%q}`, project).Project.Name, "cn-north-4")
	refused(v, 404, "", c.KeystoneShowProject, `{"project_id":"nothing"}`)
	want(v, "domain", (*do(v, c.KeystoneListAuthDomains, `{}`).Domains)[0].Name, "sandbox")
	want(v, "regions", len(*do(v, c.KeystoneListRegions, `{}`).Regions), 2)
	want(v, "region", do(v, c.KeystoneShowRegion, `{"region_id":"cn-east-3"}`).Region.Id, "cn-east-3")
	refused(v, 404, "", c.KeystoneShowRegion, `{"region_id":"mars"}`)

	byPassword := `{"nocatalog":%q,"body":{"auth":{
		"identity":{"methods":["password"],"password":{"user":{"name":"sandbox","password":%q,"domain":{"name":"sandbox"}}}},
		"scope":{"project":{"name":"cn-north-4"}}}}}`
	token := do(v, c.KeystoneCreateUserTokenByPassword, byPassword, "", "sandbox")
	want(v, "project of the token", token.Token.Project.Id, project)
	refused(v, 401, "", c.KeystoneCreateUserTokenByPassword, byPassword, "true", "wrong")
	valid := do(v, c.KeystoneValidateToken, `{"X-Subject-Token":%q}`, *token.XSubjectToken)
	want(v, "user of the token", valid.Token.User.Name, "sandbox")
	refused(v, 404, "", c.KeystoneValidateToken, `{"X-Subject-Token":"nothing"}`)
	agency := do(v, c.KeystoneCreateAgencyToken, `{"body":{"auth":{
		"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"sandbox-partner-agency","domain_name":"sandbox-partner"}},
		"scope":{"domain":{"name":"sandbox-partner"}}}}}`)
	want(v, "domain of the agency's token", agency.Token.Domain.Name, "sandbox-partner")
	scoped := do(v, c.KeystoneCreateScopedToken, `{"body":{"auth":{
		"identity":{"methods":["token"],"token":{"id":%q}},"scope":{"domain":{"id":%q}}}}}`, *token.XSubjectToken, account)
	want(v, "domain of the scoped token", scoped.Token.Domain.Id, account)

	byAgency := do(v, c.CreateTemporaryAccessKeyByAgency, `{"body":{"auth":{"identity":{"methods":["assume_role"],
		"assume_role":{"agency_name":"sandbox-agency","domain_name":"sandbox","duration_seconds":1800}}}}}`).Credential
	byToken := do(v, c.CreateTemporaryAccessKeyByToken, `{"body":{"auth":{"identity":{"methods":["token"],"token":{"id":%q}}}}}`, *token.XSubjectToken).Credential
	refused(v, 400, "IAM.0011", c.CreateTemporaryAccessKeyByToken, `{"body":{"auth":{"identity":{"methods":["token"],"token":{"id":%q,"duration_seconds":1}}}}}`, *token.XSubjectToken)
	for _, keys := range []*model.Credential{byAgency, byToken} {
		credentials, err := basic.NewCredentialsBuilder().WithAk(keys.Access).WithSk(keys.Secret).WithSecurityToken(keys.Securitytoken).WithProjectId(project).SafeBuild()
		network := vpc2.NewVpcClient(v.connect(core.NewHcHttpClientBuilder().WithEndpoint("http://vpc.cn-north-4.sandbox.test"), credentials, err))
		want(v, "VPCs", len(*do(v, network.ListVpcs, `{}`).Vpcs), 0)
	}
	v.covers("iam", "KeystoneCreateUserTokenByPasswordAndMfa")
}

// The SDK finds the project by the region's name, and signs in the derived form when it is told to.
func TestRegion(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	for derived, scheme := range map[bool]string{false: "SDK-HMAC-SHA256", true: "V11-HMAC-SHA256"} {
		credentials, err := basic.NewCredentialsBuilder().WithAk("sandbox").WithSk("sandbox").WithIamEndpointOverride("http://iam.sandbox.test").
			WithDerivedPredicate(func(*request.DefaultHttpRequest) bool { return derived }).SafeBuild()
		c := vpc2.NewVpcClient(v.connect(core.NewHcHttpClientBuilder().WithDerivedAuthServiceName("vpc").
			WithRegion(region.NewRegion("cn-north-4", "http://vpc.cn-north-4.sandbox.test")), credentials, err))
		want(v, "project", do(v, c.CreateVpc, `{"body":{"vpc":{"name":"derived-%t","cidr":"10.0.0.0/16"}}}`, derived).Vpc.TenantId, project)
		want(v, "signature", v.scheme, scheme)
	}
}

// The refusals of the gateway that stands before all services.
func TestGateway(t *testing.T) {
	t.Parallel()
	v := newVendor(t)
	credentials, err := basic.NewCredentialsBuilder().WithAk("sandbox").WithSk("wrong").WithProjectId(project).SafeBuild()
	stranger := vpc2.NewVpcClient(v.connect(core.NewHcHttpClientBuilder().WithEndpoint("http://vpc.cn-north-4.sandbox.test"), credentials, err))
	refused(v, 401, "APIGW.0301", stranger.ListVpcs, `{}`)
	credentials, err = basic.NewCredentialsBuilder().WithAk("sandbox").WithSk("sandbox").WithProjectId("another").SafeBuild()
	lost := vpc2.NewVpcClient(v.connect(core.NewHcHttpClientBuilder().WithEndpoint("http://vpc.cn-north-4.sandbox.test"), credentials, err))
	refused(v, 403, "APIGW.0302", lost.ListVpcs, `{}`)
	c := client(v, "vpc", vpc2.NewVpcClient)
	refused(v, 404, "APIGW.0101", c.ShowNetworkIpAvailabilities, `{"network_id":"none"}`)
	control(t, v.server, "PUT", "config", `{"requests_per_second":1}`)
	for range 50 { // the second comes too soon, unless this machine is very slow
		if _, err = c.ListVpcs(&model2.ListVpcsRequest{}); err != nil {
			break
		}
	}
	if refusal, ok := errors.AsType[*sdkerr.ServiceResponseError](err); !ok || refusal.StatusCode != 429 || refusal.ErrorCode != "APIGW.0308" {
		t.Errorf("one request too many: %v", err)
	}
}
