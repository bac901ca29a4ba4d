package sandbox

import (
	"errors"
	"slices"
	"time"
)

// job is something that goes on after its request was answered. It ends JobMS after its begin; what it then does is
// the function registered for its type. No goroutine waits for it: before a request is served, the jobs whose time has
// come are finished, in the order of their ends. So a job survives a restart, and time can be faked.
type job struct {
	meta
	Type     string         `json:"type"` // createVolume, as the API names it
	Begin    time.Time      `json:"begin"`
	End      time.Time      `json:"end"`
	Done     bool           `json:"done"`
	Fail     *jobFailure    `json:"fail,omitempty"`     // why it failed, once it is done; set before its end if it is told to
	Entities map[string]any `json:"entities,omitempty"` // what it is about; numbers are float64 after a restart
	Parent   string         `json:"parent,omitempty"`   // the id of the job whose part this is
}

type jobFailure struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// onJob says what happens when a job of a type ends. A *refusal makes the job FAIL with its code and message. A job that
// the configuration tells to fail ends with Fail set: what it began is to be undone.
func (s *Sandbox) onJob(kind string, finish func(*job) error) { s.finish[kind] = finish }

// startJob begins a job of a type that onJob knows. JobMS of 0 ends it before the next request.
func (s *Sandbox) startJob(project, kind string, entities map[string]any) *job {
	if s.finish[kind] == nil {
		panic("sandbox: no onJob for " + kind)
	}
	now := time.Now().UTC()
	return s.jobs.add(project, &job{
		meta:     meta{ID: s.ids.hex()},
		Type:     kind,
		Begin:    now,
		End:      now.Add(time.Duration(s.config.JobMS) * time.Millisecond),
		Entities: entities,
	})
}

// status is INIT for the first tenth of the job's time, RUNNING, then SUCCESS or FAIL.
func (j *job) status() string {
	switch {
	case j.Done && j.Fail != nil:
		return "FAIL"
	case j.Done:
		return "SUCCESS"
	case time.Since(j.Begin) < j.End.Sub(j.Begin)/10:
		return "INIT"
	}
	return "RUNNING"
}

// text is an entity of the job that is a string.
func (j *job) text(name string) string {
	v, _ := j.Entities[name].(string)
	return v
}

// settle finishes the jobs whose time has come, and says whether there were any. A job that was begun by another's end
// may be due as well.
func (s *Sandbox) settle() (settled bool) {
	for {
		now := time.Now()
		var due *job
		for _, j := range s.jobs.order {
			if !j.Done && !j.End.After(now) && (due == nil || j.End.Before(due.End)) {
				due = j
			}
		}
		if due == nil {
			return settled
		}
		due.Done, settled = true, true
		if slices.Contains(s.config.FailJobs, due.Type) {
			due.Fail = &jobFailure{Code: "Common.0021", Reason: "The job was told to fail."}
		}
		err := s.finish[due.Type](due)
		if f, ok := errors.AsType[*refusal](err); ok {
			due.Fail = &jobFailure{Code: f.code, Reason: f.message}
		} else if err != nil {
			due.Fail = &jobFailure{Code: "Common.0011", Reason: err.Error()}
		}
	}
}
