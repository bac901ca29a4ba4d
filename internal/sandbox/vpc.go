package sandbox

// vpcService is the network: VPCs, subnets, ports, security groups.
type vpcService struct {
	*Sandbox
}

func newVPC(s *Sandbox) *vpcService {
	return &vpcService{Sandbox: s}
}
