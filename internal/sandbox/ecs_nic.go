package sandbox

import "slices"

func (e *ecsService) nicRoutes() []route {
	const path = "/v1/{project_id}/cloudservers/{id}"
	return []route{
		{"POST " + path + "/nics", 200, e.addNics},
		{"POST " + path + "/nics/delete", 200, e.deleteNics},
		{"GET " + path + "/os-interface", 200, e.listInterfaces},
		{"PUT " + path + "/os-interface/{port_id}", 204, e.updateInterface},
		{"GET /v2.1/{project_id}/servers/{id}/os-interface/{port_id}", 200, e.showInterface},
	}
}

func (e *ecsService) addNics(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Nics []nicRequest `json:"nics"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case len(in.Nics) == 0:
		return nil, badServer("Ecs.0005", "nics is missing.")
	case len(s.Nics)+len(in.Nics) > nicsMax:
		return nil, badServer("Ecs.0050", "The number of NICs attached to the ECS exceeds the quota.")
	case s.Status != "ACTIVE" && s.Status != "SHUTOFF":
		return nil, badServer("Ecs.0100", "The ECS status does not meet requirements: server %s is %s.", s.ID, s.Status)
	}
	var taken []nic
	for _, asked := range in.Nics {
		n, err := e.newNic(r, s, &asked, asked.SecurityGroups)
		if err != nil {
			e.giveBack(taken)
			return nil, err
		}
		taken = append(taken, n)
	}
	return e.nicJobs(r, s, "addNic", "addSingleNic", taken), nil
}

// nicJobs begins the same job for each of a server's NICs.
func (e *ecsService) nicJobs(r *request, s *server, whole, single string, nics []nic) any {
	var parts []*job
	for _, n := range nics {
		parts = append(parts, e.startJob(r.project.ID, single, map[string]any{
			"server_id": s.ID, "nic_id": n.PortID, "delete": n.DeleteOnTermination,
		}))
	}
	j := e.startBatch(r.project.ID, whole, parts...)
	s.Job = j.ID
	return map[string]any{"job_id": j.ID}
}

func (e *ecsService) endAddNic(j *job) error {
	s := e.subject(j)
	n := nic{PortID: j.text("nic_id")}
	n.DeleteOnTermination, _ = j.Entities["delete"].(bool)
	if s == nil || j.Fail != nil {
		e.giveBack([]nic{n})
		return nil
	}
	s.Nics = append(s.Nics, n)
	return nil
}

// place is where a server has a port among its NICs, -1 if it has not.
func (s *server) place(port string) int {
	return slices.IndexFunc(s.Nics, func(n nic) bool { return n.PortID == port })
}

func (e *ecsService) deleteNics(r *request) (any, error) {
	s, err := e.free(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Nics []ref `json:"nics"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Nics) == 0 {
		return nil, badServer("Ecs.0005", "nics is missing.")
	}
	var doomed []nic
	for _, asked := range in.Nics {
		switch i := s.place(asked.ID); i {
		case -1:
			return nil, badServer("Ecs.0085", "The server does not have the interface %s.", asked.ID)
		case 0:
			return nil, badServer("Ecs.0507", "The primary NIC %s cannot be deleted.", asked.ID)
		default:
			doomed = append(doomed, s.Nics[i])
		}
	}
	return e.nicJobs(r, s, "deleteNic", "deleteSingleNic", doomed), nil
}

func (e *ecsService) endDeleteNic(j *job) error {
	s := e.subject(j)
	if s == nil || j.Fail != nil {
		return nil
	}
	if i := s.place(j.text("nic_id")); i >= 0 {
		e.giveBack(s.Nics[i : i+1])
		s.Nics = slices.Delete(s.Nics, i, i+1)
	}
	return nil
}

func (e *ecsService) interfaceOf(n nic) map[string]any {
	p := e.vpc.ports.get("", n.PortID)
	if p == nil {
		return nil
	}
	return map[string]any{
		"port_id":               p.ID,
		"port_state":            p.Status,
		"net_id":                p.NetworkID,
		"mac_addr":              p.MacAddress,
		"fixed_ips":             p.FixedIPs,
		"delete_on_termination": n.DeleteOnTermination,
		"driver_mode":           nil,
		"min_rate":              nil,
		"multiqueue_num":        nil,
		"pci_address":           nil,
	}
}

// listInterfaces refuses a server that is not there with a 400, unlike the others.
func (e *ecsService) listInterfaces(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, badServer("Ecs.0307", "Instance[%s] could not be found.", r.PathValue("id"))
	}
	list := []any{}
	for _, n := range s.Nics {
		if shown := e.interfaceOf(n); shown != nil && s.Status != "BUILD" {
			list = append(list, shown)
		}
	}
	return map[string]any{
		"interfaceAttachments": list,
		"attachableQuantity":   map[string]int{"free_nic": nicsMax - len(s.Nics), "free_efi_nic": 0},
	}, nil
}

func (e *ecsService) showInterface(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	if i := s.place(r.PathValue("port_id")); i >= 0 {
		if shown := e.interfaceOf(s.Nics[i]); shown != nil {
			return map[string]any{"interfaceAttachment": shown}, nil
		}
	}
	return nil, noPort(r.PathValue("port_id"))
}

func (e *ecsService) updateInterface(r *request) (any, error) {
	s, err := e.find(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Attachment struct {
			DeleteOnTermination *bool `json:"delete_on_termination"`
		} `json:"interface_attachment"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	i := s.place(r.PathValue("port_id"))
	if i < 0 {
		return nil, badServer("Ecs.0085", "The server does not have the interface %s.", r.PathValue("port_id"))
	}
	if in.Attachment.DeleteOnTermination == nil {
		return nil, badServer("Ecs.0005", "interface_attachment.delete_on_termination is missing.")
	}
	s.Nics[i].DeleteOnTermination = *in.Attachment.DeleteOnTermination
	return nil, nil
}
