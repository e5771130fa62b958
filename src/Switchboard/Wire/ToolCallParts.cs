using System.Text;

namespace Switchboard.Wire;

/// <summary>What has arrived of one tool call.</summary>
internal sealed class ToolCallParts
{
    /// <summary>The call's place in the answer; null when the upstream does not number its calls.</summary>
    public long? Index { get; init; }

    public string? Id { get; set; }

    public string? Name { get; set; }

    public StringBuilder Arguments { get; } = new();
}
