using System.Text.Json;

namespace Caller.Wire;

/// <summary>One chunk of an answer, read without believing anything about its shape.</summary>
internal sealed class Chunk(JsonElement root)
{
    public JsonElement Root => root;

    public IReadOnlyList<JsonElement> Choices { get; } = [.. root.Find("choices").Items()];

    public JsonElement? Choice => Choices.Count > 0 ? Choices[0] : null;

    public JsonElement? Delta => Choice?.Find("delta") is { ValueKind: JsonValueKind.Object } delta ? delta : null;

    public string? Role => Delta?.FindText("role");

    public string? Content => Delta?.FindText("content");

    public string? FinishReason => Choice?.FindText("finish_reason");

    public IReadOnlyList<ToolCallPiece> ToolCalls => [.. (Delta?.Find("tool_calls")).Items().Select(item => new ToolCallPiece(item))];

    /// <summary>The usage object; null when absent or JSON null.</summary>
    public JsonElement? Usage => root.Find("usage") is { ValueKind: JsonValueKind.Object } usage ? usage : null;

    public JsonElement? Error => root.Find("error") is { ValueKind: not JsonValueKind.Null } error ? error : null;
}
