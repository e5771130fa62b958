using System.Text;

namespace Switchboard.Contract;

/// <summary>What has arrived of one tool call.</summary>
internal sealed class ToolCallParts
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    public StringBuilder Arguments { get; } = new();
}
