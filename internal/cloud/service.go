package cloud

import "slices"

// Service is one cloud service: where it answers and how its jobs are asked.
type Service struct {
	Name    string // "vpc": the key in Config.Endpoints, the path below Config.Endpoint, the first label of the host
	Global  bool   // one endpoint for all regions, {name}.{cloud}; otherwise {name}.{region}.{cloud}
	Buckets bool   // the object storage's dialect: see buckets.go
	Job     *Job   // nil: the service has no job API
}

// Projects tells that a service's objects lie in projects.
func (s *Service) Projects() bool { return !s.Global && !s.Buckets }

// Job is a row of the table of job APIs. Status, Code and Reason are dotted paths into the job's answer (see Lookup).
type Job struct {
	Path    string   // "/v1/{project_id}/jobs/{job_id}"
	Status  string   // where the state of the job stands
	Success []string // its states that are success
	Failure []string // its states that are failure; every other state means that the job is still running
	Code    []string // where the code of a failure may stand, tried in order
	Reason  []string // where the reason of a failure may stand, tried in order
}

// computeJob is the job API that ECS, EVS and IMS share. A job with sub-jobs fails with a general reason; the telling
// one stands in the sub-job.
var computeJob = &Job{
	Path:    "/v1/{project_id}/jobs/{job_id}",
	Status:  "status",
	Success: []string{"SUCCESS"},
	Failure: []string{"FAIL"},
	Code:    []string{"entities.sub_jobs.0.error_code", "error_code"},
	Reason:  []string{"entities.sub_jobs.0.entities.errorcode_message", "entities.sub_jobs.0.fail_reason", "fail_reason"},
}

// The services that the provider speaks to.
var (
	IAM = &Service{Name: "iam", Global: true}
	VPC = &Service{Name: "vpc"}
	EVS = &Service{Name: "evs", Job: computeJob}
	ECS = &Service{Name: "ecs", Job: computeJob}
	IMS = &Service{Name: "ims", Job: computeJob}
	DNS = &Service{Name: "dns"}
	KMS = &Service{Name: "kms"} // keys, and key pairs (KPS), which have the same host
	SMN = &Service{Name: "smn"}
	OBS = &Service{Name: "obs", Buckets: true}
	CES = &Service{Name: "ces"}
	AS  = &Service{Name: "as"}
)

var services = []*Service{IAM, VPC, EVS, ECS, IMS, DNS, KMS, SMN, OBS, CES, AS}

// Services returns every service, for the validation of endpoint names.
func Services() []*Service { return slices.Clone(services) }
