package sandbox

import (
	"strconv"
	"time"
)

// metadataOptions say how the machine itself gets at its metadata.
type metadataOptions struct {
	HTTPEndpoint string `json:"http_endpoint,omitempty"` // enabled, disabled
	HTTPTokens   string `json:"http_tokens,omitempty"`   // optional, required
}

// optionRoutes change, each on its own, what a server does by itself.
func (e *ecsService) optionRoutes() []route {
	const path = "/v1/{project_id}/cloudservers/{id}"
	return []route{
		{"GET " + path + "/metadata-options", 200, e.showMetadataOptions},
		{"PUT " + path + "/metadata-options", 200, e.updateMetadataOptions},
		{"GET " + path + "/autorecovery", 200, e.showAutoRecovery},
		{"PUT " + path + "/autorecovery", 204, e.updateAutoRecovery},
		{"POST " + path + "/actions/update-auto-terminate-time", 204, e.updateAutoTerminateTime},
	}
}

// apply takes over the options that are given.
func (o *metadataOptions) apply(in metadataOptions) error {
	switch in.HTTPEndpoint {
	case "enabled", "disabled":
		o.HTTPEndpoint = in.HTTPEndpoint
	case "":
	default:
		return badServer("Ecs.0005", "http_endpoint must be enabled or disabled.")
	}
	switch in.HTTPTokens {
	case "optional", "required":
		o.HTTPTokens = in.HTTPTokens
	case "":
	default:
		return badServer("Ecs.0005", "http_tokens must be optional or required.")
	}
	return nil
}

func (e *ecsService) showMetadataOptions(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	return s.MetadataOptions, nil
}

func (e *ecsService) updateMetadataOptions(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in metadataOptions
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := s.MetadataOptions
	if err := changed.apply(in); err != nil {
		return nil, err
	}
	s.MetadataOptions = changed
	return nil, nil
}

// autoRecovery is the one option whose boolean is a string.
type autoRecovery struct {
	Support string `json:"support_auto_recovery"`
}

func (e *ecsService) showAutoRecovery(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	return autoRecovery{strconv.FormatBool(s.AutoRecovery)}, nil
}

func (e *ecsService) updateAutoRecovery(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in autoRecovery
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	on, err := strconv.ParseBool(in.Support)
	if err != nil {
		return nil, badServer("Ecs.0005", "support_auto_recovery must be true or false.")
	}
	if on && s.ChargingMode == chargingSpot {
		return nil, badServer("Ecs.0036", "Spot ECSs do not support automatic recovery.")
	}
	s.AutoRecovery = on
	return nil, nil
}

// checkTerminateTime refuses what is no time in the future; "" is for none.
func checkTerminateTime(text string) error {
	if text == "" {
		return nil
	}
	if at, err := time.Parse(ecsTime, text); err != nil || !at.After(time.Now()) {
		return badServer("Ecs.0005", "auto_terminate_time %s is invalid.", text)
	}
	return nil
}

func (e *ecsService) updateAutoTerminateTime(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Time *string `json:"auto_terminate_time"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if in.Time == nil {
		return nil, badServer("Ecs.0005", "auto_terminate_time is missing.")
	}
	if err := checkTerminateTime(*in.Time); err != nil {
		return nil, err
	}
	s.AutoTerminateTime = *in.Time
	return nil, nil
}
