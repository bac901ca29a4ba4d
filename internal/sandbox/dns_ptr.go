package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// ptrRecord is the name that an address of the internet stands for. Its id is made of the region's and the address's.
type ptrRecord struct {
	meta
	PtrName             string            `json:"ptrdname"` // with the final dot
	Description         string            `json:"description"`
	TTL                 int               `json:"ttl"`
	Address             string            `json:"address"`
	Status              string            `json:"status"` // ACTIVE, PENDING_*, ERROR
	EnterpriseProjectID string            `json:"enterprise_project_id"`
	Tags                map[string]string `json:"tags"`
}

func (v *dnsService) ptrRoutes() []route {
	const path = "/v2/reverse/floatingips"
	return slices.Concat([]route{
		{"GET " + path, 200, v.listPtrs},
		{"GET " + path + "/{id}", 200, v.showPtr},
		{"PATCH " + path + "/{id}", 202, v.setPtr},
	}, tagged[ptrRecord]{
		table: v.ptrs, path: "/v2/{project_id}/DNS-ptr_record", missing: noPtr, code: dnsBadTag,
		tags: func(o *ptrRecord) *map[string]string { return &o.Tags },
		name: func(o *ptrRecord) string { return o.PtrName },
	}.routes())
}

func noPtr(string) error {
	return refuse(http.StatusNotFound, "DNS.0321", "This PTR record does not exist.")
}

// ptrView shows a record as a single read does: without tags.
func ptrView(r *request, o *ptrRecord) map[string]any {
	action := "NONE"
	if pending, ok := strings.CutPrefix(o.Status, "PENDING_"); ok {
		action = pending
	}
	return map[string]any{
		"id":                    o.ID,
		"ptrdname":              o.PtrName,
		"description":           o.Description,
		"ttl":                   o.TTL,
		"address":               o.Address,
		"status":                o.Status,
		"action":                action,
		"enterprise_project_id": o.EnterpriseProjectID,
		"links":                 r.pageLinks("/v2/reverse/floatingips/"+o.ID, ""),
	}
}

func (v *dnsService) showPtr(r *request) (any, error) {
	o := v.ptrs.read(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noPtr("")
	}
	return ptrView(r, o), nil
}

func (v *dnsService) listPtrs(r *request) (any, error) {
	all := slices.DeleteFunc(v.ptrs.list(r.project.ID), func(o *ptrRecord) bool {
		return !matches(r.query.Get("status"), o.Status) || !ofEnterprise(r, o.EnterpriseProjectID) || !zoneTags(r, o.Tags)
	})
	page, next, err := markerPage(r, all, dnsPage, dnsPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"floatingips": views(page, func(o *ptrRecord) any {
			out := ptrView(r, o)
			out["tags"] = tagList(o.Tags)
			return out
		}),
		"links":    r.pageLinks("/v2/reverse/floatingips", next),
		"metadata": map[string]any{"total_count": len(all)},
	}, nil
}

// setPtr makes the record of an address, changes the one that it has, or with a name of null takes it away. The answer does
// not tell whether there was one.
func (v *dnsService) setPtr(r *request) (any, error) {
	region, address, _ := strings.Cut(r.PathValue("id"), ":")
	e := v.eip.eips.get(r.project.ID, address)
	if e == nil || region != r.project.Region {
		return nil, refuse(http.StatusNotFound, "DNS.0322", "The floating IP %s does not exist.", r.PathValue("id"))
	}
	var in struct {
		PtrName             json.RawMessage `json:"ptrdname"`
		Description         *string         `json:"description"`
		TTL                 *int            `json:"ttl"`
		EnterpriseProjectID string          `json:"enterprise_project_id"`
		Tags                []tag           `json:"tags"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o := v.ptrs.get(r.project.ID, r.PathValue("id"))
	if o != nil && strings.HasPrefix(o.Status, "PENDING_") {
		return nil, refuse(http.StatusConflict, "DNS.0314", "The PTR record is not in a steady state.")
	}
	if string(in.PtrName) == "null" {
		if o == nil {
			return nil, noPtr("")
		}
		v.turnPtr(o, "PENDING_DELETE")
		return nil, nil
	}
	var name string
	if err := json.Unmarshal(in.PtrName, &name); err != nil || !isDomain(fqdn(name)) || strings.Count(fqdn(name), ".") < 2 {
		return nil, badDNS("DNS.0308", "Invalid PTR record name.")
	}
	changed := ptrRecord{meta: meta{ID: r.PathValue("id")}, TTL: 300, Address: e.PublicIPAddress, EnterpriseProjectID: "0", Tags: map[string]string{}}
	if o != nil {
		changed = *o
	} else if in.EnterpriseProjectID != "" {
		changed.EnterpriseProjectID = in.EnterpriseProjectID
	}
	changed.PtrName = fqdn(name)
	if in.Description != nil {
		if changed.Description = *in.Description; utf8.RuneCountInString(changed.Description) > 255 {
			return nil, badDNS("DNS.0306", "Invalid PTR record description.")
		}
	}
	if in.TTL != nil {
		if changed.TTL = *in.TTL; changed.TTL < 1 || changed.TTL > dnsTTL {
			return nil, badDNS("DNS.0319", "Invalid PTR record TTL value.")
		}
	}
	if err := checkTags(dnsBadTag, in.Tags, tagsAtOnce); err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		changed.Tags[t.Key] = t.Value
	}
	if o != nil {
		*o = changed
		v.turnPtr(o, "PENDING_UPDATE")
		out := ptrView(r, o)
		delete(out, "enterprise_project_id")
		return out, nil
	}
	if v.ptrs.full(r.project.ID, 1) {
		return nil, refuse(http.StatusForbidden, "DNS.0404", "Quota exceeded for resources: ptr.")
	}
	v.turnPtr(v.ptrs.add(r.project.ID, &changed), "PENDING_CREATE")
	return ptrView(r, &changed), nil
}

// turnPtr begins a change of a record.
func (v *dnsService) turnPtr(o *ptrRecord, now string) {
	o.Status = now
	v.ptrs.touch(o)
	v.startJob(o.ProjectID, "settlePtr", map[string]any{"id": o.ID})
}

func (v *dnsService) settlePtr(j *job) error {
	o := v.ptrs.get("", j.text("id"))
	switch {
	case o == nil:
	case j.Fail != nil:
		o.Status = "ERROR"
	case o.Status == "PENDING_DELETE":
		v.ptrs.remove(o.ID)
	default:
		o.Status = "ACTIVE"
	}
	return nil
}

// forgetAddress ends the record of an address that is no more.
func (v *dnsService) forgetAddress(id string) {
	for _, o := range v.ptrs.where("", func(o *ptrRecord) bool { return strings.HasSuffix(o.ID, ":"+id) }) {
		v.ptrs.remove(o.ID)
	}
}
