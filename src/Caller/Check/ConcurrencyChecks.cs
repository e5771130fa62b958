using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class ConcurrencyChecks
{
    private static readonly TimeSpan TooFastToTell = TimeSpan.FromMilliseconds(100);

    public static readonly IReadOnlyList<Check> All =
    [
        new("concurrency.answered", Required,
            "Several calls at once are all answered, or told 429 to come back.",
            Sources.OpenAiErrors, "Keep nothing about a turn in a place that two requests share.",
            seen => seen.AtOnce(calls => seen[ProbeNames.Greeting] is { } plain && Observations.HasError(plain) ? Verdict.NotApplicable("a plain turn fails as well") : Verdict.Unless(
                calls.FirstOrDefault(call => call.Exchange.Status is not (200 or 429) || Observations.HasError(call.Exchange)) is { } call ? Judging.Describe(call.Exchange) : null,
                $"{calls.Count} calls, {calls.Count(call => call.Exchange.Status == 429)} told to come back"))),
        new("concurrency.overlap", Required,
            "Calls at once are answered at the same time, not one after the other.",
            Sources.Ims, "Serve requests concurrently: more workers, asynchronous code, no lock around an answer.",
            seen => seen.AtOnce(calls =>
            {
                var answers = calls.Where(call => call.Exchange is { Status: 200, FirstSpeech: not null }).Select(call => call.Exchange)
                    .OrderBy(answer => answer.StartedAt + answer.EndedAfter).ToList();
                // The shortest, because a busy machine makes one answer long, but not all.
                if (answers.Count < 2 || answers.Min(answer => answer.EndedAfter) < TooFastToTell)
                {
                    return Verdict.NotApplicable(answers.Count < 2 ? "fewer than two answers" : "answers are too short to tell");
                }

                var queued = answers.Zip(answers.Skip(1)).All(pair => pair.Second.StartedAt + pair.Second.FirstSpeech!.Value >= pair.First.StartedAt + pair.First.Pieces.Last().At);
                var span = answers[^1].StartedAt + answers[^1].EndedAfter - answers.Min(answer => answer.StartedAt);
                var staircase = span >= answers.Min(answer => answer.EndedAfter) * (0.6 * answers.Count);
                return Verdict.Unless(
                    queued && staircase ? $"{answers.Count} calls, the first over after {Judging.Seconds(answers[0].EndedAfter)}, the last after {Judging.Seconds(answers[^1].EndedAfter)}" : null,
                    $"{answers.Count} calls, over after {Judging.Seconds(answers[0].EndedAfter)} to {Judging.Seconds(answers[^1].EndedAfter)}");
            })),
        new("concurrency.no-crosstalk", Required,
            "What is said on one call is not heard on another.",
            Sources.Ims, "Key everything that is kept by extendData.instanceId, and nothing by a global.",
            seen => seen.AtOnce(calls =>
            {
                var heard = from call in calls
                            from other in calls
                            where call != other && call.Exchange.Text.Contains(CheckRun.MarkerIn(other.Said), StringComparison.OrdinalIgnoreCase)
                            select $"\"{CheckRun.MarkerIn(other.Said)}\" was said on another call: \"{call.Exchange.Text}\"";
                return Verdict.Unless(heard.FirstOrDefault(), "each call by itself");
            })),
        new("concurrency.calls-apart", Required,
            "A new call (another instanceId) begins without the memory of the last one.",
            Sources.Ims, "Answer from the messages of the request; what you keep beside them, keep per instanceId.",
            seen => seen.Named(ProbeNames.FirstCall) is [var first, ..] && seen.Named(ProbeNames.SecondCall) is [var second, ..]
                ? Verdict.Unless(second.Exchange.Text.Contains(CheckRun.MarkerIn(first.Said), StringComparison.OrdinalIgnoreCase) ? $"\"{second.Exchange.Text}\"" : null, "nothing remembered")
                : seen.On(ProbeNames.SecondCall, _ => Verdict.Held(""))),
    ];

    private static Verdict AtOnce(this Observations seen, Func<IReadOnlyList<Probe>, Verdict> judge) =>
        seen.Named(ProbeNames.Parallel) is { Count: > 1 } calls ? judge(calls) : seen.On(ProbeNames.Parallel, _ => Verdict.NotApplicable("only one call was made"));
}
