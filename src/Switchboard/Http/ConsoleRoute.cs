using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Switchboard.Contract;

namespace Switchboard.Http;

/// <summary>
/// The console as one response: page, styles and script put together, so that the browser asks for nothing else and the policy
/// can name by their hashes the only style and the only script that may run.
/// </summary>
/// <param name="Html">The page in UTF-8.</param>
/// <param name="Policy">Its <c>Content-Security-Policy</c>.</param>
internal sealed record ConsolePage(ReadOnlyMemory<byte> Html, string Policy)
{
    private const string StylePlace = "/* style */";
    private const string ScriptPlace = "/* script */";

    private static readonly string[] Styles = ["console.css", "calls.css", "uplot.css", "overview.css"];

    // Later files use what earlier ones declare.
    private static readonly string[] Scripts =
    [
        "elements.js", "text.js", "words.js", "place.js", "api.js", "sse.js", "directives.js", "conversation.js", "turn.js", "timeline.js", "voice.js", "dictation.js",
        "connection.js", "call-data.js", "turn-view.js", "talk.js", "transcript.js", "call-list.js", "call-search.js", "calls.js",
        "uplot.js", "plots.js", "overview.js", "main.js",
    ];

    public static ConsolePage Compose()
    {
        var style = string.Concat(Styles.Select(Read));
        var script = string.Concat(Scripts.Select(Read));
        var html = Read("console.html").Replace(StylePlace, style, StringComparison.Ordinal).Replace(ScriptPlace, script, StringComparison.Ordinal);
        return new ConsolePage(Encoding.UTF8.GetBytes(html), PolicyFor(style, script));
    }

    /// <remarks>https://www.w3.org/TR/CSP3/ and, for what keeps text from ever becoming markup, https://www.w3.org/TR/trusted-types/</remarks>
    private static string PolicyFor(string style, string script) => string.Join("; ",
        "default-src 'none'",
        "connect-src 'self'",
        // For the empty icon in the page, without which the browser asks for /favicon.ico.
        "img-src data:",
        $"style-src '{Hash(style)}'",
        $"script-src '{Hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ConsolePage).Assembly.GetManifestResourceStream($"console/{name}")!, Encoding.UTF8);
        // Browsers take the hash after they made every line end a line feed; Git on Windows may have made them two characters.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>
/// Answers <c>GET console</c>: the page on which people talk to a model and read what was said on calls. A browser that opens the address itself is led there, where
/// it is on; whoever else asks for it gets what the Functions host says without a page of its own: nothing.
/// </summary>
internal sealed class ConsoleRoute(ConsoleOptions options) : IRoutes
{
    private readonly Lazy<ConsolePage> _page = new(ConsolePage.Compose);

    public IEnumerable<HttpRoute> All =>
    [
        new(Routes.Console, [HttpMethods.Get, HttpMethods.Head], AnswerAsync),
        new(Routes.Root, [HttpMethods.Get, HttpMethods.Head], context => Task.FromResult(Lead(context))),
    ];

    private IResult Lead(HttpContext context)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        context.Response.Headers.CacheControl = "no-store";
        // With the query: a function key may stand in it, and the page asks with that.
        return options.Enabled && Routes.IsForPeople(context.Request)
            ? Results.Redirect($"{context.Request.PathBase}/{Routes.Console}{context.Request.QueryString}")
            : Results.NoContent();
    }

    private Task<IResult> AnswerAsync(HttpContext context) => Task.FromResult(options.Enabled ? Page(context.Response) : throw ApiException.ConsoleOff());

    private IResult Page(HttpResponse response)
    {
        var page = _page.Value;
        response.Headers.ContentSecurityPolicy = page.Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        return Results.Bytes(page.Html, "text/html; charset=utf-8");
    }
}

/// <summary>The page for people: the section <c>Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>
    /// Whether <c>GET console</c> serves the page. Default false; LocalHost's default is true. The page holds no secret, and what
    /// it asks for needs the same keys as ever, but an app without operators' browsers has no use for it.
    /// </summary>
    public bool Enabled { get; set; }
}
