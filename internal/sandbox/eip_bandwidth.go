package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// bandwidth is how much may flow: of one address, or of all those that share it.
type bandwidth struct {
	meta
	Name                string `json:"name"`
	Size                int    `json:"size"`           // Mbit/s
	ShareType           string `json:"share_type"`     // PER, WHOLE
	ChargeMode          string `json:"charge_mode"`    // bandwidth; traffic of PER, 95peak_plus of WHOLE
	BandwidthType       string `json:"bandwidth_type"` // share; bgp, sbgp of PER
	PublicBorderGroup   string `json:"public_border_group"`
	Status              string `json:"status"` // NORMAL, FREEZED
	EnterpriseProjectID string `json:"enterprise_project_id"`
}

const (
	dedicated = "PER"
	shared    = "WHOLE"

	bandwidthMax = 2000
	sharedMin    = 5
)

// bandwidthInput is what requests say of a bandwidth.
type bandwidthInput struct {
	ID                  string    `json:"id"`
	Name                *string   `json:"name"`
	Size                *looseInt `json:"size"`
	ShareType           string    `json:"share_type"`
	ChargeMode          string    `json:"charge_mode"`
	BandwidthType       string    `json:"bandwidth_type"`
	PublicBorderGroup   string    `json:"public_border_group"`
	EnterpriseProjectID string    `json:"enterprise_project_id"`
}

func (v *eipService) bandwidthRoutes() []route {
	const path1, path2 = "/v1/{project_id}/bandwidths", "/v2.0/{project_id}/bandwidths"
	return []route{
		{"POST " + path2, 200, v.createBandwidth},
		{"GET " + path1, 200, v.listBandwidths},
		{"GET " + path1 + "/{id}", 200, v.showBandwidth},
		{"PUT " + path1 + "/{id}", 200, v.updateBandwidth},
		{"DELETE " + path2 + "/{id}", 204, v.deleteBandwidth},
	}
}

func badBandwidth(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "VPC.0301", format, args...)
}

func noBandwidth(id string) error {
	return refuse(http.StatusNotFound, "VPC.0306", "Bandwidth %s could not be found.", id)
}

func (v *eipService) bandwidthOf(o *eip) *bandwidth {
	if b := v.bandwidths.get("", o.BandwidthID); b != nil {
		return b
	}
	return &bandwidth{}
}

// members are the addresses that have a bandwidth.
func (v *eipService) members(b *bandwidth) []*eip {
	return v.eips.where("", func(o *eip) bool { return o.BandwidthID == b.ID })
}

func checkSize(size, least int) error {
	step := 1
	switch {
	case size > 1000:
		step = 500
	case size > 300:
		step = 50
	}
	if size < least || size > bandwidthMax || size%step != 0 {
		return badBandwidth("Bandwidth size %d is invalid.", size)
	}
	return nil
}

func checkBandwidthName(name string) error {
	if name == "" || !vpcName.MatchString(name) {
		return badBandwidth("Bandwidth name is invalid.")
	}
	return nil
}

// chargeModes are the ways to pay for a bandwidth, the default first.
var chargeModes = map[string][]string{dedicated: {"bandwidth", "traffic"}, shared: {"bandwidth", "95peak_plus"}}

// checkBandwidth refuses what n new addresses cannot have.
func (v *eipService) checkBandwidth(project string, in *bandwidthInput, n int) error {
	switch in.ShareType {
	case dedicated:
		if in.Name == nil || in.Size == nil {
			return badBandwidth("Bandwidth name or size is missing.")
		}
		if err := checkBandwidthName(*in.Name); err != nil {
			return err
		}
		if in.ChargeMode != "" && !slices.Contains(chargeModes[dedicated], in.ChargeMode) {
			return badBandwidth("Bandwidth charge_mode %s is invalid.", in.ChargeMode)
		}
		return checkSize(int(*in.Size), 1)
	case shared:
		_, err := v.roomIn(project, in.ID, n)
		return err
	}
	return badBandwidth("Bandwidth name or share_type is invalid.")
}

// roomIn is a shared bandwidth that n more addresses can join.
func (v *eipService) roomIn(project, id string, n int) (*bandwidth, error) {
	b := v.bandwidths.get(project, id)
	switch {
	case b == nil:
		return nil, noBandwidth(id)
	case b.ShareType != shared:
		return nil, badBandwidth("Bandwidth %s is not shared.", id)
	case v.exceeds("shared_bandwidth_eip", len(v.members(b))+n):
		return nil, refuse(http.StatusConflict, "VPC.0304", "NO QUOTAS for shareBandwidthIP!")
	}
	return b, nil
}

// addBandwidth makes the bandwidth that one address has for itself.
func (v *eipService) addBandwidth(project string, o *eip, in *bandwidthInput) *bandwidth {
	b := &bandwidth{
		Name: *in.Name, Size: int(*in.Size), ShareType: dedicated, ChargeMode: in.ChargeMode, BandwidthType: eipPools[o.Type],
		PublicBorderGroup: "center", Status: "NORMAL", EnterpriseProjectID: o.EnterpriseProjectID,
	}
	if b.ChargeMode == "" {
		b.ChargeMode = chargeModes[dedicated][0]
	}
	return v.bandwidths.add(project, b)
}

func (v *eipService) bandwidthView(b *bandwidth) map[string]any {
	members := []any{}
	for _, o := range v.members(b) {
		member := map[string]any{"publicip_id": o.ID, "publicip_address": o.PublicIPAddress, "publicip_type": o.Type, "ip_version": o.IPVersion}
		if o.PublicIPv6Address != "" {
			member["publicipv6_address"] = o.PublicIPv6Address
		}
		members = append(members, member)
	}
	return map[string]any{
		"id":                    b.ID,
		"name":                  b.Name,
		"size":                  b.Size,
		"share_type":            b.ShareType,
		"charge_mode":           b.ChargeMode,
		"bandwidth_type":        b.BandwidthType,
		"public_border_group":   b.PublicBorderGroup,
		"publicip_info":         members,
		"tenant_id":             b.ProjectID,
		"billing_info":          "",
		"status":                b.Status,
		"enterprise_project_id": b.EnterpriseProjectID,
		"created_at":            b.CreatedAt.Format(eipTime3),
		"updated_at":            b.UpdatedAt.Format(eipTime3),
	}
}

// createBandwidth makes one that is shared.
func (v *eipService) createBandwidth(r *request) (any, error) {
	var in struct {
		Bandwidth bandwidthInput `json:"bandwidth"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	asked := in.Bandwidth
	if asked.Name == nil || asked.Size == nil {
		return nil, badBandwidth("Bandwidth name or size is missing.")
	}
	b := &bandwidth{
		Name: *asked.Name, Size: int(*asked.Size), ShareType: shared, ChargeMode: asked.ChargeMode, BandwidthType: asked.BandwidthType,
		PublicBorderGroup: asked.PublicBorderGroup, Status: "NORMAL", EnterpriseProjectID: asked.EnterpriseProjectID,
	}
	for _, def := range []struct {
		field *string
		value string
	}{{&b.ChargeMode, "bandwidth"}, {&b.BandwidthType, "share"}, {&b.PublicBorderGroup, "center"}, {&b.EnterpriseProjectID, "0"}} {
		if *def.field == "" {
			*def.field = def.value
		}
	}
	if err := checkBandwidthName(b.Name); err != nil {
		return nil, err
	}
	if err := checkSize(b.Size, sharedMin); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(chargeModes[shared], b.ChargeMode):
		return nil, badBandwidth("Bandwidth charge_mode %s is invalid.", b.ChargeMode)
	case b.BandwidthType != "share":
		return nil, badBandwidth("Bandwidth bandwidth_type %s is invalid.", b.BandwidthType)
	case b.PublicBorderGroup != "center":
		return nil, badBandwidth("Bandwidth public_border_group %s is invalid.", b.PublicBorderGroup)
	case v.exceeds("shared_bandwidth", len(v.sharedOf(r.project.ID))+1):
		return nil, refuse(http.StatusConflict, "VPC.0310", "Quota exceeded for resources: ['shareBandwidth'].")
	}
	v.bandwidths.add(r.project.ID, b)
	return map[string]any{"bandwidth": v.bandwidthView(b)}, nil
}

// sharedOf are the shared bandwidths of a project.
func (v *eipService) sharedOf(project string) []*bandwidth {
	return v.bandwidths.where(project, func(b *bandwidth) bool { return b.ShareType == shared })
}

func (v *eipService) showBandwidth(r *request) (any, error) {
	b := v.bandwidths.read(r.project.ID, r.PathValue("id"))
	if b == nil {
		return nil, noBandwidth(r.PathValue("id"))
	}
	return map[string]any{"bandwidth": v.bandwidthView(b)}, nil
}

func (v *eipService) listBandwidths(r *request) (any, error) {
	found := slices.DeleteFunc(v.bandwidths.list(r.project.ID), func(b *bandwidth) bool {
		return !matches(r.query.Get("share_type"), b.ShareType) || !ofEnterprise(r, b.EnterpriseProjectID)
	})
	page, _, err := markerPage(r, found, eipPage, eipPage)
	if err != nil {
		return nil, err
	}
	return map[string]any{"bandwidths": views(page, v.bandwidthView)}, nil
}

func (v *eipService) updateBandwidth(r *request) (any, error) {
	b := v.bandwidths.get(r.project.ID, r.PathValue("id"))
	if b == nil {
		return nil, noBandwidth(r.PathValue("id"))
	}
	var in struct {
		Bandwidth bandwidthInput `json:"bandwidth"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	asked, changed := in.Bandwidth, *b
	if (asked.Name == nil || *asked.Name == "") && asked.Size == nil {
		return nil, badBandwidth("one of name and size is needed.")
	}
	if asked.Name != nil && *asked.Name != "" {
		if changed.Name = *asked.Name; !vpcName.MatchString(changed.Name) {
			return nil, badBandwidth("Bandwidth name is invalid.")
		}
	}
	if asked.Size != nil {
		least := 1
		if b.ShareType == shared {
			least = sharedMin
		}
		if err := checkSize(int(*asked.Size), least); err != nil {
			return nil, err
		}
		changed.Size = int(*asked.Size)
	}
	if asked.ChargeMode != "" {
		if changed.ChargeMode = asked.ChargeMode; !slices.Contains(chargeModes[b.ShareType], changed.ChargeMode) {
			return nil, badBandwidth("Bandwidth charge_mode %s is invalid.", changed.ChargeMode)
		}
	}
	*b = changed
	v.bandwidths.touch(b)
	return map[string]any{"bandwidth": v.bandwidthView(b)}, nil
}

// deleteBandwidth deletes a shared one that nobody shares. That of an address goes with the address.
func (v *eipService) deleteBandwidth(r *request) (any, error) {
	b := v.bandwidths.get(r.project.ID, r.PathValue("id"))
	switch {
	case b == nil:
		return nil, noBandwidth(r.PathValue("id"))
	case b.ShareType != shared:
		return nil, badBandwidth("Bandwidth %s is not shared.", b.ID)
	case len(v.members(b)) > 0:
		return nil, refuse(http.StatusConflict, "VPC.0305", "Bandwidth %s has publicips, please remove them first.", b.ID)
	}
	v.bandwidths.remove(b.ID)
	return nil, nil
}

// attachBandwidth moves an address into a shared bandwidth. The one that it had for itself is no more.
func (v *eipService) attachBandwidth(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	var in struct {
		PublicIP struct {
			BandwidthID string `json:"bandwidth_id"`
		} `json:"publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	b, err := v.roomIn(r.project.ID, in.PublicIP.BandwidthID, 1)
	if err != nil {
		return nil, err
	}
	own := v.bandwidthOf(o)
	if own.ShareType == shared {
		return nil, refuse(http.StatusConflict, "EIP.7904", "Publicip %s is in shared bandwidth %s.", o.ID, own.ID)
	}
	v.bandwidths.remove(own.ID)
	o.BandwidthID = b.ID
	v.eips.touch(o)
	return v.answer3(r, o), nil
}

// detachBandwidth gives an address that leaves a shared bandwidth one for itself again.
func (v *eipService) detachBandwidth(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	var in struct {
		PublicIP struct {
			Bandwidth bandwidthInput `json:"bandwidth"`
		} `json:"publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if v.bandwidthOf(o).ShareType != shared {
		return nil, refuse(http.StatusBadRequest, "EIP.7902", "Publicip %s is not in a shared bandwidth.", o.ID)
	}
	asked := in.PublicIP.Bandwidth
	if asked.Size == nil || asked.ChargeMode == "" {
		return nil, refuse(http.StatusBadRequest, "EIP.7901", "size or charge_mode is missing.")
	}
	if asked.Name == nil {
		name := fmt.Sprintf("bandwidth-%04x", v.ids.number(1<<16))
		asked.Name = &name
	}
	asked.ShareType = dedicated
	if err := v.checkBandwidth(r.project.ID, &asked, 1); err != nil {
		return nil, err
	}
	o.BandwidthID = v.addBandwidth(r.project.ID, o, &asked).ID
	v.eips.touch(o)
	return v.answer3(r, o), nil
}
