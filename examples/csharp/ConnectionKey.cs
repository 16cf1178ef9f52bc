// Connection keys: what a portal's server hands to the messenger. Copy this file.
using System;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

public static class ConnectionKey
{
    /// <summary>Of a v2 key. Thread takes ten minutes at the most; less leaves room for clocks that differ.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>The article's key: 64 hexadecimal digits, good until the secret changes.</summary>
    /// <param name="email">The connectionEmail of the page, character for character.</param>
    public static string Of(string secret, string email)
    {
        using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret)))
        {
            return ToHex(hmac.ComputeHash(Encoding.UTF8.GetBytes(email)));
        }
    }

    /// <summary>A key that lives for some minutes, signs in once, and at one app alone.</summary>
    public static string ShortLived(string secret, string appId, string email)
    {
        var nonce = new byte[16];
        using (var random = RandomNumberGenerator.Create())
        {
            random.GetBytes(nonce);
        }
        return ShortLived(secret, appId, email, DateTimeOffset.UtcNow.Add(Lifetime).ToUnixTimeSeconds(), ToHex(nonce));
    }

    public static string ShortLived(string secret, string appId, string email, long expires, string nonce)
    {
        var mac = Of(secret, $"chatgenie-v2\n{appId}\n{email}\n{expires}\n{nonce}");
        return $"v2.{expires}.{nonce}.{mac}";
    }

    /// <summary>Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong.</summary>
    public static string CleanSecret(string text)
    {
        var secret = Regex.Replace(text, @"\r?\n\z", "");
        if (secret == "" || secret != secret.Trim())
        {
            throw new ArgumentException("the secret is empty or has white space around it: every byte of it counts");
        }
        return secret;
    }

    // Lower case; BitConverter and Convert.ToHexString give upper case, which Thread takes too.
    private static string ToHex(byte[] bytes)
    {
        return BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
    }
}
