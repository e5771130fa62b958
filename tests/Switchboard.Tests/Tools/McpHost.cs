using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Tests.Tools;

/// <summary>An app whose model <c>fake</c> has the tools of one MCP server.</summary>
internal sealed class McpHost : IAsyncDisposable
{
    private McpHost(TestHost app) => App = app;

    public TestHost App { get; }

    /// <summary>Starts the app, and waits until the server is joined.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="model">Answers the turns.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="settings">Settings beside the server's address.</param>
    /// <param name="joined">The event that says that the server was tried: 410 when it is joined.</param>
    public static async Task<McpHost> StartAsync(
        Uri server, IChatClient model, TimeProvider? time = null, Dictionary<string, string?>? settings = null, int joined = 410)
    {
        var app = await TestHost.StartAsync(model, new Dictionary<string, string?>(settings ?? []) { ["Models:1:Tools:Mcp:0:Url"] = server.AbsoluteUri }, time);
        await app.WaitForLogAsync(joined);
        return new McpHost(app);
    }

    /// <summary>What a caller hears who speaks once.</summary>
    public async Task<string> AskAsync()
    {
        using var stream = await EventReader.OpenAsync(await App.PostAsync(Json.Request("fake")));
        return string.Concat((await stream.RestAsync()).Where(data => data.StartsWith('{')).Select(Text));
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static string Text(string data)
    {
        using var chunk = JsonDocument.Parse(data);
        var choices = chunk.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString()! : "";
    }
}
