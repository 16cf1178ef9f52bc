require 'json'
require 'minitest/autorun'
require_relative 'connection_key'

class ConnectionKeyTest < Minitest::Test
  # Keys that other implementations made; see tests/vectors in the repository.
  VECTORS = JSON.parse(File.read("#{__dir__}/../../tests/vectors/connection-keys.json", encoding: 'UTF-8'))

  def test_keys_are_those_of_other_implementations
    refute_empty VECTORS['v1']
    VECTORS['v1'].each do |v|
      assert_equal v['connectionKey'], ConnectionKey.key(v['secret'], v['email']), v['email']
    end
  end

  def test_short_lived_keys_are_those_of_other_implementations
    refute_empty VECTORS['v2']
    VECTORS['v2'].each do |v|
      key = ConnectionKey.short_lived(v['secret'], v['appId'], v['email'], expires: v['expires'], nonce: v['nonce'])
      assert_equal v['connectionKey'], key, v['email']
    end
  end

  def test_a_short_lived_key_ends_within_ten_minutes_and_no_two_are_alike
    keys = Array.new(2) { ConnectionKey.short_lived('key', 'app', 'a@b.c') }
    refute_equal(*keys)
    match = keys[0].match(/\Av2\.(\d+)\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}\z/)
    assert match, keys[0]
    left = match[1].to_i - Time.now.to_i
    assert left.positive? && left <= 600, "#{left} seconds"
  end

  def test_one_line_end_is_no_part_of_the_secret
    ['key', "key\n", "key\r\n"].each { |text| assert_equal 'key', ConnectionKey.clean_secret(text) }
    ['', "\n", "key\n\n", ' key', 'key '].each do |text|
      error = assert_raises(ArgumentError, text.inspect) { ConnectionKey.clean_secret(text) }
      refute_includes error.message, 'key'
    end
  end

  def test_nothing_ends_the_script_or_the_string
    hostile = "\"</script><!--&'\\\u2028\u2029\nzoë"
    script = ConnectionKey.script_value(hostile)
    assert_equal hostile, JSON.parse(script)
    refute_match(/[<>&\u2028\u2029\n]/, script)
  end
end
