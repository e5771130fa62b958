using System.Text.Json;
using Caller.Wire;

namespace Caller.Check;

/// <summary>The turns of phrase that checks share.</summary>
internal static class Judging
{
    /// <summary>Looks for a failure in each stream; the first one found fails the check.</summary>
    public static Verdict EachStream(this Observations seen, Func<Exchange, string?> failure, string held) => Each(seen, seen.Streams, failure, held);

    /// <summary>As <see cref="EachStream"/>, but only streams that the server itself ended.</summary>
    public static Verdict EachWholeStream(this Observations seen, Func<Exchange, string?> failure, string held) => Each(seen, seen.Whole, failure, held);

    /// <summary>Looks for a failure in each chunk of an answer.</summary>
    public static Verdict EachChunk(this Observations seen, Func<Chunk, string?> failure, string held) =>
        seen.EachStream(exchange => Answering(exchange).Select(failure).FirstOrDefault(found => found is not null), held);

    /// <summary>
    /// The chunks that are part of the answer: no error events, and not those with no choice and no usage, which some
    /// services (Azure OpenAI for one) put before it to tell of their content filter, with empty fields.
    /// </summary>
    public static IEnumerable<Chunk> Answering(Exchange exchange) => exchange.Chunks.Where(chunk =>
        chunk.Error is null && (chunk.Choices.Count > 0 || chunk.Usage is not null || chunk.Root.Find("choices") is not { ValueKind: JsonValueKind.Array }));

    /// <summary>Judges one request, or says that it was never made.</summary>
    public static Verdict On(this Observations seen, string probe, Func<Exchange, Verdict> judge) =>
        seen[probe] is { } exchange ? judge(exchange) : NotMade(seen, probe);

    /// <summary>The request is a valid turn and is to be answered like any other; a server that fails them all has another failure.</summary>
    public static Verdict Accepts(this Observations seen, string probe) => seen.On(probe, exchange => exchange switch
    {
        _ when seen[ProbeNames.Greeting] is { } plain && (plain.Status != 200 || Observations.HasError(plain)) => Verdict.NotApplicable("a plain turn fails as well"),
        { Status: 429 } => Verdict.NotApplicable("the server was too busy to answer (429)"),
        { Status: not 200 } => Verdict.Failed($"{Describe(exchange)}"),
        _ when Observations.HasError(exchange) => Verdict.Failed($"an error event in the stream: {exchange.Chunks.First(chunk => chunk.Error is not null).Root}"),
        _ => Verdict.Held($"200 and {exchange.Frames.Count} events"),
    });

    /// <summary>The request is wrong and is to be refused with a client error.</summary>
    public static Verdict Refuses(this Observations seen, string probe, params int[] statuses) => seen.On(probe, exchange =>
        exchange.Status == 429 ? Verdict.NotApplicable("the server was too busy to answer (429)")
        : statuses.Length == 0 ? Verdict.Unless(exchange.Status is >= 400 and < 500 ? null : Describe(exchange), $"status {exchange.Status}")
        : Verdict.Unless(statuses.Contains(exchange.Status) ? null : Describe(exchange), $"status {exchange.Status}"));

    public static string Describe(Exchange exchange) => exchange.Status == 0
        ? $"no answer: {exchange.Failure ?? exchange.End.ToString()}"
        : $"{(exchange.LacksKey ? $"{Exchange.NoKey}: " : "")}status {exchange.Status}{(exchange.Body.Length > 0 ? $": {exchange.BodyText}" : "")}";

    public static string Seconds(TimeSpan time) => time.TotalSeconds < 1
        ? $"{time.TotalMilliseconds:0} ms"
        : $"{time.TotalSeconds:0.0} s";

    private static Verdict Each(Observations seen, IReadOnlyList<Probe> probes, Func<Exchange, string?> failure, string held)
    {
        foreach (var probe in probes)
        {
            if (failure(probe.Exchange) is { } found)
            {
                return Verdict.Failed($"{probe.Name}: {found}");
            }
        }

        return probes.Count > 0 ? Verdict.Held($"{held} ({probes.Count} {(probes.Count == 1 ? "answer" : "answers")})")
            : seen.StoppedBecause is { } why ? Verdict.NotRun(why)
            : Verdict.NotApplicable("no streamed answer to judge");
    }

    private static Verdict NotMade(Observations seen, string probe) => seen.StoppedBecause is { } why
        ? Verdict.NotRun(why)
        : Verdict.NotApplicable($"the request \"{probe}\" was not made");
}
