using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Memory;

/// <summary>
/// Knows which tools have run for each call, and what they found. A turn that is asked for again gets their results, and later turns of the
/// call are told of them. It is kept on this instance, bounded, and for a time.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="shared">What other instances know; null where there is no place for it.</param>
internal sealed class CallMemory(TimeProvider time, SharedMemory? shared = null)
{
    /// <summary>The most calls that are remembered, and the most bytes of all of them; then those are forgotten that were quiet for longest.</summary>
    public const int MaxCalls = 2_000;

    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>How long a call is remembered after its last turn.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>How long after its last request a turn may be asked for again; what comes later is a new one.</summary>
    public static readonly TimeSpan RepeatLifetime = TimeSpan.FromMinutes(2);

    /// <summary>The same where the answer was whole and nothing tells the request from the caller's next one: no id of the turn, and nothing said before.</summary>
    public static readonly TimeSpan AloneLifetime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<CallKey, RememberedCall> _calls = [];
    private readonly HashSet<Task> _runs = [];
    private long _lastSweep = time.GetTimestamp();
    private long _bytes;

    /// <summary>Guards the calls and all that is remembered of them.</summary>
    public Lock Gate { get; } = new();

    public TimeProvider Time => time;

    public SharedMemory? Shared => shared;

    /// <summary>How many calls are remembered.</summary>
    public int Count
    {
        get
        {
            lock (Gate)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>The runs of tools that are not over, or of which other instances are not told yet. They outlast a turn whose caller has left or gone on.</summary>
    public IReadOnlyCollection<Task> Runs
    {
        get
        {
            lock (Gate)
            {
                return [.. _runs];
            }
        }
    }

    /// <summary>Keeps a run among <see cref="Runs"/> until it is over.</summary>
    public void Follow(Task run)
    {
        lock (Gate)
        {
            _runs.Add(run);
        }

        run.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        void Forget(Task over)
        {
            lock (Gate)
            {
                _runs.Remove(over);
            }
        }
    }

    /// <summary>Enters a request; <see cref="TurnMemory.Leave"/> is to be called when it was answered.</summary>
    public TurnMemory Enter(IReadOnlyList<ChatMessage> messages, TurnOptions? options)
    {
        var call = options?.Call ?? new CallContext();
        var conversation = new Conversation(messages, call.SentenceId is { Length: > 0 } id ? id : null);
        var key = KeyOf(call, options, conversation);
        lock (Gate)
        {
            Sweep();
            if (!_calls.TryGetValue(key, out var remembered))
            {
                _calls[key] = remembered = new RememberedCall(key);
            }

            remembered.IsOver = false;
            var entered = key.By == KnownBy.Conversation ? Retried(remembered, conversation, options?.Origin?.Retries ?? 0) : Placed(remembered, conversation);
            Grow(remembered);
            return entered;
        }
    }

    /// <summary>Something was added to a call: bounds what is remembered. The lock is held.</summary>
    public void Grow(RememberedCall call)
    {
        call.LastUsed = time.GetTimestamp();
        call.Trim();
        Measure(call);
        while (_calls.Count > 1 && (_calls.Count > MaxCalls || _bytes > MaxBytes) && Quietest(call) is { } oldest)
        {
            Remove(oldest);
        }
    }

    /// <summary>A call is over, of whatever key: it is forgotten as soon as a turn of it may no longer be asked for again, unless it goes on.</summary>
    public void Close(string instance)
    {
        lock (Gate)
        {
            foreach (var call in Of(instance))
            {
                call.IsOver = true;
            }
        }
    }

    /// <summary>A call was deleted, of whatever key: nothing of it is kept.</summary>
    public void Delete(string instance)
    {
        lock (Gate)
        {
            foreach (var call in Of(instance))
            {
                Remove(call);
            }
        }
    }

    private List<RememberedCall> Of(string instance) => [.. _calls.Values.Where(call => call.Key.By == KnownBy.Call && call.Key.Id == instance)];

    // Whoever sends no id of the call may still send one of the request. It counts for that very conversation alone.
    private static CallKey KeyOf(CallContext call, TurnOptions? options, Conversation conversation)
    {
        var owner = options?.Origin?.Owner ?? "";
        return call.InstanceId is { Length: > 0 } instance ? new(owner, KnownBy.Call, instance)
            : options?.Origin?.RepeatKey is { } repeat ? new(owner, KnownBy.Request, new Digest().Add(repeat).Add(conversation.Whole()).Finish())
            : new(owner, KnownBy.Conversation, new Digest().Add(options?.ModelId ?? "").Add(conversation.Whole()).Finish());
    }

    /// <summary>A turn of which nothing is known.</summary>
    public RememberedTurn Begin(Conversation conversation) => new(conversation.Where, conversation.Said, conversation.Words, time.GetUtcNow());

    private TurnMemory Placed(RememberedCall call, Conversation conversation)
    {
        var turn = call.Turns.FindLast(turn => turn.Where.Place == conversation.Place && !IsOver(turn, conversation));
        if (turn is null)
        {
            call.Turns.Add(turn = Begin(conversation));
        }

        turn.Hear(conversation.Words, conversation.Said);
        return new TurnMemory(this, call, turn, conversation);
    }

    /// <remarks>
    /// Two callers may say the same words in the same conversation, and nothing tells them apart. So a request is taken for a retry only where it says so,
    /// there was one request alone with this conversation, and that one did not get its answer: who has it does not ask again. Whoever cannot be told apart from
    /// another has the tool run once more; to share would tell one caller what was done for another.
    /// </remarks>
    private TurnMemory Retried(RememberedCall call, Conversation conversation, int retries)
    {
        call.Turns.RemoveAll(turn => IsOver(turn, conversation) && !turn.IsRunning);
        if (call.Turns is [{ WasAnswered: false } only] && retries > only.Retries)
        {
            only.Retries = retries;
            return new TurnMemory(this, call, only, conversation) { MustBeAlone = only.OpenRequests > 0 };
        }

        var turn = Begin(conversation);
        call.Turns.Add(turn);
        return new TurnMemory(this, call, turn, conversation);
    }

    // Of a turn of another instance it is known when a tool began, and not whether its answer was whole.
    private bool IsOver(RememberedTurn turn, Conversation conversation) =>
        turn.OpenRequests == 0
        && (turn.EndedAt is { } end ? time.GetElapsedTime(end) : time.GetUtcNow() - turn.StartedAt)
            > (conversation.IsUnnamed && (turn.WasAnswered || turn.EndedAt is null) ? AloneLifetime : RepeatLifetime);

    // Of a request without an id of its call nothing is told later: those go first.
    private RememberedCall? Quietest(RememberedCall but) =>
        _calls.Values.Where(call => call != but && !call.IsBusy).MinBy(call => (call.Key.By == KnownBy.Call, call.LastUsed));

    private void Sweep()
    {
        if (time.GetElapsedTime(_lastSweep) < SweepInterval)
        {
            return;
        }

        _lastSweep = time.GetTimestamp();
        foreach (var call in _calls.Values.Where(call => !call.IsBusy && time.GetElapsedTime(call.LastUsed) > (call.Key.By == KnownBy.Call && !call.IsOver ? Lifetime : RepeatLifetime)).ToList())
        {
            Remove(call);
        }
    }

    // What was forgotten while a tool ran counts no more.
    private void Measure(RememberedCall call)
    {
        if (_calls.GetValueOrDefault(call.Key) == call)
        {
            var size = call.Size;
            _bytes += size - call.CountedSize;
            call.CountedSize = size;
        }
    }

    private void Remove(RememberedCall call)
    {
        _calls.Remove(call.Key);
        _bytes -= call.CountedSize;
    }
}
