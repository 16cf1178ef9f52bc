// The smallest real portal: a login, and pages with the messenger in them.
package main

import (
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"sync"

	"example.com/portal/chatgenie"
)

// A demo's users and passwords. A real portal keeps password hashes.
var users = map[string]string{
	"ann@example.com":      "demo-lantern-42",
	"ann+test@example.com": "demo-harvest-17",
	"o'neil@example.com":   "demo-copper-58",
	"zoë@example.com":      "demo-meadow-23",
}

// html/template knows where a value stands: in HTML it escapes for HTML, in a <script> it writes safe JavaScript.
// text/template would not.
//
//go:embed login.html home.html
var files embed.FS
var pages = template.Must(template.ParseFS(files, "*.html"))

type portal struct {
	secret, appID, widgetURL string

	mutex    sync.Mutex
	sessions map[string]string // Token to email.
}

func setting(name, fallback string) string {
	value, found := os.LookupEnv(name)
	if !found && fallback == "" {
		log.Fatalf("portal: %s is not set", name)
	} else if !found {
		return fallback
	}
	return value
}

func main() {
	secret, err := chatgenie.CleanSecret(setting("CHATGENIE_SECRET", ""))
	if err != nil {
		log.Fatalf("portal: CHATGENIE_SECRET: %v", err)
	}
	p := &portal{
		secret:    secret,
		appID:     setting("CHATGENIE_APP_ID", ""),
		widgetURL: setting("THREAD_URL", "http://127.0.0.1:8080") + "/widget.js",
		sessions:  map[string]string{},
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/", p.loginPage)
	routes.HandleFunc("/login", p.login)
	routes.HandleFunc("/logout", p.logout)
	routes.HandleFunc("/home", p.home)
	routes.HandleFunc("/home-v2", p.homeV2)
	routes.HandleFunc("/connection-key", p.connectionKey)
	address := "127.0.0.1:" + setting("PORT", "8090")
	log.Printf("portal: listening on http://%s", address)
	log.Fatal(http.ListenAndServe(address, noStore(routes)))
}

// The pages hold a key, so nothing between here and the user may keep them.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// The email of the portal's own session; "" if nobody is signed in.
func (p *portal) email(r *http.Request) string {
	cookie, err := r.Cookie("portal")
	if err != nil {
		return ""
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.sessions[cookie.Value]
}

func (p *portal) loginPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
	} else if p.email(r) != "" {
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	} else {
		show(w, "login.html", false)
	}
}

func (p *portal) login(w http.ResponseWriter, r *http.Request) {
	email := r.PostFormValue("email")
	expected, known := users[email]
	if !known || subtle.ConstantTimeCompare([]byte(expected), []byte(r.PostFormValue("password"))) != 1 {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnauthorized)
		show(w, "login.html", true)
		return
	}
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		http.Error(w, "no session could be made", http.StatusInternalServerError)
		return
	}
	token := base64.RawURLEncoding.EncodeToString(bytes)
	p.mutex.Lock()
	p.sessions[token] = email
	p.mutex.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "portal", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/home", http.StatusSeeOther)
}

func (p *portal) logout(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	if cookie, err := r.Cookie("portal"); err == nil {
		p.mutex.Lock()
		delete(p.sessions, cookie.Value)
		p.mutex.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: "portal", Path: "/", MaxAge: -1})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

type homePage struct{ AppID, Email, WidgetURL, Key string }

func (p *portal) home(w http.ResponseWriter, r *http.Request) {
	if email := p.email(r); email == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
	} else {
		show(w, "home.html", homePage{p.appID, email, p.widgetURL, chatgenie.Key(p.secret, email)})
	}
}

// Without a key in it: the page asks for one whenever it needs one, so one that stays open never holds an old one.
func (p *portal) homeV2(w http.ResponseWriter, r *http.Request) {
	if email := p.email(r); email == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
	} else {
		show(w, "home.html", homePage{AppID: p.appID, Email: email, WidgetURL: p.widgetURL})
	}
}

func (p *portal) connectionKey(w http.ResponseWriter, r *http.Request) {
	// The email is the one of the portal's own session. From a request, it would let anybody be anybody.
	email := p.email(r)
	if email == "" {
		http.Error(w, "nobody is signed in", http.StatusUnauthorized)
		return
	}
	key, err := chatgenie.ShortLivedKey(p.secret, p.appID, email)
	if err != nil {
		http.Error(w, "no key could be made", http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, key)
}

func show(w http.ResponseWriter, name string, values any) {
	if err := pages.ExecuteTemplate(w, name, values); err != nil {
		log.Printf("portal: %s: %v", name, err)
	}
}
