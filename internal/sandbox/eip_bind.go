package sandbox

import (
	"net/http"
	"slices"
)

// rest is the status of an address when nothing is under way.
func (o *eip) rest() string {
	switch {
	case o.InstanceID == "":
		return "DOWN"
	case o.InstanceType == "VPN":
		return "VPN"
	case o.InstanceType == "ELB" || o.InstanceType == "ELBV1":
		return "ELB"
	}
	return "ACTIVE"
}

// ofPort is the address that is bound to a port, nil if there is none.
func (v *eipService) ofPort(id string) *eip {
	return v.eips.first("", func(o *eip) bool { return o.InstanceType == "PORT" && o.InstanceID == id })
}

// portOf is the port that an address is bound to, nil if it is none.
func (v *eipService) portOf(o *eip) *port {
	if o.InstanceType != "PORT" {
		return nil
	}
	return v.vpc.ports.get("", o.InstanceID)
}

// freePort is a port that an address can be bound to.
func (v *eipService) freePort(r *request, id string) (*port, error) {
	p := v.vpc.ports.get(r.project.ID, id)
	switch {
	case p == nil:
		return nil, noPort(id)
	case p.serves():
		return nil, refuse(http.StatusBadRequest, "VPC.0512", "Port %s is invalid: its owner is %s.", id, p.DeviceOwner)
	case v.ofPort(id) != nil:
		return nil, refuse(http.StatusConflict, "VPC.0511", "Port %s has already associated with floatingip.", id)
	}
	return p, nil
}

// bind gives an address to an instance. Of those that are no ports nothing is known here: their ids are taken as they are.
func (v *eipService) bind(r *request, o *eip, kind, id string) error {
	switch {
	case !slices.Contains([]string{"PORT", "NATGW", "VPN", "ELB"}, kind):
		return refuse(http.StatusBadRequest, "EIP.7901", "associate_instance_type %s is invalid.", kind)
	case id == "":
		return refuse(http.StatusBadRequest, "EIP.7901", "associate_instance_id is missing.")
	case o.InstanceID != "":
		return refuse(http.StatusConflict, "VPC.0510", "Floatingip has already associated with port.")
	case o.Status != "DOWN":
		return refuse(http.StatusConflict, "VPC.0512", "Floatingip status %s does not allow it.", o.Status)
	}
	if kind == "PORT" {
		if _, err := v.freePort(r, id); err != nil {
			return err
		}
	}
	o.InstanceType, o.InstanceID = kind, id
	v.turn(o, "BINDING", o.rest())
	return nil
}

// unbind takes an address from its instance.
func (v *eipService) unbind(o *eip) error {
	switch {
	case o.InstanceID == "":
		return refuse(http.StatusConflict, "EIP.7902", "Publicip %s is not associated with an instance.", o.ID)
	case o.Status != o.rest():
		return refuse(http.StatusConflict, "VPC.0512", "Floatingip status %s does not allow it.", o.Status)
	}
	v.letGo(o)
	v.turn(o, "PENDING_UPDATE", "DOWN")
	return nil
}

// letGo leaves an address unbound, whatever has become of its instance.
func (v *eipService) letGo(o *eip) {
	o.InstanceType, o.InstanceID, o.Status = "", "", "DOWN"
	v.eips.touch(o)
}

func (v *eipService) associate(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	var in struct {
		PublicIP struct {
			InstanceType string `json:"associate_instance_type"`
			InstanceID   string `json:"associate_instance_id"`
		} `json:"publicip"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if err := v.bind(r, o, in.PublicIP.InstanceType, in.PublicIP.InstanceID); err != nil {
		return nil, err
	}
	return v.answer3(r, o), nil
}

func (v *eipService) disassociate(r *request) (any, error) {
	o := v.eips.get(r.project.ID, r.PathValue("id"))
	if o == nil {
		return nil, noEIP(r.PathValue("id"))
	}
	if err := v.unbind(o); err != nil {
		return nil, err
	}
	return v.answer3(r, o), nil
}
