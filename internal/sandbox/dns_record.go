package sandbox

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// recordSet are the records of one type that a name has in a zone, on one line.
type recordSet struct {
	meta
	ZoneID      string            `json:"zone_id"`
	Name        string            `json:"name"` // with the final dot
	Description string            `json:"description"`
	Type        string            `json:"type"`
	TTL         int               `json:"ttl"`
	Records     []string          `json:"records"`
	Status      string            `json:"status"` // as that of zones
	Default     bool              `json:"default"`
	Line        string            `json:"line,omitempty"` // of public zones only
	Weight      *int              `json:"weight"`         // nil for none
	AliasTarget *aliasTarget      `json:"alias_target"`
	Tags        map[string]string `json:"tags"`
}

// aliasTarget is what an alias stands for instead of records.
type aliasTarget struct {
	ResourceType       string `json:"resource_type"`
	ResourceDomainName string `json:"resource_domain_name"`
}

func (v *dnsService) recordSetRoutes() []route {
	return []route{
		{"POST /v2.1/zones/{zone_id}/recordsets", 202, v.createRecordSet},
		{"GET /v2.1/zones/{zone_id}/recordsets", 200, v.listZoneRecordSets},
		{"GET /v2.1/zones/{zone_id}/recordsets/{recordset_id}", 200, v.showRecordSet},
		{"PUT /v2.1/zones/{zone_id}/recordsets/{recordset_id}", 202, v.updateRecordSet},
		{"DELETE /v2.1/zones/{zone_id}/recordsets/{recordset_id}", 202, v.deleteRecordSet},
		{"GET /v2.1/recordsets", 200, v.listRecordSets},
		{"PUT /v2.1/recordsets/{recordset_id}/statuses/set", 202, v.setRecordSetStatus},
	}
}

const (
	defaultLine   = "default_view"
	nsTTL         = 172800 // of the record set that a zone is made with
	weightedMost  = 20     // record sets of one name, type and line
	txtMost       = 255    // characters of a quoted text
	recordsAtOnce = 50
)

// dnsLines are the system's lines; those of a carrier or country go on with a place: Dianxin_Beijing.
var dnsLines = []string{defaultLine, "Dianxin", "Liantong", "Yidong", "Jiaoyuwang", "Tietong", "Pengboshi", "CN", "Abroad", "AP", "EU", "NA", "SA", "AF", "OA"}

func isLine(id string) bool {
	carrier, _, _ := strings.Cut(id, "_")
	return slices.Contains(dnsLines, id) || slices.Contains(dnsLines, carrier)
}

// wildcards are the types whose names may begin with "*".
var wildcards = []string{"A", "AAAA", "MX", "CNAME", "TXT"}

// recordValues say for each type whether a value is one of it, and how it is kept.
var recordValues = map[string]func(string) (string, bool){
	"A": func(s string) (string, bool) {
		a, err := netip.ParseAddr(s)
		return s, err == nil && a.Is4()
	},
	"AAAA": func(s string) (string, bool) {
		a, err := netip.ParseAddr(s)
		return a.String(), err == nil && a.Is6() && a.Zone() == ""
	},
	"MX":    func(s string) (string, bool) { return numbersAndHost(s, 1) },
	"CNAME": func(s string) (string, bool) { return numbersAndHost(s, 0) },
	"NS":    func(s string) (string, bool) { return numbersAndHost(s, 0) },
	"PTR":   func(s string) (string, bool) { return numbersAndHost(s, 0) },
	"SRV":   func(s string) (string, bool) { return numbersAndHost(s, 3) },
	"TXT":   func(s string) (string, bool) { return s, txtValue.MatchString(s) },
	"CAA":   func(s string) (string, bool) { return s, caaValue.MatchString(s) },
}

var (
	txtValue = pattern.New(`^"([^"\\]|\\.){0,` + strconv.Itoa(txtMost) + `}"( "([^"\\]|\\.){0,` + strconv.Itoa(txtMost) + `}")*$`)
	caaValue = pattern.New(`^([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]) (issue|issuewild|iodef) "[^"]*"$`)
)

// numbersAndHost reads so many numbers of 16 bits and a name, which is kept with its final dot.
func numbersAndHost(s string, numbers int) (string, bool) {
	fields := strings.Split(s, " ")
	if len(fields) != numbers+1 {
		return "", false
	}
	for _, field := range fields[:numbers] {
		if _, err := strconv.ParseUint(field, 10, 16); err != nil {
			return "", false
		}
	}
	fields[numbers] = fqdn(fields[numbers])
	return strings.Join(fields, " "), isDomain(fields[numbers])
}

func noRecordSet(string) error {
	return refuse(http.StatusNotFound, "DNS.0313", "This record set does not exist.")
}

func (v *dnsService) zoneOf(o *recordSet) *dnsZone { return v.zones.get("", o.ZoneID) }

func (v *dnsService) setsOf(zoneID string) []*recordSet {
	return v.recordSets.where("", func(o *recordSet) bool { return o.ZoneID == zoneID })
}

// addSystemSets makes what every zone has from its beginning.
func (v *dnsService) addSystemSets(z *dnsZone) {
	mail := strings.Replace(z.Email, "@", ".", 1)
	for _, o := range []*recordSet{
		{Type: "SOA", TTL: 300, Records: []string{fmt.Sprintf("ns1.hwclouds-dns.com. %s. (1 7200 900 1209600 300)", mail)}},
		{Type: "NS", TTL: nsTTL, Records: []string{"ns1.hwclouds-dns.com.", "ns1.hwclouds-dns.net."}},
	} {
		o.ID, o.ZoneID, o.Name, o.Status, o.Default = v.ids.hex(), z.ID, z.Name, "ACTIVE", true
		if z.ZoneType == "public" {
			o.Line = defaultLine
		}
		v.recordSets.add(z.ProjectID, o)
	}
}

// setView shows a record set as a single read does.
func (v *dnsService) setView(r *request, o *recordSet) map[string]any {
	return map[string]any{
		"id":              o.ID,
		"name":            o.Name,
		"description":     o.Description,
		"zone_id":         o.ZoneID,
		"zone_name":       v.zoneOf(o).Name,
		"type":            o.Type,
		"ttl":             o.TTL,
		"records":         append([]string{}, o.Records...),
		"created_at":      o.CreatedAt.Format(dnsTime),
		"updated_at":      o.UpdatedAt.Format(dnsTime),
		"status":          o.Status,
		"default":         o.Default,
		"project_id":      o.ProjectID,
		"links":           r.pageLinks("/v2.1/zones/"+o.ZoneID+"/recordsets/"+o.ID, ""),
		"line":            orNull(o.Line),
		"weight":          o.Weight,
		"health_check_id": nil,
		"alias_target":    o.AliasTarget,
	}
}

// recordSetInput is what requests say of a record set; what is absent stays.
type recordSetInput struct {
	Name        string       `json:"name"`
	Description *string      `json:"description"`
	Type        string       `json:"type"`
	Status      string       `json:"status"`
	TTL         *int         `json:"ttl"`
	Records     []string     `json:"records"`
	Line        string       `json:"line"`
	Weight      *int         `json:"weight"`
	AliasTarget *aliasTarget `json:"alias_target"`
	Tags        []tag        `json:"tags"`
}

// apply takes over what create and update have in common, and refuses what cannot be.
func (v *dnsService) apply(o *recordSet, in *recordSetInput) error {
	z := v.zoneOf(o)
	o.Name, o.Type = fqdn(in.Name), in.Type
	value := recordValues[o.Type]
	if value == nil || o.Type == "CAA" && z.ZoneType == "private" || o.Type == "NS" && z.ZoneType == "private" || o.Type == "PTR" && z.ZoneType == "public" {
		return badDNS("DNS.0307", "Invalid record set type.")
	}
	plain, wild := strings.CutPrefix(o.Name, "*.")
	if !isDomain(plain) || o.Name != z.Name && !strings.HasSuffix(o.Name, "."+z.Name) || wild && !slices.Contains(wildcards, o.Type) {
		return badDNS("DNS.0304", "Invalid record set name.")
	}
	if in.Description != nil {
		if o.Description = *in.Description; utf8.RuneCountInString(o.Description) > 255 {
			return badDNS("DNS.0305", "Invalid record set description.")
		}
	}
	if in.TTL != nil {
		if o.TTL = *in.TTL; o.TTL < 1 || o.TTL > dnsTTL {
			return badDNS("DNS.0319", "The TTL parameter has been out of range. The value ranges from 1 to %d.", dnsTTL)
		}
	}
	if in.Records != nil {
		o.Records = nil
		for _, text := range in.Records {
			kept, ok := value(text)
			if !ok || slices.Contains(o.Records, kept) {
				return badDNS("DNS.0308", "Invalid record set value: %s.", text)
			}
			o.Records = append(o.Records, kept)
		}
	}
	if (len(o.Records) == 0) == (o.AliasTarget == nil) || len(o.Records) > recordsAtOnce || o.Type == "CNAME" && len(o.Records) > 1 {
		return badDNS("DNS.0308", "Invalid record set value.")
	}
	if in.Weight != nil {
		if o.Weight = in.Weight; *o.Weight < 0 || *o.Weight > 1000 || o.Type == "MX" || o.AliasTarget != nil {
			return badDNS("DNS.0323", "Invalid weight value for the record set.")
		}
	}
	return v.checkOthers(o)
}

// checkOthers refuses what the other record sets of the name do not allow: beside a CNAME is no other type, and of one type
// on one line there are several only with weights and different records.
func (v *dnsService) checkOthers(o *recordSet) error {
	conflict := func(other *recordSet) error {
		line := ""
		if other.Line != "" {
			line = fmt.Sprintf(" in line '%s'", other.Line)
		}
		return badDNS("DNS.0312", "Attribute 'name' conflicts with Record Set '%s' type '%s'%s.", other.Name, other.Type, line)
	}
	same := 1
	for _, other := range v.setsOf(o.ZoneID) {
		if other.ID == o.ID || other.Name != o.Name || other.Line != o.Line {
			continue
		}
		if other.Type != o.Type {
			if other.Type == "CNAME" || o.Type == "CNAME" {
				return conflict(other)
			}
			continue
		}
		if other.Weight == nil || o.Weight == nil {
			return conflict(other)
		}
		if slices.Equal(slices.Sorted(slices.Values(other.Records)), slices.Sorted(slices.Values(o.Records))) {
			return badDNS("DNS.0335", "Duplicate recordset exists.(name: %s, type: %s, line: %s, records: %s).", o.Name, o.Type, o.Line, strings.Join(o.Records, ","))
		}
		same++
	}
	if same > weightedMost {
		return badDNS("DNS.0324", "At most %d record sets of one name, type and line may have a weight.", weightedMost)
	}
	return nil
}

func (v *dnsService) createRecordSet(r *request) (any, error) {
	z, err := v.changeable(r)
	if err != nil {
		return nil, err
	}
	var in recordSetInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	o := &recordSet{meta: meta{ID: v.ids.hex()}, ZoneID: z.ID, TTL: 300, AliasTarget: in.AliasTarget, Tags: map[string]string{}}
	if z.ZoneType == "public" {
		if o.Line = in.Line; o.Line == "" {
			o.Line = defaultLine
		}
		if one := 1; in.Type != "MX" && in.AliasTarget == nil {
			o.Weight = &one
		}
	} else if in.Line != "" || in.AliasTarget != nil {
		return nil, badDNS("DNS.0806", "A private zone has neither lines nor aliases.")
	}
	if o.Line != "" && !isLine(o.Line) {
		return nil, badDNS("DNS.1604", "The line %s does not exist.", o.Line)
	}
	if t := o.AliasTarget; t != nil && (t.ResourceType != "cloudsite" && t.ResourceType != "waf" || !isDomain(fqdn(t.ResourceDomainName))) {
		return nil, badDNS("DNS.0308", "Invalid record set value: alias_target.")
	}
	if err := v.apply(o, &in); err != nil {
		return nil, err
	}
	if err := checkTags(dnsBadTag, in.Tags, tagsAtOnce); err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		o.Tags[t.Key] = t.Value
	}
	status := "ACTIVE"
	if in.Status != "" {
		if status, err = dnsStatus(in.Status, ""); err != nil {
			return nil, err
		}
	}
	if v.recordSets.full(r.project.ID, 1) {
		return nil, refuse(http.StatusForbidden, "DNS.0403", "Quota exceeded for resources: record set.")
	}
	v.recordSets.add(r.project.ID, o)
	v.turnSet(o, "PENDING_CREATE", status)
	return v.setView(r, o), nil
}

// turnSet begins a change of a record set: it is in one status until the change is done.
func (v *dnsService) turnSet(o *recordSet, now, then string) {
	o.Status = now
	v.recordSets.touch(o)
	v.startJob(o.ProjectID, "settleRecordSet", map[string]any{"id": o.ID, "status": then})
}

func (v *dnsService) settleRecordSet(j *job) error {
	o := v.recordSets.get("", j.text("id"))
	switch {
	case o == nil:
	case j.Fail != nil:
		o.Status = "ERROR"
	default:
		o.Status = j.text("status")
	}
	return nil
}

func (v *dnsService) endRecordSet(j *job) error {
	if o := v.recordSets.get("", j.text("id")); o != nil && j.Fail != nil {
		o.Status = "ERROR"
		return nil
	}
	v.recordSets.remove(j.text("id"))
	return nil
}

func (v *dnsService) showRecordSet(r *request) (any, error) {
	zoneID := r.PathValue("zone_id")
	if v.zones.get(r.project.ID, zoneID) == nil {
		return nil, noZone(zoneID)
	}
	o := v.recordSets.read(r.project.ID, r.PathValue("recordset_id"))
	if o == nil || o.ZoneID != zoneID {
		return nil, noRecordSet("")
	}
	return v.setView(r, o), nil
}

// setToChange is the record set of a request that changes it.
func (v *dnsService) setToChange(r *request) (*recordSet, error) {
	zoneID := r.PathValue("zone_id")
	if zoneID != "" && v.zones.get(r.project.ID, zoneID) == nil {
		return nil, noZone(zoneID)
	}
	o := v.recordSets.get(r.project.ID, r.PathValue("recordset_id"))
	if o == nil || !matches(zoneID, o.ZoneID) {
		return nil, noRecordSet("")
	}
	if !steady(o.Status) && (o.Status != "ERROR" || r.Method != http.MethodDelete) {
		return nil, refuse(http.StatusConflict, "DNS.0314", "The record set is not in a steady state.")
	}
	return o, nil
}

func (v *dnsService) updateRecordSet(r *request) (any, error) {
	o, err := v.setToChange(r)
	if err != nil {
		return nil, err
	}
	var in recordSetInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if o.Default {
		return nil, badDNS("DNS.0318", "This record set is a default one and cannot be updated.")
	}
	changed := *o
	if err := v.apply(&changed, &in); err != nil {
		return nil, err
	}
	*o = changed
	v.turnSet(o, "PENDING_UPDATE", o.Status)
	return v.setView(r, o), nil
}

func (v *dnsService) deleteRecordSet(r *request) (any, error) {
	o, err := v.setToChange(r)
	if err != nil {
		return nil, err
	}
	if o.Default {
		return nil, badDNS("DNS.0317", "This record set is a default one and cannot be deleted.")
	}
	o.Status = "PENDING_DELETE"
	v.startJob(o.ProjectID, "deleteRecordSet", map[string]any{"id": o.ID})
	return v.setView(r, o), nil
}

func (v *dnsService) setRecordSetStatus(r *request) (any, error) {
	o, err := v.setToChange(r)
	if err != nil {
		return nil, err
	}
	pending, then, err := askedStatus(r, o.Status)
	if err != nil {
		return nil, err
	}
	v.turnSet(o, pending, then)
	return v.setView(r, o), nil
}

// page answers those record sets that a list is asked for, each as view shows it.
func (v *dnsService) page(r *request, path string, sets []*recordSet, view func(*recordSet) any) (any, error) {
	sets = slices.DeleteFunc(sets, func(o *recordSet) bool {
		return !found(r, "name", o.Name) || !matches(r.query.Get("id"), o.ID) || !matches(r.query.Get("type"), o.Type) ||
			!matches(r.query.Get("status"), o.Status) || !matches(r.query.Get("line_id"), o.Line) || !zoneTags(r, o.Tags)
	})
	page, next, err := markerPage(r, sets, dnsPage, dnsPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"recordsets": views(page, view),
		"links":      r.pageLinks(path, next),
		"metadata":   map[string]any{"total_count": len(sets)},
	}, nil
}

func (v *dnsService) listZoneRecordSets(r *request) (any, error) {
	z := v.zones.read(r.project.ID, r.PathValue("zone_id"))
	if z == nil {
		return nil, noZone(r.PathValue("zone_id"))
	}
	sets := slices.DeleteFunc(v.recordSets.list(r.project.ID), func(o *recordSet) bool { return o.ZoneID != z.ID })
	return v.page(r, "/v2.1/zones/"+z.ID+"/recordsets", sets, func(o *recordSet) any { return v.setView(r, o) })
}

func (v *dnsService) listRecordSets(r *request) (any, error) {
	zoneType := r.query.Get("zone_type")
	if zoneType == "" {
		zoneType = "public"
	}
	sets := slices.DeleteFunc(v.recordSets.list(r.project.ID), func(o *recordSet) bool {
		return v.zoneOf(o).ZoneType != zoneType || !matches(r.query.Get("zone_id"), o.ZoneID)
	})
	return v.page(r, "/v2.1/recordsets", sets, func(o *recordSet) any {
		out := v.setView(r, o)
		out["tags"], out["line_name"] = tagList(o.Tags), orNull(o.Line)
		return out
	})
}
