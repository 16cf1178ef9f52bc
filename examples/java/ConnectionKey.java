import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Connection keys: what a portal's server hands to the messenger. Copy this file. */
final class ConnectionKey {
    /** Of a v2 key. Thread takes ten minutes at the most; less leaves room for clocks that differ. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();

    private ConnectionKey() {}

    /**
     * The article's key: 64 hexadecimal digits, good until the secret changes.
     *
     * @param email the connectionEmail of the page, character for character
     */
    static String of(String secret, String email) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(email.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HmacSHA256", impossible);
        }
    }

    /** A key that lives for some minutes, signs in once, and at one app alone. */
    static String shortLived(String secret, String appId, String email) {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        long expires = Instant.now().plus(LIFETIME).getEpochSecond();
        return shortLived(secret, appId, email, expires, Base64.getUrlEncoder().withoutPadding().encodeToString(nonce));
    }

    static String shortLived(String secret, String appId, String email, long expires, String nonce) {
        String mac = of(secret, "chatgenie-v2\n" + appId + "\n" + email + "\n" + expires + "\n" + nonce);
        return "v2." + expires + "." + nonce + "." + mac;
    }

    /** Takes one line end off, which editors and {@code echo} leave behind: with it, every key would be wrong. */
    static String cleanSecret(String text) {
        String secret = text.replaceFirst("\\r?\\n\\z", "");
        if (secret.isEmpty() || !secret.equals(secret.strip())) {
            throw new IllegalArgumentException(
                    "the secret is empty or has white space around it: every byte of it counts");
        }
        return secret;
    }
}
