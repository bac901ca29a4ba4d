package sandbox

import "net/http"

// jobTypes are the jobs of a service: what happens at the end of each.
type jobTypes map[string]func(*job) error

// onJobs registers the jobs of a service.
func (s *Sandbox) onJobs(types jobTypes) {
	for kind, finish := range types {
		s.onJob(kind, finish)
	}
}

// startBatch begins a job made of parts that have begun. Its type ends with endBatch.
func (s *Sandbox) startBatch(project, kind string, parts ...*job) *job {
	batch := s.startJob(project, kind, nil)
	for _, part := range parts {
		part.Parent = batch.ID
	}
	return batch
}

// endBatch fails if a part failed. The parts have ended: they began before it.
func (s *Sandbox) endBatch(batch *job) error {
	if s.jobs.first("", func(j *job) bool { return j.Parent == batch.ID && j.Fail != nil }) != nil {
		return refuse(http.StatusBadRequest, "Common.0021", "Subjob fails.")
	}
	return nil
}

// pending is the job of an id while it is under way, else nil.
func (s *Sandbox) pending(id string) *job {
	if j := s.jobs.get("", id); j != nil && !j.Done {
		return j
	}
	return nil
}

// begun says whether a job is past INIT: what it makes can be seen from then on.
func (s *Sandbox) begun(id string) bool {
	j := s.pending(id)
	return j == nil || j.status() != "INIT"
}

// showJob answers a job as EVS, ECS and IMS do. The jobs of other services do not exist there.
func (s *Sandbox) showJob(types jobTypes) func(*request) (any, error) {
	return func(r *request) (any, error) {
		j := s.jobs.get(r.project.ID, r.PathValue("job_id"))
		if j == nil || types[j.Type] == nil {
			return nil, refuse(http.StatusBadRequest, "Common.0011", "No jobs found.")
		}
		return s.jobView(j), nil
	}
}

const jobTime = "2006-01-02T15:04:05.000Z"

// jobEntities are what a job says that it is about; its other entities are its own business.
var jobEntities = []string{"server_id", "nic_id", "volume_id", "volume_type", "size", "name"}

func (s *Sandbox) jobView(j *job) map[string]any {
	entities := map[string]any{}
	for _, name := range jobEntities {
		if value, ok := j.Entities[name]; ok {
			entities[name] = value
		}
	}
	if parts := s.jobs.where("", func(p *job) bool { return p.Parent == j.ID }); len(parts) > 0 {
		entities["sub_jobs_total"], entities["sub_jobs"] = len(parts), views(parts, s.jobView)
	}
	out := map[string]any{
		"status":      j.status(),
		"job_id":      j.ID,
		"job_type":    j.Type,
		"begin_time":  j.Begin.Format(jobTime),
		"end_time":    "",
		"error_code":  nil,
		"fail_reason": nil,
		"entities":    entities,
	}
	if j.Done {
		out["end_time"] = j.End.Format(jobTime)
	}
	if j.Done && j.Fail != nil {
		out["error_code"], out["fail_reason"] = j.Fail.Code, j.Fail.Reason
		if j.Parent != "" {
			entities["errorcode_message"] = j.Fail.Reason
		}
	}
	return out
}
