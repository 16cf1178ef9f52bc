// Package chatgenie makes connection keys: what a portal's server hands to the messenger. Copy this folder.
package chatgenie

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Lifetime of a v2 key. Thread takes ten minutes at the most; less leaves room for clocks that differ.
const Lifetime = 5 * time.Minute

// Key is the article's: 64 hexadecimal digits, good until the secret changes.
// The email has to be the connectionEmail of the page, byte for byte, in UTF-8.
func Key(secret, email string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(email))
	return hex.EncodeToString(mac.Sum(nil))
}

// ShortLivedKey lives for some minutes, signs in once, and at one app alone.
func ShortLivedKey(secret, appID, email string) (string, error) {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	expires := time.Now().Add(Lifetime).Unix()
	return shortLivedKey(secret, appID, email, expires, base64.RawURLEncoding.EncodeToString(nonce)), nil
}

func shortLivedKey(secret, appID, email string, expires int64, nonce string) string {
	mac := Key(secret, fmt.Sprintf("chatgenie-v2\n%s\n%s\n%d\n%s", appID, email, expires, nonce))
	return fmt.Sprintf("v2.%d.%s.%s", expires, nonce, mac)
}

// CleanSecret takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong.
func CleanSecret(text string) (string, error) {
	secret := text
	if strings.HasSuffix(secret, "\n") {
		secret = strings.TrimSuffix(strings.TrimSuffix(secret, "\n"), "\r")
	}
	if secret == "" || secret != strings.TrimSpace(secret) {
		return "", errors.New("the secret is empty or has white space around it: every byte of it counts")
	}
	return secret, nil
}
