// Package glance declares the objects of OpenStack's image service.
package glance

import "github.com/hwcloud/terraform-provider-hwcloud/internal/object"

// Kinds are all objects of the service.
func Kinds() []*object.Kind { return []*object.Kind{&Image, &ImageShare, &ImageShareAcceptance} }
