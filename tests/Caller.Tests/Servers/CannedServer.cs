using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Switchboard.Testing;

namespace Caller.Tests.Servers;

/// <summary>A request as it came in, its body taken out of its coding.</summary>
internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonObject Body => (JsonObject)JsonNode.Parse(Text)!;

    public JsonArray Messages => (JsonArray)Body["messages"]!;

    public string? Header(string name) => Headers.GetValueOrDefault(name.ToLowerInvariant());
}

/// <summary>What a server is to answer.</summary>
/// <param name="Body">The body as it stands.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">Headers beside the content type.</param>
public sealed record Canned(string Body, int Status = 200, params (string Name, string Value)[] Headers)
{
    /// <summary>An event stream of these payloads and [DONE].</summary>
    public static Canned Stream(params string[] payloads) => new(string.Concat(payloads.Append("[DONE]").Select(payload => $"data: {payload}\n\n")));

    /// <summary>An answer of one piece.</summary>
    public static Canned Says(string text) => Stream(Delta($$"""{"role":"assistant","content":"{{text}}"}"""), Delta("{}", "stop"));

    /// <summary>An answer with one whole tool call.</summary>
    public static Canned Calls(string name, string arguments = "{}", string? reason = "tool_calls") => Stream(
        Delta("{\"tool_calls\":[" + Call(name, arguments) + "]}"), Delta("{}", reason));

    /// <summary>An entry of <c>tool_calls</c>.</summary>
    public static string Call(string? name, string arguments = "{}", int index = 0, string? id = "call_7") => new JsonObject
    {
        ["index"] = index,
        ["id"] = id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    }.ToJsonString();

    public static string Delta(string delta, string? reason = null) =>
        $$$"""{"id":"c1","object":"chat.completion.chunk","created":1793000000,"model":"front-desk","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(reason is null ? "null" : $"\"{reason}\"")}}}}]}""";
}

/// <summary>A server that keeps every request and answers in turn what it was given, the last one again and again.</summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly IReadOnlyList<Canned> _answers;
    private WebApplication _app = null!;
    private int _next;

    private CannedServer(IReadOnlyList<Canned> answers) => _answers = answers;

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    /// <summary>Told of each request before it is answered.</summary>
    public Action<int> OnRequest { get; set; } = _ => { };

    public string Address => _app.Urls.Single();

    public static async Task<CannedServer> StartAsync(params Canned[] answers)
    {
        var server = new CannedServer(answers);
        server._app = await Loopback.StartAsync(app => app.Run(server.AnswerAsync));
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _seen.Enqueue(new SeenRequest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            Text(body, context.Request.Headers.ContentEncoding)));
        var number = Interlocked.Increment(ref _next);
        OnRequest(number);
        var answer = _answers[Math.Min(number, _answers.Count) - 1];
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Status == 200 ? "text/event-stream" : "application/json";
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static string Text(MemoryStream body, string? coding)
    {
        body.Position = 0;
        using Stream plain = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
