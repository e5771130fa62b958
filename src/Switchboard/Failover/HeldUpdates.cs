using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>What came of an answer before something decisive did.</summary>
/// <param name="responder">Who answers.</param>
internal sealed class HeldUpdates(ResponderName responder)
{
    /// <summary>The most that is held, in characters.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>What an update counts beside its text.</summary>
    public const int UpdateCharacters = 256;

    private readonly List<ChatResponseUpdate> _updates = [];
    private long _characters;

    public IReadOnlyList<ChatResponseUpdate> Updates => _updates;

    /// <summary>Holds an update, but not what an upstream only thinks.</summary>
    /// <exception cref="ResponderException">There is more than is held.</exception>
    public void Add(ChatResponseUpdate update)
    {
        if (responder.IsUpstream && update is { FinishReason: null, Contents.Count: > 0 } && update.Contents.All(content => content is TextReasoningContent))
        {
            return;
        }

        _characters += UpdateCharacters + update.Contents.Sum(Length);
        if (_characters > MaxCharacters)
        {
            throw new ResponderException(ResponderFailure.TooLarge, responder);
        }

        _updates.Add(update);
    }

    private static int Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent thought => thought.Text.Length + (thought.ProtectedData?.Length ?? 0),
        ErrorContent error => error.Message.Length,
        _ => 0,
    };
}
