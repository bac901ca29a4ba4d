package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// ecsService runs servers. A server's volumes are kept by EVS and its ports by VPC; what is here is in the files
// ecs_*.go: the servers and how they are made and changed, their volumes and NICs, flavors, groups and key pairs.
type ecsService struct {
	*Sandbox
	servers  *table[server]
	groups   *table[serverGroup]
	keyPairs *table[keyPair]
	jobs     jobTypes
}

func newECS(s *Sandbox) *ecsService {
	e := &ecsService{
		Sandbox:  s,
		servers:  newTable[server](s, "server"),
		groups:   newTable[serverGroup](s, "server_group"),
		keyPairs: newTable[keyPair](s, "key_pair"),
	}
	e.servers.removed = e.release
	e.groups.removed = e.disband
	e.jobs = jobTypes{
		"createServer":       s.endBatch,
		"createSingleServer": e.endCreate,
		"deleteServer":       s.endBatch,
		"deleteSingleServer": e.endDelete,
		"startServer":        s.endBatch,
		"startSingleServer":  e.endPower("ACTIVE"),
		"stopServer":         s.endBatch,
		"stopSingleServer":   e.endPower("SHUTOFF"),
		"rebootServer":       s.endBatch,
		"rebootSingleServer": e.endPower("ACTIVE"),
		"resizeServer":       e.endResize,
		"changeOs":           e.endChangeOS,
		"attachVolume":       e.endAttach,
		"detachVolume":       e.endDetach,
		"addNic":             s.endBatch,
		"addSingleNic":       e.endAddNic,
		"deleteNic":          s.endBatch,
		"deleteSingleNic":    e.endDeleteNic,
	}
	s.onJobs(e.jobs)
	s.addService(&service{
		name:    "ecs",
		invalid: "Ecs.0005",
		shape:   e.shape,
		first:   e.groupRoutes(), // .../os-server-groups/{id} looks like .../{server_id}/tags
		routes: slices.Concat(e.serverRoutes(), e.actionRoutes(), e.volumeRoutes(), e.nicRoutes(), e.optionRoutes(), e.flavorRoutes(),
			e.keyPairRoutes()),
	})
	return e
}

// shape is the vendor's, and OpenStack's where the operation is.
func (e *ecsService) shape(r *request, f *refusal) any {
	if strings.HasPrefix(r.URL.Path, "/v2.1/") {
		return openStack(r, f)
	}
	return errorObject(r, f)
}

func noServer(id string) error {
	return refuse(http.StatusNotFound, "Ecs.0114", "Instance[%s] could not be found.", id)
}

func badServer(code, format string, args ...any) error {
	return refuse(http.StatusBadRequest, code, format, args...)
}

// busyServer refuses what has to wait for a task of the server.
func busyServer(s *server) error {
	return refuse(http.StatusConflict, "Ecs.0100", "The ECS status does not meet requirements: a task of server %s is under way.", s.ID)
}

// translate turns another service's refusal into one of this service. The codes are those for what it refused.
func translate(err error, codes map[string]string) error {
	f, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	code, ok := codes[f.code]
	if !ok {
		code = "Ecs.0005"
	}
	return badServer(code, "%s", f.message)
}

var (
	volumeCodes = map[string]string{
		"EVS.1020": "Ecs.0043", "EVS.2071": "Ecs.0043", "EVS.2072": "Ecs.0044",
		"EVS.1034": "Ecs.0021", "EVS.1042": "Ecs.0021", "EVS.2041": "Ecs.0912",
	}
	// The codes of a bandwidth; those of an address, too many included, are Ecs.0005.
	addressCodes = map[string]string{"VPC.0301": "Ecs.0045"}

	portCodes = map[string]string{
		"VPC.0202": "Ecs.0038", "VPC.0602": "Ecs.0014", "VPC.0701": "Ecs.0010", "VPC.2500": "Ecs.0039", "VPC.2511": "Ecs.0012",
	}
)
