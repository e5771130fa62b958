using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>What an answer adds up to while it is read: its calls, its usage, and why it ends.</summary>
internal sealed class AnswerTally
{
    private ChatFinishReason? _finishReason;

    public UsageDetails Usage { get; } = new();

    public int ToolCalls { get; set; }

    /// <summary>Why the responder ended; null when it did not say.</summary>
    public ChatFinishReason? Reason => _finishReason;

    public string FinishReason => FinishReasons.ToWire(_finishReason, ToolCalls > 0);

    /// <summary>Whether <paramref name="update"/> holds anything that the client will see.</summary>
    public static bool IsForWire(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is FunctionCallContent or TextContent { Text.Length: > 0 })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The answer was ended here, as one whose tokens are used up.</summary>
    public void Cut() => _finishReason = ChatFinishReason.Length;

    public void Add(ChatResponseUpdate update)
    {
        _finishReason = update.FinishReason ?? _finishReason;
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is UsageContent usage)
            {
                Usage.Add(usage.Details);
            }
            else if (contents[position] is FunctionCallContent)
            {
                ToolCalls++;
            }
        }
    }
}
