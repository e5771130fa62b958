using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Memory;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Steps;

/// <summary>
/// Says a phrase when nothing was heard for a while, and again where the settings say so; the answer follows with a space between. Once the answer has begun it
/// stays out of the way. What was said before tools run here is no answer yet, and neither is a phrase that is said while they run.
/// </summary>
internal sealed class FillerChatClient(IChatClient inner, FillerPace pace, FillerPhrases phrases, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var notes = TurnNotes.Of(options);
        await using var updates = new MovingUpdates(InnerClient, messages, options, cancellationToken);
        using var silence = new FillerSilence(pace, time, cancellationToken);
        silence.Begin();
        ChatResponseUpdate? last = null;
        var isFilled = false;
        while (true)
        {
            while (silence.End is { } end && await Task.WhenAny(updates.Next(), end) == end && !cancellationToken.IsCancellationRequested)
            {
                // The call is about to end, or to go to somebody else.
                if (notes.IsEnding)
                {
                    silence.Begin();
                    continue;
                }

                if (last is not null && (Speakable.EndsOpen(last) ?? true))
                {
                    yield return Speakable.Text(" ");
                }

                var call = CallContext.From(options);
                last = Speakable.StandIn(Dialects.Of(call).Answer.Filler(phrases.Next(call)));
                isFilled = true;
                yield return last;
                silence.Filled();
            }

            if (!await updates.MoveNextAsync())
            {
                yield break;
            }

            var update = updates.Current;
            if (ToolsAtWork.Is(update))
            {
                silence.Begin(isAnew: Speakable.IsHeard(update));
            }
            else if (silence.End is not null && Speakable.IsDecisive(update))
            {
                silence.Stop();
            }

            if (isFilled && Speakable.IsHeard(update))
            {
                isFilled = false;
                if (Speakable.EndsOpen(last!) is true && !Speakable.BeginsOpen(update))
                {
                    yield return Speakable.Text(" ");
                }
            }

            // Before anything is heard, nothing stands that a phrase would have to be kept apart from.
            if (last is null ? Speakable.IsHeard(update) : update.Contents.Count > 0)
            {
                last = update;
            }

            yield return update;
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

    /// <summary>After how long without an answer another one is said. Needs <see cref="After"/>. Default: one a turn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:02:00")]
    public TimeSpan? Every { get; set; }

    /// <summary>The most fillers of a turn, where there is <see cref="Every"/>. Default 3.</summary>
    [Range(1, 20)]
    public int AtMost { get; set; } = 3;

    /// <summary>
    /// The phrases, taken in turn, so that a call does not hear the same one twice running. They go out as they are written, but for what tells a platform that
    /// is known to speak them at once: <c>&lt;flush /&gt;</c> for Vapi, an ellipsis and a blank at their end for ElevenLabs.
    /// </summary>
    [Spoken]
    public IList<string> Text { get; } = [];

    /// <summary>When fillers are said; null for never.</summary>
    internal FillerPace? Pace => After is { } after ? new FillerPace(after, Every, Every is null ? 1 : AtMost) : null;

    /// <summary>What attributes cannot say, each failure with its key below <c>Models:n</c>.</summary>
    internal static IEnumerable<string> Failures(FillerOptions filler, int model)
    {
        if (filler.After is not null && filler.Text.Count == 0)
        {
            yield return $"Filler:Text: Filler:After needs something to say (Models:{model}:Filler:Text:0).";
        }

        if (filler.Every is not null && filler.After is null)
        {
            yield return $"Filler:Every: needs Filler:After (Models:{model}:Filler:After).";
        }
    }
}

/// <summary>When fillers are said.</summary>
/// <param name="After">How long the caller waits for the first one.</param>
/// <param name="Every">How long from one to the next; null for no other.</param>
/// <param name="AtMost">The most of a turn.</param>
internal sealed record FillerPace(TimeSpan After, TimeSpan? Every = null, int AtMost = 1);

/// <summary>The silence of one turn, as long as it may be filled.</summary>
internal sealed class FillerSilence(FillerPace pace, TimeProvider time, CancellationToken turn) : IDisposable
{
    private CancellationTokenSource? _waiting;
    private int _said;

    /// <summary>Completes when it is time for a filler; null while none is due.</summary>
    public Task? End { get; private set; }

    /// <summary>A silence begins, where there is none yet.</summary>
    /// <param name="isAnew">Whether one that has begun before is broken.</param>
    public void Begin(bool isAnew = true)
    {
        if (End is not null && !isAnew)
        {
            return;
        }

        Stop();
        var wait = _said == 0 ? pace.After : _said < pace.AtMost ? pace.Every : null;
        if (wait is { } length)
        {
            _waiting = CancellationTokenSource.CreateLinkedTokenSource(turn);
            End = Task.Delay(length, time, _waiting.Token);
        }
    }

    /// <summary>A filler was said.</summary>
    public void Filled()
    {
        _said++;
        Begin();
    }

    /// <summary>The answer has begun.</summary>
    public void Stop()
    {
        // Disposing of the source alone would leave the delay's timer running for a caller who has left.
        _waiting?.Cancel();
        _waiting?.Dispose();
        _waiting = null;
        End = null;
    }

    public void Dispose() => Stop();
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
