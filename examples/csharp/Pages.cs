// The portal's pages.
using System.Net;
using System.Web;

public static class Pages
{
    private const string AskForKey = @"async () => {
  const answer = await fetch(""/connection-key"");
  if (!answer.ok) throw new Error(""no key: "" + answer.status);
  return answer.text();
}";

    private const string Loader = @"function run(ch){ch.default.messenger().initialize(chatgenieParams);}!function(){var e=window.chatgenie;if(e)run(e);else{function t(){var t=document.createElement(""script"");t.type=""text/javascript"",t.async=true,t.readyState?t.onreadystatechange=function(){""loaded""!==t.readyState&&""complete""!==t.readyState||(t.onreadystatechange=null,window.chatgenie&&(e=window.chatgenie,run(e)))}:t.onload=function(){window.chatgenie&&(e=window.chatgenie,run(e))},t.src=WIDGET_URL;var n=document.getElementsByTagName(""script"")[0];n.parentNode.insertBefore(t,n)}window.attachEvent?window.attachEvent(""onload"",t):window.addEventListener(""load"",t,!1)}}();";

    /// <summary>A value as JavaScript that may stand in a script: neither &lt;/script> nor &lt;!-- can end it.</summary>
    /// <remarks>Not HtmlEncode: a browser does not undo that in a script.</remarks>
    public static string ScriptValue(string value)
    {
        // .NET escapes these three by itself, Mono does not.
        return HttpUtility.JavaScriptStringEncode(value, true)
            .Replace("&", "\\u0026").Replace("\u2028", "\\u2028").Replace("\u2029", "\\u2029");
    }

    public static string Login(bool refused)
    {
        var alert = refused ? @"<p role=""alert"">This email and password do not belong together.</p>" : "";
        return $@"<!doctype html>
<html lang=""en"">
<meta charset=""utf-8"">
<title>Sign in · Northwind IT</title>
<link rel=""icon"" href=""data:,"">
<h1>Sign in to your portal</h1>
{alert}
<form method=""post"" action=""/login"">
<p><label>Email <input name=""email"" inputmode=""email"" autocomplete=""username"" required></label></p>
<p><label>Password <input name=""password"" type=""password"" autocomplete=""current-password"" required></label></p>
<p><button>Sign in</button></p>
</form>
<p>A demo: <code>ann@example.com</code>, <code>demo-lantern-42</code></p>
";
    }

    /// <summary>The page with the messenger; without a key in it, it asks for one whenever it needs one.</summary>
    public static string Home(string appId, string email, string widgetUrl, string key)
    {
        return $@"<!doctype html>
<html lang=""en"">
<meta charset=""utf-8"">
<title>Home · Northwind IT</title>
<link rel=""icon"" href=""data:,"">
<h1>Good to see you</h1>
<p>You are signed in as <b id=""email"">{WebUtility.HtmlEncode(email)}</b>. If something is not right, write to us with the button in the corner.</p>
<form method=""post"" action=""/logout""><button>Sign out</button></form>
<script>
var chatgenieParams = {{
appId: {ScriptValue(appId)},
connectionType: ""messenger_auth"",
connectionEmail: {ScriptValue(email)},
connectionKey: {(key == null ? AskForKey : ScriptValue(key))}
}};
{Loader.Replace("WIDGET_URL", ScriptValue(widgetUrl))}
</script>
";
    }
}
