using Microsoft.Extensions.AI;

namespace Switchboard.Memory;

/// <summary>What one request has to do with the memory of its call.</summary>
internal sealed class TurnMemory
{
    /// <summary>How long a retry waits until it is seen that the request before it was left: its client closes that one first, but it may be seen later.</summary>
    public static readonly TimeSpan RetryPatience = TimeSpan.FromMilliseconds(500);

    private readonly CallMemory _memory;
    private readonly RememberedCall _call;
    private readonly Conversation _conversation;
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly SharedMemory? _shared;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Lazy<Task> _settled;
    private RememberedTurn _turn;
    private bool _hasLeft;

    /// <summary>The lock of the memory is held.</summary>
    public TurnMemory(CallMemory memory, RememberedCall call, RememberedTurn turn, Conversation conversation)
    {
        _memory = memory;
        _call = call;
        _turn = turn;
        _conversation = conversation;
        _settled = new(SettleAsync);
        // What has no call is asked for again within seconds, if at all, and mostly on the same connection.
        _shared = call.Key.By == KnownBy.Call ? memory.Shared : null;
        turn.OpenRequests++;
    }

    /// <summary>Whether what the turn has done may be used only once no other request is open in it.</summary>
    public bool MustBeAlone { get; init; }

    /// <summary>The conversation with the rounds of tools that its platform leaves out.</summary>
    public async Task<IReadOnlyList<ChatMessage>> RestoreAsync(CancellationToken cancellationToken)
    {
        if (_call.Key.By == KnownBy.Conversation)
        {
            return _conversation.Messages;
        }

        if (_shared is not null)
        {
            var news = await _shared.ReadAsync(_call.Key, _call.SharedUntil, cancellationToken);
            lock (_memory.Gate)
            {
                _call.SharedUntil = news.Until > _call.SharedUntil ? news.Until : _call.SharedUntil;
                var now = _memory.Time.GetUtcNow();
                foreach (var run in news.Runs)
                {
                    // What is too old to be repeated was another turn's, where nothing but the time tells the two apart.
                    _call.Merge(run, now - run.StartedAt > _conversation.RepeatLifetime ? _turn : null);
                }

                _memory.Grow(_call);
            }
        }

        List<RecalledTurn> turns;
        lock (_memory.Gate)
        {
            turns = [.. _call.Turns.Where(turn => turn.Rounds.Count > 0).Select(turn => RecalledTurn.Of(turn, _turn))];
        }

        return turns.Count == 0 ? _conversation.Messages : Recall.Into(_conversation, turns);
    }

    /// <summary>
    /// Runs a tool, or gives what it found when it was run for the same words before, by another request of the turn. Once it has begun it is run to its end,
    /// also where nobody waits for it any more: it may have acted.
    /// </summary>
    /// <param name="request">What is to be run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> RunAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        await _settled.Value.WaitAsync(cancellationToken);
        var key = ToolKey.Of(request.Server, request.Call);
        int occurrence;
        lock (_memory.Gate)
        {
            occurrence = _asked.GetValueOrDefault(key);
            _asked[key] = occurrence + 1;
        }

        while (true)
        {
            var (known, isNew) = Find(key, occurrence, request);
            if (isNew)
            {
                _memory.Follow(CompleteAsync(known, key, occurrence, request));
            }

            var result = await known.Result.WaitAsync(cancellationToken);
            // What another request began and could not ask is asked by this one.
            if (isNew || result.Effect != ToolEffect.None)
            {
                return result.Text;
            }
        }
    }

    /// <summary>The request was answered.</summary>
    /// <param name="isWhole">Whether its client has all of the answer.</param>
    public void Leave(bool isWhole)
    {
        lock (_memory.Gate)
        {
            if (!_hasLeft)
            {
                _hasLeft = true;
                LeaveTurn(_turn, isWhole);
            }
        }
    }

    // A second call of the same tool with the same arguments in one request is meant as one.
    private (ToolRun Run, bool IsNew) Find(string key, int occurrence, ToolRequest request)
    {
        lock (_memory.Gate)
        {
            var runs = _turn.RunsOf(key);
            if (occurrence < runs.Count)
            {
                return (runs[occurrence], false);
            }

            // It may still run for words that the caller has gone on from: two at once are never meant.
            if (occurrence == 0 && _call.Key.By != KnownBy.Conversation && _call.Running(key) is { } other)
            {
                runs.Add(other);
                return (other, false);
            }

            var run = new ToolRun(request.Call, _conversation.Words) { Round = $"{_id}-{request.Round}" };
            runs.Add(run);
            _turn.Own(run);
            _memory.Grow(_call);
            return (run, true);
        }
    }

    private async Task CompleteAsync(ToolRun run, string key, int occurrence, ToolRequest request)
    {
        var turn = _turn;
        var shared = _shared is null ? null : new SharedRun
        {
            Key = _call.Key,
            Where = turn.Where,
            Tool = key,
            Occurrence = occurrence,
            Round = run.Round,
            Call = run.Call,
            Said = _conversation.Said,
            Words = _conversation.Words,
            StartedAt = _memory.Time.GetUtcNow(),
            Result = ToolResult.Nothing,
        };
        SharedClaim? claim = null;
        ToolResult? result = null;
        Exception? failed = null;
        try
        {
            claim = shared is null || request.IsRepeatable ? null : await _shared!.ClaimAsync(shared, request.Timeout, _conversation.RepeatLifetime);
            result = claim?.Found ?? await request.Run();
        }
        catch (Exception failure)
        {
            failed = failure;
        }

        // Also that nothing was done: nobody then waits for it.
        var telling = shared is not null && claim?.Found is null ? _shared!.TellAsync(shared with { Result = result ?? ToolResult.Nothing }, claim) : Task.CompletedTask;

        lock (_memory.Gate)
        {
            if (result is not { Effect: not ToolEffect.None })
            {
                _call.Turns.ForEach(each => each.Forget(run));
            }
            else if (claim?.Found is not null)
            {
                turn.Disown(run);
            }
            else if (shared is not null)
            {
                _call.SharedRuns.Add(shared.Version);
            }

            // What waits for it goes on after the lock.
            if (failed is not null)
            {
                run.Fail(failed);
            }
            else
            {
                run.End(result!);
            }

            _memory.Grow(_call);
        }

        await telling;
    }

    // Decided when the first tool is called: until then it may have been seen that the client has left the request before.
    private async Task SettleAsync()
    {
        if (!MustBeAlone)
        {
            return;
        }

        using var patience = new CancellationTokenSource(RetryPatience, _memory.Time);
        while (true)
        {
            Task left;
            lock (_memory.Gate)
            {
                if (_turn is { OpenRequests: <= 1, WasAnswered: false })
                {
                    return;
                }

                if (_turn.WasAnswered || patience.IsCancellationRequested || _hasLeft)
                {
                    // It was another caller's.
                    LeaveTurn(_turn, _turn.WasAnswered);
                    _turn = _memory.Begin(_conversation);
                    _turn.OpenRequests = 1;
                    _call.Turns.Add(_turn);
                    return;
                }

                left = _turn.Left.Task;
            }

            await left.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void LeaveTurn(RememberedTurn turn, bool isWhole)
    {
        turn.OpenRequests--;
        turn.WasAnswered |= isWhole;
        turn.EndedAt = _memory.Time.GetTimestamp();
        turn.Left.TrySetResult();
        turn.Left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _call.LastUsed = turn.EndedAt.Value;
    }
}
