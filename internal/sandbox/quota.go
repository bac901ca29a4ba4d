package sandbox

// quota is the limit of a name, -1 for none.
func (s *Sandbox) quota(name string) int {
	if limit, ok := s.config.Quotas[name]; ok {
		return limit
	}
	return -1
}

// exceeds says whether n would be more than the quota of a name.
func (s *Sandbox) exceeds(name string, n int) bool {
	limit := s.quota(name)
	return limit >= 0 && n > limit
}
