package object

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// errGone is the answer of a read that found nothing where 404 is not how the cloud says so.
var errGone = errors.New("the object does not exist")

// gone tells that an error proves that the object does not exist. A gateway's 404 does not: it says that the API, not
// the object, is unknown at this endpoint.
func gone(err error) bool {
	if errors.Is(err, errGone) {
		return true
	}
	failure, ok := cloud.AsError(err)
	return ok && cloud.IsNotFound(err) && !strings.HasPrefix(failure.Code, "APIGW.")
}

// explain is the one form of every diagnostic: what was attempted on which object, what the cloud answered with its
// request id, and what to do about it.
func (k *Kind) explain(verb string, values Values, err error) (summary, detail string) {
	detail = k.reason(err)
	if status := values.String(k.Ready.Path); slices.Contains(k.Ready.Failed, status) || slices.Contains(k.Ready.Stays, status) {
		detail = fmt.Sprintf("The object was in status %s.\n\n%s", status, detail)
	}
	return fmt.Sprintf("Cannot %s %s", verb, k.label(values)), detail
}

func (k *Kind) failure(verb string, values Values, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(k.explain(verb, values, err))
}

// label names an object as its user knows it: hwcloud_vpc "web" (0f1e...).
func (k *Kind) label(values Values) string {
	label := k.TypeName()
	if name := values.String("name"); name != "" {
		label += fmt.Sprintf(" %q", name)
	}
	if id := values.String(attrID); id != "" {
		label += " (" + id + ")"
	}
	return label
}

func (k *Kind) reason(err error) string {
	if failure, ok := cloud.AsError(err); ok && failure.Status != 0 {
		lines := []string{fmt.Sprintf("The cloud answered %d %s", failure.Status, strings.TrimSpace(failure.Code+" "+failure.Message))}
		lines = append(lines, "to "+failure.Method+" "+failure.URL)
		if failure.RequestID != "" {
			lines = append(lines, "with request id "+failure.RequestID+".")
		}
		if failure.Refusal != nil {
			lines = append(lines, "", failure.Refusal.String()+" Ask an administrator of the cloud to do it, or for the role.")
		} else if help := k.advice(failure.Status, failure.Code, failure.Message); help != "" {
			lines = append(lines, "", help)
		}
		return strings.Join(lines, "\n")
	}
	if job, ok := errors.AsType[*cloud.JobError](err); ok {
		text := "The cloud accepted the request, and its job failed: " + strings.TrimSuffix(job.Error(), ".") + "."
		if help := k.advice(0, job.Code, job.Reason); help != "" {
			text += "\n\n" + help
		}
		return text
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "It took longer than allowed: " + err.Error() + ".\n\nRaise the limit in the timeouts block, or look for what holds it up in the cloud's console. Nothing is lost: the next plan shows where things stand."
	case errors.Is(err, context.Canceled):
		return "It was interrupted: " + err.Error() + ".\n\nNothing is lost: the next plan shows where things stand."
	}
	return err.Error() + "."
}

// hint says what to do about an answer, by its status (0: any) and words of its code or message.
type hint struct {
	status int
	words  string
	help   string
}

// hints of which the first that fits is given.
var hints = []hint{
	{0, "quota", "A quota is used up. Delete what is not needed, or ask for a larger quota in the console under My Quotas."},
	{0, "exceed", "A limit is reached. Delete what is not needed, or ask for a larger quota in the console under My Quotas."},
	{401, "", "The credentials were refused. Check the access key and secret key (or token), that they have not expired, and that this machine's clock is right."},
	{403, "", "The account may not do this. Ask for a policy that allows it, and check that region and project are the ones meant."},
	{404, "APIGW", "The endpoint does not know this API: check region, cloud and the endpoints of the provider block."},
	{404, "", "Something that the request names does not exist in this region and project."},
	{409, "in use", "Something else still uses it. Remove that first, or declare the dependency so that Terraform does."},
	{409, "", "It conflicts with what exists: a name, an address range, or an operation that is under way. Change the value, or apply again in a while."},
	{429, "", "The account's request limit is used up. Set max_requests_per_second in the provider block, or apply again later."},
	{400, "", "The cloud refused a value. Correct it and apply again."},
	{500, "", "The cloud failed. Apply again; if it goes on, give the request id to the cloud's support."},
	{502, "", "The cloud could not be reached behind its gateway. Apply again."},
	{503, "", "The service is not available at the moment. Apply again later."},
	{504, "", "The cloud did not answer in time. Apply again: the next plan shows what was carried out."},
}

// openStackHints come before them on OpenStack clouds, where quotas and statuses are an administrator's to change.
var openStackHints = []hint{
	{413, "", "A quota of the project is used up. Delete what is not needed, or ask an administrator of the cloud for a larger quota."},
	{0, "quota", "A quota of the project is used up. Delete what is not needed, or ask an administrator of the cloud for a larger quota."},
	{400, "status must be", "The status of the object does not allow it. Remove what holds it (servers that have it attached, snapshots, transfers); of an object that is stuck, only an administrator of the cloud can reset the status. Nothing is lost: apply again afterwards."},
	{403, "", "The user may not do this. Check that project and region are the ones meant, and that the object is the project's own; what only an administrator of the cloud may do is said on the page of the resource."},
	{401, "", "The token was refused, and a new one too: the user may have been disabled, or the service has lost its connection to Keystone. Try \"openstack token issue\", and apply again."},
	{404, "no such API", "The service does not know this API: the cloud is older or lacks an extension, or the address in the endpoints of the provider block is another service's."},
	{404, "volume type", "The project sees no volume type of that name or id. A private type is shown to projects that an administrator of the cloud gave access to."},
}

// advice is the first hint that fits an answer.
func (k *Kind) advice(status int, code, message string) string {
	text := strings.ToLower(code + " " + message)
	all := hints
	if k.Service != nil && k.Service.OpenStack() {
		all = slices.Concat(openStackHints, hints)
	}
	for _, hint := range all {
		if (hint.status == 0 || hint.status == status) && strings.Contains(text, strings.ToLower(hint.words)) {
			return hint.help
		}
	}
	return ""
}
