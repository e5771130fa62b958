using System.Text.Json;

namespace Caller.Wire;

/// <summary>One entry of a delta's <c>tool_calls</c>, read without believing anything.</summary>
internal sealed class ToolCallPiece(JsonElement root)
{
    public JsonElement Root => root;

    /// <summary>Null when missing or not a whole number.</summary>
    public int? Index => root.Find("index") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var index) ? index : null;

    public string? Id => root.FindText("id");

    public string? Type => root.FindText("type");

    public string? Name => root.Find("function")?.FindText("name");

    /// <summary>The arguments in whatever JSON type they were sent; null when missing.</summary>
    public JsonElement? Arguments => root.Find("function")?.Find("arguments");

    public string? ArgumentsText => Arguments is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
