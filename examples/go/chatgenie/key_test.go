package chatgenie

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

type vector struct {
	Secret, AppID, Email, Nonce, ConnectionKey string
	Expires                                    int64
}

// Keys that other implementations made; see tests/vectors in the repository.
func vectors(t *testing.T, version string) []vector {
	t.Helper()
	text, err := os.ReadFile("../../../tests/vectors/connection-keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]json.RawMessage
	var found []vector
	if err := json.Unmarshal(text, &parts); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(parts[version], &found); err != nil || len(found) == 0 {
		t.Fatal("no vectors", err)
	}
	return found
}

func TestKeysAreThoseOfOtherImplementations(t *testing.T) {
	for _, v := range vectors(t, "v1") {
		if key := Key(v.Secret, v.Email); key != v.ConnectionKey {
			t.Errorf("%q: %s", v.Email, key)
		}
	}
}

func TestShortLivedKeysAreThoseOfOtherImplementations(t *testing.T) {
	for _, v := range vectors(t, "v2") {
		if key := shortLivedKey(v.Secret, v.AppID, v.Email, v.Expires, v.Nonce); key != v.ConnectionKey {
			t.Errorf("%q: %s", v.Email, key)
		}
	}
}

func TestAShortLivedKeyEndsWithinTenMinutesAndNoTwoAreAlike(t *testing.T) {
	one, err := ShortLivedKey("key", "app", "a@b.c")
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := ShortLivedKey("key", "app", "a@b.c"); other == one {
		t.Error("two keys are alike")
	}
	match := regexp.MustCompile(`^v2\.(\d+)\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}$`).FindStringSubmatch(one)
	if match == nil {
		t.Fatal(one)
	}
	expires, _ := strconv.ParseInt(match[1], 10, 64)
	if left := expires - time.Now().Unix(); left <= 0 || left > 600 {
		t.Errorf("%d seconds", left)
	}
}

func TestOneLineEndIsNoPartOfTheSecret(t *testing.T) {
	for _, text := range []string{"key", "key\n", "key\r\n"} {
		if secret, err := CleanSecret(text); secret != "key" || err != nil {
			t.Errorf("%q: %q, %v", text, secret, err)
		}
	}
	for _, text := range []string{"", "\n", "key\n\n", " key", "key "} {
		if _, err := CleanSecret(text); err == nil || strings.Contains(err.Error(), "key") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
