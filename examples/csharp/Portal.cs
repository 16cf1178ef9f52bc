// The smallest real portal: a login, and pages with the messenger in them.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using System.Web;

public sealed class Portal
{
    // A demo's users and passwords. A real portal keeps password hashes.
    private static readonly Dictionary<string, string> Users = new Dictionary<string, string>
    {
        ["ann@example.com"] = "demo-lantern-42",
        ["ann+test@example.com"] = "demo-harvest-17",
        ["o'neil@example.com"] = "demo-copper-58",
        ["zoë@example.com"] = "demo-meadow-23",
    };

    private readonly ConcurrentDictionary<string, string> sessions = new ConcurrentDictionary<string, string>();
    private readonly string secret = ConnectionKey.CleanSecret(Setting("CHATGENIE_SECRET"));
    private readonly string appId = Setting("CHATGENIE_APP_ID");
    private readonly string widgetUrl = Setting("THREAD_URL", "http://127.0.0.1:8080") + "/widget.js";

    public static void Main()
    {
        var portal = new Portal();
        var port = Setting("PORT", "8090");
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://localhost:{port}/");
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        Console.WriteLine($"portal: listening on http://127.0.0.1:{port}");
        while (true)
        {
            var context = listener.GetContext();
            Task.Run(() => portal.Handle(context));
        }
    }

    private static string Setting(string name, string fallback = null)
    {
        var value = Environment.GetEnvironmentVariable(name) ?? fallback;
        if (value == null)
        {
            throw new InvalidOperationException(name + " is not set");
        }
        return value;
    }

    private void Handle(HttpListenerContext context)
    {
        try
        {
            Route(context);
        }
        catch (Exception error)
        {
            Console.Error.WriteLine("portal: " + error.Message);
            context.Response.Abort();
        }
    }

    private void Route(HttpListenerContext context)
    {
        // The email is the one of the portal's own session. From a request, it would let anybody be anybody.
        var token = context.Request.Cookies["portal"]?.Value ?? "";
        string email;
        sessions.TryGetValue(token, out email);
        var response = context.Response;
        switch (context.Request.HttpMethod + " " + context.Request.Url.AbsolutePath)
        {
            case "POST /login":
                Login(context);
                break;
            case "POST /logout":
                sessions.TryRemove(token, out email);
                response.Headers["Set-Cookie"] = "portal=; Path=/; Max-Age=0";
                Redirect(response, "/");
                break;
            case "GET /":
                if (email == null) Respond(response, 200, "text/html", Pages.Login(false));
                else Redirect(response, "/home");
                break;
            case "GET /home":
                if (email == null) Redirect(response, "/");
                else Respond(response, 200, "text/html", Pages.Home(appId, email, widgetUrl, ConnectionKey.Of(secret, email)));
                break;
            case "GET /home-v2":
                if (email == null) Redirect(response, "/");
                else Respond(response, 200, "text/html", Pages.Home(appId, email, widgetUrl, null));
                break;
            case "GET /connection-key":
                if (email == null) Respond(response, 401, "text/plain", "Nobody is signed in.");
                else Respond(response, 200, "text/plain", ConnectionKey.ShortLived(secret, appId, email));
                break;
            default:
                Respond(response, 404, "text/plain", "There is no such page.");
                break;
        }
    }

    private void Login(HttpListenerContext context)
    {
        string body;
        // The bytes of a form are UTF-8, whatever this machine's own encoding is.
        using (var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8))
        {
            body = reader.ReadToEnd();
        }
        var form = HttpUtility.ParseQueryString(body, Encoding.UTF8);
        string expected;
        if (!Users.TryGetValue(form["email"] ?? "", out expected) || expected != form["password"])
        {
            Respond(context.Response, 401, "text/html", Pages.Login(true));
            return;
        }
        var bytes = new byte[32];
        using (var random = RandomNumberGenerator.Create())
        {
            random.GetBytes(bytes);
        }
        var token = BitConverter.ToString(bytes).Replace("-", "");
        sessions[token] = form["email"];
        context.Response.Headers["Set-Cookie"] = $"portal={token}; Path=/; HttpOnly; SameSite=Lax";
        Redirect(context.Response, "/home");
    }

    private static void Redirect(HttpListenerResponse response, string path)
    {
        response.Headers["Location"] = path;
        Respond(response, 303, "text/plain", "");
    }

    private static void Respond(HttpListenerResponse response, int status, string type, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = type + "; charset=utf-8";
        // The pages hold a key, so nothing between here and the user may keep them.
        response.Headers["Cache-Control"] = "no-store";
        response.ContentLength64 = body.Length;
        response.OutputStream.Write(body, 0, body.Length);
        response.Close();
    }
}
