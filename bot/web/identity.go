package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf8"
)

const (
	minSecret = 16  // bytes of the secret of signed identities
	maxUser   = 200 // bytes of a site's id of a person
	keyBytes  = 32  // of the key to a session
)

// Sign returns the signature of a person's id on the embedding site: the
// HMAC-SHA256 of it in hexadecimal. The site computes it on its server and
// writes both into the page: data-user and data-signature.
func Sign(secret, user string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

// signed reports whether a signature is the site's. Nothing is, without a
// secret.
func (c *Channel) signed(user, signature string) bool {
	if c.o.Secret == "" || user == "" || len(user) > maxUser || !utf8.ValidString(user) {
		return false
	}
	return hmac.Equal([]byte(Sign(c.o.Secret, user)), []byte(signature))
}

// newKey returns a key to a session, which only its browser keeps, and the hash
// of it, which we keep.
func newKey() (key, hash string) {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails
	key = base64.RawURLEncoding.EncodeToString(b)
	return key, hashOf(key)
}

// hashOf returns what is stored of a key. A key is 32 random bytes, so nothing
// slower is needed.
func hashOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// newID returns an id that is no secret, but can't be guessed either.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
