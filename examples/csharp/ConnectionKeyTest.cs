using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;

[DataContract]
public class Vector
{
    [DataMember(Name = "secret")] public string Secret { get; set; }
    [DataMember(Name = "appId")] public string AppId { get; set; }
    [DataMember(Name = "email")] public string Email { get; set; }
    [DataMember(Name = "expires")] public long Expires { get; set; }
    [DataMember(Name = "nonce")] public string Nonce { get; set; }
    [DataMember(Name = "connectionKey")] public string ConnectionKey { get; set; }
}

[DataContract]
public class Vectors
{
    [DataMember(Name = "v1")] public Vector[] V1 { get; set; }
    [DataMember(Name = "v2")] public Vector[] V2 { get; set; }
}

[TestFixture]
public class ConnectionKeyTest
{
    // Keys that other implementations made; see tests/vectors in the repository.
    private static Vectors Read([CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here), "../../tests/vectors/connection-keys.json");
        using (var file = File.OpenRead(path))
        {
            var vectors = (Vectors)new DataContractJsonSerializer(typeof(Vectors)).ReadObject(file);
            Assert.IsTrue(vectors.V1.Length > 0 && vectors.V2.Length > 0);
            return vectors;
        }
    }

    private static T FromJson<T>(string text)
    {
        using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(text)))
        {
            return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(stream);
        }
    }

    [Test]
    public void KeysAreThoseOfOtherImplementations()
    {
        foreach (var v in Read().V1)
        {
            Assert.AreEqual(v.ConnectionKey, ConnectionKey.Of(v.Secret, v.Email), v.Email);
        }
    }

    [Test]
    public void ShortLivedKeysAreThoseOfOtherImplementations()
    {
        foreach (var v in Read().V2)
        {
            var key = ConnectionKey.ShortLived(v.Secret, v.AppId, v.Email, v.Expires, v.Nonce);
            Assert.AreEqual(v.ConnectionKey, key, v.Email);
        }
    }

    [Test]
    public void AShortLivedKeyEndsWithinTenMinutesAndNoTwoAreAlike()
    {
        var key = ConnectionKey.ShortLived("key", "app", "a@b.c");
        Assert.AreNotEqual(key, ConnectionKey.ShortLived("key", "app", "a@b.c"));
        Assert.IsTrue(Regex.IsMatch(key, @"\Av2\.\d+\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}\z"), key);
        var left = long.Parse(key.Split('.')[1]) - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.IsTrue(0 < left && left <= 600, left + " seconds");
    }

    [Test]
    public void OneLineEndIsNoPartOfTheSecret()
    {
        foreach (var text in new[] { "key", "key\n", "key\r\n" })
        {
            Assert.AreEqual("key", ConnectionKey.CleanSecret(text));
        }
        foreach (var text in new[] { "", "\n", "key\n\n", " key", "key " })
        {
            var error = Assert.Throws<ArgumentException>(() => ConnectionKey.CleanSecret(text));
            Assert.IsFalse(error.Message.Contains("key"));
        }
    }

    [Test]
    public void NothingEndsTheScriptOrTheString()
    {
        var hostile = "\"</script><!--&'\\\u2028\u2029\nzoë";
        var script = Pages.ScriptValue(hostile);
        Assert.AreEqual(hostile, FromJson<string>(script));
        Assert.IsFalse(Regex.IsMatch(script, "[<>&\u2028\u2029\n]"), script);
    }
}
