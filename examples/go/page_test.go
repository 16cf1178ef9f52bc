package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

func TestNothingEndsTheScriptOrTheString(t *testing.T) {
	hostile := "\"</script><!--&'\\\u2028\u2029\nzoë"
	var page strings.Builder
	if err := pages.ExecuteTemplate(&page, "home.html", homePage{"app", hostile, "https://t/widget.js", "key"}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(page.String(), "</script") != 1 || strings.Contains(page.String(), "<!--") {
		t.Error(page.String())
	}
	line := regexp.MustCompile(`(?m)^connectionEmail: (".*"),$`).FindStringSubmatch(page.String())
	if line == nil {
		t.Fatal(page.String())
	}
	// JavaScript's \' and \x27 are no JSON; everything else that the template writes is.
	text := strings.NewReplacer(`\'`, `'`, `\x27`, `'`).Replace(line[1])
	var email string
	if err := json.Unmarshal([]byte(text), &email); err != nil || email != hostile {
		t.Errorf("%s: %q %v", line[1], email, err)
	}
}
