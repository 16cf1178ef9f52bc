import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConnectionKeyTest {
    static class Vector {
        String secret;
        String appId;
        String email;
        long expires;
        String nonce;
        String connectionKey;
    }

    static class Vectors {
        Vector[] v1;
        Vector[] v2;
    }

    /** Keys that other implementations made; run from this folder. */
    private static Vectors vectors() throws IOException {
        String text = Files.readString(Path.of("../../tests/vectors/connection-keys.json"));
        Vectors vectors = new Gson().fromJson(text, Vectors.class);
        assertTrue(vectors.v1.length > 0 && vectors.v2.length > 0);
        return vectors;
    }

    @Test
    void keysAreThoseOfOtherImplementations() throws IOException {
        for (Vector v : vectors().v1) {
            assertEquals(v.connectionKey, ConnectionKey.of(v.secret, v.email), v.email);
        }
    }

    @Test
    void shortLivedKeysAreThoseOfOtherImplementations() throws IOException {
        for (Vector v : vectors().v2) {
            assertEquals(v.connectionKey,
                    ConnectionKey.shortLived(v.secret, v.appId, v.email, v.expires, v.nonce), v.email);
        }
    }

    @Test
    void aShortLivedKeyEndsWithinTenMinutesAndNoTwoAreAlike() {
        String key = ConnectionKey.shortLived("key", "app", "a@b.c");
        assertNotEquals(key, ConnectionKey.shortLived("key", "app", "a@b.c"));
        assertTrue(key.matches("v2\\.\\d+\\.[A-Za-z0-9_-]{16,64}\\.[0-9a-f]{64}"), key);
        long left = Long.parseLong(key.split("\\.")[1]) - Instant.now().getEpochSecond();
        assertTrue(0 < left && left <= 600, left + " seconds");
    }

    @Test
    void oneLineEndIsNoPartOfTheSecret() {
        for (String text : new String[] {"key", "key\n", "key\r\n"}) {
            assertEquals("key", ConnectionKey.cleanSecret(text));
        }
        for (String text : new String[] {"", "\n", "key\n\n", " key", "key "}) {
            var error = assertThrows(IllegalArgumentException.class, () -> ConnectionKey.cleanSecret(text));
            assertFalse(error.getMessage().contains("key"));
        }
    }

    @Test
    void nothingEndsTheScriptOrTheString() {
        String hostile = "\"</script><!--&'\\\u2028\u2029\nzoë";
        String script = Pages.scriptValue(hostile);
        assertEquals(hostile, new Gson().fromJson(script, String.class));
        assertFalse(script.matches("(?s).*[<>&\u2028\u2029\n].*"), script);
    }
}
