package cloud

import "slices"

// Service is one cloud service: where it answers and how its jobs are asked.
type Service struct {
	Name    string // "vpc": the key in Config.Endpoints, the path below Config.Endpoint, the first label of the host
	Global  bool   // one endpoint for all regions, {name}.{cloud}; otherwise {name}.{region}.{cloud}
	Buckets bool   // the object storage's dialect: see buckets.go
	Job     *Job   // nil: the service has no job API

	// Of a service of OpenStack clouds. Its address is told by the catalog that comes with a token; the paths of its
	// requests begin with the version of the API: "/v3/{project_id}/volumes".
	Types     []string // its type in the catalog, and the other names that are in use: "block-storage", "volumev3"
	Microtype string   // the service as the microversion header names it: "volume"; "": it has no microversions
	Version   string   // the microversion that is asked for where a request names none: "3.70"; an older cloud gets the newest that it knows
	Root      string   // where it tells its microversions: "/v3/"
}

// Projects tells that a service's objects lie in projects.
func (s *Service) Projects() bool { return !s.Global && !s.Buckets }

// OpenStack tells that it is a service of OpenStack clouds, found in their catalog.
func (s *Service) OpenStack() bool { return len(s.Types) > 0 }

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

// The services of OpenStack clouds. The microversions are those of the answers that the Kinds are declared for.
var (
	Cinder  = &Service{Name: "block-storage", Types: []string{"block-storage", "volumev3", "volume"}, Microtype: "volume", Version: "3.70", Root: "/v3/"}
	Nova    = &Service{Name: "compute", Types: []string{"compute"}, Microtype: "compute", Version: "2.46", Root: "/v2.1/"} // the last with flavors by id
	Neutron = &Service{Name: "network", Types: []string{"network"}}
	Glance  = &Service{Name: "image", Types: []string{"image"}}

	Keystone = &Service{Name: "identity", Types: []string{"identity"}}
)

var services = []*Service{IAM, VPC, EVS, ECS, IMS, DNS, KMS, SMN, OBS, CES, AS, Cinder, Nova, Neutron, Glance, Keystone}

// Services returns every service, for the validation of endpoint names.
func Services() []*Service { return slices.Clone(services) }
