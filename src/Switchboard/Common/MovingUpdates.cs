using Microsoft.Extensions.AI;

namespace Switchboard.Common;

/// <summary>An enumeration whose next step can be looked at before it is taken. Disposed while it moves, it cancels the move first.</summary>
internal sealed class MovingUpdates : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private Task<bool>? _next;

    public MovingUpdates(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _updates = client.GetStreamingResponseAsync(messages, options, _cancellation.Token).GetAsyncEnumerator(_cancellation.Token);
    }

    public ChatResponseUpdate Current => _updates.Current;

    /// <summary>The next step, which is under way from now on.</summary>
    public Task Next() => _next ??= _updates.MoveNextAsync().AsTask();

    /// <summary>Takes the next step.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_next is null)
        {
            return _updates.MoveNextAsync();
        }

        var next = _next;
        _next = null;
        return new ValueTask<bool>(next);
    }

    public async ValueTask DisposeAsync()
    {
        if (_next is { IsCompleted: false })
        {
            await _cancellation.CancelAsync();
        }

        try
        {
            if (_next is not null)
            {
                await _next;
            }
        }
        catch (Exception) when (_cancellation.IsCancellationRequested)
        {
            // The reader left before the step was taken; what it would have brought is of no interest.
        }

        await _updates.DisposeAsync();
        _cancellation.Dispose();
    }
}
