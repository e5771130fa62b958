using System.Text.Json;

namespace Browser.Tests.Talk;

/// <summary>What the server was sent for a turn.</summary>
internal sealed record ReceivedTurn(JsonElement Body, string Query, string? Authorization)
{
    public JsonElement ExtendData => Body.GetProperty("extendData");

    /// <summary>The history, each record as <c>role: content</c>.</summary>
    public IReadOnlyList<string> Messages =>
        [.. Body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")}: {message.GetProperty("content")}")];
}
