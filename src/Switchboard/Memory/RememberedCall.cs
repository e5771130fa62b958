using Switchboard.Common;

namespace Switchboard.Memory;

/// <summary>Whose call it is, and which.</summary>
/// <param name="Owner">The digest of the key that it is asked with.</param>
/// <param name="By">What it is known by.</param>
/// <param name="Id">Its id, or the digest of what stands for one.</param>
internal readonly record struct CallKey(string Owner, KnownBy By, string Id);

/// <summary>What tells that a request belongs to an earlier one.</summary>
internal enum KnownBy
{
    /// <summary>The platform's id of the call.</summary>
    Call,

    /// <summary>The name that the client gave the request, which it sends again with it.</summary>
    Request,

    /// <summary>Nothing but the conversation, which another caller may have, too.</summary>
    Conversation,
}

/// <summary>A call of which something is remembered. Whoever reads or changes it holds the lock of <see cref="CallMemory"/>.</summary>
/// <param name="key">The call.</param>
internal sealed class RememberedCall(CallKey key)
{
    /// <summary>The most turns and the most bytes that are remembered of one call; then the oldest are forgotten.</summary>
    public const int MaxTurns = 64;

    public const long MaxBytes = 1024 * 1024;

    public CallKey Key => key;

    /// <summary>In the order in which they began.</summary>
    public List<RememberedTurn> Turns { get; } = [];

    public long LastUsed { get; set; }

    /// <summary>Whether the platform told that it has ended.</summary>
    public bool IsOver { get; set; }

    /// <summary>How far is known what other instances have done for it.</summary>
    public DateTimeOffset SharedUntil { get; set; }

    /// <summary>The runs that are known to all instances, and here.</summary>
    public HashSet<string> SharedRuns { get; } = new(StringComparer.Ordinal);

    public long Size => Turns.Sum(turn => turn.Size);

    /// <summary>The size that it had when it was counted last.</summary>
    public long CountedSize { get; set; }

    public bool IsBusy => Turns.Exists(turn => turn.OpenRequests > 0 || turn.IsRunning);

    /// <summary>A run of the same tool that is not over, in whatever turn.</summary>
    public ToolRun? Running(string tool) => Turns.SelectMany(turn => turn.Runs.GetValueOrDefault(tool) ?? []).FirstOrDefault(run => run.IsRunning);

    /// <summary>Puts what another instance has done beside what was done here.</summary>
    /// <param name="shared">What it has done.</param>
    /// <param name="other">A turn that it was not done for, though that stands at the same place; null for none.</param>
    public void Merge(SharedRun shared, RememberedTurn? other)
    {
        if (!SharedRuns.Add(shared.Version))
        {
            return;
        }

        var turn = Turns.FindLast(turn => turn != other && turn.Where.Place == shared.Where.Place);
        if (turn is null)
        {
            turn = new RememberedTurn(shared.Where, shared.Said, shared.Words, shared.StartedAt);
            var later = Turns.FindIndex(known => known.StartedAt > shared.StartedAt);
            Turns.Insert(later < 0 ? Turns.Count : later, turn);
        }

        turn.Hear(shared.Words, shared.Said);
        turn.Add(shared);
    }

    public void Trim()
    {
        while (Turns.Count > 1 && (Turns.Count > MaxTurns || Size > MaxBytes) && Turns.FindIndex(turn => turn is { OpenRequests: 0, IsRunning: false }) is >= 0 and var oldest)
        {
            Turns.RemoveAt(oldest);
        }
    }
}

/// <summary>A turn of a call, and the tools that ran for it, in whatever of its requests.</summary>
/// <param name="place">Where the conversation stood at its first request.</param>
/// <param name="said">What the caller said then.</param>
/// <param name="words">The digest of that; null where it is nothing.</param>
/// <param name="startedAt">When that was.</param>
internal sealed class RememberedTurn(TurnPlace place, string said, string? words, DateTimeOffset startedAt)
{
    /// <summary>The most of the caller's words that are kept for a conversation that has them no more, in characters.</summary>
    public const int MaxSaid = 1_024;

    // Each asking on what was heard so far has other ones.
    private const int MaxWords = 16;

    private readonly List<string> _words = words is null ? [] : [words];

    public TurnPlace Where => place;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>What the caller said, as far as it was heard last; it may be cut.</summary>
    public string Said { get; private set; } = TextCut.Cut(said, MaxSaid);

    /// <summary>The digests of what the caller said, as it was heard from request to request.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The runs of each tool with the same arguments, in the order in which one request asked for them.</summary>
    public Dictionary<string, List<ToolRun>> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>What the responder called together and was run for it, in order.</summary>
    public List<List<ToolRun>> Rounds { get; } = [];

    /// <summary>How many of its requests are being answered now.</summary>
    public int OpenRequests { get; set; }

    /// <summary>How often its client says that it has tried again.</summary>
    public int Retries { get; set; }

    /// <summary>Completes when a request of it ends.</summary>
    public TaskCompletionSource Left { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether one was answered to its end.</summary>
    public bool WasAnswered { get; set; }

    /// <summary>When the last of its requests ended; null where none was answered here.</summary>
    public long? EndedAt { get; set; }

    public bool IsRunning => Rounds.Exists(round => round.Exists(run => run.IsRunning));

    public long Size => 512 + (sizeof(char) * (long)Said.Length) + Rounds.Sum(round => round.Sum(run => run.Size));

    /// <summary>The caller has said this at the same place.</summary>
    public void Hear(string? digest, string text)
    {
        if (digest is not null && !_words.Contains(digest, StringComparer.Ordinal))
        {
            _words.Add(digest);
            Said = TextCut.Cut(text, MaxSaid);
            if (_words.Count > MaxWords)
            {
                _words.RemoveAt(0);
            }
        }
    }

    /// <summary>Adds a run of another instance.</summary>
    public void Add(SharedRun shared)
    {
        var run = new ToolRun(shared.Call, shared.Words) { Round = shared.Round };
        run.End(shared.Result);
        var runs = RunsOf(shared.Tool);
        if (runs.Count == shared.Occurrence)
        {
            runs.Add(run);
        }

        Own(run);
    }

    /// <summary>The runs of a tool with the same arguments, to be added to.</summary>
    public List<ToolRun> RunsOf(string tool)
    {
        if (!Runs.TryGetValue(tool, out var runs))
        {
            Runs[tool] = runs = [];
        }

        return runs;
    }

    /// <summary>Puts a run beside those that the responder called together with it.</summary>
    public void Own(ToolRun run)
    {
        if (Rounds.Find(round => round[0].Round == run.Round) is { } together)
        {
            together.Add(run);
        }
        else
        {
            Rounds.Add([run]);
        }
    }

    /// <summary>Takes a run out of the rounds: another instance has made it, and tells of it.</summary>
    public void Disown(ToolRun run)
    {
        Rounds.ForEach(round => round.Remove(run));
        Rounds.RemoveAll(round => round.Count == 0);
    }

    /// <summary>Forgets a run that has left nothing.</summary>
    public void Forget(ToolRun run)
    {
        foreach (var runs in Runs.Values)
        {
            runs.Remove(run);
        }

        Disown(run);
    }
}
