//go:build unix

package sandbox

import (
	"os"

	"golang.org/x/sys/unix"
)

// inForeground says whether this process is in the foreground of a terminal, so that Ctrl-C reaches all of its group.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer func() { _ = tty.Close() }()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
