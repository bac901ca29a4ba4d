package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is a request that failed: an answer of the cloud with an error status, or no answer at all (then Err is why).
type Error struct {
	Status      int    // HTTP status; 0 when there was no answer
	Code        string // the cloud's own code: "VPC.0601"
	Message     string // the cloud's words, cut when they are long
	RequestID   string
	Method, URL string
	FateUnknown bool  // the request may have been carried out: look before sending it again
	Err         error // what the connection or the context said
}

// Error is one readable line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s:", e.Method, e.URL)
	if e.Status != 0 {
		fmt.Fprintf(&b, " %d %s", e.Status, http.StatusText(e.Status))
	}
	for _, part := range []string{e.Code, e.Message} {
		if part != "" {
			fmt.Fprintf(&b, " %s:", part)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(&b, " %v", e.Err)
	}
	line := strings.TrimSuffix(b.String(), ":")
	if e.RequestID != "" {
		line += " (request id " + e.RequestID + ")"
	}
	if e.FateUnknown {
		line += "; it is not known whether the cloud carried it out"
	}
	return line
}

// Unwrap returns what the connection or the context said.
func (e *Error) Unwrap() error { return e.Err }

// AsError finds the Error in err.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// IsNotFound tells whether the cloud answered that the object does not exist: a 404 and nothing else.
func IsNotFound(err error) bool {
	e, ok := AsError(err)
	return ok && e.Status == http.StatusNotFound
}

// JobError is a job that the cloud reports as failed.
type JobError struct {
	Service      *Service
	JobID        string
	Code, Reason string
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
