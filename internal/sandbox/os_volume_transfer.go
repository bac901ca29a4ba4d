package sandbox

import (
	"net/http"
	"strings"
)

// cinderTransfer offers a volume to whoever has its key, in any project.
type cinderTransfer struct {
	meta
	Name        *string `json:"name"`
	VolumeID    string  `json:"volume_id"`
	AuthKey     string  `json:"auth_key"`
	NoSnapshots bool    `json:"no_snapshots"`
}

func (c *cinderService) transferRoutes() []route {
	var routes []route
	for path, since := range map[string]int{"/v3/{project_id}/volume-transfers": 55, "/v3/{project_id}/os-volume-transfer": 0} {
		routes = append(routes,
			route{"POST " + path, 202, from(since, c.createTransfer)},
			route{"GET " + path, 200, from(since, c.listTransfers(c.transferSummary))},
			route{"GET " + path + "/detail", 200, from(since, c.listTransfers(c.transferView))},
			route{"GET " + path + "/{id}", 200, from(since, c.showTransfer)},
			route{"DELETE " + path + "/{id}", 202, from(since, c.deleteTransfer)},
			route{"POST " + path + "/{id}/accept", 202, from(since, c.acceptTransfer)},
		)
	}
	return routes
}

func (c *cinderService) transfer(r *request) (*cinderTransfer, error) {
	t := c.transfers.get(reach(r), r.PathValue("id"))
	if t == nil {
		return nil, missingCinder("Transfer", r.PathValue("id"))
	}
	return t, nil
}

func (c *cinderService) transferSummary(r *request, t *cinderTransfer) map[string]any {
	return map[string]any{"id": t.ID, "volume_id": t.VolumeID, "name": t.Name, "links": c.links(r, "/os-volume-transfer/"+t.ID)}
}

func (c *cinderService) transferView(r *request, t *cinderTransfer) map[string]any {
	out := c.transferSummary(r, t)
	out["created_at"] = when(t.CreatedAt)
	if r.since(55) {
		out["no_snapshots"] = t.NoSnapshots
	}
	if r.since(57) {
		out["source_project_id"], out["destination_project_id"], out["accepted"] = t.ProjectID, nil, false
	}
	return out
}

func (c *cinderService) createTransfer(r *request) (any, error) {
	var in struct {
		Volume      string  `json:"volume_id"`
		Name        *string `json:"name"`
		NoSnapshots yesNo   `json:"no_snapshots"`
	}
	if _, err := read(r, "transfer", &in, "volume_id"); err != nil {
		return nil, err
	}
	if err := checkText("name", in.Name); err != nil {
		return nil, err
	}
	if !cinderUUID.MatchString(in.Volume) {
		return nil, badCinderField("volume_id", in.Volume, "'%s' is not a 'uuid'", in.Volume)
	}
	v, err := c.volume(r, in.Volume)
	if err != nil {
		return nil, err
	}
	if v.Status != "available" {
		return nil, badCinder("Invalid volume: status must be available")
	}
	t := c.transfers.add(v.ProjectID, &cinderTransfer{Name: in.Name, VolumeID: v.ID, AuthKey: randomHex(8), NoSnapshots: bool(in.NoSnapshots)})
	v.Status = "awaiting-transfer"
	c.volumes.touch(v)
	out := c.transferView(r, t)
	out["auth_key"] = t.AuthKey // told this once
	return map[string]any{"transfer": out}, nil
}

func (c *cinderService) listTransfers(view func(*request, *cinderTransfer) map[string]any) func(*request) (any, error) {
	return func(r *request) (any, error) {
		q := r.query
		found := scoped(r, c.transfers, func(t *cinderTransfer) bool {
			return matches(q.Get("name"), text(t.Name)) && matches(q.Get("volume_id"), t.VolumeID)
		})
		shown, next, err := page(r, found, map[string]func(a, b *cinderTransfer) int{
			"id": func(a, b *cinderTransfer) int { return strings.Compare(a.ID, b.ID) },
		}, "Transfer")
		if err != nil {
			return nil, err
		}
		return paged("transfers", views(shown, func(t *cinderTransfer) any { return view(r, t) }), next), nil
	}
}

func (c *cinderService) showTransfer(r *request) (any, error) {
	t, err := c.transfer(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"transfer": c.transferView(r, t)}, nil
}

func (c *cinderService) deleteTransfer(r *request) (any, error) {
	t, err := c.transfer(r)
	if err != nil {
		return nil, err
	}
	c.transfers.remove(t.ID)
	if v := c.volumes.get("", t.VolumeID); v != nil && v.Status == "awaiting-transfer" {
		v.Status = "available"
		c.volumes.touch(v)
	}
	return nil, nil
}

func (c *cinderService) acceptTransfer(r *request) (any, error) {
	var in struct {
		Key string `json:"auth_key"`
	}
	if _, err := read(r, "accept", &in, "auth_key"); err != nil {
		return nil, err
	}
	t := c.transfers.get("", r.PathValue("id"))
	if t == nil {
		return nil, missingCinder("Transfer", r.PathValue("id"))
	}
	v := c.volumes.get("", t.VolumeID)
	switch {
	case t.AuthKey != in.Key:
		return nil, badCinder("Invalid auth key: Attempt to transfer %s with invalid auth key.", t.ID)
	case v == nil:
		return nil, refuse(http.StatusNotFound, "", "Volume %s could not be found.", t.VolumeID)
	}
	snapshots := c.snapshotsOf(v.ID)
	if t.NoSnapshots {
		snapshots = nil
	}
	room := demand{volumes: 1, gigabytes: v.Size, snapshots: len(snapshots), kind: c.typeName(v)}
	for _, s := range snapshots {
		room.gigabytes += s.Size
	}
	if err := c.room(r.project.ID, room); err != nil {
		return nil, err
	}
	v.ProjectID, v.UserID, v.Status = r.project.ID, r.caller.User.ID, "available"
	c.volumes.touch(v)
	for _, s := range snapshots {
		s.ProjectID, s.UserID = r.project.ID, r.caller.User.ID
	}
	c.transfers.remove(t.ID)
	return map[string]any{"transfer": c.transferSummary(r, t)}, nil
}
