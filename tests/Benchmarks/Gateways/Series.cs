namespace Benchmarks.Gateways;

/// <summary>The rounds of one gateway under one load.</summary>
internal sealed class Series(string name)
{
    private readonly List<Sample> _rounds = [];

    public string Name { get; } = name;

    public void Add(Sample sample) => _rounds.Add(sample);

    /// <summary>Round by round, in microseconds.</summary>
    public double[] CpuPerToken => [.. _rounds.Select(round => round.CpuPerToken.TotalMicroseconds)];

    /// <summary>Of all rounds together, in milliseconds, ascending.</summary>
    public double[] FirstTokens => [.. _rounds.SelectMany(round => round.FirstTokens).Select(first => first.TotalMilliseconds).Order()];

    /// <summary>The median of the rounds.</summary>
    public double TokensPerSecond => Quantile([.. _rounds.Select(round => round.TokensPerSecond)], 0.5);

    /// <summary>The smallest value that so large a part of all is not above.</summary>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        double[] ascending = [.. values.Order()];
        return ascending[(int)Math.Ceiling(part * ascending.Length) - 1];
    }
}
