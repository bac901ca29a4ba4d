// Package sign writes the signatures that the cloud accepts on requests made with access keys.
package sign
