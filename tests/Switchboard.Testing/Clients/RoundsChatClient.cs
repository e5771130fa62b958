using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Testing;

/// <summary>A model that answers each time it is asked with the next of its rounds, and keeps what it was asked.</summary>
internal sealed class RoundsChatClient(params ChatResponseUpdate[][] rounds) : FakeChatClient
{
    private readonly List<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> _asked = [];

    public IReadOnlyList<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Asked => _asked;

    public IReadOnlyList<ChatMessage> Messages => _asked[^1].Messages;

    public ChatOptions? Options => _asked[^1].Options;

    /// <summary>The system prompt of the last round.</summary>
    public string? Prompt => Messages is [{ } first, ..] && first.Role == ChatRole.System ? first.Text : null;

    /// <summary>A round that says <paramref name="pieces"/>.</summary>
    public static ChatResponseUpdate[] Say(params string[] pieces) => Then(pieces, ChatFinishReason.Stop);

    /// <summary>A round that says <paramref name="text"/> and calls <paramref name="tool"/>.</summary>
    public static ChatResponseUpdate[] Call(string tool, string text = "", Dictionary<string, object?>? arguments = null) =>
        Then(text.Length > 0 ? [text] : [], ChatFinishReason.ToolCalls, new FunctionCallContent($"call-{tool}", tool, arguments));

    public static ChatResponseUpdate[] Then(string[] pieces, ChatFinishReason reason, params FunctionCallContent[] calls) =>
    [
        .. pieces.Select(piece => new ChatResponseUpdate(ChatRole.Assistant, piece)),
        .. calls.Select(call => new ChatResponseUpdate(ChatRole.Assistant, [call])),
        new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2, TotalTokenCount = 12 })])
        {
            FinishReason = reason,
        },
    ];

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var round = _asked.Count;
        _asked.Add(([.. messages], options?.Clone()));
        Assert.True(round < rounds.Length, "The model was asked more often than expected.");
        foreach (var update in rounds[round])
        {
            // Not ready at once, as a real stream would be.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }
}
