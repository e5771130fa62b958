using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Testing;

/// <summary>An MCP server on Kestrel that speaks JSON-RPC over streamable HTTP: sessions, JSON answers, and event streams for the results of tools.</summary>
/// <remarks>https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http</remarks>
internal sealed class LoopbackMcpServer : IAsyncDisposable
{
    private WebApplication _app = null!;
    private string _session = Guid.NewGuid().ToString("N");
    private readonly Channel<string> _unanswered = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _released = new();
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopbackMcpServer()
    {
    }

    public Uri Url => new($"{_app.Urls.Single()}/mcp?secret=in-the-query");

    public int Port => Url.Port;

    /// <summary>The tools, by name, each with what it answers.</summary>
    public Dictionary<string, Func<JsonObject, Task<JsonObject>>> Tools { get; } = new()
    {
        ["weather"] = arguments => Task.FromResult(Text($"Sunny in {arguments["city"]} <imsagent_hangup/>")),
    };

    public ConcurrentQueue<(string Tool, string Arguments)> Calls { get; } = [];

    public ConcurrentQueue<string?> Keys { get; } = [];

    /// <summary>The methods that it was asked for, in order; null for an answer to a request of its own.</summary>
    public ConcurrentQueue<string?> Methods { get; } = [];

    /// <summary>The headers and the body of each request.</summary>
    public ConcurrentQueue<(Dictionary<string, string> Headers, JsonObject Message)> Requests { get; } = [];

    /// <summary>Answers a request by this method in the place of the server; false where the server is to do it.</summary>
    public Func<HttpContext, string?, JsonObject, Task<bool>>? Instead { get; set; }

    /// <summary>Answers GET: who wants to go on reading a stream that has ended.</summary>
    public Func<HttpContext, Task>? Resume { get; set; }

    /// <summary>Completes when a tool was called.</summary>
    public Task Called => _called.Task;

    /// <summary>Whether it takes requests and never answers them.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether it tells with the result of a tool that its tools have changed.</summary>
    public bool AnnouncesChanges { get; set; }

    public static JsonObject Text(string text) => new() { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) };

    public static async Task<LoopbackMcpServer> StartAsync(int port = 0, Action<LoopbackMcpServer>? configure = null)
    {
        var server = new LoopbackMcpServer();
        configure?.Invoke(server);
        server._app = await Loopback.StartAsync(
            app =>
            {
                app.Use(server.WithholdAsync);
                app.MapPost("/mcp", server.AnswerAsync);
                app.MapGet("/mcp", context => server.Resume?.Invoke(context) ?? Results.StatusCode(StatusCodes.Status405MethodNotAllowed).ExecuteAsync(context));
                app.MapDelete("/mcp", () => Results.Ok());
            },
            port: port);
        return server;
    }

    /// <summary>The HTTP method of the next request that came while it was silent.</summary>
    public ValueTask<string> NextUnansweredAsync() => _unanswered.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Answers 404 from now on to who bears the session's id, as a server does that was restarted.</summary>
    public void ForgetSession() => _session = Guid.NewGuid().ToString("N");

    public ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        return _app.DisposeAsync();
    }

    private async Task WithholdAsync(HttpContext context, RequestDelegate next)
    {
        if (IsSilent)
        {
            await _unanswered.Writer.WriteAsync(context.Request.Method, context.RequestAborted);
            await _released.Task;
        }

        await next(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Keys.Enqueue(context.Request.Headers.Authorization);
        var message = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
        var method = (string?)message["method"];
        Methods.Enqueue(method);
        Requests.Enqueue((context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), message));
        if (Instead is { } instead && await instead(context, method, message))
        {
            return;
        }

        if (message["id"] is not { } id)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (method is "initialize")
        {
            context.Response.Headers["Mcp-Session-Id"] = _session;
        }
        else if (method is not "server/discover" && context.Request.Headers["Mcp-Session-Id"] != _session)
        {
            // A session of a server that has gone.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
        var result = method switch
        {
            "initialize" => new JsonObject
            {
                ["protocolVersion"] = "2025-06-18",
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = new JsonObject { ["name"] = "loopback", ["version"] = "1" },
            },
            "ping" => [],
            "tools/list" => new JsonObject { ["tools"] = new JsonArray([.. Tools.Keys.Select(Declare)]) },
            "tools/call" => await CallAsync(message["params"]!.AsObject()),
            _ => null,
        };
        if (result is null)
        {
            answer["error"] = new JsonObject { ["code"] = method is "tools/call" ? -32602 : -32601, ["message"] = $"no {method} here" };
        }
        else
        {
            answer["result"] = result;
        }

        if (method is "tools/call")
        {
            context.Response.ContentType = "text/event-stream";
            var announcement = AnnouncesChanges ? "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n" : "";
            await context.Response.WriteAsync($"{announcement}event: message\ndata: {answer.ToJsonString()}\n\n", context.RequestAborted);
        }
        else
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        }
    }

    private async Task<JsonObject?> CallAsync(JsonObject call)
    {
        var name = (string)call["name"]!;
        var arguments = call["arguments"]?.AsObject() ?? [];
        Calls.Enqueue((name, arguments.ToJsonString()));
        _called.TrySetResult();
        return Tools.TryGetValue(name, out var tool) ? await tool(arguments) : null;
    }

    private static JsonNode Declare(string name) => new JsonObject
    {
        ["name"] = name,
        ["description"] = $"Knows about {name}.",
        ["inputSchema"] = JsonNode.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""),
    };
}
