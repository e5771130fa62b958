using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Memory;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>Says a phrase when nothing was heard for a while; the answer follows with a space between. Once speech has begun it stays out of the way.</summary>
internal sealed class FillerChatClient(IChatClient inner, TimeSpan after, FillerPhrases phrases, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = new MovingUpdates(InnerClient, messages, options, cancellationToken);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = Task.Delay(after, time, waiting.Token);
        try
        {
            var isFilled = false;
            var isHeard = false;
            while (true)
            {
                if (!isFilled && !isHeard && await Task.WhenAny(updates.Next(), wait) == wait && !cancellationToken.IsCancellationRequested)
                {
                    isFilled = true;
                    yield return Speakable.Text(phrases.Next(CallContext.From(options)));
                }

                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }

                if (!isHeard && Speakable.IsDecisive(updates.Current))
                {
                    isHeard = true;
                    await waiting.CancelAsync();
                    if (isFilled && Speakable.IsHeard(updates.Current))
                    {
                        yield return Speakable.Text(" ");
                    }
                }

                yield return updates.Current;
            }
        }
        finally
        {
            // Disposing of the source alone would leave the delay's timer running for a caller who has left.
            await waiting.CancelAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            phrases.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>What is said while the answer is awaited: <c>Models:n:Filler</c>. Mind that a platform may have a filler of its own (IMS: <c>LlmPending</c>).</summary>
public sealed class FillerOptions
{
    /// <summary>How long the caller waits before a filler is said. Default: none is ever said.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan? After { get; set; }

    /// <summary>The phrases, taken in turn, so that a call does not hear the same one twice running.</summary>
    public IList<string> Text { get; } = [];
}

/// <summary>Takes the phrases in turn, and remembers for each call which one it heard last.</summary>
internal sealed class FillerPhrases(IEnumerable<string> phrases) : IDisposable
{
    private const int RememberedCalls = 10_000;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly string[] _phrases = [.. phrases];
    private readonly MemoryCache _last = new(new MemoryCacheOptions { SizeLimit = RememberedCalls });
    private int _next = -1;

    public string Next(CallContext call)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)_phrases.Length);
        if (call.InstanceId is null)
        {
            return _phrases[index];
        }

        // Not the ids themselves, which somebody else chooses; calls that share a key may hear a phrase twice running, and no more.
        var key = (((long)string.GetHashCode(call.InstanceId)) << 32) ^ (uint)string.GetHashCode(call.ChannelId);
        if (_last.TryGetValue(key, out int last) && last == index)
        {
            index = (index + 1) % _phrases.Length;
        }

        _last.Set(key, index, new MemoryCacheEntryOptions { SlidingExpiration = Memory, Size = 1 });
        return _phrases[index];
    }

    public void Dispose() => _last.Dispose();
}
