package sandbox

import (
	crand "crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// idSource makes the ids of objects: the same ones in the same order for the same seed.
type idSource struct{ pcg *rand.PCG }

// newIDSource makes a source; a seed of 0 stands for a random one.
func newIDSource(seed int64) *idSource {
	if seed != 0 {
		return &idSource{rand.NewPCG(uint64(seed), 0)}
	}
	return &idSource{rand.NewPCG(rand.Uint64(), rand.Uint64())}
}

func (s *idSource) bytes() (b [16]byte) {
	binary.BigEndian.PutUint64(b[:8], s.pcg.Uint64())
	binary.BigEndian.PutUint64(b[8:], s.pcg.Uint64())
	return b
}

// uuid is an id as most services have it: 8-4-4-4-12 hexadecimal digits.
func (s *idSource) uuid() string {
	b := s.bytes()
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// hex is an id as IAM and jobs have it: 32 hexadecimal digits.
func (s *idSource) hex() string {
	b := s.bytes()
	return hex.EncodeToString(b[:])
}

// number is a number from 0 to n-1.
func (s *idSource) number(n int) int { return rand.New(s.pcg).IntN(n) }

// randomHex is n random bytes in hexadecimal digits, for secrets and request ids, which no seed decides.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = crand.Read(b) // it never fails
	return hex.EncodeToString(b)
}
