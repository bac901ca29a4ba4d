package sandbox

import (
	"bytes"
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"unicode/utf8"
)

// What is encrypted here is encrypted in earnest, with AES-256-GCM, whatever the key's own algorithm: what comes back
// from decryption is what was given, and nothing comes back of what was altered.

func (k *kmsService) cryptoRoutes(path string) []route {
	return []route{
		{"POST " + path + "/encrypt-data", 200, k.encryptData},
		{"POST " + path + "/decrypt-data", 200, k.decryptData},
		{"POST " + path + "/create-datakey", 200, k.createDatakey(true)},
		{"POST " + path + "/create-datakey-without-plaintext", 200, k.createDatakey(false)},
		{"POST " + path + "/encrypt-datakey", 200, k.encryptDatakey},
		{"POST " + path + "/decrypt-datakey", 200, k.decryptDatakey},
		{"POST " + path + "/gen-random", 200, k.random},
	}
}

// An encrypted text is a header with the key's id, filled up with zeros, a nonce and what GCM makes.
const cipherHeader = 96

// usable refuses a key that cannot encrypt now.
func usable(o *kmsKey) error {
	switch {
	case o.State == keyDeleting:
		return badKey("KMS.0210", "The key is scheduled to be deleted and cannot be used.")
	case o.State != keyEnabled:
		return badKey("KMS.0209", "The key is not enabled.")
	}
	return nil
}

// symmetricAlgorithm is that of requests that name none.
const symmetricAlgorithm = "SYMMETRIC_DEFAULT"

// keyAlgorithms are how keys encrypt, by their kind. The others sign.
var keyAlgorithms = map[string]string{
	"AES_256": symmetricAlgorithm, "SM4": symmetricAlgorithm, "SM2": "SM2_ENCRYPT",
	"RSA_2048": "RSAES_OAEP_SHA_256", "RSA_3072": "RSAES_OAEP_SHA_256", "RSA_4096": "RSAES_OAEP_SHA_256",
}

// encrypts refuses a key that does not encrypt in the way that a request asks for.
func (o *kmsKey) encrypts(algorithm string) error {
	if o.Usage != "ENCRYPT_DECRYPT" || keyAlgorithms[o.Spec] != cmp.Or(algorithm, symmetricAlgorithm) {
		return badKey("KMS.0212", "The key %s does not encrypt with %s.", o.Spec, cmp.Or(algorithm, symmetricAlgorithm))
	}
	return nil
}

func (o *kmsKey) aead() (cipher.AEAD, error) {
	material, err := hex.DecodeString(o.Material)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(material)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (o *kmsKey) seal(plain []byte, context string) ([]byte, error) {
	aead, err := o.aead()
	if err != nil {
		return nil, err
	}
	out := make([]byte, cipherHeader+aead.NonceSize())
	copy(out, o.ID)
	nonce := out[cipherHeader:]
	_, _ = rand.Read(nonce) // it never fails
	return aead.Seal(out, nonce, plain, []byte(context)), nil
}

// open finds the key of an encrypted text and decrypts it.
func (k *kmsService) open(r *request, sealed []byte, context, code string) (*kmsKey, []byte, error) {
	bad := badKey(code, "The cipher text is invalid.")
	if len(sealed) < cipherHeader {
		return nil, nil, bad
	}
	id := string(bytes.TrimRight(sealed[:cipherHeader], "\x00"))
	if !keyID.MatchString(id) {
		return nil, nil, bad
	}
	o, err := k.find(r, id)
	if err == nil {
		err = usable(o)
	}
	if err != nil {
		return nil, nil, err
	}
	aead, err := o.aead()
	if err != nil {
		return nil, nil, err
	}
	if len(sealed) < cipherHeader+aead.NonceSize() {
		return nil, nil, bad
	}
	plain, err := aead.Open(nil, sealed[cipherHeader:][:aead.NonceSize()], sealed[cipherHeader+aead.NonceSize():], []byte(context))
	if err != nil {
		return nil, nil, bad
	}
	return o, plain, nil
}

// cryptoInput is what requests say, each a part of it.
type cryptoInput struct {
	PlainText    string `json:"plain_text"`
	CipherText   string `json:"cipher_text"`
	Context      string `json:"additional_authenticated_data"`
	Spec         string `json:"key_spec"`
	Length       string `json:"datakey_length"`        // bits
	PlainLength  string `json:"datakey_plain_length"`  // bytes
	CipherLength string `json:"datakey_cipher_length"` // bytes
	RandomLength string `json:"random_data_length"`    // bits
	Algorithm    string `json:"encryption_algorithm"`
}

// input reads a request and the key that it names, which must be usable.
func (k *kmsService) input(r *request) (in cryptoInput, o *kmsKey, err error) {
	if err = r.decode(&in); err == nil {
		o, err = k.key(r)
	}
	if err == nil {
		err = usable(o)
	}
	if err == nil {
		err = o.encrypts(in.Algorithm)
	}
	if err == nil && len(in.Context) > 128 {
		err = badKey("KMS.0208", "additional_authenticated_data is longer than 128 bytes.")
	}
	return in, o, err
}

func (k *kmsService) encryptData(r *request) (any, error) {
	in, o, err := k.input(r)
	if err != nil {
		return nil, err
	}
	if len(in.PlainText) < 1 || len(in.PlainText) > 4096 {
		return nil, badKey("KMS.2801", "Invalid plain_text: 1 to 4096 bytes are expected.")
	}
	sealed, err := o.seal([]byte(in.PlainText), in.Context)
	if err != nil {
		return nil, err
	}
	return map[string]any{"key_id": o.ID, "cipher_text": base64.StdEncoding.EncodeToString(sealed)}, nil
}

func (k *kmsService) decryptData(r *request) (any, error) {
	var in cryptoInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(in.CipherText)
	if err != nil {
		return nil, badKey("KMS.2901", "The cipher text is invalid.")
	}
	o, plain, err := k.open(r, sealed, in.Context, "KMS.2901")
	if err == nil {
		err = o.encrypts(in.Algorithm)
	}
	if err == nil && !o.symmetric() { // only a symmetric key is told by what it has encrypted
		var named *kmsKey
		if named, err = k.key(r); err == nil && named != o {
			err = badKey("KMS.2901", "The cipher text is invalid.")
		}
	}
	if err != nil {
		return nil, err
	}
	text := string(plain)
	if !utf8.Valid(plain) {
		text = ""
	}
	return map[string]any{"key_id": o.ID, "plain_text": text, "plain_text_base64": base64.StdEncoding.EncodeToString(plain)}, nil
}

// dataKeyBits are the lengths of data keys, by what they are for.
var dataKeyBits = map[string]int{"": 256, "AES_256": 256, "AES_128": 128, "SM4": 128, "HMAC_256": 256, "HMAC_384": 384, "HMAC_512": 512, "HMAC_SM3": 256}

// bits is a length of 8 to 8192 bits, whole bytes.
func bits(text, code string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 8 || n > 8192 || n%8 != 0 {
		return 0, badKey(code, "Invalid length %q: a multiple of 8 up to 8192 is expected.", text)
	}
	return n, nil
}

func (k *kmsService) createDatakey(shown bool) func(*request) (any, error) {
	return func(r *request) (any, error) {
		in, o, err := k.input(r)
		if err != nil {
			return nil, err
		}
		length, known := dataKeyBits[in.Spec]
		if in.Length != "" {
			if length, err = bits(in.Length, "KMS.1801"); err != nil {
				return nil, err
			}
		} else if !known {
			return nil, badKey("KMS.1802", "Invalid key_spec %q.", in.Spec)
		}
		plain := make([]byte, length/8)
		_, _ = rand.Read(plain) // it never fails
		sealed, err := o.seal(plain, in.Context)
		if err != nil {
			return nil, err
		}
		answer := map[string]any{"key_id": o.ID, "cipher_text": hex.EncodeToString(sealed)}
		if shown {
			answer["plain_text"] = hex.EncodeToString(plain)
		}
		return answer, nil
	}
}

// encryptDatakey takes a data key with its digest after it.
func (k *kmsService) encryptDatakey(r *request) (any, error) {
	in, o, err := k.input(r)
	if err != nil {
		return nil, err
	}
	length, lengthErr := strconv.Atoi(in.PlainLength)
	text, err := hex.DecodeString(in.PlainText)
	if err != nil || lengthErr != nil || length < 1 || length > 1024 || len(text) != length+sha256.Size {
		return nil, badKey("KMS.1901", "Invalid plain_text: %q bytes and their digest are expected, in hexadecimal digits.", in.PlainLength)
	}
	if digest := sha256.Sum256(text[:length]); !bytes.Equal(digest[:], text[length:]) {
		return nil, badKey("KMS.1902", "The digest in plain_text is wrong.")
	}
	sealed, err := o.seal(text[:length], in.Context)
	if err != nil {
		return nil, err
	}
	return map[string]any{"key_id": o.ID, "cipher_text": hex.EncodeToString(sealed), "datakey_length": strconv.Itoa(length)}, nil
}

func (k *kmsService) decryptDatakey(r *request) (any, error) {
	in, named, err := k.input(r)
	if err != nil {
		return nil, err
	}
	sealed, err := hex.DecodeString(in.CipherText)
	if err != nil {
		return nil, badKey("KMS.2001", "The cipher text is invalid.")
	}
	o, plain, err := k.open(r, sealed, in.Context, "KMS.2001")
	if err != nil {
		return nil, err
	}
	if o != named || in.CipherLength != strconv.Itoa(len(plain)) {
		return nil, badKey("KMS.2002", "key_id or datakey_cipher_length does not fit the cipher text.")
	}
	digest := sha256.Sum256(plain)
	return map[string]any{
		"data_key": hex.EncodeToString(plain), "datakey_length": strconv.Itoa(len(plain)), "datakey_dgst": hex.EncodeToString(digest[:]),
	}, nil
}

func (k *kmsService) random(r *request) (any, error) {
	var in cryptoInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	length, err := bits(in.RandomLength, "KMS.1701")
	if err != nil {
		return nil, err
	}
	return map[string]any{"random_data": randomHex(length / 8)}, nil
}
