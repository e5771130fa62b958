using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Switchboard.Testing;

/// <summary>A responder that says what the test lets it say, when the test lets it.</summary>
internal sealed class GatedChatClient : FakeChatClient
{
    private readonly Channel<Func<ChatResponseUpdate>> _updates = Channel.CreateUnbounded<Func<ChatResponseUpdate>>();
    private readonly Channel<bool> _turns = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a turn has reached the responder.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Waits until so many turns have reached the responder.</summary>
    public async Task WaitForAsync(int turns, CancellationToken cancellationToken)
    {
        for (; turns > 0; turns--)
        {
            await _turns.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Completes when the responder was told to stop.</summary>
    public Task Cancelled => _cancelled.Task;

    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    public ChatOptions? Options { get; private set; }

    public void Say(string text) => Yield(new ChatResponseUpdate(ChatRole.Assistant, text));

    public void Yield(params ChatResponseUpdate[] updates) => Array.ForEach(updates, update => _updates.Writer.TryWrite(() => update));

    public void Fail(Exception failure) => _updates.Writer.TryWrite(() => throw failure);

    public void End() => _updates.Writer.Complete();

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Messages = [.. messages];
        Options = options;
        _asked.TrySetResult();
        _turns.Writer.TryWrite(true);
        try
        {
            await foreach (var update in _updates.Reader.ReadAllAsync(cancellationToken))
            {
                yield return update();
            }
        }
        finally
        {
            // Not by a registration: the read's own comes first, and its end could take ours away before it is run.
            if (cancellationToken.IsCancellationRequested)
            {
                _cancelled.TrySetResult();
            }
        }
    }
}
