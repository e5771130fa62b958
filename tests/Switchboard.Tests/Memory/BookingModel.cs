using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Memory;

/// <summary>A model that calls the tool <c>book</c> once for each request, and then says what came of it. It keeps what it was asked.</summary>
/// <param name="heeds">Whether it calls nothing where the conversation already tells what came of it, as a model does that reads.</param>
/// <param name="calls">How often it calls the tool in one answer.</param>
internal sealed class BookingModel(bool heeds = false, int calls = 1) : FakeChatClient
{
    private readonly Dictionary<TurnNotes, int> _rounds = [];
    private readonly Channel<IReadOnlyList<ChatMessage>> _asked = Channel.CreateUnbounded<IReadOnlyList<ChatMessage>>();
    private readonly Lock _gate = new();
    private int _ids;

    /// <summary>The arguments for what the caller said; by default none.</summary>
    public Func<string, Dictionary<string, object?>?> Arguments { get; init; } = _ => null;

    /// <summary>The next conversation that it was asked about.</summary>
    public ValueTask<IReadOnlyList<ChatMessage>> NextAsync() => _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Passes over what it was asked so far.</summary>
    public void Drain()
    {
        while (_asked.Reader.TryRead(out _))
        {
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage[] all = [.. messages];
        int round;
        lock (_gate)
        {
            var notes = TurnNotes.Of(options);
            round = _rounds[notes] = _rounds.GetValueOrDefault(notes) + 1;
        }

        _asked.Writer.TryWrite(all);
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var last = Array.FindLastIndex(all, message => message.Role == ChatRole.User);
        var results = all[(last + 1)..].SelectMany(message => message.Contents.OfType<FunctionResultContent>()).ToList();
        var mayCall = round == 1 && !(heeds && results.Count > 0) && options?.Tools?.Any(tool => tool.Name == "book") is true;
        if (mayCall)
        {
            for (var call = 0; call < calls; call++)
            {
                yield return new(ChatRole.Assistant, [new FunctionCallContent($"call-{Interlocked.Increment(ref _ids)}", "book", Arguments(all[last].Text))]);
            }
        }
        else
        {
            yield return new(ChatRole.Assistant, string.Join(" and ", results.TakeLast(calls).Select(result => result.Result)));
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = mayCall ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop };
    }
}
