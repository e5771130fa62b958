using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class CancellationChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("cancellation.next-turn", Required,
            "When the caller interrupts, the platform drops the answer and sends the next turn of the same call: it is answered.",
            Sources.Ims, "Stop when the client has gone (RequestAborted, a closed socket), and free what the turn held.",
            seen => seen.Recovers(ProbeNames.AfterBargeIn)),
        new("cancellation.no-delay", Advised,
            "The turn after an interruption begins as fast as any other: nothing still works on the dropped one.",
            Sources.Ims, "Cancel the request to the model when the client has gone.",
            seen => seen.On(ProbeNames.AfterBargeIn, after => after.FirstSpeech is { } first && seen[ProbeNames.Greeting]?.FirstSpeech is { } usual
                ? Verdict.Unless(first > (usual * 3) + TimeSpan.FromSeconds(1) ? $"{Judging.Seconds(first)}, a greeting {Judging.Seconds(usual)}" : null, Judging.Seconds(first))
                : Verdict.NotApplicable("nothing was said"))),
        new("cancellation.many", Required,
            "Five interruptions in a row leave nothing behind that keeps the next turn from being answered.",
            Sources.Ims, "Release connections, locks and slots of a concurrency limit in a finally.",
            seen => seen.Recovers(ProbeNames.AfterManyBargeIns)),
    ];

    // "Too busy" with nobody else calling means that a dropped turn still holds its place, unless there is a quota that was hit before.
    private static Verdict Recovers(this Observations seen, string probe) => seen.On(probe, exchange =>
        exchange.Status == 429 && !seen.Probes.TakeWhile(earlier => earlier.Kind != ProbeKind.Aborted).Any(earlier => earlier.Exchange.Status == 429)
            ? Verdict.Failed($"{Judging.Describe(exchange)}")
            : seen.Accepts(probe));
}
