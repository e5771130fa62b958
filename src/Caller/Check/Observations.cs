using Caller.Platform;
using Caller.Wire;

namespace Caller.Check;

/// <summary>Everything a run saw. Checks read it and nothing else, so they can be tested without a server.</summary>
internal sealed class Observations(CheckOptions options, Uri address, IReadOnlyList<Probe> probes)
{
    public CheckOptions Options => options;

    public Uri Address => address;

    public IReadOnlyList<Probe> Probes => probes;

    /// <summary>Why the run stopped before its end; null when it did not.</summary>
    public string? StoppedBecause { get; init; }

    /// <summary>Answers that are event streams, of turns that any conforming server answers.</summary>
    public IReadOnlyList<Probe> Streams { get; } =
        [.. probes.Where(probe => probe.Kind == ProbeKind.Turn && probe.Exchange.IsStream)];

    /// <summary>Streams that came to their end by the server's own doing.</summary>
    public IReadOnlyList<Probe> Whole { get; } =
        [.. probes.Where(probe => probe is { Kind: ProbeKind.Turn, Exchange: { IsStream: true, End: ExchangeEnd.Complete or ExchangeEnd.LeftOpen } } && !HasError(probe.Exchange))];

    public Exchange? this[string name] => probes.FirstOrDefault(probe => probe.Name == name)?.Exchange;

    public IReadOnlyList<Probe> Named(string name) => [.. probes.Where(probe => probe.Name == name)];

    /// <summary>Each streamed answer as the platform's client reads it.</summary>
    public IEnumerable<(Probe Probe, HeardAnswer Heard)> Heard => Streams.Select(probe => (probe, AnswerReader.Read(options.Platform, probe.Exchange)));

    public static bool HasError(Exchange exchange) => exchange.IsStream && exchange.Chunks.Any(chunk => chunk.Error is not null);
}
