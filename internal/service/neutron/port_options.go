package neutron

import (
	"context"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/object"
)

// dhcpOption without a value takes an option away.
type dhcpOption struct {
	Name      string  `json:"name"`
	Value     *string `json:"value"`
	IPVersion int     `json:"ip_version"`
}

var putOptions = object.Op{Method: "PUT", Path: ports + "/{id}", Body: object.Body{"port": object.Body{"extra_dhcp_opts": object.Attr("options")}}}

// changeOptions sends the options that there are to be, and those that there were without a value: what is not sent stays.
func changeOptions(ctx context.Context, call *object.Call) error {
	type options struct {
		Options []dhcpOption `json:"extra_dhcp_options"`
	}
	before, err := object.Into[options](call.Prior)
	if err != nil {
		return err
	}
	after, err := object.Into[options](call.Plan)
	if err != nil {
		return err
	}
	type key struct {
		name    string
		version int
	}
	kept := map[key]bool{}
	var sent []any
	for _, o := range after.Options {
		kept[key{o.Name, o.IPVersion}] = true
		sent = append(sent, map[string]any{"opt_name": o.Name, "opt_value": *o.Value, "ip_version": o.IPVersion})
	}
	for _, o := range before.Options {
		if !kept[key{o.Name, o.IPVersion}] {
			sent = append(sent, map[string]any{"opt_name": o.Name, "opt_value": nil, "ip_version": o.IPVersion})
		}
	}
	_, err = call.Do(ctx, putOptions, object.Values{"options": sent})
	return err
}
