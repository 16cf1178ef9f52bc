import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** The smallest real portal: a login, and pages with the messenger in them. */
public final class Portal {
    /** A demo's users and passwords. A real portal keeps password hashes. */
    private static final Map<String, String> USERS = Map.of(
            "ann@example.com", "demo-lantern-42",
            "ann+test@example.com", "demo-harvest-17",
            "o'neil@example.com", "demo-copper-58",
            "zoë@example.com", "demo-meadow-23");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final String secret = ConnectionKey.cleanSecret(setting("CHATGENIE_SECRET", null));
    private final String appId = setting("CHATGENIE_APP_ID", null);
    private final String widgetUrl = setting("THREAD_URL", "http://127.0.0.1:8080") + "/widget.js";

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(setting("PORT", "8090"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", new Portal()::handle);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("portal: listening on http://127.0.0.1:" + port);
    }

    private static String setting(String name, String fallback) {
        String value = System.getenv().getOrDefault(name, fallback);
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }

    private void handle(HttpExchange exchange) throws IOException {
        // The email is the one of the portal's own session. From a request, it would let anybody be anybody.
        String token = cookie(exchange);
        String email = token == null ? null : sessions.get(token);
        switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
            case "GET /" -> {
                if (email == null) {
                    html(exchange, 200, Pages.login(false));
                } else {
                    redirect(exchange, "/home");
                }
            }
            case "POST /login" -> login(exchange);
            case "POST /logout" -> {
                if (token != null) {
                    sessions.remove(token);
                }
                exchange.getResponseHeaders().set("Set-Cookie", "portal=; Path=/; Max-Age=0");
                redirect(exchange, "/");
            }
            case "GET /home" -> {
                if (email == null) {
                    redirect(exchange, "/");
                } else {
                    html(exchange, 200, Pages.home(appId, email, widgetUrl, ConnectionKey.of(secret, email)));
                }
            }
            case "GET /home-v2" -> {
                if (email == null) {
                    redirect(exchange, "/");
                } else {
                    html(exchange, 200, Pages.home(appId, email, widgetUrl, null));
                }
            }
            case "GET /connection-key" -> {
                if (email == null) {
                    respond(exchange, 401, "text/plain; charset=utf-8", "Nobody is signed in.");
                } else {
                    String key = ConnectionKey.shortLived(secret, appId, email);
                    respond(exchange, 200, "text/plain; charset=utf-8", key);
                }
            }
            default -> respond(exchange, 404, "text/plain; charset=utf-8", "There is no such page.");
        }
    }

    private void login(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        String email = form.getOrDefault("email", "");
        byte[] expected = USERS.getOrDefault(email, "").getBytes(StandardCharsets.UTF_8);
        byte[] given = form.getOrDefault("password", "").getBytes(StandardCharsets.UTF_8);
        if (!USERS.containsKey(email) || !MessageDigest.isEqual(expected, given)) {
            html(exchange, 401, Pages.login(true));
            return;
        }
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        sessions.put(token, email);
        exchange.getResponseHeaders().set("Set-Cookie", "portal=" + token + "; Path=/; HttpOnly; SameSite=Lax");
        redirect(exchange, "/home");
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readNBytes(10_000), StandardCharsets.US_ASCII);
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                // The bytes of a form are UTF-8, whatever this machine's own encoding is.
                form.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private static String cookie(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Cookie");
        for (String cookie : header == null ? new String[0] : header.split("; ")) {
            if (cookie.startsWith("portal=")) {
                return cookie.substring("portal=".length());
            }
        }
        return null;
    }

    private static void redirect(HttpExchange exchange, String path) throws IOException {
        exchange.getResponseHeaders().set("Location", path);
        respond(exchange, 303, "text/plain; charset=utf-8", "");
    }

    private static void html(HttpExchange exchange, int status, String page) throws IOException {
        respond(exchange, status, "text/html; charset=utf-8", page);
    }

    private static void respond(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        // The pages hold a key, so nothing between here and the user may keep them.
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
