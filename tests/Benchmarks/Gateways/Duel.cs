namespace Benchmarks.Gateways;

/// <summary>Both gateways under the same load, round by round in turn, so that what else the machine does falls on both.</summary>
internal sealed class Duel(string title, Load load, DuelLimits limits)
{
    private const int Rounds = 9;
    // Until the last method of either is compiled for good.
    private const int WarmUps = 6;

    private readonly List<double> _ratios = [];

    public string Title { get; } = title;

    public DuelLimits Limits { get; } = limits;

    public Load Load { get; } = load;

    public Series Switchboard { get; } = new("Switchboard");

    public Series Yarp { get; } = new("YARP");

    /// <summary>The median of the rounds' ratios: the two of a round had the same neighbours.</summary>
    public double CpuRatio => Series.Quantile(_ratios, 0.5);

    public double MedianRatio => Ratio(0.5);

    public double TailRatio => Ratio(0.99);

    public async Task RunAsync(Gateway switchboard, Gateway yarp, CancellationToken cancellationToken)
    {
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var isFirst = round % 2 == 0;
            var a = await Load.RunAsync(isFirst ? switchboard : yarp, cancellationToken);
            var b = await Load.RunAsync(isFirst ? yarp : switchboard, cancellationToken);
            if (round >= 0)
            {
                var (ours, theirs) = isFirst ? (a, b) : (b, a);
                Switchboard.Add(ours);
                Yarp.Add(theirs);
                _ratios.Add(ours.CpuPerToken / theirs.CpuPerToken);
            }
        }
    }

    private double Ratio(double part) => Series.Quantile(Switchboard.FirstTokens, part) / Series.Quantile(Yarp.FirstTokens, part);
}

/// <summary>The most that each ratio may be; null for one that nothing was asked of.</summary>
/// <param name="CpuPerToken">Of CPU.</param>
/// <param name="MedianFirstToken">Of the median time to the first token.</param>
/// <param name="TailFirstToken">Of its 99th percentile.</param>
internal sealed record DuelLimits(double CpuPerToken, double? MedianFirstToken = null, double? TailFirstToken = null);
