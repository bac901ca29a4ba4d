package sandbox

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// clientToken remembers what a request was answered that carried an X-Client-Token, so that the same request sent
// again does nothing and is answered the same.
type clientToken struct {
	meta
	Request string          `json:"request"` // a hash of its method, path and body
	Answer  json.RawMessage `json:"answer"`
}

const clientTokenLife = 8 * time.Hour

var uuidText = pattern.New(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// once carries out an operation unless its client token was used before: then it answers as it did. The codes are
// those for a token that is no UUID, and for one that belongs to another request.
func (s *Sandbox) once(r *request, malformed, conflict string, do func(*request) (any, error)) (any, error) {
	text := r.Header.Get("X-Client-Token")
	if text == "" {
		return do(r)
	}
	if !uuidText.MatchString(text) {
		return nil, refuse(http.StatusBadRequest, malformed, "invalid X-Client-Token in header")
	}
	id := r.service.name + "/" + r.project.ID + "/" + text
	request := sha256Hex([]byte(r.Method + r.URL.Path + string(r.body)))
	if used := s.clientTokens.get("", id); used != nil && time.Since(used.CreatedAt) < clientTokenLife {
		if used.Request != request {
			return nil, refuse(http.StatusBadRequest, conflict, "url/project id/body conflict with X-Client-Token")
		}
		return used.Answer, nil
	}
	body, err := do(r)
	if err != nil {
		return nil, err
	}
	if _, other := body.(withStatus); other { // nothing was done
		return body, nil
	}
	answer, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	s.clientTokens.remove(id)
	s.clientTokens.add(r.project.ID, &clientToken{meta: meta{ID: id}, Request: request, Answer: answer})
	return body, nil
}
