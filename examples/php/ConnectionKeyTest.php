<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/connection_key.php';

final class ConnectionKeyTest extends TestCase
{
    /** Keys that other implementations made; see tests/vectors in the repository. */
    private static function vectors(string $version): array
    {
        $file = __DIR__ . '/../../tests/vectors/connection-keys.json';
        return json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR)[$version];
    }

    public function testKeysAreThoseOfOtherImplementations(): void
    {
        foreach (self::vectors('v1') as $v) {
            self::assertSame($v['connectionKey'], Chatgenie\connectionKey($v['secret'], $v['email']), $v['email']);
        }
    }

    public function testShortLivedKeysAreThoseOfOtherImplementations(): void
    {
        foreach (self::vectors('v2') as $v) {
            $key = Chatgenie\shortLivedKey($v['secret'], $v['appId'], $v['email'], $v['expires'], $v['nonce']);
            self::assertSame($v['connectionKey'], $key, $v['email']);
        }
    }

    public function testAShortLivedKeyEndsWithinTenMinutesAndNoTwoAreAlike(): void
    {
        $keys = [Chatgenie\shortLivedKey('key', 'app', 'a@b.c'), Chatgenie\shortLivedKey('key', 'app', 'a@b.c')];
        self::assertNotSame($keys[0], $keys[1]);
        self::assertMatchesRegularExpression('/^v2\.\d+\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}$/D', $keys[0]);
        $left = (int) explode('.', $keys[0])[1] - time();
        self::assertTrue(0 < $left && $left <= 600, "$left seconds");
    }

    public function testOneLineEndIsNoPartOfTheSecret(): void
    {
        foreach (['key', "key\n", "key\r\n"] as $text) {
            self::assertSame('key', Chatgenie\cleanSecret($text));
        }
        foreach (['', "\n", "key\n\n", ' key', 'key '] as $text) {
            try {
                Chatgenie\cleanSecret($text);
                self::fail(json_encode($text));
            } catch (InvalidArgumentException $error) {
                self::assertStringNotContainsString('key', $error->getMessage());
            }
        }
    }

    public function testNothingEndsTheScriptOrTheString(): void
    {
        $hostile = "\"</script><!--&'\\\u{2028}\u{2029}\nzoë";
        $script = Chatgenie\scriptValue($hostile);
        self::assertSame($hostile, json_decode($script));
        self::assertDoesNotMatchRegularExpression('/[<>&\x{2028}\x{2029}\n]/u', $script);
    }
}
