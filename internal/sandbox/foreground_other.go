//go:build !unix

package sandbox

// inForeground says whether Ctrl-C reaches the command without help: a console sends it to all of its processes.
func inForeground() bool { return true }
