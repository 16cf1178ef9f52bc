import json
import re
import time
import unittest
from pathlib import Path

from connection_key import clean_secret, connection_key, script_value, short_lived_key

# Keys that other implementations made; see tests/vectors in the repository.
FILE = Path(__file__).parents[2] / "tests/vectors/connection-keys.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


class ConnectionKeyTest(unittest.TestCase):
    def test_keys_are_those_of_other_implementations(self):
        self.assertTrue(VECTORS["v1"])
        for v in VECTORS["v1"]:
            self.assertEqual(connection_key(v["secret"], v["email"]), v["connectionKey"], v["email"])

    def test_short_lived_keys_are_those_of_other_implementations(self):
        self.assertTrue(VECTORS["v2"])
        for v in VECTORS["v2"]:
            key = short_lived_key(v["secret"], v["appId"], v["email"], expires=v["expires"], nonce=v["nonce"])
            self.assertEqual(key, v["connectionKey"], v["email"])

    def test_a_short_lived_key_ends_within_ten_minutes_and_no_two_are_alike(self):
        keys = [short_lived_key("key", "app", "a@b.c") for _ in range(2)]
        self.assertNotEqual(*keys)
        match = re.fullmatch(r"v2\.(\d+)\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}", keys[0])
        self.assertIsNotNone(match, keys[0])
        left = int(match[1]) - time.time()
        self.assertTrue(0 < left <= 600, f"{left} seconds")

    def test_one_line_end_is_no_part_of_the_secret(self):
        for text in ["key", "key\n", "key\r\n"]:
            self.assertEqual(clean_secret(text), "key")
        for text in ["", "\n", "key\n\n", " key", "key "]:
            with self.subTest(text=text), self.assertRaises(ValueError) as refused:
                clean_secret(text)
            self.assertNotIn("key", str(refused.exception))

    def test_nothing_ends_the_script_or_the_string(self):
        hostile = "\"</script><!--&'\\\u2028\u2029\nzoë"
        script = script_value(hostile)
        self.assertEqual(json.loads(script), hostile)
        self.assertNotRegex(script, "[<>&\u2028\u2029\n]")


if __name__ == "__main__":
    unittest.main()
