package cloud

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// jobGrace is how long a new job may be unknown to the node that is asked.
const jobGrace = 30 * time.Second

// JobError is a job that the cloud reports as failed.
type JobError struct {
	Service      *Service
	JobID        string
	Code, Reason string // in the cloud's words; may be empty
}

func (e *JobError) Error() string {
	line := fmt.Sprintf("%s job %s failed", e.Service.Name, e.JobID)
	for _, part := range []string{e.Code, e.Reason} {
		if part != "" {
			line += ": " + part
		}
	}
	return line
}

// AwaitJob waits until a job has ended and returns its last answer. A job that failed is a *JobError.
func (c *Client) AwaitJob(ctx context.Context, s *Service, region, jobID string) (map[string]any, error) {
	if s.Job == nil {
		return nil, fmt.Errorf("the service %s has no jobs", s.Name)
	}
	request := Request{
		Service: s, Region: region, Method: http.MethodGet,
		Path: strings.ReplaceAll(s.Job.Path, "{job_id}", url.PathEscape(jobID)),
	}
	started := time.Now()
	var job map[string]any
	err := Await(ctx, func(ctx context.Context) (bool, error) {
		answer, err := c.Do(ctx, request)
		if IsNotFound(err) && time.Since(started) < jobGrace {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		job, _ = answer.(map[string]any)
		switch status := first(job, s.Job.Status); {
		case slices.Contains(s.Job.Success, status):
			return true, nil
		case slices.Contains(s.Job.Failure, status):
			return true, &JobError{s, jobID, first(job, s.Job.Code...), first(job, s.Job.Reason...)}
		}
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	return job, nil
}

// first is the first of these paths that leads to a text.
func first(v any, paths ...string) string {
	for _, path := range paths {
		if found, ok := Lookup(v, path); ok && found != nil {
			if s := fmt.Sprint(found); s != "" {
				return s
			}
		}
	}
	return ""
}
