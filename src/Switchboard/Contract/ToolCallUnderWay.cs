using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// An update without contents that says that a piece of a tool call has come. The call itself comes whole, at the end of the answer:
/// who waits for it must not take an upstream that is writing long arguments for one that has fallen silent.
/// </summary>
internal static class ToolCallUnderWay
{
    private static readonly object Sign = new();

    public static ChatResponseUpdate Create() => new(ChatRole.Assistant, []) { RawRepresentation = Sign };

    public static bool Is(ChatResponseUpdate update) => ReferenceEquals(update.RawRepresentation, Sign);
}
