// Package transport holds the http.RoundTrippers under the client: connection pool, retry, throttle and wire log. They
// know nothing of any service.
package transport
