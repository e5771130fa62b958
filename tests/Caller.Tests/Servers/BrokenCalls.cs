using System.Text.RegularExpressions;

namespace Caller.Tests.Servers;

/// <summary>Defects that show only over several requests.</summary>
public static partial class BrokenCalls
{
    // After the first refusal: bearer in lower case, stream false, and two turns after barge-ins.
    private const int PlainTurnsBeforeTheLast = 4;

    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("a turn is answered once only", "request.repeated", () =>
        {
            var seen = new HashSet<string>();
            return Good with
            {
                Validate = body =>
                {
                    if (Conforming.Validate(body) is { } failure)
                    {
                        return failure;
                    }

                    lock (seen)
                    {
                        return body["extendData"] is { } data && !seen.Add(data.ToJsonString()) ? new Refusal(409, "duplicate", "This turn was answered.") : null;
                    }
                },
            };
        }),
        new("malformed JSON brings it down in the end", "errors.survives", () =>
        {
            var failures = 0;
            var turns = 0;
            return Good with
            {
                Refuse = (context, refusal) =>
                {
                    Interlocked.Increment(ref failures);
                    return Conforming.RefuseAsync(context, refusal);
                },

                // The last plain turn of a run: it goes down late, or every check after the failure would fail with it.
                Validate = body => Conforming.Validate(body)
                    ?? (Volatile.Read(ref failures) > 0 && body.ToJsonString().Contains("Hello, who", StringComparison.Ordinal) && body.ContainsKey("stream") && Interlocked.Increment(ref turns) > PlainTurnsBeforeTheLast
                        ? new Refusal(503, "down", "Down.") : null),
            };
        }),
        new("dropped turns keep their slots", "cancellation.many", () => Leaking(slots: 3)),
        new("a dropped turn keeps the lock", "cancellation.next-turn", () => Leaking(slots: 1), "cancellation.many"),
        new("one call at a time", "concurrency.overlap", () =>
        {
            var one = new SemaphoreSlim(1);
            return Good with
            {
                AroundTurn = async (context, turn, inner) =>
                {
                    if (!Marker().IsMatch(turn.Said))
                    {
                        await inner();
                        return;
                    }

                    await one.WaitAsync(context.RequestAborted);
                    try
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, context.RequestAborted);
                        await inner();
                    }
                    finally
                    {
                        one.Release();
                    }
                },
            };
        }),
        new("two calls at once crash it", "concurrency.answered", () =>
        {
            var running = 0;
            var together = new TaskCompletionSource();
            return Good with
            {
                AroundTurn = async (context, turn, inner) =>
                {
                    // The lone call with a marker, made before, has one of its own.
                    if (!Marker().IsMatch(turn.Said) || turn.Said.Contains("walrus", StringComparison.Ordinal))
                    {
                        await inner();
                        return;
                    }

                    if (Interlocked.Increment(ref running) == 4)
                    {
                        together.SetResult();
                    }

                    await together.Task.WaitAsync(context.RequestAborted);
                    await Conforming.RefuseAsync(context, new Refusal(500, "internal_error", "Collection was modified."));
                },
            };
        }),
        new("answers go to the wrong call", "concurrency.no-crosstalk", () =>
        {
            var running = 0;
            var together = new TaskCompletionSource();
            var last = "";
            return Good with
            {
                AroundTurn = async (context, turn, inner) =>
                {
                    if (Marker().IsMatch(turn.Said) && !turn.Said.Contains("walrus", StringComparison.Ordinal))
                    {
                        last = turn.Said;
                        if (Interlocked.Increment(ref running) == 4)
                        {
                            together.SetResult();
                        }

                        await together.Task.WaitAsync(context.RequestAborted);
                        turn.Body["messages"]![0]!["content"] = last;
                    }

                    await inner();
                },
            };
        }),
        new("one memory for all calls", "concurrency.calls-apart", () =>
        {
            var memory = "";
            return Good with
            {
                AroundTurn = (_, turn, inner) =>
                {
                    if (turn.Said.StartsWith("Which word", StringComparison.Ordinal))
                    {
                        turn.Body["messages"]![0]!["content"] = $"You said: {memory}";
                    }

                    memory = turn.Said;
                    return inner();
                },
            };
        }),
    ];

    private static ServerBehaviour Leaking(int slots)
    {
        var longAnswers = 0;
        return Good with
        {
            Validate = body => Conforming.Validate(body) ?? (Volatile.Read(ref slots) <= 0 ? new Refusal(429, "rate_limit_exceeded", "All lines are busy.") : null),
            AroundTurn = async (context, turn, inner) =>
            {
                // The first long answer is heard to its end; the others are interrupted.
                if (!turn.Said.Contains("count from one", StringComparison.Ordinal) || Interlocked.Increment(ref longAnswers) == 1)
                {
                    await inner();
                    return;
                }

                Interlocked.Decrement(ref slots);
                Conforming.Headers(context.Response);
                await Conforming.WriteAsync(context, Conforming.Frames(Conforming.Chunks(turn)).Take(3).Select(System.Text.Encoding.UTF8.GetBytes));
                await BrokenTransport.UntilHungUpAsync(context);
            },
        };
    }

    [GeneratedRegex(@"[a-z]+-\d{4}")]
    private static partial Regex Marker();
}
