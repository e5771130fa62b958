using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Switchboard.Tests.Tools;

/// <summary>An MCP server on Kestrel with the server side of the official SDK; like many it knows POST and DELETE only.</summary>
internal sealed class SdkMcpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, StreamableHttpServerTransport> _sessions = [];
    private readonly ConcurrentBag<McpServer> _servers = [];
    private readonly CancellationTokenSource _stop = new();
    private WebApplication _app = null!;

    private SdkMcpServer()
    {
    }

    public Uri Url => new($"{_app.Urls.Single()}/mcp");

    public McpServerPrimitiveCollection<McpServerTool> Tools { get; } = [];

    /// <summary>The key that each request must bear; null for none.</summary>
    public string? Key { get; set; }

    public ConcurrentQueue<string?> Keys { get; } = [];

    public static async Task<SdkMcpServer> StartAsync(params string[] tools)
    {
        var server = new SdkMcpServer();
        Array.ForEach(tools, server.Add);
        server._app = await Loopback.StartAsync(app =>
        {
            app.MapPost("/mcp", server.PostAsync);
            app.MapDelete("/mcp", () => Results.Ok());
        });
        return server;
    }

    public void Add(string tool) => Tools.Add(McpServerTool.Create(AIFunctionFactory.Create(() => $"{tool} says hello", tool, $"Knows about {tool}.")));

    public void Remove(string tool) => Tools.Remove(Tools[tool]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PostAsync(HttpContext context)
    {
        if (!IsAllowed(context))
        {
            return;
        }

        var type = McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
        var message = (JsonRpcMessage)(await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted))!;
        var transport = Session(context);
        context.Response.ContentType = "text/event-stream";
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
        {
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private bool IsAllowed(HttpContext context)
    {
        var key = (string?)context.Request.Headers.Authorization;
        Keys.Enqueue(key);
        var isAllowed = Key is null || key == $"Bearer {Key}";
        context.Response.StatusCode = isAllowed ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        return isAllowed;
    }

    private StreamableHttpServerTransport Session(HttpContext context)
    {
        if ((string?)context.Request.Headers["Mcp-Session-Id"] is { } known)
        {
            return _sessions[known];
        }

        var id = Guid.NewGuid().ToString("N");
        var transport = new StreamableHttpServerTransport { SessionId = id };
        // The last revision with sessions.
        var options = new McpServerOptions { ServerInfo = new Implementation { Name = "sdk", Version = "1" }, ProtocolVersion = "2025-11-25", ToolCollection = Tools };
        var server = McpServer.Create(transport, options);
        _sessions[id] = transport;
        _servers.Add(server);
        _ = server.RunAsync(_stop.Token);
        context.Response.Headers["Mcp-Session-Id"] = id;
        return transport;
    }
}
