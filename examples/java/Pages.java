import com.google.gson.Gson;

/** The portal's pages. */
final class Pages {
    private static final Gson GSON = new Gson();

    private static final String ASK_FOR_KEY = """
            async () => {
              const answer = await fetch("/connection-key");
              if (!answer.ok) throw new Error("no key: " + answer.status);
              return answer.text();
            }""";

    private static final String LOADER = "function run(ch){ch.default.messenger().initialize(chatgenieParams);}!function(){var e=window.chatgenie;if(e)run(e);else{function t(){var t=document.createElement(\"script\");t.type=\"text/javascript\",t.async=true,t.readyState?t.onreadystatechange=function(){\"loaded\"!==t.readyState&&\"complete\"!==t.readyState||(t.onreadystatechange=null,window.chatgenie&&(e=window.chatgenie,run(e)))}:t.onload=function(){window.chatgenie&&(e=window.chatgenie,run(e))},t.src=WIDGET_URL;var n=document.getElementsByTagName(\"script\")[0];n.parentNode.insertBefore(t,n)}window.attachEvent?window.attachEvent(\"onload\",t):window.addEventListener(\"load\",t,!1)}}();";

    private Pages() {}

    /**
     * A value as JavaScript that may stand in a script: neither {@code </script>} nor {@code <!--} can end it.
     *
     * <p>Gson escapes {@code <}, {@code >}, {@code &} and U+2028 unless it is told not to; Jackson has to be told to.
     * HTML escaping would be wrong: a browser does not undo it in a script.
     */
    static String scriptValue(String value) {
        return GSON.toJson(value);
    }

    static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String login(boolean refused) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>Sign in · Northwind IT</title>
                <link rel="icon" href="data:,">
                <h1>Sign in to your portal</h1>
                %s
                <form method="post" action="/login">
                <p><label>Email <input name="email" inputmode="email" autocomplete="username" required></label></p>
                <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
                <p><button>Sign in</button></p>
                </form>
                <p>A demo: <code>ann@example.com</code>, <code>demo-lantern-42</code></p>
                """.formatted(refused ? "<p role=\"alert\">This email and password do not belong together.</p>" : "");
    }

    /** The page with the messenger; without a key in it, it asks for one whenever it needs one. */
    static String home(String appId, String email, String widgetUrl, String key) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>Home · Northwind IT</title>
                <link rel="icon" href="data:,">
                <h1>Good to see you</h1>
                <p>You are signed in as <b id="email">%s</b>. If something is not right, write to us with the button in the corner.</p>
                <form method="post" action="/logout"><button>Sign out</button></form>
                <script>
                var chatgenieParams = {
                appId: %s,
                connectionType: "messenger_auth",
                connectionEmail: %s,
                connectionKey: %s
                };
                %s
                </script>
                """.formatted(html(email), scriptValue(appId), scriptValue(email),
                        key == null ? ASK_FOR_KEY : scriptValue(key),
                        LOADER.replace("WIDGET_URL", scriptValue(widgetUrl)));
    }
}
