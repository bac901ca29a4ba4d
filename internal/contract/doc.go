// Package contract holds the tests that compare this provider and its sandbox with the vendor's SDK: what the Kinds declare
// with what the SDK defines, the sandbox's answers with what the SDK reads, and the signatures with those the SDK makes. It
// is a module of its own, so that the SDK is no dependency of the provider.
package contract
