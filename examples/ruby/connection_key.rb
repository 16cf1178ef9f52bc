# Connection keys: what a portal's server hands to the messenger. Copy this file.
require 'json'
require 'openssl'
require 'securerandom'

module ConnectionKey
  # Seconds that a v2 key is good for. Thread takes 600 at the most; less leaves room for clocks that differ.
  LIFETIME_SECONDS = 300

  module_function

  # The article's key: 64 hexadecimal digits, good until the secret changes.
  # `email` has to be the connectionEmail of the page, byte for byte, in UTF-8.
  def key(secret, email)
    OpenSSL::HMAC.hexdigest('SHA256', secret, email)
  end

  # A key that lives for some minutes, signs in once, and at one app alone.
  def short_lived(secret, app_id, email,
                  expires: Time.now.to_i + LIFETIME_SECONDS, nonce: SecureRandom.urlsafe_base64(16))
    mac = key(secret, "chatgenie-v2\n#{app_id}\n#{email}\n#{expires}\n#{nonce}")
    "v2.#{expires}.#{nonce}.#{mac}"
  end

  # Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong.
  def clean_secret(text)
    secret = text.sub(/\r?\n\z/, '')
    if secret.empty? || secret != secret.strip
      raise ArgumentError, 'the secret is empty or has white space around it: every byte of it counts'
    end

    secret
  end

  # A value as JavaScript that may stand in a <script>: neither </script> nor <!-- can end it.
  # Not HTML escaping: a browser does not undo that in a script.
  def script_value(value)
    JSON.generate(value).gsub(/[<>&\u2028\u2029]/) { |c| format('\u%04x', c.ord) }
  end
end
